"""A reader's walk through the site in a real browser: list, filter, claim, language, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.fixture
def strict(page):
    """Fails on any console error, refused resource or request to another host."""
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: faults.append(request.url) if "127.0.0.1" not in request.url else None)
    yield page
    assert faults == []


def test_home_leads_to_a_claim_and_says_how_sure_it_is(strict):
    strict.goto("/en/")
    strict.get_by_role("navigation").get_by_role("link", name="Claims", exact=True).first.click()
    expect(strict).to_have_url(re.compile(r"/en/claims/$"))
    strict.locator("main a[href*='/claims/KB']").first.click()
    expect(strict.locator("main .strength").first).to_be_visible()
    expect(strict.locator("main h1")).to_have_count(1)


def test_filters_live_in_the_address_and_agree_with_the_api(strict, base_url):
    strict.goto("/nl/claims/?strength_min=low&topic=melatonin")
    shown = re.findall(r"/nl/claims/(KB\d+)/", strict.content())
    served = strict.request.get("/api/v1/claims/?strength_min=low&topic=melatonin&page_size=200").json()
    accessions = [record["accession"] for record in served["results"]]
    assert accessions and list(dict.fromkeys(shown)) == accessions


def test_choosing_filters_and_taking_one_away(strict):
    strict.goto("/en/claims/")
    strict.locator("input[name=kind][value=harm]").check()
    strict.locator("form:has(input[name=kind]) button[type=submit]").first.click()
    expect(strict).to_have_url(re.compile("kind=harm"))
    harms = strict.locator("main a[href*='/claims/KB']").count()
    assert harms > 0
    strict.goto("/en/claims/?kind=harm&verdict=supported")
    strict.locator("a[href*='kind=harm']:not([href*='verdict'])").first.click()
    expect(strict).not_to_have_url(re.compile("verdict"))


def test_the_language_switch_keeps_the_place(strict):
    strict.goto("/en/claims/?kind=harm")
    strict.locator("a[hreflang=nl]").first.click()
    expect(strict).to_have_url(re.compile(r"/nl/claims/\?kind=harm"))
    expect(strict.locator("html")).to_have_attribute("lang", "nl")


def test_the_claim_of_the_first_article_is_told_in_both_languages(strict):
    strict.goto("/en/claims/KB000001/")
    expect(strict.locator("main")).to_contain_text("very uncertain whether")
    strict.locator("a[hreflang=nl]").first.click()
    expect(strict.locator("main")).to_contain_text("zeer onzeker of")
    expect(strict.locator("main")).to_contain_text("KB000001.1")


def test_a_mistake_in_the_address_is_said_and_nothing_is_lost(page):
    answer = page.goto("/en/claims/?strength=huge")
    assert answer.status == 400
    expect(page.locator("main")).to_contain_text("strength")


def test_the_whole_walk_works_by_keyboard(page):
    page.goto("/en/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", re.compile("#"))
    page.keyboard.press("Enter")
    page.goto("/en/claims/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if (
            "/claims/KB" in (page.locator(":focus").get_attribute("href") or "")
            or page.locator(":focus").get_attribute("name") == "strength"
        ):
            return
    raise AssertionError("forty tabs reach neither a filter nor a claim")
