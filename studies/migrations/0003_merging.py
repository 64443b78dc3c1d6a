"""Lists that wait and what loading changed; publications that look alike, by the trigrams of their titles; merged studies."""

import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

TOGETHER = """
CREATE FUNCTION studies_together(wanted bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    -- the study, the one it was merged into, and those that were merged into that one or into itself
    SELECT study.id FROM studies_study study, studies_study asked
    WHERE asked.id = wanted AND coalesce(asked.merged_into_id, asked.id) IN (study.id, study.merged_into_id)
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0002_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="LikelyPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=3, verbose_name="score")),
                (
                    "title",
                    models.DecimalField(
                        decimal_places=2, max_digits=3, verbose_name="likeness of the titles"
                    ),
                ),
                ("years", models.IntegerField(blank=True, null=True, verbose_name="years apart")),
                ("author", models.BooleanField(blank=True, null=True, verbose_name="same first author")),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                ("dismissed_at", models.DateTimeField(blank=True, null=True, verbose_name="dismissed at")),
            ],
            options={
                "verbose_name": "likely pair",
                "verbose_name_plural": "likely pairs",
                "ordering": ("-score", "id"),
            },
        ),
        migrations.AddField(
            model_name="import",
            name="changed",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="import",
            name="reports",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="import",
            name="waiting",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False,
                fields=["title"],
                name="publication_title_alike",
                opclasses=("gin_trgm_ops",),
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("waiting", []), ("state", "previewed"), _connector="OR"),
                name="import_waits_before_loading",
                violation_error_message="Look up the lines that wait, or leave them out, before loading.",
            ),
        ),
        migrations.AddField(
            model_name="likelypair",
            name="dismissed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="dismissed by",
            ),
        ),
        migrations.AddField(
            model_name="likelypair",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="studies.publication"
            ),
        ),
        migrations.AddField(
            model_name="likelypair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="studies.publication"
            ),
        ),
        migrations.AddConstraint(
            model_name="likelypair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="likely_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="likelypair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="likely_pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="likelypair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__gte", 0), ("score__lte", 1), ("title__gte", 0), ("title__lte", 1)
                ),
                name="likely_pair_score_from_0_to_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="likelypair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dismissed_at", None), ("dismissed_by", None)),
                    models.Q(("dismissed_at__isnull", False), ("dismissed_by__isnull", False)),
                    _connector="OR",
                ),
                name="likely_pair_dismissed_in_full",
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="study",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="study",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="study",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="study",
            name="merge_changed",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What merging changed in the other.",
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="studies.study",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="study",
            name="merged_reason",
            field=models.TextField(blank=True, default="", verbose_name="why it was merged"),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="merge_changed",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What merging changed in the other.",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="studies.study",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="studyevent",
            name="merged_reason",
            field=models.TextField(blank=True, default="", verbose_name="why it was merged"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="study_merges_into_a_standing_one",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."merged_into_id" IS NOT NULL)',
                    func="\n        PERFORM pg_advisory_xact_lock(hashtext('merge studies'));\n        IF EXISTS (SELECT 1 FROM studies_study WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)\n           OR EXISTS (SELECT 1 FROM studies_study WHERE merged_into_id = NEW.id AND id <> NEW.id) THEN\n            RAISE EXCEPTION 'A study is merged into one that stands, and no other is merged into it.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="a8b73cb36cc6118e7243f6dc12f6200c375390e5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_study_merges_into_a_standing_one_ae74e",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="merged_study_is_read_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."merged_into_id" IS NOT NULL AND OLD."merged_into_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'A merged study is not written in.' USING ERRCODE = 'check_violation';",
                    hash="0d5b7650ecd02058289fd18ee4cd4ee91661bb61",
                    operation="UPDATE",
                    pgid="pgtrigger_merged_study_is_read_only_ea121",
                    table="studies_study",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyevent" ("comparator_en", "comparator_nl", "country", "design", "dose_mg", "duration_weeks", "funding_en", "funding_nl", "id", "intervention_en", "intervention_nl", "key", "label", "merge_changed", "merged_into_id", "merged_reason", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_en", "population_nl", "registry_ids", "risk_of_bias", "risk_of_bias_notes_en", "risk_of_bias_notes_nl", "risk_of_bias_tool", "species", "unverified_fields", "updated_at", "verified_from") VALUES (NEW."comparator_en", NEW."comparator_nl", NEW."country", NEW."design", NEW."dose_mg", NEW."duration_weeks", NEW."funding_en", NEW."funding_nl", NEW."id", NEW."intervention_en", NEW."intervention_nl", NEW."key", NEW."label", NEW."merge_changed", NEW."merged_into_id", NEW."merged_reason", NEW."participants", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."population_en", NEW."population_nl", NEW."registry_ids", NEW."risk_of_bias", NEW."risk_of_bias_notes_en", NEW."risk_of_bias_notes_nl", NEW."risk_of_bias_tool", NEW."species", NEW."unverified_fields", NEW."updated_at", NEW."verified_from"); RETURN NULL;',
                    hash="0cceac2dc9ceaacebb7ebf55069738c031ebb3ec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f60b6",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_studyevent" ("comparator_en", "comparator_nl", "country", "design", "dose_mg", "duration_weeks", "funding_en", "funding_nl", "id", "intervention_en", "intervention_nl", "key", "label", "merge_changed", "merged_into_id", "merged_reason", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_en", "population_nl", "registry_ids", "risk_of_bias", "risk_of_bias_notes_en", "risk_of_bias_notes_nl", "risk_of_bias_tool", "species", "unverified_fields", "updated_at", "verified_from") VALUES (NEW."comparator_en", NEW."comparator_nl", NEW."country", NEW."design", NEW."dose_mg", NEW."duration_weeks", NEW."funding_en", NEW."funding_nl", NEW."id", NEW."intervention_en", NEW."intervention_nl", NEW."key", NEW."label", NEW."merge_changed", NEW."merged_into_id", NEW."merged_reason", NEW."participants", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population_en", NEW."population_nl", NEW."registry_ids", NEW."risk_of_bias", NEW."risk_of_bias_notes_en", NEW."risk_of_bias_notes_nl", NEW."risk_of_bias_tool", NEW."species", NEW."unverified_fields", NEW."updated_at", NEW."verified_from"); RETURN NULL;',
                    hash="62075fb3b83c853ea6eac11721dc4f8c0f3c020b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8013b",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_studyevent" ("comparator_en", "comparator_nl", "country", "design", "dose_mg", "duration_weeks", "funding_en", "funding_nl", "id", "intervention_en", "intervention_nl", "key", "label", "merge_changed", "merged_into_id", "merged_reason", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population_en", "population_nl", "registry_ids", "risk_of_bias", "risk_of_bias_notes_en", "risk_of_bias_notes_nl", "risk_of_bias_tool", "species", "unverified_fields", "updated_at", "verified_from") VALUES (OLD."comparator_en", OLD."comparator_nl", OLD."country", OLD."design", OLD."dose_mg", OLD."duration_weeks", OLD."funding_en", OLD."funding_nl", OLD."id", OLD."intervention_en", OLD."intervention_nl", OLD."key", OLD."label", OLD."merge_changed", OLD."merged_into_id", OLD."merged_reason", OLD."participants", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."population_en", OLD."population_nl", OLD."registry_ids", OLD."risk_of_bias", OLD."risk_of_bias_notes_en", OLD."risk_of_bias_notes_nl", OLD."risk_of_bias_tool", OLD."species", OLD."unverified_fields", OLD."updated_at", OLD."verified_from"); RETURN NULL;',
                    hash="0cf48393d8201bc47fac6507a4c99ffff3b4298a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6aa33",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    ("merged_into__isnull", True),
                    _connector="OR",
                ),
                name="study_not_merged_into_itself",
                violation_error_message="A study cannot be merged into itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="study",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", True), ("merged_reason", "")),
                    models.Q(("merged_into__isnull", False), models.Q(("merged_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="study_merged_with_a_reason",
                violation_error_message="A study is merged with a reason.",
            ),
        ),
        migrations.RunSQL(TOGETHER, "DROP FUNCTION studies_together(bigint)"),
    ]
