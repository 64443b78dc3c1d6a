"""Publications that are one paper: a pointer, as for studies, and functions that ask for all of its entries."""

import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

ONE_PAPER = """
CREATE FUNCTION studies_one_paper(wanted bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    -- the publication, the one it was merged into, and those that were merged into that one or into itself
    SELECT entry.id FROM studies_publication entry, studies_publication asked
    WHERE asked.id = wanted AND coalesce(asked.merged_into_id, asked.id) IN (entry.id, entry.merged_into_id)
$$
"""
DECIDING = """
CREATE FUNCTION studies_deciding(wanted bigint) RETURNS varchar LANGUAGE sql STABLE AS $$
    -- the latest retraction or reinstatement of the paper, whichever of its entries was told so
    SELECT notice.kind FROM studies_integritynotice notice
    WHERE notice.publication_id IN (SELECT studies_one_paper(wanted)) AND notice.kind IN ('retraction', 'reinstatement')
    ORDER BY notice.noticed_on DESC NULLS LAST, notice.id DESC LIMIT 1
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0006_source_texts"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="publication",
            name="study_has_one_primary_publication",
        ),
        migrations.AddField(
            model_name="publication",
            name="merge_changed",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What merging changed in the other.",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="studies.publication",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="merged_reason",
            field=models.TextField(blank=True, default="", verbose_name="why it was merged"),
        ),
        migrations.AddField(
            model_name="publicationevent",
            name="merge_changed",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                help_text="What merging changed in the other.",
            ),
        ),
        migrations.AddField(
            model_name="publicationevent",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="studies.publication",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="publicationevent",
            name="merged_reason",
            field=models.TextField(blank=True, default="", verbose_name="why it was merged"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_merges_into_a_standing_one",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."merged_into_id" IS NOT NULL)',
                    func="\n        PERFORM pg_advisory_xact_lock(hashtext('merge studies'));\n        IF EXISTS (SELECT 1 FROM studies_publication WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)\n           OR EXISTS (SELECT 1 FROM studies_publication WHERE merged_into_id = NEW.id AND id <> NEW.id) THEN\n            RAISE EXCEPTION 'A publication is merged into one that stands, and no other is merged into it.' USING ERRCODE = 'check_violation';\n        END IF;\n        IF (SELECT study_id FROM studies_publication WHERE id = NEW.merged_into_id)\n           NOT IN (SELECT studies_together(NEW.study_id)) THEN\n            RAISE EXCEPTION 'Merge the studies first: these two publications report different ones.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="912165c55acb51f1c77048dd2f3a4309c663af5b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_publication_merges_into_a_standing_one_1b11b",
                    table="studies_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_that_took_one_in_keeps_its_study",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."study_id" IS DISTINCT FROM (NEW."study_id"))',
                    func="\n        PERFORM pg_advisory_xact_lock(hashtext('merge studies'));\n        IF EXISTS (\n            SELECT 1 FROM studies_publication gone\n            WHERE gone.merged_into_id = NEW.id AND gone.study_id NOT IN (SELECT studies_together(NEW.study_id))\n        ) THEN\n            RAISE EXCEPTION 'Merge the studies first: these two publications report different ones.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ",
                    hash="fd1af4b96cf4af97624250c3386706c659ca6808",
                    operation="UPDATE",
                    pgid="pgtrigger_publication_that_took_one_in_keeps_its_study_82b2e",
                    table="studies_publication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="merged_publication_is_read_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merged_into_id" IS NOT NULL)',
                    func="\n        IF TG_OP = 'DELETE' OR NEW.merged_into_id IS NOT NULL THEN\n            RAISE EXCEPTION 'A merged publication is not written in.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="31301391096f88506a45e9cc9f7714db7611a880",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_merged_publication_is_read_only_64f62",
                    table="studies_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_publicationevent" ("authors", "container_title", "csl_type", "doi", "id", "issue", "key", "language", "merge_changed", "merged_into_id", "merged_reason", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "role", "study_id", "title", "title_is_verified", "updated_at", "url", "volume", "year") VALUES (NEW."authors", NEW."container_title", NEW."csl_type", NEW."doi", NEW."id", NEW."issue", NEW."key", NEW."language", NEW."merge_changed", NEW."merged_into_id", NEW."merged_reason", NEW."pages", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pmcid", NEW."pmid", NEW."role", NEW."study_id", NEW."title", NEW."title_is_verified", NEW."updated_at", NEW."url", NEW."volume", NEW."year"); RETURN NULL;',
                    hash="9a2048a9b89aed8be9598bf4d14c79c2d044e869",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_763ef",
                    table="studies_publication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_publicationevent" ("authors", "container_title", "csl_type", "doi", "id", "issue", "key", "language", "merge_changed", "merged_into_id", "merged_reason", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "role", "study_id", "title", "title_is_verified", "updated_at", "url", "volume", "year") VALUES (NEW."authors", NEW."container_title", NEW."csl_type", NEW."doi", NEW."id", NEW."issue", NEW."key", NEW."language", NEW."merge_changed", NEW."merged_into_id", NEW."merged_reason", NEW."pages", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmcid", NEW."pmid", NEW."role", NEW."study_id", NEW."title", NEW."title_is_verified", NEW."updated_at", NEW."url", NEW."volume", NEW."year"); RETURN NULL;',
                    hash="3920c7b4c9317e91add62116bc51a7df8f1899b3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_da705",
                    table="studies_publication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_publicationevent" ("authors", "container_title", "csl_type", "doi", "id", "issue", "key", "language", "merge_changed", "merged_into_id", "merged_reason", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmcid", "pmid", "role", "study_id", "title", "title_is_verified", "updated_at", "url", "volume", "year") VALUES (OLD."authors", OLD."container_title", OLD."csl_type", OLD."doi", OLD."id", OLD."issue", OLD."key", OLD."language", OLD."merge_changed", OLD."merged_into_id", OLD."merged_reason", OLD."pages", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pmcid", OLD."pmid", OLD."role", OLD."study_id", OLD."title", OLD."title_is_verified", OLD."updated_at", OLD."url", OLD."volume", OLD."year"); RETURN NULL;',
                    hash="f036cdca24468695e38c4146a1c088612f10d243",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4e114",
                    table="studies_publication",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="study",
            trigger=pgtrigger.compiler.Trigger(
                name="studies_of_one_paper_stay_together",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id"))',
                    func="\n        PERFORM pg_advisory_xact_lock(hashtext('merge studies'));\n        IF EXISTS (\n            SELECT 1 FROM studies_publication gone JOIN studies_publication kept ON kept.id = gone.merged_into_id\n            WHERE (gone.study_id = NEW.id OR kept.study_id = NEW.id)\n                AND kept.study_id NOT IN (SELECT studies_together(gone.study_id))\n        ) THEN\n            RAISE EXCEPTION 'Publications of these two studies are one paper; take those apart first.' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ",
                    hash="b5f7d952541667a166547935db91f19ab1da1862",
                    operation="UPDATE",
                    pgid="pgtrigger_studies_of_one_paper_stay_together_1d966",
                    table="studies_study",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("merged_into__isnull", True), ("role", "primary")),
                fields=("study",),
                name="study_has_one_primary_publication",
                violation_error_message="This study already has a main report.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    ("merged_into__isnull", True),
                    _connector="OR",
                ),
                name="publication_not_merged_into_itself",
                violation_error_message="A publication cannot be merged into itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", True), ("merged_reason", "")),
                    models.Q(("merged_into__isnull", False), models.Q(("merged_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="publication_merged_with_a_reason",
                violation_error_message="A publication is merged with a reason.",
            ),
        ),
        migrations.RunSQL(ONE_PAPER, "DROP FUNCTION studies_one_paper(bigint)"),
        migrations.RunSQL(DECIDING, "DROP FUNCTION studies_deciding(bigint)"),
    ]
