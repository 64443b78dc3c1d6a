"""A result may have a risk of bias of its own, with its reason."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0018_where_texts_are_kept"),
        ("studies", "0004_risk_of_bias"),
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
            name="risk_of_bias",
            field=models.CharField(
                blank=True,
                choices=[
                    ("low", "Low"),
                    ("some-concerns", "Some concerns"),
                    ("high", "High"),
                    ("critical", "Critical"),
                ],
                default="",
                help_text="Only where it is another than that of the study.",
                max_length=16,
                verbose_name="risk of bias of this result",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="risk_of_bias_reason_en",
            field=models.TextField(
                blank=True, default="", verbose_name="why it is another than that of the study (English)"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="risk_of_bias_reason_nl",
            field=models.TextField(
                blank=True, default="", verbose_name="why it is another than that of the study (Dutch)"
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="risk_of_bias",
            field=models.CharField(
                blank=True,
                choices=[
                    ("low", "Low"),
                    ("some-concerns", "Some concerns"),
                    ("high", "High"),
                    ("critical", "Critical"),
                ],
                default="",
                help_text="Only where it is another than that of the study.",
                max_length=16,
                verbose_name="risk of bias of this result",
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="risk_of_bias_reason_en",
            field=models.TextField(
                blank=True, default="", verbose_name="why it is another than that of the study (English)"
            ),
        ),
        migrations.AddField(
            model_name="evidenceevent",
            name="risk_of_bias_reason_nl",
            field=models.TextField(
                blank=True, default="", verbose_name="why it is another than that of the study (Dutch)"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."publication_id", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="a9ab098eb294ad7b430fbd691241f3f27647f24c",
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
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (NEW."arms", NEW."ci_high", NEW."ci_level", NEW."ci_low", NEW."counts_in_synthesis", NEW."direction", NEW."directness", NEW."estimate", NEW."finding_en", NEW."finding_nl", NEW."id", NEW."is_secondary", NEW."locator", NEW."measure", NEW."measure_label_en", NEW."measure_label_nl", NEW."n", NEW."note_en", NEW."note_nl", NEW."outcome_measure_en", NEW."outcome_measure_nl", NEW."p_text", NEW."p_value", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."publication_id", NEW."risk_of_bias", NEW."risk_of_bias_reason_en", NEW."risk_of_bias_reason_nl", NEW."study_id", NEW."unit_en", NEW."unit_nl", NEW."verified_from", NEW."version_id"); RETURN NULL;',
                    hash="ed5f3005e78105f85caa25d6e905a436207d1773",
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
                    func='INSERT INTO "claims_evidenceevent" ("arms", "ci_high", "ci_level", "ci_low", "counts_in_synthesis", "direction", "directness", "estimate", "finding_en", "finding_nl", "id", "is_secondary", "locator", "measure", "measure_label_en", "measure_label_nl", "n", "note_en", "note_nl", "outcome_measure_en", "outcome_measure_nl", "p_text", "p_value", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "publication_id", "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl", "study_id", "unit_en", "unit_nl", "verified_from", "version_id") VALUES (OLD."arms", OLD."ci_high", OLD."ci_level", OLD."ci_low", OLD."counts_in_synthesis", OLD."direction", OLD."directness", OLD."estimate", OLD."finding_en", OLD."finding_nl", OLD."id", OLD."is_secondary", OLD."locator", OLD."measure", OLD."measure_label_en", OLD."measure_label_nl", OLD."n", OLD."note_en", OLD."note_nl", OLD."outcome_measure_en", OLD."outcome_measure_nl", OLD."p_text", OLD."p_value", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."publication_id", OLD."risk_of_bias", OLD."risk_of_bias_reason_en", OLD."risk_of_bias_reason_nl", OLD."study_id", OLD."unit_en", OLD."unit_nl", OLD."verified_from", OLD."version_id"); RETURN NULL;',
                    hash="a956fedaeda42c485da6a64d269175eecaa19ca9",
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
                    models.Q(
                        ("risk_of_bias", ""), ("risk_of_bias_reason_en", ""), ("risk_of_bias_reason_nl", "")
                    ),
                    models.Q(
                        ("risk_of_bias__in", ["low", "some-concerns", "high", "critical"]),
                        models.Q(("risk_of_bias_reason_en", ""), _negated=True),
                        models.Q(("risk_of_bias_reason_nl", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_own_risk_of_bias_has_a_reason",
                violation_error_message="A risk of bias of its own has a reason in both languages, and no reason stands without it.",
            ),
        ),
    ]
