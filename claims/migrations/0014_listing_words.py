"""Words, topics and every filter of a listing in one column with one index, so that a search is read from it alone.

`claims_found_words(version)`: the words that a version is found by, and beside them signs that no word can be (they begin with a
bar): `|l12` linked to topic 12 or to one below it, `|i12` itself about topic 12 (intervention, outcome or condition), `|f12`
about it or one below it, `|c12` about condition 12, `|s3` strength (0 is not rated), `|k` kind, `|v` verdict, `|d` design.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations

SIGNS = """
CREATE FUNCTION claims_found_words(wanted bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT vector FROM claims_searchentry WHERE version_id = version.id), '') || array_to_tsvector(
        ARRAY['|s' || coalesce(version.strength, 0), '|k' || claim.kind, '|v' || version.verdict]
        || ARRAY(SELECT '|i' || topic FROM unnest(about.topics) topic WHERE topic IS NOT NULL)
        || ARRAY(SELECT '|f' || topic FROM unnest(claims_broader(about.topics)) topic)
        || ARRAY(SELECT '|c' || claim.condition_id WHERE claim.condition_id IS NOT NULL)
        || ARRAY(SELECT '|l' || topic FROM unnest(claims_broader(ARRAY(
            SELECT topic_id FROM claims_claimversion_topics WHERE claimversion_id = version.id
        ))) topic)
        || ARRAY(
            SELECT '|d' || study.design FROM claims_evidence evidence JOIN studies_study study ON study.id = evidence.study_id
            WHERE evidence.version_id = version.id
        )
    )
    FROM claims_claimversion version JOIN claims_claim claim ON claim.id = version.claim_id
    CROSS JOIN LATERAL (SELECT ARRAY[claim.intervention_id, claim.outcome_id, claim.condition_id] AS topics) about
    WHERE version.id = wanted
$$;
"""

LISTED = """
CREATE OR REPLACE VIEW claims_listed AS
    SELECT claim.id AS claim_id, version.id AS version_id, claim.accession, claim.kind, version.strength, version.verdict,
        version.published_at,
        claims_broader(ARRAY(
            SELECT link.topic_id FROM claims_claimversion_topics link WHERE link.claimversion_id = version.id
        )) AS topics,
        ARRAY(
            SELECT DISTINCT study.design FROM claims_evidence evidence JOIN studies_study study ON study.id = evidence.study_id
            WHERE evidence.version_id = version.id ORDER BY study.design
        ) AS designs,
        claims_found_words(version.id) AS words
    FROM claims_claim claim JOIN claims_claimversion version ON version.claim_id = claim.id AND version.state = 'published'
    WHERE claim.merged_into_id IS NULL AND claim.withdrawn_at IS NULL;
"""

COLUMNS = "version_id, accession, kind, strength, verdict, published_at, topics, designs, words"

RELIST = f"""
CREATE OR REPLACE FUNCTION claims_relist(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_moment();  -- the feed's lock, so that the tally is moved by one at a time
    WITH was AS (
        SELECT listing.* FROM claims_listing listing JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE version.claim_id = ANY (wanted)
    ), is_now AS (
        SELECT {COLUMNS} FROM claims_listed WHERE claim_id = ANY (wanted)
    ), dropped AS (
        DELETE FROM claims_listing WHERE version_id IN (SELECT version_id FROM was EXCEPT SELECT version_id FROM is_now)
    ), kept AS (
        INSERT INTO claims_listing ({COLUMNS})
        SELECT * FROM is_now
        ON CONFLICT (version_id) DO UPDATE SET topics = excluded.topics, designs = excluded.designs, words = excluded.words
    ), moved AS (
        SELECT -1 AS delta, topics, designs, strength, verdict, kind FROM was
        UNION ALL
        SELECT 1, topics, designs, strength, verdict, kind FROM is_now
    )
    INSERT INTO claims_tally AS tally (topic, design, strength, verdict, kind, claims)
        SELECT cell.topic, cell.design, cell.strength_, cell.verdict_, cell.kind_, sum(moved.delta)
        FROM moved CROSS JOIN LATERAL
            claims_cells(moved.topics, moved.designs, moved.strength, moved.verdict, moved.kind) cell
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(moved.delta) <> 0 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (topic, design, strength, verdict, kind) DO UPDATE SET claims = tally.claims + excluded.claims;
END
$$;

CREATE OR REPLACE FUNCTION claims_relist_all() RETURNS void LANGUAGE sql AS $$
    SELECT claims_moment();
    DELETE FROM claims_listing;
    DELETE FROM claims_tally;
    INSERT INTO claims_listing ({COLUMNS}) SELECT {COLUMNS} FROM claims_listed;
    INSERT INTO claims_tally (topic, design, strength, verdict, kind, claims)
        SELECT cell.topic, cell.design, cell.strength_, cell.verdict_, cell.kind_, count(*)
        FROM claims_listing listing
        CROSS JOIN LATERAL claims_cells(listing.topics, listing.designs, listing.strength, listing.verdict, listing.kind) cell
        GROUP BY 1, 2, 3, 4, 5;
$$;

CREATE OR REPLACE FUNCTION claims_topic_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_relist(ARRAY(
        SELECT version.claim_id FROM claims_listing listing JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE listing.words @@ format('''|l%1$s'' | ''|f%1$s''', NEW.id)::tsquery
    ));
    RETURN NULL;
END
$$;
"""
# The vector is read whole while a search is ranked, so it is not pressed. What filling it changes, no row of a topic says.
FILL = """
ALTER TABLE claims_listing ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE claims_listing DISABLE TRIGGER claims_listing_changed;
UPDATE claims_listing SET words = claims_found_words(version_id);
ALTER TABLE claims_listing ENABLE TRIGGER claims_listing_changed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0013_search_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="words",
            field=django.contrib.postgres.search.SearchVectorField(default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(SIGNS),
        migrations.RunSQL(LISTED),
        migrations.RunSQL(RELIST),
        migrations.RunSQL(FILL),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["words"], name="listing_words"
            ),
        ),
    ]
