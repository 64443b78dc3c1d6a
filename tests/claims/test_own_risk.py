"""A result with a risk of bias of its own: written in a draft, kept in the document, shown as such."""

import json

import pytest
from django.db import IntegrityError, transaction

from claims import actions
from claims.comparing import differences
from claims.models import Evidence
from tests.claims.typed import typed
from tests.factories import draft, evidence, person, publication, study

pytestmark = pytest.mark.django_db
OWN = {
    "risk_of_bias": "high",
    "risk_of_bias_reason_en": "Told, not measured.",
    "risk_of_bias_reason_nl": "Verteld, niet gemeten.",
}


def publish(version):
    version.refresh_from_db()
    return actions.publish_version(
        actions.submit_version(version, by=person("editor")), by=person("reviewer")
    )


@pytest.fixture
def version():
    """One result like its study, one of the same study with its own."""
    made = draft()
    report = publication(study(label="Author 2020", risk_of_bias="low"))
    evidence(made, publication=report, outcome_measure_en="first", outcome_measure_nl="eerste")
    evidence(made, publication=report, outcome_measure_en="second", outcome_measure_nl="tweede", **OWN)
    return publish(made)


def row_of(document, measure):
    return next(row for row in document["evidence"] if row["outcome_measure"]["en"] == measure)


class TestTheDocument:
    def test_has_it_where_it_was_given_and_nothing_elsewhere(self, version):
        document = json.loads(version.document)
        row = row_of(document, "second")
        assert row["risk_of_bias"]["code"] == "high" and row["risk_of_bias"]["label"]["nl"] == "Hoog"
        assert row["risk_of_bias_reason"] == {"en": "Told, not measured.", "nl": "Verteld, niet gemeten."}
        assert not {"risk_of_bias", "risk_of_bias_reason"} & set(row_of(document, "first"))

    def test_the_api_gives_it(self, client, version):
        record = client.get(f"/api/v1/claims/{version.claim.accession}/").json()
        assert row_of(record, "second")["risk_of_bias"]["code"] == "high"

    def test_goes_along_into_the_next_draft_and_a_difference_is_told(self, version):
        made = actions.start_draft(version.claim, by=person("editor"))
        row = made.evidence.get(outcome_measure_en="second")
        assert (row.risk_of_bias, row.risk_of_bias_reason_nl) == ("high", "Verteld, niet gemeten.")
        row.risk_of_bias = row.risk_of_bias_reason_en = row.risk_of_bias_reason_nl = ""
        actions.save_part(row, by=person("editor"))
        before, after = (json.loads(each.document) for each in (version, publish(made)))
        (section,) = [each for each in differences(before, after) if each.name == "evidence"]
        told = {(line.name, line.kind) for line in section.changed}
        assert told == {("row", "changed"), ("risk_of_bias", "removed"), ("risk_of_bias_reason", "removed")}


class TestThePages:
    def test_say_that_it_is_of_this_result_alone(self, client, version):
        page = client.get(f"/en/claims/{version.claim.accession}/").content.decode()
        assert "Risk of bias of this result: <strong>High</strong>" in page
        assert page.count("Risk of bias: Low") == 2  # both results of the study
        assert "This result only:" in page and "Told, not measured." in page
        assert (
            "Verteld, niet gemeten." in client.get(f"/nl/claims/{version.claim.accession}/").content.decode()
        )

    def test_an_older_version_keeps_telling_it(self, client, version):
        made = actions.start_draft(version.claim, by=person("editor"))
        made.evidence.filter(outcome_measure_en="second").get().delete()
        publish(made)
        page = client.get(f"/en/claims/{version.claim.accession}.1/").content.decode()
        assert "Risk of bias of this result" in page and 'id="bias"' not in page

    def test_the_versions_side_by_side_name_it(self, client, version):
        made = actions.start_draft(version.claim, by=person("editor"))
        row = made.evidence.get(outcome_measure_en="second")
        row.risk_of_bias = "critical"
        actions.save_part(row, by=person("editor"))
        publish(made)
        page = client.get(f"/en/claims/{version.claim.accession}/compare/").content.decode()
        assert "Risk of bias of this result" in page and "Critical" in page

    def test_a_draft_is_not_drawn(self, client, version):
        made = actions.start_draft(version.claim, by=person("editor"))
        made.evidence.filter(outcome_measure_en="second").update(risk_of_bias_reason_en="Hidden words.")
        for rest in ("", "risk-of-bias.csv", "risk-of-bias.svg"):
            assert (
                "Hidden words."
                not in client.get(f"/en/claims/{version.claim.accession}/{rest}").content.decode()
            )


class TestWriting:
    def posted(self, client, made, **words):
        row, address = made.evidence.get(), f"/en/desk/versions/{made.pk}/edit/"
        changes = {f"row-{row.pk}-{name}": value for name, value in words.items()}
        return client.post(address, typed(client.get(address), **changes) | {"save": ""})

    def test_an_editor_writes_it_at_the_desk(self, client):
        made = draft()
        client.force_login(person("editor"))
        assert self.posted(client, made, **OWN).status_code == 302
        assert made.evidence.get().risk_of_bias == "high"

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            (OWN | {"risk_of_bias_reason_nl": ""}, "risk_of_bias_reason_nl"),
            (OWN | {"risk_of_bias": ""}, "risk_of_bias"),
            (OWN | {"risk_of_bias": "huge"}, "risk_of_bias"),
        ],
    )
    def test_half_of_it_is_told_beside_the_field(self, client, words, field):
        made = draft()
        client.force_login(person("editor"))
        answer = self.posted(client, made, **words)
        form = answer.context["forms"].rows[0]
        assert answer.status_code == 400 and field in form.errors
        assert Evidence.objects.get(version=made).risk_of_bias == ""

    def test_the_database_refuses_a_reason_without_it(self):
        with pytest.raises(IntegrityError, match="own_risk_of_bias"), transaction.atomic():
            Evidence.objects.filter(version=draft()).update(risk_of_bias_reason_en="Why.")
