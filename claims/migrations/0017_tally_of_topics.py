"""The cells that count the topics of a list, to be read from an index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0016_merged_studies"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="tally",
            index=models.Index(
                condition=models.Q(("design", ""), ("verdict", ""), models.Q(("topic", 0), _negated=True)),
                fields=["strength"],
                include=("topic", "claims"),
                name="tally_of_topics",
            ),
        ),
    ]
