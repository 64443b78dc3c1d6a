"""A notice is on the paper, whichever of its entries it was recorded at; and merging two entries alone moves no rating."""

from importlib import import_module

from django.db import migrations

before = import_module("claims.migrations.0005_ground_standing_feed")
merged = import_module("claims.migrations.0016_merged_studies")

ONE_PAPER = (
    (
        # An entry stays in the ground under its own key, for as long as the paper is retracted.
        "AND 'retraction' = (\n",
        "AND 'retraction' = studies_deciding(publication.id) AND 'retraction' = (\n",
    ),
    (
        "publication.key AS publication_key, publication.role, notice.*",
        """publication.key AS publication_key, notice.*, CASE WHEN EXISTS (
            SELECT 1 FROM studies_publication entry
            WHERE entry.id IN (SELECT studies_one_paper(publication.id)) AND entry.role = 'primary'
        ) THEN 'primary' ELSE publication.role END AS role""",
    ),
    (
        "WHERE studies_publication.key = publication AND role = 'primary'",
        "WHERE role = 'primary' AND id IN (SELECT studies_one_paper(told.id) FROM studies_publication told "
        "WHERE told.key = publication)",
    ),
)
CHANGED = """
DROP TRIGGER claims_publication_changed ON studies_publication;
CREATE TRIGGER claims_publication_changed AFTER UPDATE ON studies_publication FOR EACH ROW
    WHEN ((OLD.key, OLD.role, OLD.study_id{old}) IS DISTINCT FROM (NEW.key, NEW.role, NEW.study_id{new}))
    EXECUTE FUNCTION claims_publication_changed()
"""


def of_the_paper(sql):
    for of_entry, of_paper in ONE_PAPER:
        sql = sql.replace(of_entry, of_paper)
    return sql


class Migration(migrations.Migration):
    dependencies = [("claims", "0021_quotes"), ("studies", "0007_merged_publications")]

    operations = [
        *(
            migrations.RunSQL(of_the_paper(merged.following(sql)), merged.following(sql))
            for sql in (before.GROUND, before.STANDING_OF, before.CHECK_RATINGS)
        ),
        migrations.RunSQL(
            CHANGED.format(old=", OLD.merged_into_id", new=", NEW.merged_into_id"),
            CHANGED.format(old="", new=""),
        ),
    ]
