"""Summaries of findings: whom they count, which reasons they give, and that they say no more than the claims do."""

import csv
import json
from io import StringIO

import pytest

from claims import actions
from claims.findings import People, findings_of, people_in, rated_about, tried_for
from claims.models import ClaimVersion, Topic
from kb.lib.sheets import csv_response
from studies.merging import merge_studies
from tests.factories import draft, evidence, notice, person, published


def row(key, n, design="rct", species="human"):
    return {"study": {"key": key, "species": species, "design": {"code": design}}, "n": n}


class TestPeople:
    def test_people_of_trials_add_up(self):
        assert people_in([row("a", 40), row("b", 60)], {}) == People(100, is_least=False)

    def test_a_study_with_several_results_counts_once(self):
        assert people_in([row("a", 40), row("a", 55)], {}) == People(55, is_least=False)

    def test_two_that_were_merged_count_once(self):
        assert people_in([row("a", 40), row("b", 55), row("c", 1)], {"b": "a"}) == People(56, is_least=False)

    def test_a_review_among_several_is_not_added_up(self):
        assert people_in([row("a", 40), row("b", 500, "meta-analysis")], {}) == People(500, is_least=True)
        assert people_in([row("a", 40), row("b", None, "systematic-review")], {}) == People(40, is_least=True)

    def test_one_review_alone_is_what_it_is(self):
        assert people_in([row("b", 500, "meta-analysis")], {}) == People(500, is_least=False)

    def test_a_number_that_is_not_known_makes_it_at_least(self):
        assert people_in([row("a", 40), row("b", None)], {}) == People(40, is_least=True)
        assert people_in([row("b", None)], {}) == People(None, is_least=False)

    def test_animals_are_not_people(self):
        assert people_in([row("a", 40, "animal", "mouse"), row("b", 10)], {}) == People(10, is_least=False)
        assert people_in([row("a", 40, "animal", "mouse")], {}) == People(None, is_least=False)


class TestFindings:
    def test_reasons_are_numbered_through_the_table_and_each_is_a_step(self, db):
        found = findings_of(rated_about(Topic.objects.published().get(slug="sleep")))
        notes = [note for finding in found for note in finding.notes]
        assert [note.number for note in notes] == list(range(1, len(notes) + 1))
        assert all(note.step for note in notes)

    def test_start_and_steps_give_the_strength_shown(self, db):
        """What stands in the table adds up, but for ratings whose override says why not."""
        for finding in findings_of(
            ClaimVersion.objects.current().filter(scheme="grade", strength__isnull=False)
        ):
            rating = finding.document["rating"]
            total = rating["start"]["value"] + sum(note.step for note in finding.notes)
            if not rating["override_reason"]:
                assert min(max(total, 1), 4) == rating["strength"]["value"], finding.document["accession"]

    def test_rows_that_do_not_weigh_give_no_people_and_no_effect(self, db):
        version = published()
        document = json.loads(version.document)
        assert findings_of([version])[0].people.number and findings_of([version])[0].studies == 1
        document["evidence"][0]["counts_in_synthesis"] = False
        version.document = json.dumps(document)
        finding = findings_of([version])[0]
        assert (finding.people.number, finding.studies, finding.effects) == (None, 0, [])

    def test_two_studies_that_were_merged_are_one_study(self, db):
        made = draft()
        kept, gone = made.evidence.get().study, evidence(made, n=60).study
        submitted = actions.submit_version(made, by=person("editor"))
        version = actions.publish_version(submitted, by=person("reviewer"))
        (before,) = findings_of([version])
        merge_studies(kept, gone, by=person("editor"), reason="The same trial, told twice.")
        (after,) = findings_of([version])
        assert (before.studies, before.people.number) == (2, 106)
        assert (after.studies, after.people.number) == (1, 60)

    def test_mechanisms_come_last(self, db):
        kinds = list(
            rated_about(Topic.objects.published().get(slug="magnesium")).values_list("claim__kind", flat=True)
        )
        assert kinds[0] == "efficacy"
        assert set(kinds[kinds.index("mechanism") :]) == {"mechanism"}

    def test_one_outcome_gathers_what_was_tried_for_it_and_below_it(self, db):
        tried = tried_for(Topic.objects.get(slug="sleep"))
        assert {"melatonin", "magnesium-supplementation"} <= set(
            tried.values_list("claim__intervention__slug", flat=True)
        )
        assert len(tried) == len({version.pk for version in tried})


class TestPages:
    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize(
        "path", ["topics/magnesium/summary/", "topics/sleep/summary/", "outcomes/perceived-stress/compare/"]
    )
    def test_works(self, client, db, language, path):
        page = client.get(f"/{language}/{path}").content.decode()
        assert f'<html lang="{language}"' in page and 'id="note1"' in page and 'href="#note1"' in page

    @pytest.mark.parametrize(
        "path", ["topics/magnesium/summary/", "topics/magnesium/summary.csv", "outcomes/sleep/compare/"]
    )
    def test_asks_the_database_little_whatever_its_size(self, client, db, path, django_assert_num_queries):
        client.get(f"/en/{path}")
        with django_assert_num_queries(4 if path.endswith(".csv") else 5):
            client.get(f"/en/{path}")

    @pytest.mark.parametrize(
        "path",
        [
            "topics/nowhere/summary/",
            "topics/nowhere/summary.csv",
            "outcomes/nowhere/compare/",
            "outcomes/magnesium/compare/",
        ],
    )
    def test_what_is_no_topic_or_no_outcome_is_not_found(self, client, db, path):
        assert client.get(f"/en/{path}").status_code == 404

    @pytest.mark.parametrize("page", ["99", "x", "-1"])
    def test_a_page_that_is_not_there_says_so(self, client, db, page):
        response = client.get("/en/topics/magnesium/summary/", {"page": page})
        assert response.status_code == 400 and "<code>page</code>" in response.content.decode()

    def test_a_draft_and_its_topic_stay_unseen(self, client, db):
        made = draft()
        for path in (
            f"topics/{made.claim.intervention.slug}/summary/",
            f"outcomes/{made.claim.outcome.slug}/compare/",
        ):
            assert client.get(f"/en/{path}").status_code == 404

    def test_a_fallen_rating_says_so(self, client, db):
        version = published()
        notice(version.evidence.get().publication)
        page = client.get(f"/en/topics/{version.claim.intervention.slug}/summary/").content.decode()
        assert "Rating under review" in page

    def test_the_file_says_what_the_page_says(self, client, db):
        text = client.get("/nl/topics/melatonin/summary.csv").content.decode().removeprefix("\ufeff")
        rows = list(csv.DictReader(StringIO(text)))
        page = client.get("/nl/topics/melatonin/summary/").content.decode()
        assert len(rows) == rated_about(Topic.objects.get(slug="melatonin")).count()
        assert all(f"/nl/claims/{row['claim']}/" in page for row in rows)


def test_words_that_look_like_a_formula_are_made_harmless():
    body = csv_response("x", ("a", "b"), [("=1+1", -1.5)]).content.decode()
    assert body.removeprefix("\ufeff") == "a,b\r\n'=1+1,-1.5\r\n"
