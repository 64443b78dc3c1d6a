"""A row of evidence may quote its source; what is published was checked, and counts by a result."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0020_numbers_per_arm"),
        ("studies", "0006_source_texts"),
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
            name="quote",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="At most 25 words, exactly as the publication has them.",
                max_length=400,
                verbose_name="quote",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="quote_checked_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="When the machine saw these words in the text of the publication.",
                null=True,
                verbose_name="quote checked on",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="quote_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("result", "Result"),
                    ("background", "Background"),
                    ("aim", "Aim"),
                    ("method", "Method"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="what the quote is there",
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="quote",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="At most 25 words, exactly as the publication has them.",
                max_length=400,
                verbose_name="quote",
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="quote_checked_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="When the machine saw these words in the text of the publication.",
                null=True,
                verbose_name="quote checked on",
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="quote_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("result", "Result"),
                    ("background", "Background"),
                    ("aim", "Aim"),
                    ("method", "Method"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="what the quote is there",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimversion",
            trigger=pgtrigger.compiler.Trigger(
                name="version_rests_on_results",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'published' AND OLD.\"state\" = 'in-review')",
                    func="\n        IF EXISTS (SELECT 1 FROM claims_evidence\n                   WHERE version_id = NEW.id AND quote <> '' AND quote_checked_on IS NULL) THEN\n            RAISE EXCEPTION 'A quote is published when it was seen in the text of its publication.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF EXISTS (SELECT 1 FROM claims_evidence\n                   WHERE version_id = NEW.id AND counts_in_synthesis AND quote_role <> 'result'\n                       AND (verified_from = '' OR (quote <> '' AND num_nonnulls(estimate, ci_low, ci_high, p_value, arms) = 0\n                                                   AND p_text = ''))) THEN\n            RAISE EXCEPTION 'A row counts when its result was quoted, or was seen somewhere; beside a quote of something else, as a number.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="54b943c43bda9525a2880d613c19e1884e1fa1d9",
                    operation="UPDATE",
                    pgid="pgtrigger_version_rests_on_results_cc8c1",
                    table="claims_claimversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_quote_is_unchecked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."quote" IS DISTINCT FROM (NEW."quote") OR OLD."publication_id" IS DISTINCT FROM (NEW."publication_id"))',
                    func="NEW.quote_checked_on := NULL; RETURN NEW;",
                    hash="7988bcee32c2c0dda6eeda0657a7fc78397fa81b",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_quote_is_unchecked_fa4de",
                    table="claims_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."publication_id", NEW."quote", NEW."quote_checked_on", NEW."quote_role", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="a13f14bddc4a10bb7b958269198f55dae59285df",
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
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."publication_id", NEW."quote", NEW."quote_checked_on", NEW."quote_role", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="9fb6f13b42089d96a58f6db7c762445947c956ef",
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
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "quote", "quote_checked_on", "quote_role", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (OLD."arms", OLD."ci_high", OLD."ci_level", OLD."ci_low", OLD."counts_in_synthesis", OLD."direction", OLD."directness", OLD."estimate", OLD."finding_en", OLD."finding_nl", OLD."id", OLD."is_secondary", OLD."locator", OLD."measure", OLD."measure_label_en", OLD."measure_label_nl", OLD."n", OLD."note_en", OLD."note_nl", OLD."outcome_measure_en", OLD."outcome_measure_nl", OLD."p_text", OLD."p_value", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."publication_id", OLD."quote", OLD."quote_checked_on", OLD."quote_role", OLD."risk_of_bias", OLD."risk_of_bias_reason_en", OLD."risk_of_bias_reason_nl", OLD."study_id", OLD."unit_en", OLD."unit_nl", OLD."verified_from", OLD."version_id"); RETURN NULL;',
                    hash="e9315d0cbf7ffe53c208727505a4ea6c2e061f0a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_26a0f",
                    table="claims_evidence",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quote", ""), ("quote__regex", "^\\S+(\\s+\\S+){2,24}$"), _connector="OR"
                ),
                name="evidence_quote_is_short",
                violation_error_message="A quote has 3 to 25 words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quote", ""), ("quote_checked_on", None), ("quote_role", "")),
                    models.Q(
                        models.Q(("quote", ""), _negated=True),
                        ("quote_role__in", ["result", "background", "aim", "method"]),
                    ),
                    _connector="OR",
                ),
                name="evidence_quote_has_a_role",
                violation_error_message="A quote says what it is in its source, and no role stands without a quote.",
            ),
        ),
    ]
