"""A list that waits to be looked up says why it could not be."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("studies", "0008_pasted_lines")]

    operations = [
        migrations.AddField(
            model_name="import", name="unreached", field=models.TextField(blank=True, default="")
        ),
        migrations.AddField(
            model_name="import", name="unreached_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=Q(unreached="", unreached_at=None)
                | (~Q(unreached="") & Q(unreached_at__isnull=False)),
                name="import_unreached_at_a_moment",
                violation_error_message="A source could not be reached at some moment.",
            ),
        ),
    ]
