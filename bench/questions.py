"""What is asked of each target: the same questions, each in the address that the target has for it. Prints JSON.

    python bench/questions.py [broad]

With `broad`, lists are asked about topics that have narrower ones: of those a base of 10,000 claims too has more than a page.
"""

import json
import os
import random
import sys
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from bench.peers import PEERS

MANY, SEED = 400, 20261123
KEPT = 200  # answers, which fit into what one process keeps
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

    with connection.cursor() as cursor:
        cursor.execute("SELECT accession FROM claims_listing ORDER BY md5(accession) LIMIT %s", [MANY])
        names = [row[0] for row in cursor.fetchall()]
        # topics without a narrower one, unless broad ones are asked for: so targets that know no hierarchy mean the same
        cursor.execute(
            "SELECT slug, id FROM claims_topic WHERE slug ~ '^made-[0-9]+$' AND (substr(slug, 6)::int <= 50) = %s ORDER BY id",
            ["broad" in sys.argv[1:]],
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
            "limit": [json.dumps([level, topic and topic[1]]) for level, topic in lists],
        },
        "detail": {
            "ours": [f"/api/v1/claims/{name}/" for name in names],
            "textbook": [f"/textbook/claims/{name}/" for name in names],
            "limit": [json.dumps([name]) for name in names],
        },
        "search": {
            "ours": [ours(q=each) for each in words],
            "textbook": [f"/textbook/claims/?{urlencode({'q': each})}" for each in words],
            "limit": [json.dumps([each]) for each in words],
        },
        "search with filters": {
            "ours": [ours(q=each, strength_min=codes[level]) for each, (level, _topic) in zip(words, lists, strict=True)],
        },
        "search with counts (page)": {"ours": [f"/nl/claims/?{urlencode({'q': each})}" for each in words]},
        "list (page)": {
            "ours": [f"/nl/claims/?{given(strength_min=codes[level], topic=topic and topic[0])}" for level, topic in lists],
            "textbook": [textbook(level, topic and topic[0], where="pages") for level, topic in lists],
        },
        "conditional": {"ours": [f"/api/v1/claims/{name}/\tIf-None-Match: {tag_of(name)}" for name in names[:50]]},
    }  # fmt: skip
    for name, peer in PEERS.items():
        asked["list"][name] = [peer.listed(level, topic and topic[0]) for level, topic in lists]
        asked["detail"][name] = [peer.one(each) for each in names]
        asked["search"][name] = [peer.found(each) for each in words]
        if hasattr(peer, "page"):
            asked["list (page)"][name] = [peer.page(level, topic and topic[0]) for level, topic in lists]
    for targets in asked.values():
        targets["kept"] = targets["ours"][:KEPT]
    return asked


def given(**filters):
    return urlencode({name: value for name, value in filters.items() if value})


def ours(**filters):
    return f"/api/v1/claims/?{given(page_size=25, **filters)}"


def textbook(level, topic, where="claims"):
    return f"/textbook/{where}/?{given(page_size=25, strength__gte=level, topic=topic)}"


def tag_of(name):
    """The tag of a record as our API gives it in this process, so that the answer is a 304."""
    from django.test import Client

    return Client(headers={"host": "127.0.0.1"}).get(f"/api/v1/claims/{name}/")["ETag"]


if __name__ == "__main__":
    main()
