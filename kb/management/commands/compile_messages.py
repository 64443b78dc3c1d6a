"""Compile the translations with polib: Django's compilemessages needs gettext, which not every machine has."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compile each .po file under LOCALE_PATHS to the .mo file that Django reads. Needs no gettext."
    requires_system_checks = ()

    def handle(self, **options):
        for source in sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po")):
            try:
                messages = polib.pofile(str(source), check_for_duplicates=True)
            except (OSError, ValueError) as error:
                raise CommandError(str(error)) from error
            messages.save_as_mofile(str(source.with_suffix(".mo")))
            if options["verbosity"]:
                left = len(messages.untranslated_entries()) + len(messages.fuzzy_entries())
                self.stdout.write(
                    f"{source.parent.parent.name}: {len(messages)} messages, {left} not translated"
                )
