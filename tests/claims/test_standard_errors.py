"""A standard error beside an effect: kept at every door, and refused where the other numbers say it cannot be."""

import json
from contextlib import nullcontext
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from claims import actions
from claims.actions.publishing import fingerprint_of
from claims.models import ClaimVersion, Evidence
from claims.synthesis.contradictions import contradictions_of, doubts_of
from claims.synthesis.numbers import Reported
from tests.claims.test_arms import typed as row_typed
from tests.claims.test_editing import address, client_of, fresh, pointers, problem_of, send
from tests.claims.typed import typed
from tests.conftest import emptied
from tests.factories import draft, evidence, person, publication, published, study, version_again


def reported(measure="MD", **numbers):
    given = {
        name: Decimal(value) if isinstance(value, str) and name != "p_text" else value
        for name, value in numbers.items()
    }
    return Reported(measure=measure, **given)


def effect(estimate, low=None, high=None, **more):
    return {"estimate": estimate, "ci_low": low, "ci_high": high} | more


CAN_BE = {
    "no numbers": reported(""),
    "an interval of 1.96 standard errors": reported(**effect("1", "-0.96", "2.96", standard_error="1")),
    "printed in few digits": reported(**effect("0.3", "0.1", "0.5", standard_error="0.1")),
    "by Student's t with few people": reported(**effect("5", "2.4", "7.6", standard_error="1")),
    "a ratio by its logarithm": reported("RR", **effect("0.5", "0.25", "1", standard_error="0.354")),
    "a correlation by Fisher's z": reported("r", **effect("0.5", "0.2736", "0.6749", standard_error="0.137")),
    "at another level": reported(**effect("0", "-1.64", "1.64", ci_level=90, standard_error="1")),
    "an error without an interval": reported(**effect("1", standard_error="0.2")),
    "whatever is not known to be a ratio": reported("other", **effect("1", "0.5", "2", standard_error="7")),
    "at a level that no interval has": reported(**effect("1", "0", "2", ci_level=40, standard_error="1")),
    "p as the interval says": reported(**effect("-17.36", "-27.27", "-7.44", p_value=0.0006)),
    "p from a small t test": reported(**effect("0.565", "0.212", "0.918", p_value=0.0034)),
    "p at the border": reported("OR", **effect("1.23", "0.999", "1.5", p_value=0.051)),
    "p as a bound": reported(**effect("-5", "-6", "-4", p_value=0.5, p_text="<0.5")),
    "p of nought": reported(**effect("-5", "-6", "-4", p_value=0.0)),
    "p of one": reported(**effect("0", "-1", "1", p_value=1.0)),
}
CANNOT = {
    "the interval lies above": (effect("1", "2", "3"), "ci_low", "holds the estimate"),
    "the interval lies below": (effect("4", "2", "3"), "ci_high", "holds the estimate"),
    "the interval runs back": (effect(None, "3", "2"), "ci_high", "from low to high"),
    "a ratio below zero": (effect("-1", measure="RR"), "estimate", "above zero"),
    "a limit of zero": (effect("1", "0", "2", measure="HR"), "ci_low", "above zero"),
    "an error of zero": (effect("1", standard_error="0"), "standard_error", "above zero"),
    "an error below zero": (effect("1", standard_error="-1"), "standard_error", "above zero"),
    "an error of nothing": (effect(None, standard_error="1"), "standard_error", "estimate"),
    "the spread for the error": (effect("1", "0", "2", standard_error="4.5"), "standard_error", "0.22 standard"),
    "a tenth of the error": (effect("1", "0", "2", standard_error="0.051"), "standard_error", "about 1.96"),
    "of a ratio as printed": (
        effect("0.2", "0.04", "1.02", measure="OR", standard_error="0.25"), "standard_error", "logarithm",
    ),
    "p says an effect, the interval none": (effect("1", "-9", "11", p_value=0.01), "p_value", "about 0.84"),
    "p says an effect, the error none": (effect("1", standard_error="5", p_value=0.01), "p_value", "about 0.84"),
    "p says none, the interval one": (effect("5", "3", "7", p_value=0.6), "p_value", "about 0.0001"),
}  # fmt: skip


class TestNumbersTogether:
    @pytest.mark.parametrize("numbers", CAN_BE.values(), ids=CAN_BE)
    def test_what_can_be_is_not_refused(self, numbers):
        assert contradictions_of(numbers) == {}

    @pytest.mark.parametrize(("numbers", "field", "words"), CANNOT.values(), ids=CANNOT)
    def test_what_cannot_is_refused_at_its_field(self, numbers, field, words):
        found = contradictions_of(reported(**numbers))
        assert list(found) == [field] and words in str(found[field].sentence)

    def test_between_the_two_it_is_told(self):
        assert doubts_of(reported(**effect("-1.75", "-2.29", "-1.22", p_value=0.005)))
        assert doubts_of(reported(**effect("1", "-0.5", "2.5", p_value=0.001)))
        assert not doubts_of(reported(**effect("1", "-0.5", "2.5", p_value=0.2)))
        assert not doubts_of(reported(**effect("1", "-9", "11", p_value=0.01)))  # refused already

    def test_every_published_row_can_be_and_the_doubtful_one_is_told(self, db):
        rows = Evidence.objects.filter(version__in=ClaimVersion.objects.current()).select_related("study")
        numbers = {row: Reported.by(row) for row in rows}
        assert [row for row, each in numbers.items() if contradictions_of(each)] == []
        assert [row.study.label for row, each in numbers.items() if doubts_of(each)] == ["Akhgarjand 2022"]

    def test_numbers_that_are_no_numbers_of_a_result_are_left_alone(self):
        row = SimpleNamespace(**vars(reported(**effect("1", "0", "2", p_value=7.0))))
        assert contradictions_of(Reported.by(row)) == {} and doubts_of(Reported.by(row)) == []


pytestmark = pytest.mark.django_db
MINUTES = {"measure": "MD", "unit_en": "min", "unit_nl": "min", "estimate": -5}


def with_error(version, key="errors-2020", **words):
    report = publication(study(key=key, label="Errors 2020"))
    return evidence(version, publication=report, **MINUTES | {"standard_error": "1.25"} | words)


class TestDoors:
    def test_the_desk_keeps_it(self, client):
        client.force_login(person("editor"))
        version = draft()
        page = client.get(f"/en/desk/versions/{version.pk}/edit/").content.decode()
        assert "Of a ratio that of its logarithm" in page
        numbers = {"measure": "MD", "estimate": "-5", "standard_error": "1.25"}
        answer = client.post(f"/en/desk/versions/{version.pk}/autosave/", row_typed(version, **numbers))
        assert answer.status_code == 200
        assert version.evidence.get(study__key="arms-2020").standard_error == Decimal("1.25")

    @pytest.mark.parametrize(
        ("numbers", "name", "words"),
        [
            ({"estimate": "1", "ci_low": "0", "ci_high": "2", "standard_error": "5"}, "standard_error", "does not go with the interval"),
            ({"estimate": "9", "ci_low": "0", "ci_high": "2"}, "ci_high", "holds the estimate"),
            ({"standard_error": "5"}, "standard_error", "beside the estimate"),
            ({"estimate": "1", "standard_error": "0"}, "standard_error", "above zero"),
        ],
    )  # fmt: skip
    def test_the_desk_says_beside_the_field_what_cannot_be(self, client, numbers, name, words):
        client.force_login(person("editor"))
        version = draft()
        answer = client.post(
            f"/en/desk/versions/{version.pk}/edit/", row_typed(version, measure="MD", **numbers)
        )
        form = next(form for form in answer.context["forms"].rows if form.key == "new1")
        assert answer.status_code == 400 and list(form.errors) == [name]
        assert words in form.errors[name][0] and words in answer.content.decode()

    def test_the_desk_tells_of_a_doubt(self, client):
        client.force_login(person("editor"))
        version = draft()
        with_error(version, standard_error=None, ci_low=-6, ci_high=-4, p_value=0.03)
        page = client.get(f"/nl/desk/versions/{version.pk}/edit/").content.decode()
        assert "p past niet bij de getallen ernaast: daaruit volgt ongeveer 0,0001." in page

    def test_the_api_takes_it_and_gives_it_back(self):
        client, version = client_of("editor"), draft()
        path = address(version, "evidence", str(version.evidence.get().pk))
        answer = send(client, "patch", path, MINUTES | {"standard_error": 1.25}, seen=version.revision)
        assert answer.status_code == 200 and json.loads(answer.content)["standard_error"] == 1.25

    @pytest.mark.parametrize(
        ("numbers", "pointer", "rule"),
        [
            ({"standard_error": 1}, "/standard_error", "evidence-standard-error-of-an-estimate"),
            ({"estimate": 1, "standard_error": 0}, "/standard_error", "evidence-standard-error-above-zero"),
            (
                {"estimate": 1, "ci_low": 0, "ci_high": 2, "standard_error": 5},
                "/standard_error",
                "evidence-standard-error-fits-its-interval",
            ),
            ({"estimate": 1, "ci_low": 3, "ci_high": 4}, "/ci_low", "evidence-interval-holds-the-estimate"),
            ({"estimate": 1, "standard_error": 5, "p_value": 0.01}, "/p_value", None),
        ],
    )
    def test_the_api_points_at_what_cannot_be(self, numbers, pointer, rule):
        client, version = client_of("editor"), draft()
        row = version.evidence.get()
        path = address(version, "evidence", str(row.pk))
        answer = send(client, "patch", path, {"measure": "MD"} | numbers, seen=version.revision)
        assert pointers(answer) == {pointer}
        assert problem_of(answer, 400).get("rule") == rule
        assert fresh(row).estimate is None

    def test_an_action_refuses_it_too(self):
        with pytest.raises(ValidationError) as refusal:
            with_error(draft(), ci_low="-5.1", ci_high="-4.9")
        assert list(refusal.value.message_dict) == ["standard_error"]

    @pytest.mark.parametrize(
        ("numbers", "is_refused"),
        [
            ("measure = 'MD', estimate = 1, ci_low = 0, ci_high = 2, standard_error = 0.5", False),
            ("measure = 'MD', estimate = 1, ci_low = 0, ci_high = 2, standard_error = 4", True),
            ("measure = 'MD', estimate = 1, ci_low = 0, ci_high = 2, standard_error = 0.01", True),
            ("measure = 'MD', estimate = 1, ci_low = 1, ci_high = 1, standard_error = 0.4", False),
            ("measure = 'RR', estimate = 0.5, ci_low = 0.25, ci_high = 1, standard_error = 0.35", False),
            ("measure = 'RR', estimate = 50, ci_low = 25, ci_high = 100, standard_error = 19", True),
            ("measure = 'r', estimate = 0.5, ci_low = -1, ci_high = 1, standard_error = 19", False),
            ("measure = 'MD', estimate = 1, standard_error = 99", False),
        ],
    )
    def test_the_base_refuses_what_is_gross(self, numbers, is_refused):
        row = draft().evidence.get()
        statement = "UPDATE claims_evidence SET " + numbers + " WHERE id = %s"  # noqa: S608, ours alone
        refusal = pytest.raises(IntegrityError, match="fits_its_interval") if is_refused else nullcontext()
        with refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])


class TestWhatWasPublished:
    def test_stands_in_the_document_on_the_page_and_in_the_table(self, client):
        version = draft()
        with_error(version, measure="RR", estimate="0.8", unit_en="", unit_nl="", standard_error="0.11")
        version = actions.submit_version(fresh(version), by=person("editor"))
        version = actions.publish_version(version, by=person("reviewer"))
        accession = version.claim.accession
        found = [row["effect"] for row in json.loads(version.document)["evidence"] if row["effect"]]
        assert found[0]["standard_error"] == 0.11
        page = " ".join(client.get(f"/nl/claims/{accession}/").content.decode().split())
        assert "standaardfout 0,11 (van de logaritme)" in page
        table = client.get(f"/api/v1/claims/{accession}.csv").getvalue().decode()
        head, *rows = table.lstrip("\ufeff").splitlines()
        assert "standard_error" in head.split(",") and any(",0.11," in row for row in rows)

    def test_without_one_a_document_has_no_member_for_it(self):
        document = json.loads(published().document)
        assert all("arms" not in row for row in document["evidence"])
        assert "standard_error" not in published().document

    def test_a_new_one_is_changed_evidence_and_shows_in_the_difference(self, client):
        version = draft()
        with_error(version, standard_error=None)
        version = actions.submit_version(fresh(version), by=person("editor"))
        first = actions.publish_version(version, by=person("reviewer"))
        made = actions.start_draft(first.claim, by=person("editor"))
        row = made.evidence.get(study__key="errors-2020")
        row.standard_error = Decimal("1.25")
        actions.save_part(row, by=person("editor"))
        second = actions.publish_version(
            actions.submit_version(fresh(made), by=person("editor")), by=person("reviewer")
        )
        assert second.change_kind == "evidence-changed"
        page = client.get(f"/en/claims/{first.claim.accession}/compare/")
        assert "standard error 1.25" in page.content.decode()

    def test_a_fingerprint_from_before_stays(self):
        version = published()
        assert fingerprint_of(version) == version.fingerprint
        assert version_again(version).fingerprint == version.fingerprint

    def test_goes_along_in_a_release_and_is_in_its_table(self, tmp_path):
        version = draft()
        with_error(version, position=1)
        version = actions.submit_version(fresh(version), by=person("editor"))
        version = actions.publish_version(version, by=person("reviewer"))
        document, accession = version.document, version.claim.accession
        call_command("release", tmp_path / "out", stdout=StringIO())
        assert '"standard_error":1.25' in (tmp_path / "out" / "evidence.jsonl").read_text()
        emptied()
        call_command("load_kb", tmp_path / "out", verbosity=0)
        assert ClaimVersion.objects.get(claim__accession=accession).document == document

    def test_every_change_of_it_is_in_the_history(self):
        row = with_error(draft())
        row.standard_error = 2
        actions.save_part(row, by=person("editor"))
        assert list(row.events.order_by("pgh_id").values_list("standard_error", flat=True)) == [
            Decimal("1.25"),
            Decimal(2),
        ]


def test_the_admin_has_the_field_and_refuses_beside_it(client):
    client.force_login(person("admin"))
    version = draft()
    address = f"/admin/claims/claimversion/{version.pk}/change/"
    page = client.get(address)
    assert 'name="evidence-0-standard_error"' in page.content.decode()
    answer = client.post(address, typed(page, "claimversion_form", **{"evidence-0-standard_error": "2"}))
    assert answer.status_code == 200 and "beside the estimate" in answer.content.decode()
