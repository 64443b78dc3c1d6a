"""The studies room in the admin: identifiers are put right, notices are only added, what is wrong is said."""

import pytest
from django.urls import reverse

from studies.actions import assess_study
from studies.bias import TOOLS
from studies.models import IntegrityNotice, Publication, ReviewInclusion, Study
from tests.factories import notice, person, publication, study

EMPTY = {
    "publications-TOTAL_FORMS": 0,
    "publications-INITIAL_FORMS": 0,
    "inclusions-TOTAL_FORMS": 0,
    "inclusions-INITIAL_FORMS": 0,
}
NO_NOTICES = {"notices-TOTAL_FORMS": 0, "notices-INITIAL_FORMS": 0}


@pytest.fixture
def editor_client(client, db):
    client.force_login(person("editor"))
    return client


def address(thing, view="change"):
    return reverse(f"admin:studies_{thing._meta.model_name}_{view}", args=[thing.pk])


def words_of(page):
    return page.content.decode()


class TestStudy:
    def fields(self, **words):
        return {"key": "new-2020", "label": "New 2020", "design": "rct", "species": "human", **EMPTY, **words}

    def test_is_added_with_its_report_and_trials_on_one_screen(self, editor_client):
        trial = study()
        words = {
            "publications-TOTAL_FORMS": 1, "publications-0-key": "new-2020", "publications-0-role": "primary",
            "publications-0-csl_type": "article-journal", "publications-0-title": "New findings",
            "publications-0-authors": "[]", "publications-0-doi": "https://doi.org/10.1000/ABC",
            "inclusions-TOTAL_FORMS": 1, "inclusions-0-trial": trial.pk,
        }  # fmt: skip
        page = editor_client.post(reverse("admin:studies_study_add"), self.fields(**words))
        made = Study.objects.get(key="new-2020")
        assert page.status_code == 302
        assert made.publications.get().doi == "10.1000/abc"
        assert made.inclusions.get().trial == trial

    def test_leads_to_the_domains_and_leaves_what_follows_from_them_alone(self, editor_client):
        of = study(risk_of_bias="high")
        assert f"/en/desk/studies/{of.key}/risk-of-bias/" in words_of(editor_client.get(address(of)))
        domains = dict.fromkeys(TOOLS["rob-2"].domains, ("low", "", ""))
        assess_study(of, by=person("editor"), tool="rob-2", judgements=domains)
        page = editor_client.post(address(of), self.fields(key=of.key, risk_of_bias="high"))
        assert page.status_code == 302
        of.refresh_from_db()
        assert (of.risk_of_bias_tool, of.risk_of_bias) == ("RoB 2", "low")

    def test_lists_are_written_one_entry_a_line(self, editor_client):
        words = {
            "verified_from": "https://example.org/a,b\r\n\r\n https://example.org/c \r\n",
            "registry_ids": "nct04462796",
        }
        editor_client.post(reverse("admin:studies_study_add"), self.fields(**words))
        made = Study.objects.get(key="new-2020")
        assert made.verified_from == ["https://example.org/a,b", "https://example.org/c"]
        assert made.registry_ids == ["NCT04462796"]

    def test_unknown_registry_number_is_refused_in_words(self, editor_client):
        page = editor_client.post(reverse("admin:studies_study_add"), self.fields(registry_ids="hello"))
        assert "is not the number of a trial" in words_of(page)

    def test_number_below_zero_is_refused_in_words(self, editor_client):
        page = editor_client.post(reverse("admin:studies_study_add"), self.fields(participants=-1))
        assert "The number of participants cannot be below zero." in words_of(page)
        assert not Study.objects.filter(key="new-2020").exists()

    def test_review_that_includes_itself_writes_nothing(self, editor_client):
        review = study()
        words = self.fields(
            label="Other",
            **{
                "inclusions-TOTAL_FORMS": 1,
                "inclusions-0-trial": review.pk,
                "inclusions-0-review": review.pk,
            },
        )
        page = editor_client.post(address(review), words)
        review.refresh_from_db()
        assert page.status_code == 200
        assert "A review cannot include itself." in words_of(page)
        assert review.label != "Other"
        assert not ReviewInclusion.objects.filter(review=review).exists()

    def test_key_is_given_once(self, editor_client):
        made = study()
        editor_client.post(address(made), self.fields(key="other-key", label="Renamed"))
        assert Study.objects.filter(key=made.key, label="Renamed").exists()

    def test_is_found_by_the_doi_of_its_report(self, editor_client):
        wanted, _other = publication(doi="10.1000/wanted"), publication()
        page = editor_client.get(reverse("admin:studies_study_changelist"), {"q": "10.1000/wanted"})
        assert [found.pk for found in page.context["cl"].result_list] == [wanted.study_id]

    def test_is_found_by_its_registry_number(self, editor_client):
        wanted = study(registry_ids=["NCT04462796"])
        page = editor_client.get(reverse("admin:studies_study_changelist"), {"q": "NCT04462796"})
        assert wanted.pk in [found.pk for found in page.context["cl"].result_list]


class TestPublication:
    def post(self, client, made, **words):
        given = {
            "study": made.study_id,
            "role": "primary",
            "csl_type": "article-journal",
            "title": made.title,
            "authors": "[]",
        }
        return client.post(address(made), given | NO_NOTICES | words)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"doi": "hello"}, "is not a DOI"),
            ({"pmid": "hello"}, "is not a PMID"),
            ({"pmcid": "hello"}, "is not a PMCID"),
            ({"authors": '["Abbasi B"]'}, "Authors are a list of names"),
            ({"authors": '{"family": "Abbasi"}'}, "Authors are a list of names"),
            ({"authors": '[{"family": 3}]'}, "Authors are a list of names"),
        ],
    )
    def test_what_is_wrong_is_said(self, editor_client, words, sentence):
        made = publication()
        page = self.post(editor_client, made, **words)
        assert page.status_code == 200
        assert sentence in words_of(page)

    def test_text_that_the_database_cannot_hold_is_refused_not_an_error(self, editor_client):
        page = self.post(editor_client, publication(), authors='[{"family": "A\\u0000"}]')
        assert page.status_code == 200
        assert page.context["errors"]

    def test_doi_of_another_is_refused_in_words(self, editor_client):
        publication(doi="10.1000/taken")
        page = self.post(editor_client, publication(), doi="10.1000/TAKEN")
        assert "Another publication has this DOI." in words_of(page)

    def test_standing_is_that_of_the_latest_decision(self, editor_client):
        made = publication()
        notice(made, "retraction")
        notice(made, "correction", noticed_on="2025-06-01")
        page = editor_client.get(reverse("admin:studies_publication_changelist"), {"q": made.title})
        assert "Retraction" in words_of(page)

    def test_notice_is_added_on_its_page_and_others_stay(self, editor_client):
        made = publication()
        first = notice(made, "correction")
        words = {
            "notices-TOTAL_FORMS": 2, "notices-INITIAL_FORMS": 1, "notices-0-id": first.pk, "notices-0-publication": made.pk,
            "notices-0-kind": "concern", "notices-0-DELETE": "on", "notices-1-publication": made.pk,
            "notices-1-kind": "retraction", "notices-1-source": "journal", "notices-1-source_record_id": "77",
        }  # fmt: skip
        page = self.post(editor_client, made, **words)
        assert page.status_code == 302
        assert list(made.notices.order_by("pk").values_list("kind", flat=True)) == [
            "correction",
            "retraction",
        ]


class TestIntegrityNotice:
    def test_is_added(self, editor_client):
        made = publication()
        words = {"publication": made.pk, "kind": "retraction", "source": "journal", "source_record_id": "1"}
        editor_client.post(reverse("admin:studies_integritynotice_add"), words)
        assert made.notices.get().kind == "retraction"

    def test_same_record_twice_is_refused_in_words(self, editor_client):
        made = notice(publication(), source="journal", source_record_id="1")
        words = {
            "publication": made.publication_id,
            "kind": "retraction",
            "source": "journal",
            "source_record_id": "1",
        }
        page = editor_client.post(reverse("admin:studies_integritynotice_add"), words)
        assert "This record of this source is already here." in words_of(page)

    @pytest.mark.parametrize("view", ["change", "delete"])
    def test_is_never_changed_or_deleted(self, client, db, django_user_model, view):
        client.force_login(django_user_model.objects.create_superuser("root"))
        made = notice(publication())
        assert client.post(address(made, view), {"kind": "correction", "post": "yes"}).status_code == 403
        assert IntegrityNotice.objects.get(pk=made.pk).kind == "retraction"


class TestInclusion:
    def test_may_be_taken_away_and_history_names_who(self, editor_client):
        review, trial = study(), study()
        made = ReviewInclusion.objects.create(review=review, trial=trial)
        events = made.events.model
        editor_client.post(address(made, "delete"), {"post": "yes"})
        assert not ReviewInclusion.objects.filter(pk=made.pk).exists()
        assert events.objects.latest("pgh_id").pgh_context.metadata["user"] == person("editor").pk


def test_publication_of_a_study_may_not_be_deleted(editor_client):
    made = publication()
    assert editor_client.post(address(made, "delete"), {"post": "yes"}).status_code == 403
    assert Publication.objects.filter(pk=made.pk).exists()


def test_the_studies_lead_to_the_box_for_sources_and_a_study_to_both(client, db):
    client.force_login(person("editor"))
    page = client.get("/admin/studies/study/").content.decode()
    assert 'href="/en/desk/sources/"' in page and 'href="/en/desk/duplicates/"' in page
    found = Study.objects.first()
    page = client.get(f"/admin/studies/study/{found.pk}/change/").content.decode()
    assert 'href="/en/desk/sources/"' in page and f'href="/en/studies/{found.key}/"' in page
