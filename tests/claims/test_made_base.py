"""The base that speed is measured on (bench/generate.py): the product reads it as it reads any other."""

import pytest
from django.db import connection

from bench.generate import statements
from claims.models import Claim, Evidence, Listing, Topic

MADE = 40


@pytest.fixture
def made_base(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for _what, sql in statements(MADE):
            cursor.execute(sql)
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

    def test_a_made_claim_is_found_and_answers(self, client):
        listed = client.get("/api/v1/claims/", {"topic": "made-1", "page_size": 100}).json()
        assert listed["count"] == len(listed["results"]) > 0
        accession = listed["results"][0]["accession"]
        assert client.get(f"/api/v1/claims/{accession}/").json()["accession"] == accession
        assert client.get(f"/en/claims/{accession}/").status_code == 200
