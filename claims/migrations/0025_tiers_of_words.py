"""An index of the words of each tier of strength: a search asks the strongest first, and reads no further than it must.

The signs of strength among the words, which one index for all needed, are gone: `claims_found_words` is otherwise as it was.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce, Least, Mod

WORDS = """
CREATE OR REPLACE FUNCTION claims_found_words(wanted bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT vector FROM claims_searchentry WHERE version_id = version.id), '') || array_to_tsvector(
        ARRAY['|k' || claim.kind, '|v' || version.verdict]
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
ALTER TABLE claims_listing DISABLE TRIGGER claims_listing_changed;
UPDATE claims_listing SET words = ts_delete(words, ARRAY['|s0', '|s1', '|s2', '|s3', '|s4']);
ALTER TABLE claims_listing ENABLE TRIGGER claims_listing_changed;
"""

MOVED = f"""
CREATE OR REPLACE FUNCTION claims_topic_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    near tsquery := format('''|l%1$s'' | ''|f%1$s''', NEW.id);
BEGIN
    PERFORM claims_relist(ARRAY(
        SELECT version.claim_id FROM claims_listing listing JOIN claims_claimversion version ON version.id = listing.version_id
        WHERE {" OR ".join(f"listing.tier = {tier} AND listing.words @@ near" for tier in range(10))}
    ));
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0024_words_left_out"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="listing", name="listing_words"),
        migrations.RunSQL(WORDS),
        migrations.AddField(
            model_name="listing",
            name="tier",
            field=models.GeneratedField(
                db_persist=True,
                expression=8 - 2 * Coalesce(F("strength"), 0) + Least(Mod(F("version"), 8), 1),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.RunSQL(MOVED),
        *(
            migrations.AddIndex(
                model_name="listing",
                index=django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(tier=tier),
                    fastupdate=False,
                    fields=["words"],
                    name=f"listing_words_{tier}",
                ),
            )
            for tier in range(10)
        ),
    ]
