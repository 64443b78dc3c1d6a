"""The meaning of a word beside the word in a real browser: by keyboard, under the pointer, at every width, and without script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")
CERTAINTY = {"en": "How sure we are", "nl": "Hoe zeker we ervan zijn"}


@pytest.fixture
def page(browser, base_url):
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.goto("/en/claims/KB000001/")
    yield page
    context.close()


@pytest.fixture
def word(page):
    return page.locator("a[href$='#certainty']").first


@pytest.fixture
def meaning(page):
    return page.get_by_role("tooltip")


def test_focus_shows_it_and_the_word_is_described_by_it(page, word, meaning):
    expect(meaning).to_have_count(0)
    word.focus()
    expect(meaning).to_have_text(re.compile(CERTAINTY["en"]))
    assert word.get_attribute("aria-describedby") == meaning.get_attribute("id")


def test_escape_takes_it_away_and_leaves_the_focus(word, meaning):
    word.focus()
    word.press("Escape")
    expect(meaning).to_have_count(0)
    expect(word).to_be_focused()


def test_tab_goes_on_and_takes_it_along(page, word, meaning):
    word.focus()
    page.keyboard.press("Tab")
    expect(word).not_to_be_focused()
    expect(meaning.filter(has_text=CERTAINTY["en"])).to_have_count(0)


def test_it_stays_while_the_pointer_is_on_it(page, word, meaning):
    word.hover()
    meaning.hover()
    page.wait_for_timeout(500)
    expect(meaning).to_be_visible()
    page.mouse.move(0, 0)
    expect(meaning).to_have_count(0)


def test_enter_still_leads_to_the_glossary(page, word):
    word.focus()
    with page.expect_navigation():
        word.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/glossary/#certainty$"))


def test_without_script_the_word_leads_to_the_glossary(browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/nl/claims/KB000001/")
    page.locator("a[href$='#certainty']").first.click()
    expect(page).to_have_url(re.compile(r"/nl/glossary/#certainty$"))
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1920])
def test_every_meaning_fits_and_has_no_faults(browser, base_url, width, scheme):
    context = browser.new_context(
        base_url=base_url,
        color_scheme=scheme,
        viewport={"width": width, "height": 700},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/nl/claims/KB000001/")
    words = page.locator("a[data-meaning]")
    assert words.count() > 3
    for number in range(words.count()):
        words.nth(number).focus()
        box = page.get_by_role("tooltip").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= 700
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
