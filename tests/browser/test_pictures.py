"""The evidence map in a real browser: signs where there is room, words where there is not; in a frame of another site; on paper."""

import re
from contextlib import contextmanager
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from threading import Thread

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")


@contextmanager
def page_of_width(browser, base_url, width, **options):
    context = browser.new_context(base_url=base_url, viewport={"width": width, "height": 900}, **options)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1280, 1920])
@pytest.mark.parametrize(
    "path",
    [
        "map/",
        "topics/magnesium/summary/",
        "outcomes/sleep/compare/",
        "chains/",
        "glossary/",
        "",
        "embed/map/",
    ],
)
def test_no_page_scrolls_sideways(browser, base_url, path, width):
    with page_of_width(browser, base_url, width) as page:
        page.goto(f"/nl/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_narrow_map_says_in_words_what_a_wide_one_draws(browser, base_url):
    with page_of_width(browser, base_url, 320) as page:
        page.goto("/en/map/")
        words = page.locator(".map a[href='/en/claims/KB000067/'] .map-words")
        expect(words).to_contain_text("Magnesium before bed: Searched, none found")
        assert words.bounding_box()["width"] > 100
    with page_of_width(browser, base_url, 1280) as page:
        page.goto("/en/map/")
        assert page.locator(".map a[href='/en/claims/KB000067/'] .map-words").bounding_box()["width"] <= 1


def test_a_sign_is_reached_and_followed_by_keyboard(browser, base_url):
    with page_of_width(browser, base_url, 1280, java_script_enabled=False) as page:
        page.goto("/en/map/?topic=melatonin")
        page.locator(".map-mark").first.focus()
        address = page.locator(".map-mark").first.get_attribute("href")
        page.keyboard.press("Tab")
        assert "map-mark" in page.locator(":focus").get_attribute("class")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(address)))


def test_choosing_a_part_of_the_map_stays_in_the_address(browser, base_url):
    with page_of_width(browser, base_url, 1280, java_script_enabled=False) as page:
        page.goto("/en/map/")
        page.locator(".map-filters > summary").click()
        page.get_by_label("Mechanism").check()
        page.get_by_role("button", name="Show the map").click()
        expect(page).to_have_url(re.compile("topic_kind=mechanism"))
        expect(page.locator(".map tbody")).to_contain_text("GABA receptor activity")
        expect(page.locator(".map tbody")).not_to_contain_text("Sleep quality")


def test_another_site_may_frame_the_map_and_nothing_else(browser, base_url, tmp_path):
    (tmp_path / "index.html").write_text(
        f'<iframe name="map" src="{base_url}/en/embed/map/"></iframe><iframe name="claim" src="{base_url}/en/claims/KB000001/"></iframe>'
    )
    server = HTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=tmp_path))
    Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    expect(page.frame_locator("iframe[name=map]").locator(".map")).to_be_visible()
    assert page.frame_locator("iframe[name=claim]").locator(".masthead").count() == 0
    assert context.cookies() == []
    context.close()
    server.shutdown()
    server.server_close()


def test_on_paper_the_map_is_a_grid_without_navigation(browser, base_url):
    with page_of_width(browser, base_url, 800) as page:
        page.emulate_media(media="print")
        page.goto("/en/map/")
        expect(page.locator(".sections")).to_be_hidden()
        expect(page.locator(".map thead")).to_be_visible()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass
