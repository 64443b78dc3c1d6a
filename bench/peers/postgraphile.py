"""PostGraphile, which makes a GraphQL API of a PostgreSQL schema. What its filters cannot say is a function, as its docs advise."""

import json
import os

from bench.peers.copied import copy
from bench.peers.registries import from_npm

VERSION, PORT, READY = "4.14.1", 8814, "/graphiql"
FUNCTIONS = """
CREATE OR REPLACE FUNCTION peer.strongest(level int) RETURNS SETOF peer.claims LANGUAGE sql STABLE AS
    $$ SELECT * FROM peer.claims WHERE strength >= level ORDER BY place $$;
CREATE OR REPLACE FUNCTION peer.strongest_about(level int, about text) RETURNS SETOF peer.claims LANGUAGE sql STABLE AS
    $$ SELECT c.* FROM peer.claims c JOIN peer.claim_topics l ON l.claim_id = c.id
    WHERE c.strength >= level AND l.topic_id = (SELECT id FROM peer.topics WHERE slug = about) ORDER BY place $$;
CREATE OR REPLACE FUNCTION peer.found(typed text) RETURNS SETOF peer.claims LANGUAGE sql STABLE AS
    $$ SELECT * FROM peer.claims
    WHERE words @@ (websearch_to_tsquery('dutch', typed) || websearch_to_tsquery('english', typed)) ORDER BY place $$;
"""


def install(folder):
    return from_npm(folder, f"postgraphile@{VERSION}", program="postgraphile")


def prepare(program, folder, database):
    copy(database, "peer", FUNCTIONS)


def command(program, folder, database):
    options = ("--schema", "peer", "--port", PORT, "--disable-query-log", "--cluster-workers", 2)
    return [program, "--connection", database, *options], os.environ | {"NODE_ENV": "production"}


def listed(level, topic):
    wanted = f'strongestAbout(level: {level}, about: "{topic}"' if topic else f"strongest(level: {level}"
    return asked(f"{{ {wanted}, first: 25) {{ totalCount nodes {{ accession card }} }} }}")


def one(accession):
    return asked(f'{{ claimByAccession(accession: "{accession}") {{ document }} }}')


def found(words):
    return asked(
        f"{{ found(typed: {json.dumps(words)}, first: 25) {{ totalCount nodes {{ accession card }} }} }}"
    )


def asked(query):
    return f"POST /graphql\t{json.dumps({'query': query})}"


def accessions(body):
    (rows,) = body["data"].values()
    return [row["accession"] for row in rows["nodes"]]
