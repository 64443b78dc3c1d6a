"""Admins see that tokens and second factors exist, and may end them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

GIVEN = [("kb", "token"), ("mfa", "authenticator")]


def add_permissions(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for label, model in GIVEN:
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
        Group.objects.get(name="admin").permissions.add(
            *Permission.objects.filter(
                content_type__app_label=label, codename__in=[f"view_{model}", f"delete_{model}"]
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0003_token"),
        ("claims", "0003_roles"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(add_permissions, migrations.RunPython.noop)]
