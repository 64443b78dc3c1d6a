"""What becomes of a row of a list: the same as one we have, another report of its study, or a new study."""

import json

import pytest

from studies.actions import Refused
from studies.chosen import NEW, REPORT, SAME, Choice
from studies.importing import load_import, undo_import
from studies.models import Import, Publication, Study
from studies.previewing import preview_file
from tests.factories import draft, evidence, person, publication, study

PAGE = "/en/desk/sources/"
TITLE = "Zymurgical supplementation and imaginary sleep: a made-up trial"


@pytest.fixture
def ours(db):
    return publication(
        study(), title=TITLE, year=2020, doi="10.5555/ours", volume="3", authors=[{"family": "Zymurg"}]
    )


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def brought(**words):
    """A list of one record, which is like ours but for a year and says its volume and journal itself."""
    work = {
        "type": "article-journal",
        "title": TITLE,
        "author": [{"family": "Zymurg"}],
        "issued": {"date-parts": [[2021]]},
        "volume": "4",
        "container-title": "Journal of Tests",
    }
    return preview_file("list.json", json.dumps([work | words]).encode(), by=person("editor"))


def load(imported, *choice, **words):
    return load_import(imported, by=person("editor"), choices={1: Choice(*choice, **words)})


def as_kept(publication):
    return Publication.objects.filter(pk=publication.pk).values().get() | {"updated_at": None}


class TestPreview:
    def test_what_looks_alike_is_told_with_its_score_and_why(self, ours, desk):
        imported = brought()
        (found,) = imported.rows[0]["alike"]
        assert (found["key"], found["score"]) == (ours.key, 0.92)
        page = desk.get(f"{PAGE}{imported.pk}/").content.decode()
        for said in ("Looks like (0.92)", "The titles are the same", "1 year apart", "the same first author"):
            assert said in page
        for value in (f"same:{ours.key}", f"report:{ours.study.key}:follow-up", "new:rct"):
            assert f'value="{value}"' in page

    def test_a_whole_list_is_compared_in_a_few_questions(self, ours, django_assert_max_num_queries):
        works = [{"type": "article-journal", "title": TITLE, "DOI": f"10.5555/n{n}"} for n in range(100)]
        editor = person("editor")
        editor.has_perm("studies.add_study")
        with django_assert_max_num_queries(8):
            imported = preview_file("list.json", json.dumps(works).encode(), by=editor)
        assert all(row["alike"] for row in imported.rows)


class TestTheSame:
    def test_what_is_empty_is_filled_and_what_is_ticked_is_taken(self, ours, desk):
        imported = brought()
        ticked = {"row-1": f"same:{ours.key}", f"take-1-{ours.key}": ["year"]}
        assert desk.post(f"{PAGE}{imported.pk}/", ticked).status_code == 302
        now = Publication.objects.get(pk=ours.pk)
        assert (now.year, now.volume, now.container_title) == (2021, "3", "Journal of Tests")
        assert Import.objects.get().changed == {
            ours.key: {"container_title": ["", "Journal of Tests"], "year": [2020, 2021]}
        }

    def test_one_undo_puts_it_back(self, ours):
        before = as_kept(ours)
        imported = load(brought(), SAME, ours.key, take=("year", "volume"))
        assert as_kept(ours) != before
        undo_import(imported, by=person("editor"))
        assert as_kept(ours) == before

    def test_what_somebody_changed_since_is_not_put_back(self, ours):
        imported = load(brought(), SAME, ours.key, take=("year",))
        Publication.objects.filter(pk=ours.pk).update(year=1999)
        with pytest.raises(Refused, match="changed since"):
            undo_import(imported, by=person("editor"))
        assert Publication.objects.get(pk=ours.pk).year == 1999

    def test_what_changed_here_after_looking_is_not_written_over(self, ours):
        imported = brought()
        Publication.objects.filter(pk=ours.pk).update(year=1999)
        with pytest.raises(Refused, match="in the meantime"):
            load(imported, SAME, ours.key, take=("year",))

    def test_a_record_with_our_doi_may_fill_ours_too(self, ours):
        imported = brought(DOI="10.5555/ours", PMID="999999991")
        assert imported.rows[0]["alike"] == []
        load(imported, SAME, ours.key)
        assert Publication.objects.get(pk=ours.pk).pmid == "999999991"

    def test_an_identifier_of_another_publication_is_refused_and_nothing_kept(self, ours):
        imported = brought(PMID="999999992")
        publication(study(), title="Quite another thing", pmid="999999992")
        before = as_kept(ours)
        with pytest.raises(Refused, match="PMID"):
            load(imported, SAME, ours.key)
        assert as_kept(ours) == before


class TestAnotherReport:
    def test_it_goes_under_its_study_with_its_role_and_is_undone(self, ours):
        before = [Study.objects.count(), Publication.objects.count()]
        imported = load(brought(DOI="10.5555/preprint"), REPORT, ours.study.key, "secondary")
        report = Publication.objects.get(doi="10.5555/preprint")
        assert (report.study, report.role) == (ours.study, "secondary")
        assert imported.reports == [report.key] and imported.made == []
        undo_import(imported, by=person("editor"))
        assert [Study.objects.count(), Publication.objects.count()] == before

    def test_one_that_is_cited_by_now_stays(self, ours):
        imported = load(brought(DOI="10.5555/preprint"), REPORT, ours.study.key, "secondary")
        evidence(draft(), publication=Publication.objects.get(doi="10.5555/preprint"))
        with pytest.raises(Refused, match="in use"):
            undo_import(imported, by=person("editor"))
        assert Publication.objects.filter(doi="10.5555/preprint").exists()


@pytest.mark.parametrize(
    "value",
    [
        "same:another",
        "report:another:secondary",
        "report:{study}:primary",
        "new:hearsay",
        "gossip",
        ":::",
        "new",
    ],
)
def test_what_is_not_offered_counts_as_left_out(ours, desk, value):
    imported = brought()
    answer = desk.post(f"{PAGE}{imported.pk}/", {"row-1": value.format(study=ours.study.key)})
    assert answer.status_code == 409 and "at least one row" in answer.content.decode()


def test_the_action_takes_no_choice_that_is_not_offered(ours):
    with pytest.raises(Refused, match="not offered"):
        load(brought(), REPORT, "another-study", "secondary")


def test_what_was_ticked_stays_ticked_after_a_refusal(ours, desk):
    imported = brought()
    Publication.objects.filter(pk=ours.pk).update(year=1999)
    ticked = {"row-1": f"same:{ours.key}", f"take-1-{ours.key}": ["year"]}
    page = desk.post(f"{PAGE}{imported.pk}/", ticked).content.decode()
    assert 'value="year" checked' in page and f'value="same:{ours.key}" selected' in page


def test_a_new_study_may_be_made_all_the_same(ours):
    load(brought(), NEW, "rct")
    assert Publication.objects.filter(title=TITLE).count() == 2
