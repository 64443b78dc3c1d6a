"""Lists that wait and what loading changed; publications that look alike, found by the trigrams of their titles."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
    ]
