"""The evidence map: what it draws, what it lets be taken away, and who may show it in a frame."""

import csv
import json
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.http import QueryDict

from claims.charts import evidence_map
from claims.maps import MapFilter, map_of
from claims.models import ClaimVersion
from tests.factories import draft, notice, published

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def get(client, db):
    def get(address, status=200):
        response = client.get(address)
        assert response.status_code == status, address
        return response.content.decode()

    return get


def filter_of(address):
    claim_filter = MapFilter(QueryDict(address))
    assert claim_filter.problems == {}
    return claim_filter


def rows_of(text):
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


class TestMap:
    def test_every_published_claim_with_an_outcome_has_its_place(self, db):
        drawn = {mark.card["accession"] for mark in map_of(filter_of("")).marks}
        current = ClaimVersion.objects.current().filter(claim__outcome__isnull=False)
        assert drawn == set(current.values_list("claim__accession", flat=True))

    def test_none_found_and_not_searched_are_not_the_same(self, db):
        signs = {mark.card["accession"]: mark.sign for mark in map_of(filter_of("")).marks}
        assert signs["KB000067"] == "none-found"
        assert signs["KB000078"] == "not-searched"
        assert signs["KB000001"] == "supported"

    def test_more_studies_make_a_larger_sign(self, db):
        marks = sorted(map_of(filter_of("")).marks, key=lambda mark: mark.studies)
        sizes = [mark.size for mark in marks]
        assert sizes == sorted(sizes) and sizes[0] < sizes[-1]

    def test_a_draft_is_not_on_it(self, db):
        before = len(map_of(filter_of("")).marks)
        draft()
        assert len(map_of(filter_of("")).marks) == before

    def test_a_fallen_rating_shows_no_bars(self, db):
        version = published()
        notice(version.evidence.get().publication)
        mark = next(m for m in map_of(filter_of("")).marks if m.card["accession"] == version.claim.accession)
        assert (mark.sign, mark.strength) == ("warning", 0)

    def test_filters_leave_what_they_name(self, db):
        marks = map_of(filter_of("topic_kind=mechanism&strength=high")).marks
        assert marks
        for mark in marks:
            assert mark.card["about"]["outcome"]["kind"]["code"] == "mechanism"
            assert mark.card["rating"]["strength"]["code"] == "high"

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_what_a_sign_says_stands_beside_it_in_words(self, get, language):
        page = get(f"/{language}/map/")
        assert page.count(f"/{language}/claims/KB000072/") == 2  # on the map and in the table
        assert {"en": "Searched, none found", "nl": "Gezocht, niets gevonden"}[language] in page

    def test_a_form_with_nothing_chosen_is_the_whole_map(self, get):
        assert get("/en/map/?topic=").count("map-mark") == get("/en/map/").count("map-mark")

    @pytest.mark.parametrize("path", ["map/", "map/evidence-map.csv", "map/evidence-map.svg", "embed/map/"])
    def test_a_wrong_address_says_what_is_wrong(self, get, path):
        assert "Did you mean strength?" in get(f"/en/{path}?strenght=low", 400)

    @pytest.mark.parametrize("path", ["map/", "map/evidence-map.csv", "map/evidence-map.svg", "embed/map/"])
    def test_asks_the_database_little_whatever_its_size(self, get, path, django_assert_max_num_queries):
        get(f"/en/{path}")  # the topics of the filter are kept for each state of the base
        with django_assert_max_num_queries(6):
            get(f"/en/{path}")

    def test_it_is_only_read(self, client, db):
        assert client.post("/en/map/").status_code == 405

    def test_at_a_past_moment_it_is_what_it_was(self, client, db):
        version = published()
        accession = version.claim.accession
        assert accession in client.get("/en/map/").content.decode()
        assert accession not in client.get("/en/map/?as_of=2001-01-01").content.decode()


class TestTakenAway:
    def test_the_table_says_what_the_api_says(self, client, get):
        rows = {row["claim"]: row for row in rows_of(get("/en/map/evidence-map.csv?strength=low"))}
        served = json.loads(client.get("/api/v1/claims/?strength=low&page_size=200").content)["results"]
        assert rows and rows.keys() == {record["accession"] for record in served}
        for record in served:
            row = rows[record["accession"]]
            assert row["strength"] == "low" and row["verdict"] == record["rating"]["verdict"]["code"]
            assert row["plain_sentence"] == record["plain_sentence"]["en"]

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_picture_is_whole_and_names_every_claim(self, get, language):
        root = ElementTree.fromstring(get(f"/{language}/map/evidence-map.svg"))
        said = [title.text for title in root.iter(f"{SVG}title")]
        assert sum("KB0000" in words for words in said) == len(map_of(filter_of("")).marks)

    def test_nothing_in_the_picture_lies_outside_it(self):
        cells = [[("supported", 26, 3, "a"), ("mixed", 26, 1, "b")], []]
        drawing = evidence_map(["one", "two"], [("down", cells)], [("supported", "yes")])
        first, second = drawing.signs
        assert first.x + first.side <= second.x
        for sign in drawing.signs:
            assert sign.x >= 0 and sign.x + sign.side <= drawing.width
            assert sign.y >= 0 and sign.y + sign.side <= drawing.height
        assert [bar[4] for bar in first.bars] == [True, True, True, False]


class TestFrames:
    @pytest.mark.parametrize("path", ["embed/map/", "embed/claims/KB000012/"])
    def test_may_stand_in_any_frame_and_set_no_cookie(self, client, db, path):
        response = client.get(f"/en/{path}")
        assert "X-Frame-Options" not in response
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "Set-Cookie" not in response and not response.cookies

    @pytest.mark.parametrize("path", ["map/", "claims/KB000012/", "", "desk/"])
    def test_no_other_page_may(self, client, db, path):
        response = client.get(f"/en/{path}")
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]

    def test_a_framed_claim_leads_out_of_the_frame(self, get):
        page = get("/nl/embed/claims/KB000012/")
        assert 'target="_top"' in page and "/nl/claims/KB000012/" in page
        assert "Dit is geen medisch advies" in page

    def test_a_draft_has_no_frame(self, get):
        draft()
        get("/en/embed/claims/KB999999/", 404)
