"""The claims as plain tables in a schema of their own, for peers that read PostgreSQL: JSON ready to give, and every index."""

import psycopg2

TABLES = """
DROP SCHEMA IF EXISTS {schema} CASCADE;
CREATE SCHEMA {schema};
CREATE TABLE {schema}.claims AS
    SELECT l.version_id AS id, l.accession, l.kind, l.strength, l.verdict, l.published_at, v.statement_en, v.statement_nl,
        v.summary_en, v.summary_nl, v.card::json AS card, v.document::json AS document,
        row_number() OVER (ORDER BY l.strength DESC NULLS LAST, l.version_id DESC)::int AS place,
        to_tsvector('dutch', v.statement_nl || ' ' || v.summary_nl) || to_tsvector('english', v.statement_en || ' ' || v.summary_en)
            AS words
    FROM claims_listing l JOIN claims_claimversion v ON v.id = l.version_id;
ALTER TABLE {schema}.claims ADD PRIMARY KEY (id), ADD UNIQUE (accession), ADD UNIQUE (place);
CREATE INDEX ON {schema}.claims (strength, place);
CREATE INDEX ON {schema}.claims (kind, verdict);
CREATE INDEX ON {schema}.claims USING gin (words);
CREATE TABLE {schema}.topics AS SELECT id, slug, name_en, name_nl FROM claims_topic;
ALTER TABLE {schema}.topics ADD PRIMARY KEY (id), ADD UNIQUE (slug);
CREATE TABLE {schema}.claim_topics AS
    SELECT row_number() OVER () AS id, l.version_id AS claim_id, topic AS topic_id FROM claims_listing l, unnest(l.topics) topic;
ALTER TABLE {schema}.claim_topics ADD PRIMARY KEY (id), ADD UNIQUE (topic_id, claim_id),
    ADD FOREIGN KEY (claim_id) REFERENCES {schema}.claims, ADD FOREIGN KEY (topic_id) REFERENCES {schema}.topics;
CREATE INDEX ON {schema}.claim_topics (claim_id);
"""
ANALYZE = "VACUUM (ANALYZE) {schema}.claims, {schema}.topics, {schema}.claim_topics"


def copy(database, schema, more=""):
    """Makes the tables anew, unless they are there already, and runs `more`."""
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{schema}.claim_topics"])
        if not cursor.fetchone()[0]:
            cursor.execute(TABLES.format(schema=schema))
        cursor.execute(more or "SELECT 1")
    connection = psycopg2.connect(database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(ANALYZE.format(schema=schema))
    connection.close()
