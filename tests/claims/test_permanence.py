"""Addresses answer for ever: of topics that nothing open leads to any more, of studies that were taken back."""

import pytest

from claims import actions
from studies.importing import load_import, undo_import
from tests.factories import draft, person, published
from tests.studies.test_sources import NEW_TRIALS, brought

TOPIC = (
    "/api/v1/topics/{}/", "/api/v1/topics/{}.ttl", "/api/v1/topics/{}.jsonld", "/en/topics/{}/", "/en/topics/{}/feed.atom",
    "/en/topics/{}/summary/", "/nl/topics/{}/summary.csv",
)  # fmt: skip
STUDY = ("/api/v1/studies/{}/", "/api/v1/studies/{}.ris", "/api/v1/studies/{}.csv", "/en/studies/{}/")
PUBLICATION = ("/api/v1/publications/{}/", "/api/v1/publications/{}.bib")


class TestTopics:
    @pytest.fixture
    def left(self, db):
        """A topic that only a claim led to which was withdrawn."""
        claim = published().claim
        actions.withdraw_claim(claim, by=person("reviewer"), reason_en="a", reason_nl="b")
        return claim.intervention.slug

    @pytest.mark.parametrize("address", TOPIC)
    def test_of_a_withdrawn_claim_still_answer(self, client, left, address):
        assert client.get(address.format(left)).status_code == 200

    def test_are_in_no_list_and_say_that_there_is_nothing(self, client, left):
        assert client.get(f"/api/v1/topics/{left}/").json()["claims"] == 0
        page = client.get(f"/en/topics/{left}/").content.decode()
        assert "There are no claims about this yet." in page and f"?topic={left}" not in page
        for address in ("/api/v1/topics/?page_size=200", "/en/topics/", "/api/v1/topics.ttl"):
            assert left not in client.get(address).getvalue().decode()

    @pytest.mark.parametrize("address", TOPIC)
    def test_of_a_draft_are_not_there(self, client, db, address):
        assert client.get(address.format(draft().claim.intervention.slug)).status_code == 404


class TestTakenBack:
    @pytest.fixture
    def undone(self, db):
        imported = brought()
        made = load_import(imported, by=person("editor"), choices=NEW_TRIALS).made[0]
        undo_import(imported, by=person("editor"))
        return made

    @pytest.mark.parametrize("address", STUDY)
    def test_a_study_says_so(self, client, undone, address):
        response = client.get(address.format(undone))
        assert response.status_code == 410
        assert "taken back" in response.content.decode()

    @pytest.mark.parametrize("address", PUBLICATION)
    def test_so_does_its_report(self, client, undone, address):
        assert client.get(address.format(undone)).status_code == 410

    @pytest.mark.parametrize("address", [*STUDY, *PUBLICATION])
    def test_what_never_was_is_not_found(self, client, db, address):
        assert client.get(address.format("never-was-2020")).status_code == 404
