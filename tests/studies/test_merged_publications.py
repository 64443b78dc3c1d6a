"""What is one paper is found, named, cited and retracted as one, whichever of its entries is asked for."""

import json

import pytest
from django.conf import settings

from claims import actions
from claims.documents import build_document
from claims.editing.shapes import RowSerializer
from claims.forms.parts import SourceField
from claims.models import StaleMark, Standing
from claims.stats import cited_in
from kb.lib.state import state_of_base
from studies.actions import Refused, keep_source_text, save_record
from studies.checking import publications_to_ask, record_updates
from studies.chosen import SAME, Choice
from studies.importing import load_import, undo_import
from studies.imports import publications_named_by
from studies.loading import our_papers
from studies.merging import (
    merge_studies,
    merge_with_studies,
)
from studies.models import LikelyPair, Publication, SourceText, Study
from studies.pairing import find_pairs
from studies.previewing import preview_file
from tests.factories import draft, evidence, person, publication
from tests.studies.test_merging import citing, overlay
from tests.studies.twice import TITLE, WHY, fresh, merge, told, unmerge


@pytest.fixture
def both_dois(kept, gone):
    """Merged, and each with a DOI of its own."""
    gone.doi = "10.5555/second.name"
    save_record(gone, by=person("editor"))
    return merge(kept, gone)


class TestLookingUp:
    def test_each_identifier_leads_to_the_one_that_stays(self, kept, gone, both_dois, client):
        rows = preview_file("a.ris", ris("10.5555/second.name"), by=person("editor")).rows
        assert [found["key"] for found in rows[0]["here"]] == [kept.key]
        assert "doi" not in rows[0]["here"][0]["conflicts"]
        records = [type("R", (), {"fields": {"pmid": "87654321"}})]
        assert publications_named_by(records) == {("pmid", "87654321"): kept}
        for words in ("10.5555/second.name", "87654321", "10.5555/two.entries"):
            found = client.get("/api/v1/studies/", {"q": words}).json()["results"]
            assert [each["key"] for each in found] == [kept.study.key]

    def test_a_study_is_found_by_what_a_merged_one_reports(self, client, kept, elsewhere):
        merge_studies(kept.study, elsewhere.study, by=person("editor"), reason=WHY)
        elsewhere.refresh_from_db()
        merge(fresh(kept), elsewhere)
        found = client.get("/api/v1/studies/", {"q": elsewhere.study.label}).json()["results"]
        assert [each["key"] for each in found] == [kept.study.key]

    def test_an_import_fills_the_one_that_stays_and_nobody_undoes_it_after_a_merge(self, kept, gone):
        imported = preview_file("a.ris", ris("10.5555/two.entries", "SP  - 7\n"), by=person("editor"))
        imported = load_import(imported, by=person("editor"), choices={1: Choice(SAME, kept.key)})
        merge(gone, fresh(kept))
        with pytest.raises(Refused, match="changed since"):
            undo_import(imported, by=person("editor"))

    def test_a_list_that_was_looked_at_before_the_merge_is_brought_in_again(self, kept, gone):
        imported = preview_file("a.ris", ris("10.5555/two.entries", "SP  - 7\n"), by=person("editor"))
        merge(gone, kept)
        with pytest.raises(Refused, match="in the meantime"):
            load_import(imported, by=person("editor"), choices={1: Choice(SAME, kept.key)})

    def test_a_list_of_retractions_finds_it_by_either(self, kept, gone, both_dois):
        papers = {
            key: paper.key for paper, doi, pmid in our_papers() for key in (doi, pmid) if paper.pk == kept.pk
        }
        assert papers.keys() >= {"10.5555/second.name", "10.5555/two.entries", "87654321"}

    def test_crossref_is_asked_about_either_doi_and_tells_a_notice_once(self, kept, gone, both_dois):
        assert {kept.pk, gone.pk} <= set(publications_to_ask(0).values_list("pk", flat=True))
        update = type(
            "U",
            (),
            {"kind": "correction", "doi": "10.5555/notice", "record": "", "noticed_on": None},
        )
        answer = type("A", (), {"url": "https://example.org/", "sha256": "a" * 64})
        found = [
            record_updates(fresh(paper), [update], answer, by=person("editor")) for paper in (gone, kept)
        ]
        assert [len(each.added) for each in found] == [1, 0]

    def test_editors_name_it_by_either_and_cite_the_one_that_stays(self, kept, gone, both_dois):
        for words in (gone.key, kept.key, "87654321", "10.5555/second.name", TITLE):
            assert SourceField().clean(words) == kept


def ris(doi, more=""):
    return f"TY  - JOUR\nTI  - {TITLE}\nDO  - {doi}\n{more}ER  - \n".encode()


class TestAddresses:
    def test_the_api_leads_to_the_other(self, client, kept, gone):
        merge(kept, gone)
        answer = client.get(f"/api/v1/publications/{gone.key}/")
        where = f"{settings.SITE_URL}/api/v1/publications/{kept.key}/"
        assert (answer.status_code, answer["Location"]) == (301, where)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "This publication was merged into another."
        assert client.get(answer["Location"]).json()["pmid"] == "87654321"
        answer = client.get(f"/api/v1/publications/{gone.key}.bib")
        where = f"{settings.SITE_URL}/api/v1/publications/{kept.key}.bib"
        assert (answer.status_code, answer["Location"]) == (301, where)

    def test_lists_and_files_name_the_other_alone(self, client, kept, gone):
        merge(kept, gone)
        records = client.get("/api/v1/publications/", {"page_size": 200}).json()["results"]
        assert kept.key in json.dumps(records) and gone.key not in json.dumps(records)
        study_record = client.get(f"/api/v1/studies/{kept.study.key}/").json()
        assert [report["key"] for report in study_record["publications"]] == [kept.key]
        for suffix in ("ris", "csv", "jsonld", "csl.json"):
            for path in ("publications", f"studies/{kept.study.key}"):
                text = b"".join(client.get(f"/api/v1/{path}.{suffix}").streaming_content).decode()
                assert gone.key not in text, (path, suffix)

    def test_the_page_of_the_study_has_one_reference_and_both_anchors(self, client, kept, gone):
        address = f"/en/studies/{kept.study.key}/"
        assert client.get(address).content.decode().count(f'lang="en">Author A. {TITLE}') == 2
        merge(kept, gone)
        page = client.get(address).content.decode()
        assert page.count(f'lang="en">Author A. {TITLE}') == 1
        assert f'id="{kept.key}"' in page and f'id="{gone.key}"' in page

    def test_likely_pairs_name_neither_twice(self, client, kept, elsewhere):
        find_pairs()
        assert LikelyPair.objects.filter(first=kept, second=elsewhere).exists()
        merge_with_studies(kept, elsewhere, by=person("editor"), reason=WHY)
        third = publication(title=TITLE)
        find_pairs()
        pairs = LikelyPair.objects.filter(second=third).values_list("first", flat=True)
        assert list(pairs) == [kept.pk]


class TestNotices:
    @pytest.mark.parametrize("at_the_merged_one", [True, False])
    def test_a_retraction_of_either_is_of_both(self, client, kept, gone, at_the_merged_one):
        merge(kept, gone)
        told(gone if at_the_merged_one else kept)
        assert set(Publication.objects.retracted().filter(study=kept.study)) == {kept, gone}
        assert Study.objects.with_standing().get(pk=kept.study_id).has_fallen
        record = client.get(f"/api/v1/publications/{kept.key}/").json()
        assert record["is_retracted"] and len(record["notices"]) == 1

    def test_the_latest_on_either_decides(self, kept, gone):
        told(gone, "retraction", noticed_on="2020-01-01")
        merge(kept, gone)
        assert Publication.objects.with_standing().get(pk=kept.pk).deciding == "retraction"
        told(kept, "reinstatement", noticed_on="2021-01-01")
        assert not Study.objects.with_standing().get(pk=kept.study_id).has_fallen
        assert not fresh(kept).is_retracted

    def test_a_claim_on_the_one_hears_of_the_retraction_of_the_other(self, kept, gone):
        versions = [citing(paper) for paper in (kept, gone)]
        documents = [version.document for version in versions]
        merge(kept, gone)
        told(gone)
        for version, document in zip(versions, documents, strict=True):
            assert overlay(version)["fallen"] == [kept.study.key]
            assert overlay(version)["under_review"]
            marks = StaleMark.objects.filter(version=version, reason="study-retracted")
            assert [mark.severity for mark in marks] == [3]
            version.refresh_from_db()
            assert version.document == document

    def test_a_retracted_side_report_that_is_the_main_report_lets_the_study_fall(self, kept, gone):
        version = citing(kept)
        told(gone)
        assert overlay(version)["fallen"] == []
        merge(kept, gone)
        assert overlay(version)["fallen"] == [kept.study.key]
        unmerge(gone)
        assert overlay(version)["fallen"] == []

    @pytest.mark.parametrize(
        "kinds", [(), ("retraction", None), ("retraction", "retraction"), ("concern", None)]
    )
    def test_merging_alone_says_nothing_about_a_rating(self, kept, gone, kinds):
        for paper, kind in zip((kept, gone), kinds, strict=False):
            if kind:
                told(paper, kind)
        version = citing(kept)
        marks, before = StaleMark.objects.count(), overlay(version)
        merge(kept, gone)
        assert (StaleMark.objects.count(), overlay(version)) == (marks, before)
        unmerge(gone)
        assert (StaleMark.objects.count(), overlay(version)) == (marks, before)

    def test_the_main_report_that_was_retracted_and_goes_up_leaves_the_study_fallen(self, kept, gone):
        version = citing(gone)
        told(kept)
        since, before = overlay_row(version), overlay(version)
        merge(gone, kept)
        assert (overlay_row(version), overlay(version)) == (since, before)
        assert before["fallen"] == [kept.study.key]


def overlay_row(version):
    return Standing.objects.get(version=version, until=None).pk


class TestCiting:
    def test_a_new_version_shows_the_reference_of_the_one_that_stays(self, kept, gone):
        version = citing(gone)
        merge(kept, gone)
        again = actions.start_draft(version.claim, by=person("editor"))
        cited = {row["publication"]["key"] for row in build_document(again)["evidence"]}
        assert kept.key in cited and gone.key not in cited

    def test_a_file_of_references_of_a_claim_names_it_once(self, client, kept, gone):
        made = draft()
        for paper in (kept, gone):
            evidence(made, publication=paper, outcome_measure_en=paper.key)
        actions.submit_version(made, by=person("editor"))
        version = actions.publish_version(made, by=person("reviewer"))
        studies, papers = cited_in(state_of_base())
        merge(kept, gone)
        assert cited_in(state_of_base()) == (studies, papers - 1)
        path = f"/api/v1/claims/{version.claim.accession}.ris"
        text = b"".join(client.get(path).streaming_content).decode()
        assert text.count(TITLE) == 1 and f"ID  - {kept.key}" in text

    def test_programs_are_told_which_to_cite(self, kept, gone):
        row = evidence(draft(), publication=gone)
        merge(kept, gone)
        row.refresh_from_db()
        named = {"study": gone.study.key, "publication": gone.key}
        read_only = ("id", "quote_checked_on")
        given = {name: value for name, value in RowSerializer(row).data.items() if name not in read_only}
        new = RowSerializer(data=given | named)
        assert not new.is_valid() and kept.key in str(new.errors["publication"])
        assert RowSerializer(row, data=named, partial=True).is_valid()

    def test_a_quote_is_looked_up_in_the_text_of_either(self, client, kept, gone):
        keep_source_text(gone, "People slept for forty minutes longer in the end.", by=person("editor"))
        made = draft()
        evidence(made, publication=kept, quote="slept for forty minutes longer", quote_role="result")
        merge(kept, gone)
        actions.submit_version(made, by=person("editor"))
        client.force_login(person("editor"))
        answer = client.get(f"/en/desk/publications/{gone.key}/text/")
        assert answer["Location"] == f"/en/desk/publications/{kept.key}/text/"
        assert "There is a text" in client.get(answer["Location"]).content.decode()
        client.post(answer["Location"], {"remove": "1"})
        assert not SourceText.objects.exists()
