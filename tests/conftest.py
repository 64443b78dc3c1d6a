"""What every test may lean on: the real base, the cast, a browser where there is one.

The base of `fixtures/` is loaded once a session; each test works on it inside a transaction that is rolled back.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from kb import quick
from kb.lib import state
from tests.factories import person
from tests.site import manage, site, unlimited_site  # noqa: F401, for all who ask for them

FIXTURES = Path(__file__).parents[1] / "fixtures"

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if "site" in item.fixturenames:  # or a run of these alone would fill the developer's own database
            item.add_marker(pytest.mark.django_db)
        if not BROWSER and ("page" in item.fixturenames or "browser" in item.fixturenames):
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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, with the messages compiled (documents hold labels in both languages) and the base loaded."""
    with django_db_blocker.unblock():
        call_command("compile_messages", verbosity=0)
        call_command("load_kb", FIXTURES, verbosity=0)


@pytest.fixture(autouse=True)
def _as_if_just_started():
    """Nothing kept (tests change settings and code, which no state of the base tells of), and no language of another test."""
    quick.answers.clear()
    quick.around.cache_clear()
    state.latest.clear()
    translation.activate("en")


@pytest.fixture
def empty_base(db):
    """A base without a row, for as long as the test runs."""
    emptied()


def emptied():
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names()
            if name.startswith(("claims_", "studies_"))
        ]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("DELETE FROM auth_user_groups")
        cursor.execute("DELETE FROM auth_user")


@pytest.fixture
def editor(db):
    return person("editor")


@pytest.fixture
def reviewer(db):
    return person("reviewer")


@pytest.fixture
def admin_person(db):
    return person("admin")


@pytest.fixture
def reader(db):
    return person("reader")
