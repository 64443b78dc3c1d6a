"""What walks through the site have in common."""

from axe_playwright_python.sync_playwright import Axe


def follow(page, target):
    """Clicks what leads to another page, and goes on when that page is there."""
    with page.expect_navigation():
        target.click()


def violations(page):
    """What axe finds. It needs JavaScript; without it the page is the same."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:160]) for v in found]
