"""Bringing sources in, in a real browser: by keyboard alone, every page of it without faults, light and dark, small and wide."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import follow, violations
from tests.browser.tabbing import tabbing_faults

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db]

LIST = """TY  - JOUR
AU  - Zymurg, Anna
TI  - A made-up record for a walk through the pages
PY  - 2024
DO  - 10.5555/walked
ER  -
this line belongs to no record
"""
MIXED = """1. Abbasi B, Kimiagar M, Sadeghniiat K, et al. The effect of magnesium supplementation on primary insomnia in elderly:
   A double-blind placebo-controlled clinical trial. J Res Med Sci 2012;17:1161-9. PMID: 23853635; PMCID: PMC3703169.
2. Abbasi B. The effect of magnesium supplementation on primary insomnia in elderly: A double-blind placebo-controlled clinical trial. 2012.

Something that somebody wrote down in the margin, with an_identifier_that_is_none_and_has_no_blank_in_it_for_a_very_long_way
10.5555/a, 10.5555/b
https://publisher.example/doi/abs/10.5555/made-up.for-a-test/full
"""
LONG = "".join(
    f"TY  - JOUR\nTI  - Made-up record {number} of a long list\nER  - \n" for number in range(1, 121)
)
TABLE = b"Name of the paper,When,Shelf\nA made-up paper,2024,12\n"


@pytest.fixture(params=[("light", 320), ("dark", 1280)], ids=["light 320", "dark 1280"])
def page(request, sign_in):
    scheme, width = request.param
    page = sign_in("editor")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    return page


def faults(page):
    found = violations(page) + tabbing_faults(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


def by_keyboard(page, button):
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_list_is_pasted_looked_at_loaded_and_undone(page):
    page.goto("/nl/desk/sources/")
    assert faults(page) == []
    page.locator("[name=text]").focus()
    page.keyboard.insert_text(LIST)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/nl/desk/sources/\d+/$"))
    expect(page.locator("main")).to_contain_text("tekst buiten elk record en elke kolom: 1")
    assert faults(page) == []
    page.locator("[name=row-1]").select_option("new:rct")
    by_keyboard(page, page.get_by_role("button", name="Laad wat is gekozen"))
    expect(page.get_by_role("button", name="Alles ongedaan maken")).to_be_visible()
    assert faults(page) == []
    by_keyboard(page, page.get_by_role("button", name="Alles ongedaan maken"))
    expect(page.locator("main")).to_contain_text("Ongedaan gemaakt")


def test_a_reading_list_is_taken_line_by_line(page):
    page.goto("/nl/desk/sources/")
    page.locator("[name=text]").fill(MIXED)
    follow(page, page.get_by_role("button", name="Bekijk"))
    expect(page.locator(".states")).to_contain_text("Staat hier al: 1")
    expect(page.locator(".states")).to_contain_text("Moet bekeken worden: 3")
    expect(page.locator("main")).to_contain_text("Er is geen DOI, PMID of PMCID in gevonden.")
    assert faults(page) == []


def test_a_long_list_is_chosen_page_by_page(page):
    page.goto("/nl/desk/sources/")
    page.locator("[name=text]").fill(LONG)
    follow(page, page.get_by_role("button", name="Bekijk"))
    assert faults(page) == []
    page.locator("[name=all_new]").select_option("cohort")
    by_keyboard(page, page.get_by_role("button", name="Kies dit voor allemaal"))
    page.locator("[name=row-1]").select_option("new:rct")
    by_keyboard(page, page.get_by_role("button", name="Volgende").first)
    expect(page.locator("main")).to_contain_text("Pagina 2 van 2")
    by_keyboard(page, page.get_by_role("button", name="Vorige").first)
    expect(page.locator("[name=row-1]")).to_have_value("new:rct")
    expect(page.locator("[name=row-2]")).to_have_value("new:cohort")
    assert faults(page) == []


def test_what_is_wrong_stands_beside_the_field(page):
    page.goto("/en/desk/sources/")
    follow(page, page.get_by_role("button", name="Look at it"))
    expect(page.locator("main")).to_contain_text("Paste something or choose a file.")
    assert faults(page) == []


def test_the_columns_of_a_table_are_chosen(page):
    page.goto("/en/desk/sources/")
    page.locator("[name=file]").set_input_files(
        {"name": "shelf.csv", "mimeType": "text/csv", "buffer": TABLE}
    )
    follow(page, page.get_by_role("button", name="Look at it"))
    expect(page).to_have_url(re.compile(r"/columns/$"))
    assert faults(page) == []
    by_keyboard(page, page.get_by_role("button", name="Throw this table away"))
    expect(page).to_have_url(re.compile(r"/en/desk/sources/$"))


def test_two_studies_that_look_alike_are_laid_beside_each_other(page, manage):
    manage("find_duplicates")
    for address in ("/nl/desk/duplicates/", "/en/desk/merge/abbasi-2012/held-2002/"):
        page.goto(address)
        assert faults(page) == [], address


def test_two_publications_that_are_one_paper_are_merged_by_keyboard_and_taken_apart(page):
    page.goto("/nl/studies/pouteau-2018/")
    follow(page, page.get_by_role("link", name="Twee hiervan zijn één artikel"))
    assert faults(page) == []
    page.get_by_label("Blijft").select_option("pouteau-2018")
    page.get_by_label("Gaat erin op").select_option("noah-2021")
    by_keyboard(page, page.get_by_role("button", name="Leg ze naast elkaar"))
    expect(page).to_have_url(re.compile(r"/nl/desk/merge-publications/pouteau-2018/noah-2021/$"))
    assert faults(page) == []
    page.get_by_label("Waarom dit één artikel is").fill("Tweemaal ingevoerd.")
    by_keyboard(page, page.get_by_role("button", name="Samenvoegen", exact=True))
    assert faults(page) == []
    by_keyboard(page, page.get_by_role("button", name="Maak er weer twee publicaties van"))
    expect(page.locator("main")).to_contain_text("Het zijn er weer twee")


def test_the_page_of_two_papers_of_two_studies_offers_both_deeds(page):
    page.goto("/en/desk/merge-publications/abbasi-2012/held-2002/")
    assert faults(page) == []
    expect(page.get_by_role("button", name="Merge the papers and their studies")).to_be_visible()
