"""Two studies that are one: their addresses, their notices, the claims on either; and taking it back."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from claims import actions
from claims.models import Standing
from studies.actions import Refused, add_notice
from studies.merging import differences, merge_studies, unmerge_study
from studies.models import IntegrityNotice, Study
from tests.factories import draft, evidence, person, publication, study

WHY = "The same trial, registered once and entered twice."


@pytest.fixture
def kept(db):
    return study(participants=46, country="")


@pytest.fixture
def gone(db):
    return study(participants=48, country="Iran")


def merge(kept, gone, **words):
    return merge_studies(kept, gone, by=person("editor"), reason=WHY, **words)


def as_kept(study):
    return Study.objects.filter(pk=study.pk).values().get() | {"updated_at": None}


def retract(paper):
    return add_notice(
        IntegrityNotice(
            publication=paper, kind="retraction", source="a test", source_record_id=f"r-{paper.key}"
        ),
        by=person("editor"),
    )


def citing(paper):
    """A published version with one row of evidence more, which cites this paper."""
    version = draft()
    evidence(version, publication=paper)
    actions.submit_version(version, by=person("editor"))
    return actions.publish_version(version, by=person("reviewer"))


def overlay(version):
    return Standing.objects.get(version=version, until=None).overlay


class TestMerging:
    def test_what_was_chosen_is_taken_and_the_rest_stays(self, kept, gone):
        assert differences(kept, gone) == {"participants": (46, 48), "country": ("", "Iran")}
        merge(kept, gone, take=("country",))
        kept.refresh_from_db()
        assert (kept.participants, kept.country) == (46, "Iran")

    def test_unmerging_puts_everything_back(self, kept, gone):
        before = as_kept(kept), as_kept(gone)
        merged = merge(kept, gone, take=("country", "participants"))
        unmerge_study(merged, by=person("editor"))
        assert (as_kept(kept), as_kept(gone)) == before

    def test_what_somebody_changed_since_is_not_put_back(self, kept, gone):
        merged = merge(kept, gone, take=("participants",))
        Study.objects.filter(pk=kept.pk).update(participants=50)
        with pytest.raises(Refused, match="changed since"):
            unmerge_study(merged, by=person("editor"))
        assert Study.objects.get(pk=gone.pk).merged_into == kept

    def test_into_itself_in_a_chain_or_a_circle_is_refused(self, kept, gone):
        third = study()
        with pytest.raises(Refused, match="itself"):
            merge(kept, kept)
        merge(kept, gone)
        for one, other in ((gone, kept), (gone, third), (third, kept), (third, gone)):
            with pytest.raises(Refused, match="one that stands"):
                merge(one, other)

    def test_a_reason_and_known_fields_are_asked_for(self, kept, gone):
        with pytest.raises(Refused, match="Say why"):
            merge_studies(kept, gone, by=person("editor"), reason="  ")
        with pytest.raises(Refused, match="nothing to take"):
            merge(kept, gone, take=("key",))
        with pytest.raises(Refused, match="not merged"):
            unmerge_study(gone, by=person("editor"))

    def test_a_merged_study_is_read_only(self, kept, gone):
        merge(kept, gone)
        with pytest.raises(DatabaseError, match="not written in"), transaction.atomic():
            Study.objects.filter(pk=gone.pk).update(label="Another")


class TestAddresses:
    def test_the_page_and_the_api_lead_to_the_other(self, client, kept, gone):
        publication(gone, title="What only the merged one reported")
        merge(kept, gone)
        answer = client.get(f"/en/studies/{gone.key}/")
        assert (answer.status_code, answer["Location"]) == (301, f"/en/studies/{kept.key}/")
        assert "What only the merged one reported" in client.get(answer["Location"]).content.decode()
        answer = client.get(f"/api/v1/studies/{gone.key}/")
        assert (answer.status_code, answer["Location"]) == (
            301,
            f"{settings.SITE_URL}/api/v1/studies/{kept.key}/",
        )
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "This study was merged into another."
        reports = client.get(answer["Location"]).json()["publications"]
        assert [report["title"] for report in reports] == ["What only the merged one reported"]

    def test_lists_name_the_other_alone(self, client, kept, gone):
        merge(kept, gone)
        page = client.get("/en/studies/", {"q": gone.label}).content.decode()
        assert f"/studies/{gone.key}/" not in page
        found = client.get("/api/v1/studies/", {"page_size": 100, "q": gone.label}).json()
        assert gone.key not in json.dumps(found)


class TestClaims:
    def test_a_claim_on_the_merged_one_hears_of_the_retraction_of_the_other(self, kept, gone):
        paper, other = publication(kept), publication(gone)
        version = citing(other)
        document = version.document
        merge(kept, gone)
        assert overlay(version)["fallen"] == []
        retract(paper)
        assert overlay(version)["fallen"] == [gone.key]
        assert overlay(version)["under_review"]
        version.refresh_from_db()
        assert version.document == document

    def test_merging_with_a_fallen_one_is_heard_at_once_and_unmerging_too(self, kept, gone):
        paper, other = publication(kept), publication(gone)
        version = citing(other)
        retract(paper)
        assert overlay(version)["fallen"] == []
        merged = merge(kept, gone)
        assert overlay(version)["fallen"] == [gone.key]
        unmerge_study(merged, by=person("editor"))
        assert overlay(version)["fallen"] == []

    def test_merging_alone_says_nothing_about_a_rating(self, kept, gone):
        publication(kept)
        version = citing(publication(gone))
        before = overlay(version)
        merge(kept, gone)
        assert overlay(version) == before

    def test_the_page_of_the_kept_one_shows_the_claims_on_both(self, client, kept, gone):
        versions = [citing(publication(each)) for each in (kept, gone)]
        merge(kept, gone)
        page = client.get(f"/en/studies/{kept.key}/").content.decode()
        assert all(version.claim.accession in page for version in versions)


class TestDesk:
    def address(self, kept, gone):
        return f"/en/desk/merge/{kept.key}/{gone.key}/"

    def test_strangers_sign_in_and_readers_find_nothing(self, client, kept, gone):
        assert client.get(self.address(kept, gone)).status_code == 302
        client.force_login(person("reader"))
        assert client.post(self.address(kept, gone), {"reason": WHY}).status_code == 404
        assert Study.objects.get(pk=gone.pk).merged_into is None

    def test_what_differs_is_shown_merged_and_taken_back(self, client, kept, gone):
        client.force_login(person("editor"))
        address = self.address(kept, gone)
        page = client.get(address).content.decode()
        assert 'value="country"' in page and 'value="participants"' in page and "Iran" in page
        page = client.post(address, {"reason": WHY, "take": ["country"]}, follow=True).content.decode()
        assert WHY in page and "Make them two studies again" in page
        assert f"{gone.label} went up in {kept.label}" in client.get("/en/desk/duplicates/").content.decode()
        client.post(address, {"unmerge": "1"})
        assert Study.objects.get(pk=gone.pk).merged_into is None
        assert Study.objects.get(pk=kept.pk).country == ""

    @pytest.mark.parametrize(
        "posted", [{}, {"reason": "x" * 2001}, {"reason": "x", "take": ["key"]}, {"unmerge": "1"}]
    )
    def test_wrong_input_says_why_and_keeps_what_was_typed(self, client, kept, gone, posted):
        client.force_login(person("editor"))
        answer = client.post(self.address(kept, gone), posted)
        page = answer.content.decode()
        assert answer.status_code == 409 and 'role="alert"' in page and posted.get("reason", "") in page
        assert Study.objects.get(pk=gone.pk).merged_into is None

    def test_addresses_of_nothing(self, client, kept):
        client.force_login(person("editor"))
        for path in (f"{kept.key}/{kept.key}", f"{kept.key}/nobody", f"nobody/{kept.key}"):
            assert client.get(f"/en/desk/merge/{path}/").status_code == 404

    def test_the_admin_shows_a_merged_study_and_changes_nothing(self, client, kept, gone):
        merge(kept, gone)
        client.force_login(person("admin"))
        client.post(f"/admin/studies/study/{gone.pk}/change/", {"label": "Another"})
        assert Study.objects.get(pk=gone.pk).label == gone.label


def test_a_release_goes_round_byte_for_byte(kept, gone, tmp_path):
    publication(kept), publication(gone)
    merge(kept, gone)
    call_command("release", tmp_path / "one", verbosity=0)
    row = next(
        json.loads(line)
        for line in (tmp_path / "one" / "studies.jsonl").read_text().splitlines()
        if json.loads(line)["key"] == gone.key
    )
    assert (row["merged_into"], row["merged_reason"]) == (kept.key, WHY)


def test_a_base_loaded_from_it_gives_the_same_bytes(empty_base, tmp_path):
    call_command("load_kb", "fixtures", verbosity=0)
    first, last = Study.objects.order_by("key")[:2]
    merge_studies(last, first, by=person("editor"), reason=WHY)
    call_command("release", tmp_path / "one", verbosity=0)
    files = {file.name: file.read_bytes() for file in (tmp_path / "one").glob("*.*")}
    with connection.cursor() as cursor:
        names = [n for n in connection.introspection.table_names() if n.startswith(("claims_", "studies_"))]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
    call_command("load_kb", tmp_path / "one", verbosity=0)
    call_command("release", tmp_path / "two", verbosity=0)
    assert {file.name: file.read_bytes() for file in (tmp_path / "two").glob("*.*")} == files


def test_files_of_a_study_that_was_merged_are_those_of_the_other(client, db):
    kept, gone = publication(), publication()
    merge(kept.study, gone.study)
    response = client.get(f"/api/v1/studies/{gone.study.key}.ris")
    where = f"{settings.SITE_URL}/api/v1/studies/{kept.study.key}.ris"
    assert (response.status_code, response["Location"]) == (301, where)
    text = b"".join(client.get(response["Location"]).streaming_content).decode()
    assert f"ID  - {kept.key}" in text and f"ID  - {gone.key}" in text
