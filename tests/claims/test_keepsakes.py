"""Pictures to keep and to share: PNG beside SVG, drawn alike on every machine, of what is published alone."""

import re
import struct
from xml.etree import ElementTree

import pytest

from claims import actions
from claims.charts import rating_over_time
from claims.models import Claim
from claims.social import SIZES, fitted
from kb.lib.drawings import MOST_PIXELS, png_of
from tests.factories import draft, person, published

PICTURES = (
    "map/evidence-map", "map/evidence-map?strength=low", "claims/KB000001/rating", "claims/KB000074/forest",
    "claims/KB000074/forest?without=argeros-2025", "claims/KB000001/risk-of-bias",
)  # fmt: skip


def address(language, picture, suffix):
    path, mark, query = picture.partition("?")
    return f"/{language}/{path}.{suffix}{mark}{query}"


def size_of(png):
    """Width and height in pixels; nothing but a PNG has them there."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("picture", PICTURES)
def test_each_picture_is_there_as_png_twice_as_large(client, db, language, picture):
    svg = client.get(address(language, picture, "svg"))
    png = client.get(address(language, picture, "png"))
    assert (svg["Content-Type"], png["Content-Type"]) == ("image/svg+xml", "image/png")
    box = ElementTree.fromstring(svg.content.strip()).get("viewBox").split()
    assert size_of(png.content) == (2 * int(box[2]), 2 * int(box[3]))
    assert png["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("picture", PICTURES)
def test_numbers_in_a_drawing_have_a_point_whatever_the_language(client, db, language, picture):
    text = client.get(address(language, picture, "svg")).content.decode()
    assert not re.search(r' (?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="[^"]*,', text)


def test_a_drawing_stays_the_same_while_the_base_does(client, db):
    first = client.get("/nl/claims/KB000074/forest.png")
    again = client.get("/nl/claims/KB000074/forest.png", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    published()
    assert client.get("/nl/claims/KB000074/forest.png")["ETag"] != first["ETag"]


def test_a_huge_drawing_is_made_no_larger_than_a_machine_can_bear():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90000 40000"><rect width="90000" height="40000"/></svg>'
    width, height = size_of(png_of(svg))
    assert width * height <= MOST_PIXELS * 1.01


def test_the_versions_behind_the_rating_are_there_as_csv(client, db):
    lines = client.get("/en/claims/KB000001/rating.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "version,published_at,scheme,strength,verdict,change"
    assert lines[1].startswith("KB000001.1,2026-") and ",very-low," in lines[1]


def test_one_version_fills_the_width_of_its_chart():
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert rating_over_time([(1, moment, 2)], moment).steps[0].x == 96


def test_a_drawing_of_a_merged_claim_is_that_of_the_other(client, db):
    into, gone = published(), published()
    actions.merge_claims(gone.claim, into=into.claim, by=person("reviewer"))
    for rest in ("forest.png", "risk-of-bias.svg", "directions.png", "forest.csv"):
        moved = client.get(f"/nl/claims/{gone.claim.accession}/{rest}")
        assert moved["Location"] == f"/nl/claims/{into.claim.accession}/{rest}", rest


class TestSharedLinks:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_every_claim_has_a_picture_of_the_size_that_sites_ask_for(self, client, db, language):
        for claim in Claim.objects.ever_published()[::9]:
            png = client.get(f"/{language}/claims/{claim.accession}.1/picture.png")
            assert size_of(png.content) == (1200, 630)

    def test_the_page_of_a_claim_names_its_own_and_says_what_it_says(self, client, db):
        page = client.get("/en/claims/KB000001/").content.decode()
        picture = re.search(r'<meta property="og:image" content="([^"]+)">', page)[1]
        assert picture.endswith("/en/claims/KB000001.1/picture.png")
        said = re.search(r'<meta property="og:image:alt" content="([^"]+)">', page)[1]
        assert "uncertain" in said
        assert "social-en" in client.get("/en/claims/").content.decode()

    def test_a_draft_has_none(self, client, db):
        version = draft()
        for name in (f"{version.claim_id}.1", "KB999999.1", "KB000001.9"):
            assert client.get(f"/en/claims/{name}/picture.png").status_code == 404

    def test_a_claim_that_was_withdrawn_says_so(self, client, db):
        before = client.get("/en/claims/KB000001.1/picture.png").content
        claim = Claim.objects.get(accession="KB000001")
        actions.withdraw_claim(claim, by=person("reviewer"), reason_en="a", reason_nl="b")
        assert client.get("/en/claims/KB000001.1/picture.png").content != before

    def test_the_longest_sentence_fits(self):
        for words in (3, 20, 40, 60, 400):
            size, lines = fitted("magnesiumsupplementen " * words)
            assert lines and len(lines) * round(size * 1.25) <= 300
            assert all(len(line) <= dict(SIZES)[size] for line in lines)
