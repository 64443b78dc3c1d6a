"""Fills a base with made claims for measuring: as many as asked for, the same ones every time.

Each made claim is one of the published claims of the base under another accession, slug, topics, population and date, so
texts and documents have the size and the words of real ones. Six rows of evidence each on made studies, 500 made topics
of which few are popular and many are rare. Nothing here is a fact: a base that was filled so is thrown away.
It writes with triggers off, straight into the tables, in the shapes that publication would have left.
"""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

TOPICS, ROWS, STUDIES_PER_CLAIM = 500, 6, 0.6
FIRST = 1000  # accessions below belong to the real claims

# A number from 0 to 1 that hangs on i and a salt alone; and a topic, low numbers far more often than high ones.
EVEN = "((hashint8({i}::bigint * 7919 + {salt}) & 1048575) / 1048576.0)"
SKEWED = f"floor(power({TOPICS}, {EVEN}))::int"


def statements(claims):
    """(what is done, SQL) in order."""
    studies = int(claims * STUDIES_PER_CLAIM) + 1
    pick = {name: SKEWED.format(i="i", salt=salt) for salt, name in enumerate(("intervention", "third"))}
    yield (
        "topics",
        f"""
        INSERT INTO claims_topic (slug, kind, name_en, name_nl, phrase_en, phrase_nl, is_plural_en, is_plural_nl, verbs,
            synonyms_en, synonyms_nl, mesh_id, wikidata_id)
        SELECT 'made-' || k, (ARRAY['intervention', 'outcome', 'population', 'condition', 'mechanism'])[k % 5 + 1],
            'Made topic ' || k, 'Gemaakt onderwerp ' || k, 'made topic ' || k, 'gemaakt onderwerp ' || k, false, false, '{{}}',
            ARRAY['word' || k], ARRAY['woord' || k], '', ''
        FROM generate_series(1, {TOPICS}) k;
        CREATE TEMP TABLE made_topic AS SELECT substr(slug, 6)::int AS k, id,
            '{{"slug":"' || slug || '","kind":{{"code":"' || kind || '","label":{{"en":"' || kind || '","nl":"' || kind || '"}}}},'
            || '"name":{{"en":"' || name_en || '","nl":"' || name_nl || '"}}}}' AS entry
            FROM claims_topic WHERE slug ~ '^made-[0-9]+$';
        CREATE UNIQUE INDEX ON made_topic (k);
        UPDATE claims_topic t SET broader_id = b.id FROM made_topic m, made_topic b
            WHERE t.id = m.id AND m.k > 50 AND b.k = m.k % 50 + 1;
        """,
    )
    yield (
        "studies",
        f"""
        CREATE TEMP TABLE proto_study AS SELECT row_number() OVER (ORDER BY key) - 1 AS p, s.* FROM studies_study s
            WHERE key !~ '^made-';
        INSERT INTO studies_study (key, label, design, species, participants, population_en, population_nl, country,
            intervention_en, intervention_nl, comparator_en, comparator_nl, registry_ids, funding_en, funding_nl,
            risk_of_bias_tool, risk_of_bias, risk_of_bias_notes_en, risk_of_bias_notes_nl, verified_from, unverified_fields,
            merged_reason, merge_changed, updated_at)
        SELECT 'made-' || i, 'Made ' || i, design, species, participants, population_en, population_nl, country,
            intervention_en, intervention_nl, comparator_en, comparator_nl, registry_ids, funding_en, funding_nl,
            risk_of_bias_tool, risk_of_bias, risk_of_bias_notes_en, risk_of_bias_notes_nl, verified_from, unverified_fields,
            merged_reason, merge_changed, now()
        FROM generate_series(1, {studies}) i JOIN proto_study ON p = i % (SELECT count(*) FROM proto_study);
        INSERT INTO studies_publication (key, role, csl_type, title, title_is_verified, authors, container_title, year,
            volume, issue, pages, language, url, merged_reason, merge_changed, updated_at, study_id)
        SELECT key, 'primary', 'article-journal', 'Made report ' || key, true, '[{{"family": "Made"}}]', 'Made Journal',
            1990 + id % 36, '', '', '', 'en', '', '', '{{}}', now(), id
        FROM studies_study WHERE key ~ '^made-[0-9]+$';
        CREATE TEMP TABLE made_study AS SELECT substr(s.key, 6)::int AS k, s.id, p.id AS publication_id
            FROM studies_study s JOIN studies_publication p ON p.key = s.key WHERE s.key ~ '^made-[0-9]+$';
        CREATE UNIQUE INDEX ON made_study (k);
        ANALYZE made_study; ANALYZE made_topic;
        """,
    )
    yield (
        "claims",
        f"""
        CREATE TEMP TABLE proto AS SELECT row_number() OVER (ORDER BY c.accession) - 1 AS p, v.*, c.accession, c.kind,
            c.direction, substring(v.document from '"topics":\\[.*?\\],"rating"') AS topics_in_document,
            substring(v.card from '"topics":\\[.*?\\],"rating"') AS topics_in_card
            FROM claims_claimversion v JOIN claims_claim c ON c.id = v.claim_id
            WHERE v.state = 'published' AND c.slug !~ '^made-';
        CREATE TEMP TABLE plan AS SELECT i, i % (SELECT count(*) FROM proto) AS p,
            'KB' || lpad(({FIRST} + i)::text, 6, '0') AS accession, {pick["intervention"]} AS intervention,
            i % {TOPICS} + 1 AS outcome, (i / {TOPICS}) % {TOPICS} + 1 AS population,
            (i / {TOPICS * TOPICS}) % {TOPICS} + 1 AS comparator, {pick["third"]} AS third,
            timestamptz '2020-01-01' + i * interval '1 minute' AS at
            FROM generate_series(1, {claims}) i;
        INSERT INTO claims_claim (accession, slug, kind, direction, withdrawn_reason_en, withdrawn_reason_nl, created_at,
            intervention_id, outcome_id, population_id, comparator_id)
        SELECT plan.accession, 'made-' || i, kind, direction, '', '', plan.at, a.id, b.id, c.id, d.id
        FROM plan JOIN proto USING (p) JOIN made_topic a ON a.k = intervention JOIN made_topic b ON b.k = outcome
            JOIN made_topic c ON c.k = population JOIN made_topic d ON d.k = comparator;
        CREATE TEMP TABLE made_claim AS SELECT substr(slug, 6)::int AS i, id FROM claims_claim WHERE slug ~ '^made-[0-9]+$';
        CREATE UNIQUE INDEX ON made_claim (i); ANALYZE made_claim; ANALYZE plan;
        """,
    )
    fields = (
        "statement_en statement_nl summary_en summary_nl population_en population_nl comparator_en comparator_nl caveats_en "
        "caveats_nl scheme evidence_state start strength strength_in_people override_reason_en override_reason_nl verdict "
        "effect_size rationale_en rationale_nl would_change_en would_change_nl searched_through next_review_due change_kind "
        "change_note author_id reviewer_id reviewer_interests fingerprint"
    ).split()
    kept = ", ".join(f"proto.{name}" for name in fields)
    yield (
        "versions",
        f"""
        INSERT INTO claims_claimversion (claim_id, number, state, revision, created_at, published_at, document, card,
            document_sha256, {", ".join(fields)})
        SELECT made_claim.id, 1, 'published', 3, plan.at, plan.at, text.document, text.card,
            encode(sha256(convert_to(text.document, 'UTF8')), 'hex'), {kept}
        FROM plan JOIN proto USING (p) JOIN made_claim USING (i)
            JOIN made_topic a ON a.k = intervention JOIN made_topic b ON b.k = outcome JOIN made_topic t ON t.k = third
            CROSS JOIN LATERAL (SELECT '"topics":[' || a.entry
                || CASE WHEN b.k <> a.k THEN ',' || b.entry ELSE '' END
                || CASE WHEN t.k NOT IN (a.k, b.k) THEN ',' || t.entry ELSE '' END || '],"rating"' AS topics) made
            CROSS JOIN LATERAL (SELECT
                replace(replace(proto.document, proto.accession, plan.accession), topics_in_document, topics) AS document,
                replace(replace(proto.card, proto.accession, plan.accession), topics_in_card, topics) AS card) text;
        CREATE TEMP TABLE made_version AS SELECT i, v.id FROM made_claim m JOIN claims_claimversion v ON v.claim_id = m.id;
        CREATE UNIQUE INDEX ON made_version (i); ANALYZE made_version;
        INSERT INTO claims_claimversion_topics (claimversion_id, topic_id)
        SELECT DISTINCT made_version.id, m.id FROM plan JOIN made_version USING (i)
            JOIN made_topic m ON m.k IN (intervention, outcome, third);
        INSERT INTO claims_claim_topics (claim_id, topic_id)
        SELECT v.claim_id, l.topic_id FROM claims_claimversion_topics l JOIN claims_claimversion v ON v.id = l.claimversion_id
            JOIN made_version m ON m.id = v.id;
        """,
    )
    rows = (
        "position direction directness outcome_measure_en outcome_measure_nl finding_en finding_nl measure measure_label_en "
        "measure_label_nl estimate ci_low ci_high ci_level standard_error unit_en unit_nl p_value p_text arms n locator counts_in_synthesis "
        "note_en note_nl risk_of_bias risk_of_bias_reason_en risk_of_bias_reason_nl verified_from is_secondary"
    ).split()
    yield (
        "evidence",
        f"""
        CREATE TEMP TABLE proto_row AS SELECT row_number() OVER (ORDER BY e.id) - 1 AS r, e.* FROM claims_evidence e
            JOIN proto ON proto.id = e.version_id;
        INSERT INTO claims_evidence (version_id, study_id, publication_id, {", ".join(rows)})
        SELECT made_version.id, s.id, s.publication_id, {", ".join(f"e.{name}" for name in rows)}
        FROM made_version CROSS JOIN generate_series(1, {ROWS}) j
            JOIN proto_row e ON e.r = (i * {ROWS} + j) % (SELECT count(*) FROM proto_row)
            JOIN made_study s ON s.k = (i * {ROWS} + j * 977) % {studies} + 1;
        INSERT INTO claims_judgement (version_id, domain, step, reason_en, reason_nl)
        SELECT m.id, j.domain, j.step, j.reason_en, j.reason_nl FROM plan JOIN proto USING (p) JOIN made_version m USING (i)
            JOIN claims_judgement j ON j.version_id = proto.id;
        """,
    )
    yield (
        "standing",
        """
        INSERT INTO claims_standing (version_id, overlay, since)
        SELECT m.id, '{"marks": [], "closed": null, "fallen": [], "trials": [], "notices": [], "under_review": false}', plan.at
        FROM made_version m JOIN plan USING (i);
        INSERT INTO claims_change (seq, at, kind, detail, claim_id, version_id, standing_id)
        SELECT (SELECT max(seq) FROM claims_change) + i, now(), 'published', '{}', v.claim_id, v.id, s.id
        FROM made_version m JOIN claims_claimversion v ON v.id = m.id JOIN claims_standing s ON s.version_id = v.id;
        UPDATE claims_feed SET seq = (SELECT max(seq) FROM claims_change);
        """,
    )
    yield (
        "search",
        """
        CREATE TEMP TABLE proto_words AS SELECT p, to_tsvector('dutch', statement_nl) AS says_nl, to_tsvector('english', statement_en) AS says_en,
            to_tsvector('dutch', statement_nl || ' ' || summary_nl) AS nl, to_tsvector('english', statement_en || ' ' || summary_en) AS en
            FROM proto;
        CREATE UNIQUE INDEX ON proto_words (p); ANALYZE proto_words;
        CREATE TEMP TABLE made_names AS SELECT t.id, ' ' || t.name_en || ' ' || t.synonyms_en[1] AS en,
            ' ' || t.name_nl || ' ' || t.synonyms_nl[1] AS nl FROM claims_topic t JOIN made_topic USING (id);
        CREATE UNIQUE INDEX ON made_names (id); ANALYZE made_names;
        INSERT INTO claims_searchentry (version_id, vector)
        SELECT m.id, setweight(says_nl, 'A') || setweight(says_en, 'A') || words.nl || to_tsvector('dutch', names.nl)
            || words.en || to_tsvector('english', names.en) || to_tsvector('simple', plan.accession || names.en || names.nl)
        FROM made_version m JOIN plan USING (i) JOIN proto_words words USING (p)
            CROSS JOIN LATERAL (SELECT string_agg(n.en, '' ORDER BY n.id) AS en, string_agg(n.nl, '' ORDER BY n.id) AS nl
                FROM claims_claimversion_topics l JOIN made_names n ON n.id = l.topic_id WHERE l.claimversion_id = m.id) names;
        """,
    )
    yield (
        "lists, counts and words",
        """
        SET LOCAL session_replication_role = origin;  -- the rows of topics are kept by triggers
        SELECT claims_keep_words(ARRAY(  -- the statements are those of the real claims, whose words are there
            SELECT min(claimversion_id) FROM claims_claimversion_topics GROUP BY topic_id));
        SELECT claims_relist_all();
        """,
    )


# Dropped while they are filled, since an index is made quicker than kept. Those read on the way are there again in time.
FILLED = (
    "claims_claim",
    "claims_claimversion",
    "claims_evidence",
    "claims_judgement",
    "claims_standing",
    "claims_change",
)
READ_FROM = ("claims_listing", "claims_listedtopic", "claims_searchentry", "claims_tally")
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
WHERE i.indrelid = ANY (%s::regclass[]) AND c.oid IS NULL AND NOT i.indisunique ORDER BY 1
"""


@contextmanager
def without_indexes(cursor, tables):
    cursor.execute(INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    cursor.execute(f"ANALYZE {', '.join(tables)}")


def generate(claims):
    """Adds this many made claims to a base that holds the fixtures and none of them yet."""
    from django.db import connection, transaction

    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for done in filled(cursor, claims):
            print(f"{done}: {time.perf_counter() - begin:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")
        print(f"vacuum: {time.perf_counter() - begin:.0f} s")


def filled(cursor, claims):
    """Does it, inside a transaction; yields what was done, as it is done."""
    cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    *first, (last, lists) = statements(claims)
    with without_indexes(cursor, READ_FROM):
        with without_indexes(cursor, FILLED):
            for what, sql in first:
                cursor.execute(sql)
                yield what
        yield "their indexes"
        cursor.execute(lists)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # an index is not made while a check waits
        yield last
    yield "the indexes of lists"


def main():
    import django

    django.setup()
    generate(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)


if __name__ == "__main__":
    main()
