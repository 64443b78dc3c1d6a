"""What we work out from the numbers of a result, in a real browser: without faults, narrow and wide, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import violations
from tests.browser.tabbing import tabbing_faults

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db]

PUBLISH = """
from tests.claims.test_derived import ROWS, published_with
from claims.models import Claim
if not Claim.objects.filter(versions__evidence__study__key='trial-0').exists():
    published_with(*ROWS)
print(Claim.objects.filter(versions__evidence__study__key='trial-0').latest('pk').accession)
"""


@pytest.fixture(scope="module")
def accession(manage):
    return manage("shell", "-v0", "-c", PUBLISH).strip().splitlines()[-1]


@pytest.fixture(params=[("light", 320), ("dark", 1280)], ids=["light 320", "dark 1280"])
def page(request, sign_in):
    scheme, width = request.param
    page = sign_in("editor")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    return page


def faults(page):
    page.evaluate("for (const each of document.querySelectorAll('details.source')) each.open = true")
    found = violations(page) + tabbing_faults(page)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nl/claims/{}/", "Door ons uitgerekend"),
        ("/en/claims/{}/", "Worked out by us"),
        ("/nl/claims/{}/what-if/", "door ons uitgerekend"),
        ("/nl/studies/trial-1/", "uit de standaardfout"),
    ],
)
def test_is_shown_and_marked(page, accession, address, words):
    page.goto(address.format(accession))
    expect(page.locator("main")).to_contain_text(words)
    assert faults(page) == []


def test_a_draft_shows_it_beside_what_is_refused(page, accession):
    page.goto(f"/nl/desk/studies/trial-1/result/?q={accession}")
    with page.expect_navigation():
        page.locator("main button[name=claim]").first.click()
    row = page.locator("details.row-form").first
    row.evaluate("each => each.open = true")
    row.locator("input[type=number][name$=-standard_error]").fill("-1")
    with page.expect_navigation():
        page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.locator("main")).to_contain_text("Een standaardfout is groter dan nul.")
    expect(page.locator("main")).to_contain_text("Uit de getallen uitgerekend")
    assert violations(page) == []
