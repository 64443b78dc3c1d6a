"""The reference of the API in a real browser, under the policy that lets nothing in from elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_walks import strict  # noqa: F401

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def page(browser, base_url):
    context = browser.new_context(base_url=base_url)
    yield context.new_page()
    context.close()


def test_shows_asks_and_breaks_no_rule(strict):  # noqa: F811
    strict.goto("/api/v1/docs/")
    operation = strict.locator("#operations-topics-topics_retrieve")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("slug").fill("sleep")
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table").first).to_contain_text("Slaap")


def test_without_scripts_it_is_a_page_to_read(browser, base_url):
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/api/v1/docs/")
    expect(page.get_by_role("heading", level=2, name="GET /api/v1/claims/", exact=True)).to_be_visible()
    context.close()
