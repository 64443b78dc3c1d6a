"""Everything that can be clicked can be reached by Tab alone, in order, seen where it is, on every kind of public page."""

import pytest

from tests.browser.tabbing import tabbing_faults
from tests.browser.test_accessibility import PAGES

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_tab_reaches_everything_and_shows_where_it_is(browser, base_url, language):
    page = browser.new_page(base_url=base_url, reduced_motion="reduce")
    faults = {}
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        if found := tabbing_faults(page):
            faults[path] = found
    page.close()
    assert faults == {}
