"""Texts that editors pasted of publications, to look quotes and numbers up in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0005_columns_and_notice_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("pasted_at", models.DateTimeField(verbose_name="pasted at")),
                (
                    "pasted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pasted by",
                    ),
                ),
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_text",
                        to="studies.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "pasted text",
                "verbose_name_plural": "pasted texts",
                "ordering": ("publication",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text__length__gt", 0), ("text__length__lte", 400000)),
                        name="source_text_of_a_readable_length",
                        violation_error_message="A pasted text has at most 400,000 characters, and is not empty.",
                    )
                ],
            },
        ),
    ]
