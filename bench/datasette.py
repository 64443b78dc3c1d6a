"""A copy of the published claims for Datasette, the peer that many would put on a spreadsheet: SQLite with the indexes it needs."""

import sqlite3
import subprocess
import sys
from pathlib import Path

VERSION = "0.65.1"


def install(folder):
    """The path of the program in an environment of its own, or a line that says why there is none."""
    program = folder / "bin" / "datasette"
    if not program.exists():
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [
                str(folder / "bin" / "pip"),
                "install",
                "-q",
                "--disable-pip-version-check",
                f"datasette=={VERSION}",
                "setuptools<81",
            ],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                return f"not installed: {done.stderr.strip().splitlines()[-1:] or 'no reason given'}"
    return program


def copy(cursor, path: Path):
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
