"""A claim's whole life in a real browser, in both languages: started, written, given back, published, and what a retraction does."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import follow, violations
from tests.site import ROOT

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db]

WORDS = {
    "en": {
        "start": "Start", "save": "Save", "submit": "Save and submit for review", "may": "may", "declare": "Declare",
        "review": "Rating under review", "kept": "Kept at", "in_review": "In review", "saved": "Saved.",
        "moved": "Ratings under which something moved",
    },
    "nl": {
        "start": "Beginnen", "save": "Opslaan", "submit": "Opslaan en ter beoordeling indienen", "may": "mogelijk",
        "declare": "Opgeven", "review": "Beoordeling wordt herzien", "kept": "Bewaard om",
        "in_review": "Wordt beoordeeld", "saved": "Opgeslagen.", "moved": "Beoordelingen waaronder iets verschoof",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "has_javascript"), [("en", True), ("nl", False)], ids=["English", "Dutch without JavaScript"]
)
def test_the_life_of_a_claim(sign_in, manage, tmp_path, language, has_javascript):
    said = WORDS[language]
    editor = sign_in("editor", has_javascript=has_javascript)
    reviewer = sign_in("reviewer", has_javascript=has_javascript)

    # Start a claim
    editor.goto(f"/{language}/desk/claims/new/")
    editor.locator("[name=kind]").select_option("efficacy")
    editor.locator("[name=intervention]").select_option("melatonin")
    editor.locator("[name=direction]").select_option("decreases")
    editor.locator("[name=outcome]").select_option("migraine" if language == "en" else "fatigue")
    editor.locator("[name=slug]").fill(f"walk-{language}")
    editor.locator("[name=topics]").select_option(index=0)
    follow(editor, editor.get_by_role("button", name=said["start"], exact=True))
    expect(editor).to_have_url(re.compile(r"/desk/versions/\d+/edit/$"))
    writing = editor.url

    # Write, with evidence and a rating
    words = {"statement": "Melatonin does this.", "summary": "One trial found a gain."}
    for name, text in words.items():
        editor.locator(f"[name={name}_en]").fill(text)
        editor.locator(f"[name={name}_nl]").fill(f"Nederlands: {text}")
    editor.locator("[name=start]").select_option("4")
    editor.locator("[name=strength]").select_option("computed")
    editor.locator("[name=verdict]").select_option("supported")
    editor.locator("[name=searched_through]").fill("2026-01-31")
    editor.locator("[name=next_review_due]").fill("2028-01-31")
    editor.locator("[name='step-imprecision-step']").select_option("-2")
    editor.locator("[name='step-imprecision-reason_en']").fill("Few people.")
    editor.locator("[name='step-imprecision-reason_nl']").fill("Weinig mensen.")
    row, source = "row-new1", "abbasi-2012" if language == "en" else "held-2002"
    editor.locator(f"[name={row}-source]").fill(source)
    editor.locator(f"[name={row}-direction]").select_option("supports")
    editor.locator(f"[name={row}-outcome_measure_en]").fill("hours")
    editor.locator(f"[name={row}-outcome_measure_nl]").fill("uren")
    editor.locator(f"[name={row}-verified_from]").fill("https://example.org/report")
    if has_javascript:
        expect(editor.locator("#preview")).to_contain_text(said["may"])
        expect(editor.locator("#kept")).to_contain_text(said["kept"], timeout=15_000)
    follow(editor, editor.get_by_role("button", name=said["save"], exact=True))
    expect(editor.locator("main")).to_contain_text(said["saved"])
    expect(editor.locator("#preview")).to_contain_text(said["may"])
    assert editor.locator("details.row-form").count() == 2, "the row that was written once, and an empty one"
    assert not has_javascript or violations(editor) == []
    follow(editor, editor.get_by_role("button", name=said["submit"]))
    expect(editor.locator(".kicker")).to_contain_text(said["in_review"])

    # The second person comments and asks for changes
    reviewer.goto(f"/{language}/desk/interests/")
    reviewer.locator("[name=text]").fill("Nothing to declare.")
    follow(reviewer, reviewer.get_by_role("button", name=said["declare"], exact=True))
    reviewer.goto(writing.replace("edit/", "").replace("/en/", f"/{language}/"))
    reviewer.locator("#statement_nl .say").click()
    reviewer.locator("#say [name=text]").fill("Which trial?")
    follow(reviewer, reviewer.locator("#say button"))
    expect(reviewer.locator(".thread")).to_contain_text("Which trial?")
    assert not has_javascript or violations(reviewer) == []
    press(reviewer, "request-changes", note="Name the trial.")

    # Resubmitted and published by the other person
    editor.goto(writing)
    expect(editor.locator("main")).to_contain_text("Name the trial.")
    expect(editor.locator("main")).to_contain_text("Which trial?")
    editor.locator("[name=summary_nl]").fill("Eén onderzoek vond winst.")
    follow(editor, editor.get_by_role("button", name=said["submit"]))
    expect(editor.locator(".kicker")).to_contain_text(said["in_review"])
    assert editor.locator("form[action$='/do/publish/']").count() == 0, "nobody publishes their own work"
    reviewer.goto(writing.replace("edit/", ""))
    press(reviewer, "publish", note="First version.")
    expect(reviewer).to_have_url(re.compile(r"/claims/KB\d+/history/$"))
    accession = re.search(r"KB\d+", reviewer.url)[0]
    reviewer.goto(f"/{language}/claims/{accession}/")
    expect(reviewer.locator("main")).to_contain_text(said["may"])
    expect(reviewer.locator("main")).not_to_contain_text(said["review"])

    # The study is retracted: the claim says so at once, and somebody resolves it
    papers = (ROOT / "fixtures" / "publications.jsonl").read_text().splitlines()
    paper = next(paper for paper in map(json.loads, papers) if paper["key"] == source)
    notices = tmp_path / "notices.csv"
    notices.write_text(
        "Record ID,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionPubMedID,RetractionDate,RetractionNature,Reason\n"
        f"{990000 + len(source)},{paper.get('doi') or ''},{paper['pmid']},,0,11/20/2026 0:00,Retraction,+Error in Data;\n"
    )
    manage("load_retractions", str(notices), "--by", "walking-editor")
    reviewer.reload()
    expect(reviewer.locator("main")).to_contain_text(said["review"])
    reviewer.goto(f"/{language}/desk/")
    expect(reviewer.locator("main")).to_contain_text(said["moved"])
    follow(reviewer, reviewer.get_by_role("link", name=re.compile(accession)).first)
    assert not has_javascript or violations(reviewer) == []
    reviewer.locator("[name=resolution]").fill("Its numbers were checked and stand.")
    follow(reviewer, reviewer.locator("main form button").last)
    reviewer.goto(f"/{language}/claims/{accession}/")
    expect(reviewer.locator("main")).not_to_contain_text(said["review"])
    reviewer.goto(f"/{language}/claims/{accession}/history/")
    expect(reviewer.locator("main")).to_contain_text("Its numbers were checked and stand.")


def press(page, deed, **words):
    """Opens the form of a deed, fills it in and sends it."""
    form = page.locator(f"form[action$='/do/{deed}/']")
    page.locator("details.deed", has=form).locator("summary").click()
    for name, text in words.items():
        form.locator(f"[name={name}]").fill(text)
    follow(page, form.get_by_role("button"))


def test_two_people_on_one_draft_lose_no_word(sign_in):
    first, second = sign_in("editor"), sign_in("reviewer")
    first.goto("/en/claims/KB000020/")
    follow(first, first.get_by_role("link", name="This claim at the desk"))
    follow(first, first.get_by_role("button", name="Start a draft"))
    second.goto(first.url)
    first.locator("[name=caveats_en]").fill("The first wrote this.")
    expect(first.locator("#kept")).to_contain_text("Kept at", timeout=15_000)
    second.locator("[name=caveats_en]").fill("The second wrote this.")
    expect(second.locator("#kept")).to_contain_text("Somebody changed this", timeout=15_000)
    follow(second, second.get_by_role("button", name="Save", exact=True))
    expect(second.locator("main")).to_contain_text("The first wrote this.")
    expect(second.locator("[name=caveats_en]")).to_have_value("The second wrote this.")
    assert violations(second) == []
    follow(second, second.get_by_role("button", name="Save", exact=True))
    expect(second.locator("main")).to_contain_text("Saved.")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_has_no_violations_and_nothing_scrolls_sideways(sign_in, width, scheme):
    page = sign_in("reviewer")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/en/claims/KB000016/")
    follow(page, page.get_by_role("link", name="This claim at the desk"))
    claim = page.url
    if page.get_by_role("button", name="Start a draft").count():
        follow(page, page.get_by_role("button", name="Start a draft"))
    else:
        follow(page, page.locator(".waiting a").first)
    writing = page.url
    found = {}
    for address in (
        "/en/desk/",
        "/nl/desk/claims/new/",
        claim,
        writing,
        writing.replace("edit/", ""),
        "/nl/desk/interests/",
        "/nl/desk/studies/abbasi-2012/risk-of-bias/",
        "/nl/desk/publications/abbasi-2012/text/",
    ):
        page.goto(address)
        if wrong := violations(page):
            found[address] = wrong
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.setdefault(address, []).append("scrolls sideways")
    assert found == {}


def test_risk_of_bias_is_judged_by_keyboard_without_javascript(sign_in):
    page = sign_in("editor", has_javascript=False)
    page.goto("/en/studies/nielsen-2010/")
    page.get_by_role("link", name="Judge the risk of bias").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/studies/nielsen-2010/risk-of-bias/$"))
    page.get_by_label("Outcome").focus()
    for _domain in range(5):
        page.keyboard.press("Tab")
        page.keyboard.type("Low")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    for _field in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/en/studies/nielsen-2010/$"))
    expect(page.locator("table.bias-table tbody tr")).to_have_count(5)
