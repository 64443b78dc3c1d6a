"""Releases that people can download. Admins ask for them; the list of them is part of what is open to read."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

# How far the making is may be told often, and is no news to readers: only a new state is.
MOVED = """
CREATE TRIGGER kb_moved AFTER INSERT OR UPDATE OF state OR DELETE ON claims_release
    FOR EACH STATEMENT EXECUTE FUNCTION kb_moved();
"""


def add_permissions(apps, schema_editor):
    """Admins ask for releases."""
    config = apps.get_app_config("claims")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    wanted = Permission.objects.filter(
        content_type__app_label="claims", codename__in=("add_release", "view_release")
    )
    Group.objects.get(name="admin").permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0014_listing_words"),
        ("kb", "0005_state"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "day",
                    models.DateField(
                        help_text="A day that is over; the release is of its end.",
                        unique=True,
                        verbose_name="day",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("building", "Being made"),
                            ("made", "Made"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="asked at")),
                ("made_at", models.DateTimeField(editable=False, null=True, verbose_name="made at")),
                (
                    "rows_written",
                    models.BigIntegerField(default=0, editable=False, verbose_name="rows written"),
                ),
                (
                    "rows_expected",
                    models.BigIntegerField(default=0, editable=False, verbose_name="rows to write"),
                ),
                (
                    "trouble",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=200, verbose_name="trouble"
                    ),
                ),
                ("size", models.BigIntegerField(editable=False, null=True, verbose_name="size in bytes")),
                (
                    "sha256",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=64, verbose_name="SHA-256"
                    ),
                ),
                ("counts", models.JSONField(default=dict, editable=False, verbose_name="rows of each file")),
                ("changes", models.JSONField(default=dict, editable=False, verbose_name="what changed")),
                (
                    "asked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ("-day",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "building", "made", "failed"])),
                        name="release_state_is_known",
                        violation_error_message="This is not a state we know.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True),
                            models.Q(
                                ("made_at__isnull", False),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                ("size__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="release_made_in_full",
                        violation_error_message="A release that was made has its moment, size and SHA-256.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), models.Q(("trouble", ""), _negated=True)),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("trouble", "")),
                            _connector="OR",
                        ),
                        name="release_failed_says_why",
                        violation_error_message="A release that failed says why.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER kb_moved ON claims_release"),
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
    ]
