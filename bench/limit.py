"""How often PostgreSQL alone gives the same texts: pgbench asks the statement over the narrow rows and the documents, and nothing else.

    python bench/limit.py list|detail|search FILE SECONDS

FILE holds the parameters of one question a line, as JSON; pgbench takes a hundred of them by chance, prepared once for each
connection. Prints JSON as bench/load.lua does, of the better of 2 and 16 connections.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

MOST = 100  # pgbench takes at most 128 scripts
STATEMENTS = {
    "list": """
        SELECT v.card, {overlay}, (SELECT sum(claims) FROM claims_tally WHERE {cells}) FROM (
            SELECT version_id, strength FROM {rows} WHERE strength >= %s{topic}
            ORDER BY strength DESC NULLS LAST, version_id DESC LIMIT 25
        ) l JOIN claims_claimversion v ON v.id = l.version_id
        LEFT JOIN claims_standing standing ON standing.version_id = v.id AND standing.until IS NULL
        ORDER BY l.strength DESC NULLS LAST, l.version_id DESC
    """,
    "detail": """
        SELECT v.document, {overlay} FROM claims_claim c JOIN claims_claimversion v ON v.claim_id = c.id
        JOIN claims_standing standing ON standing.version_id = v.id AND standing.until IS NULL
        WHERE c.accession = %s AND v.state = 'published'
    """,
}


def asked_in(what, question):
    """(SQL, values). A search is the statement of ours."""
    if what == "search":
        return search_statement(*question)
    if what == "list":
        return list_statement(*question)
    from claims.listed import OVERLAY

    return STATEMENTS[what].format(overlay=OVERLAY), question


def list_statement(level, topic):
    """Of one topic from the rows of that topic, as ours is; how many there are in all from the tally, as ours."""
    from claims.choices import Strength
    from claims.listed import OVERLAY, cells_of
    from claims.searching import ANYTHING

    asked = {"strength_min": Strength(level).code, "topic": [topic] if topic else []}
    cells, counted = cells_of(ANYTHING | asked, "total")
    rows, condition = ("claims_listedtopic", " AND topic = %s") if topic else ("claims_listing", "")
    sql = STATEMENTS["list"].format(overlay=OVERLAY, cells=cells, rows=rows, topic=condition)
    return sql, [*counted, level, *([topic] if topic else [])]


def search_statement(words):
    from claims.found import best_statement
    from claims.searching import ANYTHING, meant_by
    from kb.lib.state import state_of_base

    return best_statement(meant_by(words, state_of_base()), ANYTHING, 0, 25)


def pgbench(folder, number, seconds, connections):
    """What pgbench found with these scripts over this many connections. Raises CalledProcessError."""
    from claims.found import BY_INDEX

    settings = [
        each.strip().removeprefix("SET LOCAL ").replace(" ", "")
        for each in BY_INDEX.split(";")
        if each.strip()
    ]
    environment = os.environ | {"PGOPTIONS": " ".join(f"-c {each}" for each in settings)}
    scripts = [part for place in range(number) for part in ("-f", f"{place}.sql")]
    log = [f"--log-prefix=log-{connections}", "--log"]
    threads = min(connections, 2)
    command = [
        "pgbench",
        "-n",
        "-M",
        "prepared",
        f"-c{connections}",
        f"-j{threads}",
        f"-T{seconds}",
        *log,
        *scripts,
    ]
    subprocess.run(
        [*command, os.environ["DATABASE_URL"]], cwd=folder, env=environment, check=True, capture_output=True
    )
    times = []
    for path in Path(folder).glob(f"log-{connections}.*"):
        times += [int(line.split()[2]) / 1000 for line in path.read_text().splitlines()]
    times.sort()
    return {
        "answers": len(times),
        "seconds": seconds,
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "failed": 0,
    }


def main():
    import django

    django.setup()
    from django.db import connection

    what, file, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    questions = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()[:MOST]]
    with tempfile.TemporaryDirectory() as folder:
        with connection.cursor() as cursor:
            for place, question in enumerate(questions):
                sql = cursor.mogrify(*asked_in(what, question)).decode()
                sql = sql.replace('":', '": ')  # in JSON; pgbench would take :null for a variable
                Path(folder, f"{place}.sql").write_text(f"{' '.join(sql.split())};\n", encoding="utf-8")
        connection.close()
        found = [pgbench(folder, len(questions), seconds, connections) for connections in (2, 16)]
    print(json.dumps(max(found, key=lambda each: each["answers"])))


if __name__ == "__main__":
    main()
