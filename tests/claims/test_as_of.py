"""What was served at a past moment is served again, byte for byte."""

import random

import pytest
from django.utils import timezone

from claims import actions
from claims.models import StaleMark
from studies.actions import save_record
from tests.factories import evidence, notice, person, publication, published, version_again

PAIRS = 100
ADDRESSES = (
    "/api/v1/claims/{}/",
    "/api/v1/claims/{}/?lang=nl",
    "/api/v1/claims/{}.1/",
    "/api/v1/claims/{}.2/",
)


def new_words(claims, number):
    claim = pick(claims, number)
    if not (claim.withdrawn_at or claim.merged_into_id):
        version_again(claim.versions.get(state="published"), summary_en=f"Words of {number}.")


def new_evidence(claims, number):
    claim = pick(claims, number)
    if claim.withdrawn_at or claim.merged_into_id:
        return
    made = actions.start_draft(claim, by=person("editor"), verdict=["mixed", "supported"][number % 2])
    evidence(made, publication=publication(), outcome_measure_en=f"scale {number}")
    actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))


def new_notice(claims, number):
    paper = pick(claims, number).versions.latest("number").evidence.first().publication
    kind = ["retraction", "reinstatement", "concern", "correction"][number % 4]
    notice(paper, kind, noticed_on=f"2026-{number % 12 + 1:02}-01", reasons_en=f"Reason {number}.")


def new_record(claims, number):
    trial = pick(claims, number).versions.latest("number").evidence.first().study
    trial.participants, trial.label = number + 3, f"Renamed {number}"
    save_record(trial, by=person("editor"))


def dismissal(claims, number):
    mark = StaleMark.objects.filter(resolved_at=None).first()
    if mark:
        actions.dismiss_mark(mark, by=person("reviewer"), resolution=f"Seen at {number}.")


def withdrawal(claims, number):
    claim = pick(claims, number)
    if claim.withdrawn_at:
        actions.reinstate_claim(claim, by=person("reviewer"))
    elif not claim.merged_into_id:
        actions.withdraw_claim(claim, by=person("reviewer"), reason_en=f"R {number}", reason_nl=f"N {number}")


def merger(claims, number):
    claim, into = pick(claims, number), pick(claims, number + 1)
    if claim.merged_into_id:
        actions.reinstate_claim(claim, by=person("reviewer"))
    elif not (claim.withdrawn_at or into.withdrawn_at or into.merged_into_id):
        actions.merge_claims(claim, into=into, by=person("reviewer"))


DEEDS = (
    new_words,
    new_words,
    new_evidence,
    new_notice,
    new_notice,
    new_record,
    dismissal,
    withdrawal,
    merger,
)


def pick(claims, number):
    claim = claims[number % len(claims)]
    claim.refresh_from_db()
    return claim


def served(client, address, **parameters):
    answer = client.get(address, parameters)
    return answer.status_code, answer.content, answer.headers.get("Location", "").split("?")[0]


def test_a_hundred_records_at_a_hundred_moments(client, db):
    chance = random.Random(20261123)
    claims = [published().claim for _number in range(4)]
    kept = []
    for _number in range(60):
        chance.choice(DEEDS)(claims, chance.randrange(1000))
        for claim in chance.sample(claims, 2):
            address = chance.choice(ADDRESSES).format(claim.accession)
            kept.append((address, timezone.now().isoformat(), served(client, address)))
    chosen = chance.sample(kept, PAIRS)
    assert {200, 404} <= {before[0] for _address, _moment, before in chosen}
    different = [
        (address, moment)
        for address, moment, before in chosen
        if served(client, address.split("?")[0], as_of=moment, **language_of(address)) != before
    ]
    assert different == []


def language_of(address):
    return {"lang": "nl"} if "lang=nl" in address else {}


def test_a_date_is_its_last_moment_and_today_is_now(client, db):
    version = published()
    today = timezone.localdate().isoformat()
    assert client.get(f"/api/v1/claims/{version.claim.accession}/", {"as_of": today}).status_code == 200


def test_a_list_counts_and_filters_what_stood_then(client, db):
    version = published(strength=3)
    name, then = version.claim.accession, timezone.now().isoformat()
    actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
    now, before = ({"q": name}, {"q": name, "as_of": then, "strength_min": "moderate"})
    assert client.get("/api/v1/claims/", now).json()["count"] == 0
    assert client.get("/api/v1/claims/", before).json()["count"] == 1
    assert client.get("/api/v1/claims/", before | {"strength_min": "high"}).json()["count"] == 0


@pytest.mark.parametrize("moment", ["soon", "2026-02-31", "2999-01-01", "2999-01-01T00:00:00Z", "0"])
def test_a_moment_that_is_none_is_named(client, db, moment):
    for address in ("/api/v1/claims/", "/api/v1/claims/KB000001/"):
        answer = client.get(address, {"as_of": moment})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "as_of"
