"""What every test may lean on: a browser where there is one, and no test that passes by being left out under CI."""

import os
import shutil

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    if BROWSER:
        return
    for item in items:
        if "page" in item.fixturenames or "browser" in item.fixturenames:
            item.add_marker(pytest.mark.skip(reason="no Chromium: see tests/install_browser.sh"))


def pytest_sessionstart(session):
    if not BROWSER and os.environ.get("CI"):
        raise pytest.UsageError("Under CI a missing browser is a failure: run tests/install_browser.sh")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, since Playwright's own cannot always be had; in a container it has no sandbox of its own."""
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    return {**browser_type_launch_args, "executable_path": BROWSER, "args": arguments}


@pytest.fixture(scope="session", autouse=True)
def _playwright_beside_django():
    """Playwright's synchronous API runs inside an event loop, where Django would refuse to ask the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
