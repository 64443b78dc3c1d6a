"""What is asked of each target: the same questions, each in the address that the target has for it. Prints JSON.

python bench/questions.py             the questions
python bench/questions.py datasette   writes the copy that Datasette serves
"""

import json
import os
import random
import sys
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

MANY, SEED = 400, 20261123
WORDS = (
    "slaap",
    "magnesium",
    "melatonine",
    "sleep",
    "bloeddruk",
    "blood pressure",
    "insomnia",
    "placebo",
    "jetlag",
    "stress",
)


def main():
    import django

    django.setup()
    from django.db import connection

    if sys.argv[1:] == ["datasette"]:
        from bench.datasette import copy

        with connection.cursor() as cursor:
            copy(cursor, Path(__file__).parents[1] / "var" / "bench" / "claims.db")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT accession FROM claims_listing ORDER BY md5(accession) LIMIT %s", [MANY])
        names = [row[0] for row in cursor.fetchall()]
        # topics without a narrower one, so that targets that know no hierarchy mean the same
        cursor.execute(
            "SELECT slug, id FROM claims_topic WHERE slug ~ '^made-[0-9]+$' AND substr(slug, 6)::int > 50 ORDER BY id"
        )
        topics = cursor.fetchall()
    print(json.dumps(questions(names, topics)))


def questions(names, topics):
    """{workload: {target: [line]}}."""
    chance = random.Random(SEED)
    lists = [(chance.choice((2, 3)), chance.choice((None, None, *topics[:40], *topics))) for _ in range(MANY)]
    codes = {2: "low", 3: "moderate"}
    words = [chance.choice((*WORDS, f"word{chance.randint(1, 400)}")) for _ in range(MANY)]
    asked = {
        "list": {
            "ours": [ours(strength_min=codes[level], topic=topic and topic[0]) for level, topic in lists],
            "textbook": [textbook(level, topic and topic[0]) for level, topic in lists],
            "datasette": [datasette(level, topic and topic[0]) for level, topic in lists],
            "limit": [json.dumps([level, topic and topic[1]]) for level, topic in lists],
        },
        "detail": {
            "ours": [f"/api/v1/claims/{name}/" for name in names],
            "textbook": [f"/textbook/claims/{name}/" for name in names],
            "datasette": [f"/claims/claims.json?accession={name}&_shape=objects&_nocount=1" for name in names],
            "limit": [json.dumps([name]) for name in names],
        },
        "search": {
            "ours": [ours(q=each) for each in words],
            "textbook": [f"/textbook/claims/?{urlencode({'q': each})}" for each in words],
            "datasette": [f"/claims/claims.json?{urlencode({'_search': each, '_size': 25, '_shape': 'objects'})}" for each in words],
        },
        "search with counts (page)": {"ours": [f"/nl/claims/?{urlencode({'q': each})}" for each in words]},
        "list (page)": {
            "ours": [f"/nl/claims/?{given(strength_min=codes[level], topic=topic and topic[0])}" for level, topic in lists],
            "datasette": [datasette(level, topic and topic[0], page=True) for level, topic in lists],
        },
        "conditional": {"ours": [f"/api/v1/claims/{name}/\tIf-None-Match: {tag_of(name)}" for name in names[:50]]},
    }  # fmt: skip
    for targets in asked.values():
        targets["kept"] = targets["ours"]
    return asked


def given(**filters):
    return urlencode({name: value for name, value in filters.items() if value})


def ours(**filters):
    return f"/api/v1/claims/?{given(page_size=25, **filters)}"


def textbook(level, topic):
    return f"/textbook/claims/?{given(page_size=25, strength__gte=level, topic=topic)}"


def datasette(level, topic, *, page=False):
    """Its own `_through` mixes up its parameters beside another filter, so the topic is asked for in SQL."""
    where = {"strength__gte": level, "_sort": "place", "_size": 25}
    if topic:
        where["_where"] = f"id in (select claim_id from claim_topics where topic = '{topic}')"
    if page:
        return f"/claims/claims?{urlencode(where | {'_facet': 'verdict'})}"
    return f"/claims/claims.json?{urlencode(where | {'_shape': 'objects'})}"


def tag_of(name):
    """The tag of a record as our API gives it in this process, so that the answer is a 304."""
    from django.test import Client

    return Client(headers={"host": "127.0.0.1"}).get(f"/api/v1/claims/{name}/")["ETag"]


if __name__ == "__main__":
    main()
