"""What the lists of studies and publications are read from: their order, their words, their years."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0010_kept_choices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="integritynotice",
            index=models.Index(
                models.F("publication"),
                models.OrderBy(models.F("noticed_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("kind__in", ("retraction", "reinstatement"))),
                include=("kind",),
                name="notice_deciding",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("container_title"), name="gin_trgm_ops"
                ),
                fastupdate=False,
                name="publication_words",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(models.F("study"), models.F("year"), name="publication_of_study_in_year"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(models.F("year"), models.F("study"), name="publication_in_year"),
        ),
        migrations.AddIndex(
            model_name="study",
            index=models.Index(
                models.F("label"),
                models.F("key"),
                condition=models.Q(("merged_into", None)),
                name="study_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="study",
            index=models.Index(
                models.F("design"),
                models.F("label"),
                models.F("key"),
                condition=models.Q(("merged_into", None)),
                name="study_listed_by_design",
            ),
        ),
        migrations.AddIndex(
            model_name="study",
            index=models.Index(
                models.F("merged_into"),
                condition=models.Q(("merged_into__isnull", False)),
                name="study_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="study",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("label"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("population_en"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("population_nl"), name="gin_trgm_ops"
                ),
                fastupdate=False,
                name="study_words",
            ),
        ),
    ]
