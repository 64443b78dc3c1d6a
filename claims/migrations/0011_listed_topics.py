"""Rows of one topic in the order of a list, kept by triggers on the listing itself, whoever changes it."""

import django.db.models.deletion
from django.db import migrations, models

ROWS = "SELECT unnest(topics), version_id, kind, strength, verdict, published_at FROM"
INTO = "INSERT INTO claims_listedtopic (topic, version_id, kind, strength, verdict, published_at)"

KEPT = f"""
CREATE FUNCTION claims_listing_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {INTO} {ROWS} made;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_listing_made AFTER INSERT ON claims_listing REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION claims_listing_made();

CREATE FUNCTION claims_listing_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM claims_listedtopic WHERE version_id IN (SELECT version_id FROM gone);
    {INTO} {ROWS} made;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_listing_changed AFTER UPDATE ON claims_listing REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION claims_listing_changed();

CREATE FUNCTION claims_listing_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM claims_listedtopic WHERE version_id IN (SELECT version_id FROM gone);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_listing_gone AFTER DELETE ON claims_listing REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION claims_listing_gone();
"""

UNDONE = """
DROP TRIGGER claims_listing_made ON claims_listing;
DROP TRIGGER claims_listing_changed ON claims_listing;
DROP TRIGGER claims_listing_gone ON claims_listing;
DROP FUNCTION claims_listing_made, claims_listing_changed, claims_listing_gone;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0010_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListedTopic",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "topic", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("topic", models.BigIntegerField()),
                ("kind", models.CharField(max_length=16)),
                ("strength", models.IntegerField(null=True)),
                ("verdict", models.CharField(max_length=16)),
                ("published_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="claims.claimversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("topic"),
                        models.OrderBy(models.F("strength"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("version"), descending=True),
                        name="listed_topic_strongest",
                    ),
                    models.Index(
                        models.F("topic"),
                        models.OrderBy(models.F("strength"), nulls_last=True),
                        models.OrderBy(models.F("version")),
                        name="listed_topic_weakest",
                    ),
                    models.Index(
                        models.F("topic"),
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("version"), descending=True),
                        name="listed_topic_newest",
                    ),
                    models.Index(models.F("version"), name="listed_topic_version"),
                ],
            },
        ),
        migrations.RunSQL(KEPT, UNDONE),
        migrations.RunSQL(f"{INTO} {ROWS} claims_listing", migrations.RunSQL.noop),
    ]
