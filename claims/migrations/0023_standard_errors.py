"""A row of evidence may give a standard error; one that the interval beside it cannot have is refused."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Half the interval on the scale it is symmetric on, at most and at least what its printed digits can mean. Levels below 80
# and a correlation are left to `claims.synthesis.contradictions`, which also looks closer than this.
ERROR_FITS = """
CREATE FUNCTION claims_error_fits_interval(
    measure text, estimate numeric, low numeric, high numeric, level integer, error numeric
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN num_nonnulls(estimate, low, high, error) < 4 OR level < 80 OR error <= 0 OR high < low THEN true
        WHEN measure IN ('RR', 'OR', 'HR') THEN low <= 0 OR (
            SELECT (ln(high + step) - ln(greatest(low - step, 1e-9))) / 2 >= error - slack
                AND (ln(greatest(high - step, 1e-9)) - ln(low + step)) / 2 <= 10 * (error + slack)
            FROM (SELECT 0.5 * 10::numeric ^ (-scale(trim_scale(error))) AS slack, 0.5 * 10::numeric ^ (-greatest(
                scale(trim_scale(estimate)), scale(trim_scale(low)), scale(trim_scale(high)))) AS step) AS printed
        )
        WHEN measure IN ('MD', 'SMD', 'RD', 'mean-change') THEN (
            SELECT (high - low) / 2 + step >= error - slack AND (high - low) / 2 - step <= 10 * (error + slack)
            FROM (SELECT 0.5 * 10::numeric ^ (-scale(trim_scale(error))) AS slack, 0.5 * 10::numeric ^ (-greatest(
                scale(trim_scale(estimate)), scale(trim_scale(low)), scale(trim_scale(high)))) AS step) AS printed
        )
        ELSE true
    END
$$
"""
DROP_ERROR_FITS = (
    "DROP FUNCTION claims_error_fits_interval(text, numeric, numeric, numeric, integer, numeric)"
)

# As 0002 has it, and the standard error where there is one, so that fingerprints from before stay the same.
FINGERPRINT = """
CREATE OR REPLACE FUNCTION claims_fingerprint(wanted bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_object(
        'evidence', (
            SELECT coalesce(jsonb_agg(row ORDER BY row::text), '[]') FROM (
                SELECT jsonb_build_array(
                    study.key, evidence.outcome_measure_en, evidence.direction, evidence.directness,
                    evidence.measure, evidence.estimate, evidence.ci_low, evidence.ci_high, evidence.ci_level,
                    evidence.p_value, evidence.n, evidence.arms, evidence.counts_in_synthesis
                ) || CASE WHEN evidence.standard_error IS NULL THEN '[]' ELSE to_jsonb(evidence.standard_error) END AS row
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
FINGERPRINT_BEFORE = """
CREATE OR REPLACE FUNCTION claims_fingerprint(wanted bigint) RETURNS text LANGUAGE sql STABLE AS $$
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


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0022_merged_publications"),
        ("studies", "0007_merged_publications"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidence",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidence",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidence",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="evidence",
            name="standard_error",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Of a ratio that of its logarithm, of a correlation that of Fisher’s z.",
                max_digits=16,
                null=True,
                verbose_name="standard error",
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="standard_error",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Of a ratio that of its logarithm, of a correlation that of Fisher’s z.",
                max_digits=16,
                null=True,
                verbose_name="standard error",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "standard_error", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."publication_id", NEW."quote", NEW."quote_checked_on", NEW."quote_role", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."standard_error", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="6a9a592bf5b39b39f48a738a0c3b8c602bd66dfd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d2960",
                    table="claims_evidence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "standard_error", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."publication_id", NEW."quote", NEW."quote_checked_on", NEW."quote_role", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."standard_error", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="2069764a1fad6c14407b7e03801988b6aac2e8f9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0cf54",
                    table="claims_evidence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "standard_error", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (OLD."arms", OLD."ci_high", OLD."ci_level", OLD."ci_low", OLD."counts_in_synthesis", OLD."direction", OLD."directness", OLD."estimate", OLD."finding_en", OLD."finding_nl", OLD."id", OLD."is_secondary", OLD."locator", OLD."measure", OLD."measure_label_en", OLD."measure_label_nl", OLD."n", OLD."note_en", OLD."note_nl", OLD."outcome_measure_en", OLD."outcome_measure_nl", OLD."p_text", OLD."p_value", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."publication_id", OLD."quote", OLD."quote_checked_on", OLD."quote_role", OLD."risk_of_bias", OLD."risk_of_bias_reason_en", OLD."risk_of_bias_reason_nl", OLD."standard_error", OLD."study_id", OLD."unit_en", OLD."unit_nl", OLD."verified_from", OLD."version_id"); RETURN NULL;',
                    hash="38b7c7857d637cf9d0e06854da393a3aec6c02da",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_26a0f",
                    table="claims_evidence",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(ERROR_FITS, DROP_ERROR_FITS),
        migrations.RunSQL(FINGERPRINT, FINGERPRINT_BEFORE),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("standard_error__isnull", True), ("standard_error__gt", 0), _connector="OR"
                ),
                name="evidence_standard_error_above_zero",
                violation_error_message="A standard error is above zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("standard_error__isnull", True), ("estimate__isnull", False), _connector="OR"
                ),
                name="evidence_standard_error_of_an_estimate",
                violation_error_message="A standard error stands beside the estimate that it is of.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Func(
                    models.F("measure"),
                    models.F("estimate"),
                    models.F("ci_low"),
                    models.F("ci_high"),
                    models.F("ci_level"),
                    models.F("standard_error"),
                    function="claims_error_fits_interval",
                    output_field=models.BooleanField(),
                ),
                name="evidence_standard_error_fits_its_interval",
                violation_error_message="The standard error does not go with the interval. Of a ratio it is that of the logarithm, of a correlation that of Fisher’s z.",
            ),
        ),
    ]
