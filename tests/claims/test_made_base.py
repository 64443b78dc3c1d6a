"""The base that speed is measured on (bench/generate.py): the product reads it as it reads any other."""

import pytest
from django.db import connection

from bench.generate import filled
from claims.models import Claim, Evidence, Listing, Topic

MADE = 40


@pytest.fixture
def made_base(db):
    with connection.cursor() as cursor:
        list(filled(cursor, MADE))
    Topic.objects.filter(slug="made-1").update(
        name_en="Made topic one"
    )  # a write that the base sees, as those were not


@pytest.mark.usefixtures("made_base")
class TestMadeBase:
    def test_every_made_claim_is_listed_with_its_evidence(self):
        made = Claim.objects.filter(slug__startswith="made-")
        assert made.count() == MADE
        assert Listing.objects.filter(version__claim__in=made).count() == MADE
        assert Evidence.objects.filter(version__claim__in=made).count() == 6 * MADE

    def test_an_index_that_was_dropped_for_filling_is_there_again(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'claims_listing'")
            there = {name for (name,) in cursor.fetchall()}
        assert {index.name for index in Listing._meta.indexes} < there

    def test_a_made_claim_is_found_and_answers(self, client):
        listed = client.get("/api/v1/claims/", {"topic": "made-1", "page_size": 100}).json()
        assert listed["count"] == len(listed["results"]) > 0
        accession = listed["results"][0]["accession"]
        assert client.get(f"/api/v1/claims/{accession}/").json()["accession"] == accession
        assert client.get(f"/en/claims/{accession}/").status_code == 200
