"""Lists of studies and publications are read from indexes, and know what a study took over from one merged into it."""

import pytest
from django.db import connection
from django.http import QueryDict

from studies.files import references_of, reports_of
from studies.filters import StudyFilter
from studies.merging import merge_studies
from studies.models import Publication, Study
from tests.factories import notice, person, publication, study

QUESTIONS = (
    "", "design=rct", "design=rct&design=cohort", "retracted=yes", "retracted=no", "year_min=2010", "year_max=2010",
    "year_min=2010&year_max=2012", "q=magnesium", "q=10.1000/none", "design=rct&year_min=2010", "q=magnesium&retracted=no",
)  # fmt: skip
READ_WHOLE = (
    "Seq Scan on studies_study",
    "Seq Scan on studies_publication",
    "Seq Scan on studies_integritynotice",
)


def found(question):
    study_filter = StudyFilter(QueryDict(question))
    assert study_filter.problems == {}
    return study_filter.results()


def keys(question):
    return [each.key for each in found(question)]


def plan_of(rows):
    """A base this small is read as a whole, so the planner is told not to."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        return rows.explain()


def counted(rows):
    """The rows that counting them looks at."""
    return rows.order_by().values("pk")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "way",
    [
        lambda rows: rows[2475:2500],
        counted,
        lambda rows: rows.order_by("id").filter(id__gt=10)[:201],
        lambda rows: rows.order_by("key"),
    ],
    ids=["page", "count", "walk", "file"],
)
def test_no_question_about_studies_reads_a_table_from_end_to_end(db, question, way):
    plan = plan_of(way(found(question)))
    assert not any(each in plan for each in READ_WHOLE), plan


@pytest.mark.parametrize("question", ["", "design=rct", "retracted=no", "year_min=2010"])
def test_an_index_gives_the_order_of_the_list(db, question):
    plan = plan_of(found(question)[:25])
    assert "Sort" not in plan.partition("SubPlan")[0] and "study_listed" in plan, plan


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Publication.objects.order_by("key")[2475:2500],
        lambda: Publication.objects.order_by("id").filter(id__gt=10)[:201],
        lambda: Publication.objects.retracted().order_by("key"),
        lambda: reports_of(range(1, 100)),
    ],
    ids=["page", "walk", "retracted", "references"],
)
def test_publications_are_read_from_an_index(db, rows):
    plan = plan_of(rows())
    assert not any(each in plan for each in READ_WHOLE), plan


@pytest.fixture
def kept(db):
    return publication(of=study(key="kept-2010", label="Kept 2010"), year=2010).study


@pytest.fixture
def gone(db):
    paper = publication(
        of=study(key="gone-2015", label="Gone 2015"), year=2015, doi="10.1234/gone", pmid="991015", title="Lost and found"
    )  # fmt: skip
    return paper.study


@pytest.fixture
def merged(kept, gone):
    merge_studies(kept, gone, by=person("editor"), reason="Two reports of one trial.")
    return kept


class TestMerged:
    @pytest.mark.parametrize(
        "question",
        ["q=10.1234/gone", "q=10.1234/GONE", "q=991015", "q=lost and", "q=Gone 2015", "q=Kept 2010"],
    )
    def test_is_found_by_what_only_the_one_that_is_gone_has(self, merged, question):
        assert keys(question) == [merged.key]

    def test_its_reports_make_its_years(self, merged):
        assert merged.key in keys("year_min=2015&year_max=2015")
        assert merged.key in keys("year_min=2010&year_max=2010")
        assert merged.key not in keys("year_min=2016") and merged.key not in keys("year_max=2009")

    def test_a_retraction_on_either_is_heard(self, merged, gone):
        assert merged.key in keys("retracted=no")
        notice(gone.publications.get())
        assert merged.key in keys("retracted=yes") and merged.key not in keys("retracted=no")

    def test_both_bounds_are_of_one_report(self, merged):
        assert merged.key not in keys("year_min=2011&year_max=2014")

    def test_is_there_once(self, merged):
        assert keys("q=10.1234/gone&year_min=2000&design=rct") == [merged.key]

    def test_its_references_are_those_of_both(self, merged):
        papers = references_of(Study.objects.filter(pk=merged.pk))
        assert [paper["key"] for paper in papers] == ["gone-2015", "kept-2010"]


class TestRetracted:
    def test_the_latest_notice_that_decides_counts(self, db):
        paper = publication()
        notice(paper, noticed_on="2020-01-01")
        assert paper in Publication.objects.retracted()
        notice(paper, kind="reinstatement", noticed_on="2021-01-01")
        assert paper not in Publication.objects.retracted()
        notice(paper, noticed_on=None)  # a notice without a date counts as older
        notice(paper, kind="correction", noticed_on="2022-01-01")
        assert paper not in Publication.objects.retracted()

    def test_a_study_falls_with_its_main_report_alone(self, db):
        main, other = publication(), publication()
        second = publication(of=main.study, key="second", role="secondary")
        notice(second)
        notice(other)
        assert [
            each.has_fallen for each in (found("").get(pk=main.study_id), found("").get(pk=other.study_id))
        ] == [
            False,
            True,
        ]
