"""Asks the planner of the made base how each order and filter of the list is read, and stops where that is a whole table.

    python bench/plans.py

Prints how many statements it asked about. Exit code 1 names the first that scans claims, versions, listings, studies or
publications from end to end.
"""

import os
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

TABLES = ("claims_claim", "claims_claimversion", "claims_listing", "claims_listedtopic", "claims_searchentry")
TABLES += ("studies_study", "studies_publication")
FILTERS = (
    {}, {"strength_min": "low"}, {"strength": ["moderate"]}, {"topic": 1}, {"topic": 1, "strength_min": "moderate"}, {"topic": 2},
    {"topic": 1, "kind": ["harm"]},
)  # fmt: skip
STUDIES = (
    "", "design=rct", "design=rct&design=cohort", "retracted=yes", "retracted=no", "year_min=2010", "year_min=2010&year_max=2012",
    "q=made-4711", "q=10.1016/none",
)  # fmt: skip
WORDS = ("slaap", "magnesium bij ouderen", "word77", "jetlag -placebo")


def main():
    import django

    django.setup()
    from django.db import connection

    number = 0
    with connection.cursor() as cursor:
        for what, settings, sql, values in statements():
            cursor.execute(f"{settings}EXPLAIN {sql}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            for table in TABLES:
                if f"Seq Scan on {table} " in f"{plan} ":
                    sys.exit(f"{what} reads all of {table}:\n{plan}")
            number += 1
    print(f"{number} statements, each read from an index")


def statements():
    """(what is asked, settings, SQL, values)."""
    from claims.found import best_statement, settings_for
    from claims.listed import ORDERS, statement_of
    from claims.models import Topic
    from claims.searching import ANYTHING, meant_by
    from kb.lib.state import state_of_base

    topics = list(
        Topic.objects.filter(slug__startswith="made-").order_by("pk").values_list("pk", flat=True)[:2]
    )
    for order, filters in product(ORDERS, FILTERS):
        question = ANYTHING | {"ordering": order} | filters
        question["topic"] = topics[: filters.get("topic", 0)]
        yield f"{order} {filters}", "", *statement_of(question, 0, 25)
    for words in WORDS:
        search = meant_by(words, state_of_base())
        yield words, settings_for(), *best_statement(search, ANYTHING, 0, 25)
    yield from statements_about_studies()


def statements_about_studies():
    """Pages, walks and the first rows of files; a page of publications, from the front and far on."""
    from django.http import QueryDict

    from studies.files import reports_of
    from studies.filters import StudyFilter
    from studies.models import Publication

    for question in STUDIES:
        study_filter = StudyFilter(QueryDict(question))
        if study_filter.problems:
            sys.exit(f"{question} is no question: {study_filter.problems}")
        rows = study_filter.results()
        asked = {
            "page": rows[:25],
            "far page": rows[2475:2500],
            "walk": rows.order_by("id").filter(id__gt=1000)[:201],
            "file": rows.order_by("key")[:100],
        }
        for name, each in asked.items():
            yield f"studies {question} {name}", "", *each.query.sql_with_params()
    yield "references of studies", "", *reports_of(range(1000, 1100)).query.sql_with_params()
    for start in (0, 2475):
        rows = Publication.objects.order_by("key")[start : start + 25]
        yield f"publications from {start}", "", *rows.query.sql_with_params()


if __name__ == "__main__":
    main()
