"""axe finds no violation on any kind of public page, in either language, light and dark, phone and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.xdist_group("browser")

PAGES = (
    "", "claims/", "claims/?strength=very-low&kind=efficacy", "claims/?q=xylofoonconcert", "claims/?strength=huge",
    "claims/KB000001/", "claims/KB000001.1/", "topics/", "topics/magnesium/", "articles/", "studies/",
    "studies/abbasi-2012/", "studies/asemi-2015/", "method/", "nothing-here/", "changes/", "account/login/",
    "claims/KB000074/what-if/?without=argeros-2025", "claims/on-one-study/", "claims/KB000016/",
    "claims/KB000001/history/", "claims/KB000001/compare/", "claims/KB000001/flag/", "claims/?as_of=2026-11-23",
    "map/", "map/?topic_kind=mechanism&strength=low", "embed/map/", "embed/claims/KB000012/",
    "topics/magnesium/summary/", "outcomes/sleep/compare/", "chains/", "chains/magnesium-stress-sleep/", "glossary/",
    "topics/magnesiun/", "downloads/", "claims/?q=magnesium", "claims/KB000021/", "embed/claims/KB000016/directions/", "embed/claims/KB000016/looked-at/",
    "embed/claims/KB000074/forest/", "embed/claims/KB000016/rating/",
    "embed/claims/KB000001/risk-of-bias/",
)  # fmt: skip


@pytest.fixture(scope="module")
def article(base_url, browser):
    page = browser.new_page(base_url=base_url)
    page.goto("/en/articles/")
    address = page.locator("main a[href*='/articles/']").first.get_attribute("href")
    page.close()
    return address.removeprefix("/en/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [320, 1920])
def test_no_violations(browser, base_url, article, language, scheme, width):
    context = browser.new_context(
        base_url=base_url, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    found = {}
    for path in (*PAGES, article):
        page.goto(f"/{language}/{path}")
        violations = Axe().run(page).response["violations"]
        if violations:
            found[path] = [
                (v["id"], v["nodes"][0]["html"][:120], v["nodes"][0]["failureSummary"][:200])
                for v in violations
            ]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            found.setdefault(path, []).append("scrolls sideways")
    context.close()
    assert found == {}
