"""The first time: an editor, a reviewer and an admin, with passwords that are kept in one private file."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse

ROLES = ("editor", "reviewer", "admin")


class Command(BaseCommand):
    help = "Make an account for each role, unless there is one, and keep the passwords in a private file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where the passwords are kept")

    def handle(self, file, **options):
        User = get_user_model()
        missing = [role for role in ROLES if not User.objects.filter(username=role).exists()]
        if not missing:
            return
        passwords = {role: secrets.token_urlsafe(12) for role in missing}
        with transaction.atomic():
            for role, password in passwords.items():
                person = User.objects.create_user(role, password=password, is_staff=True)
                person.groups.add(Group.objects.get(name=role))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            with file.open("a", encoding="utf-8") as accounts:
                accounts.writelines(f"{role} {password}\n" for role, password in passwords.items())
        sign_in = f"{settings.SITE_URL}{reverse('account_login')}"
        self.stdout.write(f"Accounts to sign in with at {sign_in} (kept in {file}):")
        for role, password in passwords.items():
            self.stdout.write(f"  {role:9} {password}")
