"""A study's risk of bias by named tool, domain by domain."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

MOVED = "".join(
    f"""
    CREATE TRIGGER kb_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION kb_moved();
    """
    for table in ("studies_biasassessment", "studies_domainjudgement")
)
STILL = """
    DROP TRIGGER kb_moved ON studies_biasassessment;
    DROP TRIGGER kb_moved ON studies_domainjudgement;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("kb", "0005_state"),
        ("studies", "0003_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BiasAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tool",
                    models.CharField(
                        choices=[
                            ("rob-2", "RoB 2"),
                            ("rob-2-crossover", "RoB 2 for crossover trials"),
                            ("robins-i", "ROBINS-I"),
                            ("syrcle", "SYRCLE"),
                            ("amstar-2", "AMSTAR 2"),
                        ],
                        max_length=20,
                        verbose_name="tool",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Empty where it is about the whole study.",
                        max_length=120,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "suggested",
                    models.CharField(
                        blank=True, default="", max_length=16, verbose_name="what the tool gives"
                    ),
                ),
                ("overall", models.CharField(blank=True, default="", max_length=16, verbose_name="overall")),
                (
                    "reason_en",
                    models.TextField(
                        blank=True, default="", verbose_name="why it differs from the tool (English)"
                    ),
                ),
                (
                    "reason_nl",
                    models.TextField(
                        blank=True, default="", verbose_name="why it differs from the tool (Dutch)"
                    ),
                ),
                ("assessed_on", models.DateField(verbose_name="judged on")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="judged by",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bias_assessments",
                        to="studies.study",
                        verbose_name="study",
                    ),
                ),
            ],
            options={
                "verbose_name": "risk of bias assessment",
                "verbose_name_plural": "risk of bias assessments",
                "ordering": ("study", "tool", "outcome"),
            },
        ),
        migrations.CreateModel(
            name="BiasAssessmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "tool",
                    models.CharField(
                        choices=[
                            ("rob-2", "RoB 2"),
                            ("rob-2-crossover", "RoB 2 for crossover trials"),
                            ("robins-i", "ROBINS-I"),
                            ("syrcle", "SYRCLE"),
                            ("amstar-2", "AMSTAR 2"),
                        ],
                        max_length=20,
                        verbose_name="tool",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Empty where it is about the whole study.",
                        max_length=120,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "suggested",
                    models.CharField(
                        blank=True, default="", max_length=16, verbose_name="what the tool gives"
                    ),
                ),
                ("overall", models.CharField(blank=True, default="", max_length=16, verbose_name="overall")),
                (
                    "reason_en",
                    models.TextField(
                        blank=True, default="", verbose_name="why it differs from the tool (English)"
                    ),
                ),
                (
                    "reason_nl",
                    models.TextField(
                        blank=True, default="", verbose_name="why it differs from the tool (Dutch)"
                    ),
                ),
                ("assessed_on", models.DateField(verbose_name="judged on")),
                (
                    "assessed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="judged by",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.biasassessment",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.study",
                        verbose_name="study",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DomainJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("domain", models.CharField(max_length=40, verbose_name="domain")),
                ("judgement", models.CharField(max_length=16, verbose_name="judgement")),
                ("reason_en", models.TextField(blank=True, default="", verbose_name="reason (English)")),
                ("reason_nl", models.TextField(blank=True, default="", verbose_name="reason (Dutch)")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="studies.biasassessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "judgement of a domain",
                "verbose_name_plural": "judgements of domains",
                "ordering": ("assessment", "id"),
            },
        ),
        migrations.CreateModel(
            name="DomainJudgementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("domain", models.CharField(max_length=40, verbose_name="domain")),
                ("judgement", models.CharField(max_length=16, verbose_name="judgement")),
                ("reason_en", models.TextField(blank=True, default="", verbose_name="reason (English)")),
                ("reason_nl", models.TextField(blank=True, default="", verbose_name="reason (Dutch)")),
                (
                    "assessment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="studies.biasassessment",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="studies.domainjudgement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="biasassessment",
            constraint=models.UniqueConstraint(
                fields=("study", "tool", "outcome"),
                name="bias_assessed_once",
                violation_error_message="This study was already judged with this tool for this outcome.",
            ),
        ),
        migrations.AddConstraint(
            model_name="biasassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("overall__in", ["low", "some-concerns", "high"]), ("tool", "rob-2")),
                    models.Q(("overall__in", ["low", "some-concerns", "high"]), ("tool", "rob-2-crossover")),
                    models.Q(
                        ("overall__in", ["low", "moderate", "serious", "critical", "no-information"]),
                        ("tool", "robins-i"),
                    ),
                    models.Q(("overall__in", ["", "low", "unclear", "high"]), ("tool", "syrcle")),
                    models.Q(
                        ("overall__in", ["high", "moderate", "low", "critically-low"]), ("tool", "amstar-2")
                    ),
                    _connector="OR",
                ),
                name="bias_overall_is_of_the_tool",
                violation_error_message="This tool does not give this overall judgement.",
            ),
        ),
        migrations.AddConstraint(
            model_name="biasassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("overall", models.F("suggested")),
                    models.Q(
                        models.Q(("reason_en", ""), _negated=True), models.Q(("reason_nl", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="bias_override_has_a_reason",
                violation_error_message="Say in both languages why it differs from what the tool gives.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="biasassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="bias_assessment_keeps_its_tool",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."study_id" IS DISTINCT FROM (NEW."study_id") OR OLD."tool" IS DISTINCT FROM (NEW."tool"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="803e5e6c1db426001d3b8578444b96fe936efbde",
                    operation="UPDATE",
                    pgid="pgtrigger_bias_assessment_keeps_its_tool_c877e",
                    table="studies_biasassessment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="biasassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_biasassessmentevent" ("assessed_by_id", "assessed_on", "id", "outcome", "overall", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl", "study_id", "suggested", "tool") VALUES (NEW."assessed_by_id", NEW."assessed_on", NEW."id", NEW."outcome", NEW."overall", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason_en", NEW."reason_nl", NEW."study_id", NEW."suggested", NEW."tool"); RETURN NULL;',
                    hash="ad3ac8ccd76b2b7ba80ad10d0a70a5b6b0d1fe46",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7c31d",
                    table="studies_biasassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="biasassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_biasassessmentevent" ("assessed_by_id", "assessed_on", "id", "outcome", "overall", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl", "study_id", "suggested", "tool") VALUES (NEW."assessed_by_id", NEW."assessed_on", NEW."id", NEW."outcome", NEW."overall", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason_en", NEW."reason_nl", NEW."study_id", NEW."suggested", NEW."tool"); RETURN NULL;',
                    hash="9b7c32bd9a6352b1782017fb8d16e5699921e528",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7593e",
                    table="studies_biasassessment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="biasassessment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_biasassessmentevent" ("assessed_by_id", "assessed_on", "id", "outcome", "overall", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl", "study_id", "suggested", "tool") VALUES (OLD."assessed_by_id", OLD."assessed_on", OLD."id", OLD."outcome", OLD."overall", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason_en", OLD."reason_nl", OLD."study_id", OLD."suggested", OLD."tool"); RETURN NULL;',
                    hash="78505ad0876ae09d799ec5fca3ec818c83400f4e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_82c73",
                    table="studies_biasassessment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="domainjudgement",
            constraint=models.UniqueConstraint(
                fields=("assessment", "domain"),
                name="bias_domain_judged_once",
                violation_error_message="This domain was already judged.",
            ),
        ),
        migrations.AddConstraint(
            model_name="domainjudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("domain", "rob-2/randomisation"), ("judgement__in", ["low", "some-concerns", "high"])
                    ),
                    models.Q(
                        ("domain", "rob-2/deviations"), ("judgement__in", ["low", "some-concerns", "high"])
                    ),
                    models.Q(
                        ("domain", "rob-2/missing-data"), ("judgement__in", ["low", "some-concerns", "high"])
                    ),
                    models.Q(
                        ("domain", "rob-2/measurement"), ("judgement__in", ["low", "some-concerns", "high"])
                    ),
                    models.Q(
                        ("domain", "rob-2/reporting"), ("judgement__in", ["low", "some-concerns", "high"])
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/randomisation"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/deviations"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/missing-data"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/measurement"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/reporting"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "rob-2-crossover/carryover"),
                        ("judgement__in", ["low", "some-concerns", "high"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/confounding"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/selection"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/classification"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/deviations"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/missing-data"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/measurement"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(
                        ("domain", "robins-i/reporting"),
                        ("judgement__in", ["low", "moderate", "serious", "critical", "no-information"]),
                    ),
                    models.Q(("domain", "syrcle/sequence"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(("domain", "syrcle/baseline"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(("domain", "syrcle/concealment"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(("domain", "syrcle/housing"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(
                        ("domain", "syrcle/performance-blinding"),
                        ("judgement__in", ["low", "unclear", "high"]),
                    ),
                    models.Q(
                        ("domain", "syrcle/random-assessment"), ("judgement__in", ["low", "unclear", "high"])
                    ),
                    models.Q(
                        ("domain", "syrcle/detection-blinding"), ("judgement__in", ["low", "unclear", "high"])
                    ),
                    models.Q(
                        ("domain", "syrcle/incomplete-data"), ("judgement__in", ["low", "unclear", "high"])
                    ),
                    models.Q(("domain", "syrcle/reporting"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(("domain", "syrcle/other"), ("judgement__in", ["low", "unclear", "high"])),
                    models.Q(("domain", "amstar-2/item-1"), ("judgement__in", ["yes", "no"])),
                    models.Q(("domain", "amstar-2/item-2"), ("judgement__in", ["yes", "partial-yes", "no"])),
                    models.Q(("domain", "amstar-2/item-3"), ("judgement__in", ["yes", "no"])),
                    models.Q(("domain", "amstar-2/item-4"), ("judgement__in", ["yes", "partial-yes", "no"])),
                    models.Q(("domain", "amstar-2/item-5"), ("judgement__in", ["yes", "no"])),
                    models.Q(("domain", "amstar-2/item-6"), ("judgement__in", ["yes", "no"])),
                    models.Q(("domain", "amstar-2/item-7"), ("judgement__in", ["yes", "partial-yes", "no"])),
                    models.Q(("domain", "amstar-2/item-8"), ("judgement__in", ["yes", "partial-yes", "no"])),
                    models.Q(("domain", "amstar-2/item-9"), ("judgement__in", ["yes", "partial-yes", "no"])),
                    models.Q(("domain", "amstar-2/item-10"), ("judgement__in", ["yes", "no"])),
                    models.Q(
                        ("domain", "amstar-2/item-11"), ("judgement__in", ["yes", "no", "no-meta-analysis"])
                    ),
                    models.Q(
                        ("domain", "amstar-2/item-12"), ("judgement__in", ["yes", "no", "no-meta-analysis"])
                    ),
                    models.Q(("domain", "amstar-2/item-13"), ("judgement__in", ["yes", "no"])),
                    models.Q(("domain", "amstar-2/item-14"), ("judgement__in", ["yes", "no"])),
                    models.Q(
                        ("domain", "amstar-2/item-15"), ("judgement__in", ["yes", "no", "no-meta-analysis"])
                    ),
                    models.Q(("domain", "amstar-2/item-16"), ("judgement__in", ["yes", "no"])),
                    _connector="OR",
                ),
                name="bias_judgement_is_of_the_domain",
                violation_error_message="This domain does not know this judgement.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="domainjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="bias_domain_is_of_the_tool",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (SELECT 1 FROM studies_biasassessment\n                               WHERE id = NEW.assessment_id AND tool = split_part(NEW.domain, '/', 1)) THEN\n                    RAISE EXCEPTION 'This domain is of another tool.' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="daf0c1eb47f3dad992c94ed89b6f8c3dcbf1032b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_bias_domain_is_of_the_tool_fed6c",
                    table="studies_domainjudgement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="domainjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_domainjudgementevent" ("assessment_id", "domain", "id", "judgement", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl") VALUES (NEW."assessment_id", NEW."domain", NEW."id", NEW."judgement", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason_en", NEW."reason_nl"); RETURN NULL;',
                    hash="d38fab5a3e2bb97b767143cd7172f55254b262df",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5988d",
                    table="studies_domainjudgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="domainjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "studies_domainjudgementevent" ("assessment_id", "domain", "id", "judgement", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl") VALUES (NEW."assessment_id", NEW."domain", NEW."id", NEW."judgement", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason_en", NEW."reason_nl"); RETURN NULL;',
                    hash="1dfb5eb7e0e6356d2a0d924f2ce6ab045bc09112",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f5323",
                    table="studies_domainjudgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="domainjudgement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "studies_domainjudgementevent" ("assessment_id", "domain", "id", "judgement", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_en", "reason_nl") VALUES (OLD."assessment_id", OLD."domain", OLD."id", OLD."judgement", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason_en", OLD."reason_nl"); RETURN NULL;',
                    hash="668016377e0e8e20f1e6767feb412599608dd514",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7487f",
                    table="studies_domainjudgement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(MOVED, STILL),
    ]
