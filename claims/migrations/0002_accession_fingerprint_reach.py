"""The sequence that accessions come from, the hash of what a rating rests on, and which topic reaches which."""

from django.db import migrations

SEQUENCE = "CREATE SEQUENCE claims_accession MINVALUE 1"

# What changes a rating when it changes: the rows of evidence, the judgements, and of each cited study (and of each
# trial inside a cited review) its design, size, risk of bias and notices. Words and notes are left out on purpose.
FINGERPRINT = """
CREATE FUNCTION claims_fingerprint(wanted bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object(
        'evidence', (
            SELECT coalesce(jsonb_agg(row ORDER BY row::text), '[]') FROM (
                SELECT jsonb_build_array(
                    study.key, evidence.outcome_measure_en, evidence.direction, evidence.directness,
                    evidence.measure, evidence.estimate, evidence.ci_low, evidence.ci_high, evidence.ci_level,
                    evidence.p_value, evidence.n, evidence.arms, evidence.counts_in_synthesis
                ) AS row
                FROM claims_evidence evidence JOIN studies_study study ON study.id = evidence.study_id
                WHERE evidence.version_id = wanted
            ) rows
        ),
        'judgements', (
            SELECT coalesce(jsonb_object_agg(domain, step), '{}') FROM claims_judgement
            WHERE version_id = wanted AND step <> 0
        ),
        'studies', (
            SELECT coalesce(jsonb_object_agg(study.key, jsonb_build_array(
                study.design, study.species, study.participants, study.risk_of_bias, (
                    SELECT coalesce(jsonb_agg(jsonb_build_array(publication.key, notice.kind, notice.noticed_on)
                                              ORDER BY publication.key, notice.kind, notice.noticed_on), '[]')
                    FROM studies_integritynotice notice
                    JOIN studies_publication publication ON publication.id = notice.publication_id
                    WHERE publication.study_id = study.id
                )
            )), '{}')
            FROM studies_study study
            WHERE study.id IN (
                SELECT study_id FROM claims_evidence WHERE version_id = wanted
                UNION
                SELECT inclusion.trial_id FROM claims_evidence evidence
                JOIN studies_reviewinclusion inclusion ON inclusion.review_id = evidence.study_id
                WHERE evidence.version_id = wanted
            )
        )
    )::text, 'UTF8')), 'hex')
$$
"""

REACH = """
CREATE VIEW claims_topicreach AS
    WITH RECURSIVE reach(topic_id, narrower_id) AS (
        SELECT id, id FROM claims_topic
        UNION
        SELECT reach.topic_id, below.id FROM reach JOIN claims_topic below ON below.broader_id = reach.narrower_id
    )
    SELECT topic_id * 1000000000 + narrower_id AS id, topic_id, narrower_id FROM reach
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("studies", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE claims_accession"),
        migrations.RunSQL(FINGERPRINT, "DROP FUNCTION claims_fingerprint(bigint)"),
        migrations.RunSQL(REACH, "DROP VIEW claims_topicreach"),
    ]
