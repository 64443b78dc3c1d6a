"""Whoever leans on a study hears of the studies it is one with: their notices, their retractions, their trials."""

from importlib import import_module

from django.db import migrations

before = import_module("claims.migrations.0005_ground_standing_feed")

TOGETHER = (
    ("publication.study_id = study.id", "publication.study_id IN (SELECT studies_together(study.id))"),
    ("publication.study_id = cited.id", "publication.study_id IN (SELECT studies_together(cited.id))"),
    (
        "inclusion.review_id = evidence.study_id",
        "inclusion.review_id IN (SELECT studies_together(evidence.study_id))",
    ),
)
LEANING_ON = """
CREATE OR REPLACE FUNCTION claims_leaning_on(moved bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH together AS (SELECT DISTINCT each AS id FROM unnest(moved) AS one, studies_together(one) AS each),
    reviews AS (
        SELECT DISTINCT each AS id FROM studies_reviewinclusion inclusion, studies_together(inclusion.review_id) AS each
        WHERE inclusion.trial_id IN (SELECT id FROM together)
    )
    SELECT array_agg(DISTINCT evidence.version_id)
    FROM claims_evidence evidence JOIN claims_claimversion version ON version.id = evidence.version_id
    WHERE version.state IN ('published', 'superseded')
        AND (evidence.study_id IN (SELECT id FROM together) OR evidence.study_id IN (SELECT id FROM reviews))
$$
"""
LEANING_ON_BEFORE = """
CREATE OR REPLACE FUNCTION claims_leaning_on(moved bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT evidence.version_id)
    FROM claims_evidence evidence JOIN claims_claimversion version ON version.id = evidence.version_id
    WHERE version.state IN ('published', 'superseded') AND (
        evidence.study_id = ANY(moved)
        OR evidence.study_id IN (SELECT review_id FROM studies_reviewinclusion WHERE trial_id = ANY(moved))
    )
$$
"""
MERGED = """
CREATE FUNCTION claims_study_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_ground_moved(array_remove(ARRAY[
        NEW.id, NEW.merged_into_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.merged_into_id END], NULL));
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_study_merged AFTER UPDATE ON studies_study FOR EACH ROW
    WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION claims_study_merged()
"""


def following(sql):
    for alone, together in TOGETHER:
        sql = sql.replace(alone, together)
    return again(sql)


def again(sql):
    return sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_releases"), ("studies", "0003_merging")]

    operations = [
        *(
            migrations.RunSQL(following(sql), again(sql))
            for sql in (before.GROUND, before.STANDING_OF, before.CHECK_RATINGS)
        ),
        migrations.RunSQL(LEANING_ON, LEANING_ON_BEFORE),
        migrations.RunSQL(MERGED, "DROP FUNCTION claims_study_merged() CASCADE"),
    ]
