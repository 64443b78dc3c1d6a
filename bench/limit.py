"""How often PostgreSQL alone gives the same texts: the statement over the narrow rows and the documents, and nothing else.

    python bench/limit.py list|detail|search FILE SECONDS

FILE holds the parameters of one question a line, as JSON. Prints JSON as bench/load.py does.
"""

import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

STATEMENTS = {
    "list": """
        SELECT v.card, s.overlay::text FROM (
            SELECT version_id, strength FROM {rows} WHERE strength >= %s{topic}
            ORDER BY strength DESC NULLS LAST, version_id DESC LIMIT 25
        ) l JOIN claims_claimversion v ON v.id = l.version_id
        LEFT JOIN claims_standing s ON s.version_id = v.id AND s.until IS NULL
        ORDER BY l.strength DESC NULLS LAST, l.version_id DESC
    """,
    "detail": """
        SELECT v.document, s.overlay::text FROM claims_claim c JOIN claims_claimversion v ON v.claim_id = c.id
        JOIN claims_standing s ON s.version_id = v.id AND s.until IS NULL
        WHERE c.accession = %s AND v.state = 'published'
    """,
}


def asked_in(what, question):
    """(SQL, values). A list of one topic is read from the rows of that topic, as ours is; a search is the statement of ours."""
    if what == "search":
        return search_statement(*question)
    if what != "list":
        return STATEMENTS[what], question
    level, topic = question
    if topic is None:
        return STATEMENTS[what].format(rows="claims_listing", topic=""), [level]
    return STATEMENTS[what].format(rows="claims_listedtopic", topic=" AND topic = %s"), [level, topic]


def search_statement(words):
    from claims.found import BEST, BY_INDEX, TO_RANK, found_in, order_of
    from claims.searching import ANYTHING, meant_by
    from kb.lib.state import state_of_base

    search = meant_by(words, state_of_base())
    cte, values = found_in(search, ANYTHING, columns=TO_RANK)
    order, ordered = order_of(search)
    return f"{BY_INDEX}{cte} {BEST.format(order=order)}", [*values, *ordered, 0, 25]


def main():
    import django

    django.setup()
    from django.db import connection

    what, file, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    questions = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    statements = [asked_in(what, question) for question in questions]
    times, begin = [], time.perf_counter()
    with connection.cursor() as cursor:
        while time.perf_counter() < begin + seconds:
            asked = time.perf_counter()
            cursor.execute(*statements[len(times) % len(statements)])
            cursor.fetchall()
            times.append(time.perf_counter() - asked)
    times.sort()
    print(
        json.dumps(
            {
                "answers": len(times),
                "seconds": time.perf_counter() - begin,
                "p50": times[len(times) // 2] * 1000,
                "p99": times[int(len(times) * 0.99)] * 1000,
                "statuses": {"200": len(times)},
            }
        )
    )


if __name__ == "__main__":
    main()
