"""Datasette, which many would put on a spreadsheet: SQLite with the indexes it needs, a JSON API and pages."""

import os
import sqlite3
from urllib.parse import urlencode

import psycopg2

from bench.peers.registries import from_pypi

VERSION, PORT, READY = "0.65.1", 8813, "/-/versions.json"


def install(folder):
    return from_pypi(folder, f"datasette=={VERSION}", "setuptools<81", program="datasette")


def prepare(program, folder, database):
    if not (folder / "claims.db").exists():
        with psycopg2.connect(database) as connection:
            copy(connection, folder / "unfinished.db")
        (folder / "unfinished.db").rename(folder / "claims.db")


def command(program, folder, database):
    # Of a file to download it gives 100 MB unless told otherwise, which is an eleventh of this one.
    whole_files = ["--setting", "max_csv_mb", 0]
    return [program, "serve", "--immutable", folder / "claims.db", "--port", PORT, *whole_files], os.environ


def copy(connection, path):
    """Writes the claims that stand, their topics and their texts into a new SQLite file."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.executescript(
        """
        CREATE TABLE claims (id INTEGER PRIMARY KEY, accession TEXT UNIQUE, kind TEXT, strength INTEGER, verdict TEXT,
            published_at TEXT, statement_en TEXT, statement_nl TEXT, summary_en TEXT, summary_nl TEXT, card TEXT,
            document TEXT, place INTEGER);
        CREATE TABLE claim_topics (claim_id INTEGER REFERENCES claims(id), topic TEXT, PRIMARY KEY (topic, claim_id));
        """
    )
    cursor = connection.cursor("claims")  # on the server, so that it is not all in memory
    cursor.execute(
        """
        SELECT l.version_id, l.accession, l.kind, l.strength, l.verdict, l.published_at::text, v.statement_en, v.statement_nl,
            v.summary_en, v.summary_nl, v.card, v.document,
            row_number() OVER (ORDER BY l.strength DESC NULLS LAST, l.version_id DESC)
        FROM claims_listing l JOIN claims_claimversion v ON v.id = l.version_id
        """
    )
    while rows := cursor.fetchmany(2000):
        base.executemany(f"INSERT INTO claims VALUES ({','.join('?' * 13)})", rows)
    cursor = connection.cursor("topics")
    cursor.execute(
        "SELECT l.version_id, t.slug FROM claims_listing l JOIN claims_topic t ON t.id = ANY (l.topics)"
    )
    while rows := cursor.fetchmany(5000):
        base.executemany("INSERT INTO claim_topics VALUES (?, ?)", rows)
    base.executescript(
        """
        CREATE UNIQUE INDEX claims_strongest ON claims (place);
        CREATE INDEX claims_strength ON claims (strength);
        CREATE INDEX claims_kind ON claims (kind, verdict);
        CREATE VIRTUAL TABLE claims_fts USING fts5(statement_en, statement_nl, summary_en, summary_nl, content=claims, content_rowid=id);
        INSERT INTO claims_fts(claims_fts) VALUES ('rebuild');
        ANALYZE;
        """
    )
    base.commit()
    base.close()


def listed(level, topic, *, facet=None):
    """Its own `_through` mixes up its parameters beside another filter, so the topic is asked for in SQL."""
    where = {"strength__gte": level, "_sort": "place", "_size": 25}
    if topic:
        where["_where"] = f"id in (select claim_id from claim_topics where topic = '{topic}')"
    if facet:
        return f"/claims/claims?{urlencode(where | {'_facet': facet})}"
    return f"/claims/claims.json?{urlencode(where | {'_shape': 'objects'})}"


def page(level, topic):
    return listed(level, topic, facet="verdict")


def one(accession):
    return f"/claims/claims.json?accession={accession}&_shape=objects&_nocount=1"


def found(words):
    return f"/claims/claims.json?{urlencode({'_search': words, '_size': 25, '_shape': 'objects'})}"


def accessions(body):
    return [row["accession"] for row in body["rows"]]
