"""Suggestions in a real browser: by keyboard, said to screen readers, and never in the way of a plain search."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def page(browser, base_url):
    context = browser.new_context(base_url=base_url)
    yield context.new_page()
    context.close()


@pytest.fixture
def box(page):
    page.goto("/nl/")
    box = page.get_by_role("combobox")
    box.press_sequentially("magnes")
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def test_arrows_choose_and_enter_goes_there(page, box):
    box.press("ArrowDown")
    option = page.get_by_role("option", selected=True)
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(option).to_contain_text("Magnesium")
    with page.expect_navigation():
        box.press("Enter")
    expect(page).to_have_url(re.compile(r"/nl/topics/magnesium/$"))


def test_arrow_up_begins_at_the_last_and_comes_back_to_the_box(page, box):
    box.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    expect(box).to_have_value("magnes")


def test_enter_without_a_choice_searches(page, box):
    with page.expect_navigation():
        box.press("Enter")
    expect(page).to_have_url(re.compile(r"/nl/claims/\?q=magnes$"))


def test_escape_and_leaving_the_box_close_it(page, box):
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("i")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_click_goes_there(page, box):
    with page.expect_navigation():
        page.get_by_role("option").last.click()
    expect(page).to_have_url(re.compile(r"/nl/claims/KB\d+/$"))


def test_the_number_is_said(page, box):
    expect(page.get_by_role("status")).to_have_text(re.compile(r"\d+ suggesties"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_has_no_faults(browser, base_url, scheme):
    context = browser.new_context(
        base_url=base_url, color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto("/en/claims/")
    box = page.get_by_role("combobox").first
    box.press_sequentially("magnes")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    assert Axe().run(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    context.close()
