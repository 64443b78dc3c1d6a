"""What was chosen for the rows of a list is kept with it, page by page; a long list is loaded when a command comes to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("studies", "0009_unreached_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="import", name="choices", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddField(
            model_name="import", name="loading_asked_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="import",
            name="loading_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="import", name="loading_trouble", field=models.TextField(blank=True, default="")
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=Q(loading_asked_at=None, loading_by=None)
                | Q(loading_asked_at__isnull=False, loading_by__isnull=False, state="previewed"),
                name="import_waits_to_be_loaded_by_somebody",
                violation_error_message="A list that waits to be loaded was looked at, and somebody asked for it.",
            ),
        ),
    ]
