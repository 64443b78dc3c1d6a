"""Directus, a headless CMS over PostgreSQL: the tables as collections that everybody may read."""

import json
import os
from urllib.parse import urlencode

import psycopg2
from psycopg2.extensions import parse_dsn

from bench.peers.copied import copy
from bench.peers.registries import from_npm, run

VERSION, PORT, READY = "10.13.1", 8815, "/server/ping"
COLLECTIONS = """
INSERT INTO directus.directus_collections (collection) VALUES ('claims'), ('claim_topics'), ('topics') ON CONFLICT DO NOTHING;
DELETE FROM directus.directus_relations;
INSERT INTO directus.directus_relations (many_collection, many_field, one_collection, one_field, junction_field) VALUES
    ('claim_topics', 'claim_id', 'claims', 'topics', 'topic_id'), ('claim_topics', 'topic_id', 'topics', NULL, 'claim_id');
DELETE FROM directus.directus_fields WHERE collection = 'claims';
INSERT INTO directus.directus_fields (collection, field, special, interface) VALUES ('claims', 'topics', 'm2m', 'list-m2m');
DELETE FROM directus.directus_permissions WHERE role IS NULL;
INSERT INTO directus.directus_permissions (collection, action, permissions, validation, fields) VALUES
    ('claims', 'read', '{}', '{}', '*'), ('claim_topics', 'read', '{}', '{}', '*'), ('topics', 'read', '{}', '{}', '*');
"""


def install(folder):
    return from_npm(folder, f"directus@{VERSION}", program="directus")


def prepare(program, folder, database):
    copy(database, "directus")
    run(program, "bootstrap", cwd=folder, env=environment(database))
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(COLLECTIONS)


def command(program, folder, database):
    return [program, "start"], environment(database)


def environment(database):
    where = parse_dsn(database)
    return os.environ | {
        "DB_CLIENT": "pg",
        "DB_HOST": where["host"],
        "DB_PORT": where.get("port", "5432"),
        "DB_DATABASE": where["dbname"],
        "DB_USER": where.get("user", "postgres"),
        "DB_PASSWORD": where.get("password", ""),
        "DB_SEARCH_PATH": "array:directus",
        "HOST": "127.0.0.1",
        "PORT": str(PORT),
        "KEY": "only to measure",
        "SECRET": "only to measure, and on this machine alone",
        "ADMIN_EMAIL": "bench@example.org",
        "ADMIN_PASSWORD": "only to measure",
        "TELEMETRY": "false",
        "LOG_LEVEL": "error",
    }


def listed(level, topic):
    wanted = {"strength": {"_gte": level}}
    if topic:
        wanted["topics"] = {"topic_id": {"slug": {"_eq": topic}}}
    return asked(filter=json.dumps(wanted), sort="place")


def one(accession):
    wanted = json.dumps({"accession": {"_eq": accession}})
    return f"/items/claims?{urlencode({'filter': wanted, 'limit': 1, 'fields': 'document'})}"


def found(words):
    return asked(search=words, sort="place")


def asked(**parameters):
    return f"/items/claims?{urlencode(parameters | {'limit': 25, 'fields': 'accession,card', 'meta': 'filter_count'})}"


def accessions(body):
    return [row["accession"] for row in body["data"]]
