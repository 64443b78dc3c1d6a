"""The API that weighs a claim anew: the same as the page, refusals as problems, and nothing of drafts."""

import json

import pytest

from claims import actions
from claims.models import ClaimVersion
from claims.weighing import weigh
from tests.claims.test_weighing import with_trials
from tests.factories import draft, person, published


@pytest.fixture
def version(db):
    made = actions.submit_version(with_trials(), by=person("editor"))
    return actions.publish_version(made, by=person("reviewer"))


@pytest.fixture
def get(client, db):
    def get(accession, status=200, **parameters):
        response = client.get(f"/api/v1/claims/{accession}/synthesis/", parameters)
        assert response.status_code == status, response.content
        return json.loads(response.content)

    return get


class TestSynthesis:
    def test_gives_what_the_page_gives(self, get, version):
        body = get(version.claim.accession, without="trial-3")
        really = weigh(version, without={"trial-3"})

        assert body["without"] == ["trial-3"] and body["estimator"]["code"] == "reml"
        assert body["left"]["strength"]["value"] == really.strength
        assert body["left"]["plain_sentence"] == really.sentence
        (pool,) = body["left"]["pools"]
        assert pool["studies"] == ["trial-1", "trial-2", "trial-4"] and pool["refused"] is None
        assert pool["pooled"]["estimate"] == pytest.approx(really.leading.pooled.value)
        assert sum(weight["percent"] for weight in pool["pooled"]["weights"]) == pytest.approx(100)
        assert body["with_every_study"]["pools"][0]["pooled"]["k"] == 4

    def test_says_what_was_published_beside_it(self, get, version):
        body = get(version.claim.accession)
        document = json.loads(version.document)

        assert body["published"]["plain_sentence"] == document["plain_sentence"]
        assert body["published"]["strength"] == document["rating"]["strength"]
        assert body["left"] == body["with_every_study"]

    def test_reasons_stand_in_both_languages(self, get, version):
        steps = get(version.claim.accession)["left"]["steps"]
        reasons = [reason for step in steps for reason in step["reasons"]]

        assert reasons and all(set(reason["label"]) == {"en", "nl"} for reason in reasons)
        refused = get("KB000074")["left"]["pools"][0]
        assert refused["pooled"] is None and refused["refused"]["code"] == "trials-unknown"

    def test_every_claim_of_the_base_is_answered(self, get):
        for accession in ClaimVersion.objects.current().values_list("claim__accession", flat=True):
            assert get(accession)["accession"] == accession

    @pytest.mark.parametrize(
        ("parameters", "name"),
        [
            ({"without": "nobody"}, "without"),
            ({"estimator": "best"}, "estimator"),
            ({"estimator": "fixed", "interval": "hartung-knapp"}, "interval"),
            ({"weights": "1"}, "weights"),
        ],
    )
    def test_what_cannot_be_is_a_problem(self, get, version, parameters, name):
        body = get(version.claim.accession, 400, **parameters)

        assert body["status"] == 400 and [error["parameter"] for error in body["errors"]] == [name]

    @pytest.mark.parametrize("name", ["KB999999", "KB000001.1", "kb000001", "x"])
    def test_what_is_not_there(self, get, name):
        assert get(name, 404)["status"] == 404

    def test_a_draft_has_none(self, get, db):
        made = draft()
        assert made.claim.accession is None
        get("None", 404)

    def test_a_closed_claim(self, get, version):
        other = published()
        actions.merge_claims(version.claim, into=other.claim, by=person("reviewer"))
        assert get(version.claim.accession, 301)["status"] == 301
        actions.withdraw_claim(other.claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        assert get(other.claim.accession, 410)["reason"]["en"] == "Twice."

    def test_a_copy_that_is_still_good_is_not_sent_again(self, client, version):
        where = f"/api/v1/claims/{version.claim.accession}/synthesis/"
        first = client.get(where)

        assert client.get(where, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert "what-if" in first["Link"]

    def test_post_is_refused(self, client, version):
        assert client.post(f"/api/v1/claims/{version.claim.accession}/synthesis/").status_code == 405
