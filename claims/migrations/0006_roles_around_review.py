"""Editors and above may look at what stands around a version; reviewers declare their interests."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ("editor", "reviewer", "admin")
VIEWED = ("comment", "intereststatement", "secondrating", "flag", "standing", "change")


def add_permissions(apps, schema_editor):
    config = apps.get_app_config("claims")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    wanted = Permission.objects.filter(
        content_type__app_label="claims", codename__in=[f"view_{name}" for name in VIEWED]
    )
    for name in ROLES:
        Group.objects.get(name=name).permissions.add(*wanted)
    declare = Permission.objects.get(content_type__app_label="claims", codename="add_intereststatement")
    for name in ("reviewer", "admin"):
        Group.objects.get(name=name).permissions.add(declare)


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_ground_standing_feed"), ("claims", "0003_roles")]

    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
