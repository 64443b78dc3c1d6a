"""A passkey from start to end in a real browser, with the authenticator that Chromium itself plays."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.site import ROOT, database_url

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def password(site, worker_id, tmp_path_factory):
    """The editor's, on a site that was set up as `make run` does it."""
    file = tmp_path_factory.mktemp("accounts") / "accounts"
    database = database_url(f"onderbouwd_site_{worker_id}", connection.get_connection_params())
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    environment |= {"DATABASE_URL": database, "SITE_URL": site}
    subprocess.run(
        [sys.executable, "manage.py", "first_run", file],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return dict(line.split() for line in file.read_text().splitlines())["editor"]


@pytest.fixture
def keyed_page(browser, site):
    """A page whose device has a passkey authenticator, at the name that passkeys accept: an address has none."""
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    faults = []
    page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
    yield page
    context.close()
    assert faults == []


def is_fault(message):
    """Django's admin names no icon, so the browser asks for one that is not there."""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


def test_a_passkey_is_made_and_signs_in_without_a_password(keyed_page, password):
    page = keyed_page
    page.goto("/en/account/login/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/en/desk/$"))

    page.goto("/en/account/second-factor/webauthn/add/")
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("/recovery-codes/$"))
    page.goto("/en/account/logout/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign Out").click()

    page.goto("/en/account/login/?next=/en/topics/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("/login/"))
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))
