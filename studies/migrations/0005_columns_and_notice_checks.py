"""The columns of a table are chosen before it is read; when notices about a publication were last asked for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0004_risk_of_bias"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("url", models.CharField(max_length=2000, verbose_name="address")),
                ("sha256", models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "look-up of notices",
                "verbose_name_plural": "look-ups of notices",
                "ordering": ("-asked_at", "id"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="import_state_in_full",
        ),
        migrations.AddField(
            model_name="import",
            name="mapping",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="import",
            name="table",
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Columns to be chosen"),
                    ("previewed", "Looked at"),
                    ("loaded", "Loaded"),
                    ("undone", "Undone"),
                ],
                default="previewed",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("loaded_at", None), ("state", "uploaded"), ("undone_at", None)),
                    models.Q(("loaded_at", None), ("state", "previewed"), ("undone_at", None)),
                    models.Q(("loaded_at__isnull", False), ("state", "loaded"), ("undone_at", None)),
                    models.Q(("loaded_at__isnull", False), ("state", "undone"), ("undone_at__isnull", False)),
                    _connector="OR",
                ),
                name="import_state_in_full",
                violation_error_message="An import was looked at, loaded or undone, each at its moment.",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "uploaded"), ("table__isnull", False)),
                    models.Q(models.Q(("state", "uploaded"), _negated=True), ("table", None)),
                    _connector="OR",
                ),
                name="import_keeps_a_table_until_its_columns_are_chosen",
                violation_error_message="The file of a table is kept until its columns are chosen, and no longer.",
            ),
        ),
        migrations.AddField(
            model_name="noticecheck",
            name="publication",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notice_check",
                to="studies.publication",
                verbose_name="publication",
            ),
        ),
    ]
