"""Asks the planner of the made base how each order and filter of the list is read, and stops where that is a whole table.

    python bench/plans.py

Prints how many statements it asked about. Exit code 1 names the first that scans claims, versions or listings from end to end.
"""

import os
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

TABLES = ("claims_claim", "claims_claimversion", "claims_listing", "claims_listedtopic", "claims_searchentry")
FILTERS = (
    {}, {"strength_min": "low"}, {"strength": ["moderate"]}, {"topic": 1}, {"topic": 1, "strength_min": "moderate"}, {"topic": 2},
    {"topic": 1, "kind": ["harm"]},
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
    from claims.found import BY_INDEX, TO_RANK, found_in
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
        sql, values = found_in(meant_by(words, state_of_base()), ANYTHING, columns=TO_RANK)
        yield words, BY_INDEX, f"{sql} SELECT count(*) FROM found", values


if __name__ == "__main__":
    main()
