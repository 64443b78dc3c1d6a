"""The narrow rows that lists, filters and counts are read from, and the tally of them. See `claims.models.listing`.

- `claims_listed`: what the listing of every standing claim should say.
- `claims_cells(...)`: the cells of the tally that one claim is counted in.
- `claims_relist(claims)`: makes the rows of these claims anew and moves them in the tally.
- `claims_relist_all()`: makes everything anew; only the generator of the benchmark and a repair need it.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

LISTED = """
CREATE FUNCTION claims_broader(below bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT id, broader_id FROM claims_topic WHERE id = ANY (below)
        UNION
        SELECT topic.id, topic.broader_id FROM claims_topic topic JOIN up ON topic.id = up.broader_id
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM up
$$;

CREATE VIEW claims_listed AS
    SELECT claim.id AS claim_id, version.id AS version_id, claim.accession, claim.kind, version.strength, version.verdict,
        version.published_at,
        claims_broader(ARRAY(
            SELECT link.topic_id FROM claims_claimversion_topics link WHERE link.claimversion_id = version.id
        )) AS topics,
        ARRAY(
            SELECT DISTINCT study.design FROM claims_evidence evidence JOIN studies_study study ON study.id = evidence.study_id
            WHERE evidence.version_id = version.id ORDER BY study.design
        ) AS designs
    FROM claims_claim claim JOIN claims_claimversion version ON version.claim_id = claim.id AND version.state = 'published'
    WHERE claim.merged_into_id IS NULL AND claim.withdrawn_at IS NULL
"""

CELLS = """
CREATE FUNCTION claims_cells(topics bigint[], designs varchar[], strength integer, verdict varchar, kind varchar)
RETURNS TABLE (topic bigint, design varchar, strength_ integer, verdict_ varchar, kind_ varchar) LANGUAGE sql IMMUTABLE AS $$
    SELECT t, d, s, pair.verdict, pair.kind
    FROM unnest(topics || 0::bigint) t, unnest(designs || ''::varchar) d, unnest(ARRAY[coalesce($3, 0), -1]) s,
        (VALUES ($4, $5), (''::varchar, ''::varchar)) pair (verdict, kind)
$$
"""

RELIST = """
CREATE FUNCTION claims_relist(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_moment();  -- the feed's lock, so that the tally is moved by one at a time
    WITH was AS (
        SELECT listing.* FROM claims_listing listing JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE version.claim_id = ANY (wanted)
    ), is_now AS (
        SELECT version_id, accession, kind, strength, verdict, published_at, topics, designs
        FROM claims_listed WHERE claim_id = ANY (wanted)
    ), dropped AS (
        DELETE FROM claims_listing WHERE version_id IN (SELECT version_id FROM was EXCEPT SELECT version_id FROM is_now)
    ), kept AS (
        INSERT INTO claims_listing (version_id, accession, kind, strength, verdict, published_at, topics, designs)
        SELECT * FROM is_now
        ON CONFLICT (version_id) DO UPDATE SET topics = excluded.topics, designs = excluded.designs
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

CREATE FUNCTION claims_relist_all() RETURNS void LANGUAGE sql AS $$
    SELECT claims_moment();
    DELETE FROM claims_listing;
    DELETE FROM claims_tally;
    INSERT INTO claims_listing (version_id, accession, kind, strength, verdict, published_at, topics, designs)
        SELECT version_id, accession, kind, strength, verdict, published_at, topics, designs FROM claims_listed;
    INSERT INTO claims_tally (topic, design, strength, verdict, kind, claims)
        SELECT cell.topic, cell.design, cell.strength_, cell.verdict_, cell.kind_, count(*)
        FROM claims_listing listing
        CROSS JOIN LATERAL claims_cells(listing.topics, listing.designs, listing.strength, listing.verdict, listing.kind) cell
        GROUP BY 1, 2, 3, 4, 5;
$$
"""

TRIGGERS = """
CREATE FUNCTION claims_version_relisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_relist(ARRAY[NEW.claim_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_version_relisted AFTER UPDATE ON claims_claimversion FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND 'published' IN (OLD.state, NEW.state))
    EXECUTE FUNCTION claims_version_relisted();

CREATE FUNCTION claims_claim_relisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_relist(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_claim_relisted AFTER UPDATE ON claims_claim FOR EACH ROW
    WHEN ((OLD.merged_into_id, OLD.withdrawn_at) IS DISTINCT FROM (NEW.merged_into_id, NEW.withdrawn_at))
    EXECUTE FUNCTION claims_claim_relisted();

CREATE FUNCTION claims_topic_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_relist(ARRAY(
        SELECT version.claim_id FROM claims_listing listing JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE listing.topics @> ARRAY[NEW.id]
    ));
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_topic_moved AFTER UPDATE ON claims_topic FOR EACH ROW
    WHEN (OLD.broader_id IS DISTINCT FROM NEW.broader_id) EXECUTE FUNCTION claims_topic_moved();

CREATE FUNCTION claims_design_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_relist(ARRAY(
        SELECT DISTINCT version.claim_id FROM claims_evidence evidence
        JOIN claims_listing listing ON listing.version_id = evidence.version_id
        JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE evidence.study_id = NEW.id
    ));
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_design_changed AFTER UPDATE ON studies_study FOR EACH ROW
    WHEN (OLD.design IS DISTINCT FROM NEW.design) EXECUTE FUNCTION claims_design_changed();
"""

UNDONE = """
DROP TRIGGER claims_design_changed ON studies_study;
DROP TRIGGER claims_topic_moved ON claims_topic;
DROP TRIGGER claims_claim_relisted ON claims_claim;
DROP TRIGGER claims_version_relisted ON claims_claimversion;
DROP FUNCTION claims_design_changed, claims_topic_moved, claims_claim_relisted, claims_version_relisted, claims_relist_all,
    claims_relist, claims_cells;
DROP VIEW claims_listed;
DROP FUNCTION claims_broader;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_sent_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="claims.claimversion",
                    ),
                ),
                ("accession", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=16)),
                ("strength", models.IntegerField(null=True)),
                ("verdict", models.CharField(max_length=16)),
                ("published_at", models.DateTimeField()),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "designs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("strength"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("version"), descending=True),
                        name="listing_strongest",
                    ),
                    models.Index(
                        models.OrderBy(models.F("strength"), nulls_last=True),
                        models.OrderBy(models.F("version")),
                        name="listing_weakest",
                    ),
                    models.Index(
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("version"), descending=True),
                        name="listing_newest",
                    ),
                    models.Index(models.F("accession"), name="listing_accession"),
                    models.Index(models.F("kind"), models.F("verdict"), name="listing_kind_verdict"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["topics"], name="listing_topics"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["designs"], name="listing_designs"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "topic",
                        "design",
                        "strength",
                        "verdict",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("topic", models.BigIntegerField()),
                ("design", models.CharField(max_length=24)),
                ("strength", models.IntegerField()),
                ("verdict", models.CharField(max_length=16)),
                ("kind", models.CharField(max_length=16)),
                ("claims", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["design", "strength", "verdict", "kind"], name="tally_over_topics")
                ],
            },
        ),
        migrations.RunSQL([LISTED, CELLS, RELIST, TRIGGERS], UNDONE),
        migrations.RunSQL("SELECT claims_relist_all()", migrations.RunSQL.noop),
    ]
