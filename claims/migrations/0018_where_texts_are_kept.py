"""Where PostgreSQL keeps the two long texts of a version: the card in the row, the document beside it, neither compressed.

A list reads 25 cards: looked up beside their rows and unpacked they took two thirds of its time. An export reads every
document, and unpacking took half of that. Rows that are there already are moved by VACUUM FULL (cards) or stay as they are
(documents).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_tally_of_topics")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE claims_claimversion ALTER COLUMN document SET STORAGE EXTERNAL",
                "ALTER TABLE claims_claimversion ALTER COLUMN card SET STORAGE MAIN",
                "ALTER TABLE claims_claimversion SET (toast_tuple_target = 4080)",
            ],
            [
                "ALTER TABLE claims_claimversion RESET (toast_tuple_target)",
                "ALTER TABLE claims_claimversion ALTER COLUMN card SET STORAGE EXTENDED",
                "ALTER TABLE claims_claimversion ALTER COLUMN document SET STORAGE EXTENDED",
            ],
        )
    ]
