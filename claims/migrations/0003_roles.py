"""The roles as groups: reader, editor, reviewer, admin, each with what the one before it may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEWED = {
    "studies": ["study", "publication", "reviewinclusion", "integritynotice"],
    "claims": [
        "topic", "claim", "claimversion", "evidence", "judgement", "stalemark", "article", "articlecitation", "mention",
        "regulatorystatus",
    ],
}  # fmt: skip
EDITED = {
    "studies": ["study", "publication", "reviewinclusion"],
    "claims": ["claim", "claimversion", "evidence", "judgement", "article", "articlecitation", "mention", "regulatorystatus"],
}  # fmt: skip
DELETED = {"studies": ["reviewinclusion"], "claims": ["evidence", "judgement", "mention", "articlecitation"]}


def named(verb, models):
    return [(app, f"{verb}_{name}") for app, names in models.items() for name in names]


EDITOR = [
    *named("view", VIEWED),
    *named("add", EDITED),
    *named("change", EDITED),
    *named("delete", DELETED),
    ("studies", "add_integritynotice"),
    ("claims", "edit_draft"),
]
REVIEWER = [*EDITOR, ("claims", "review_version")]
ADMIN = [
    *REVIEWER,
    ("claims", "add_topic"),
    ("claims", "change_topic"),
    *named("view", {"auth": ["user", "group"]}),
    *named("add", {"auth": ["user"]}),
    *named("change", {"auth": ["user"]}),
]
ROLES = {"reader": [], "editor": EDITOR, "reviewer": REVIEWER, "admin": ADMIN}


def make_roles(apps, schema_editor):
    for label in ("studies", "claims", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(
            Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in wanted
        )


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0002_accession_fingerprint_reach"),
        ("studies", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
