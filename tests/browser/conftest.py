"""What playwright's `goto` starts from, the running site of tests/site.py, and people who sign in to it."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="session")
def base_url(site):
    return site


@pytest.fixture(scope="session")
def sign_in(browser, site, manage):
    """A page of somebody of this role, who signed in with a password of their own."""
    manage(
        "shell",
        "-c",
        "from django.contrib.auth.models import Group, User\n"
        "for role in ('editor', 'reviewer'):\n"
        "    user = User.objects.create_user(f'walking-{role}', password='a walking pass phrase', is_staff=True)\n"
        "    user.groups.add(Group.objects.get(name=role))",
    )
    contexts = []

    def page_of(role, *, has_javascript=True):
        context = browser.new_context(base_url=site, java_script_enabled=has_javascript)
        contexts.append(context)
        page = context.new_page()
        page.goto("/en/account/login/")
        page.get_by_label("Username").fill(f"walking-{role}")
        page.get_by_label("Password").fill("a walking pass phrase")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile("/en/desk/$"))
        return page

    yield page_of
    for context in contexts:
        context.close()
