"""Lists that were pasted keep each line as it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studies", "0007_merged_publications")]

    operations = [
        migrations.AddField(
            model_name="import", name="lines", field=models.JSONField(blank=True, default=list)
        ),
    ]
