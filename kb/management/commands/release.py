"""Write the published base as a release: JSON Lines and a manifest with SHA-256 sums."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from claims.exports import write_release


class Command(BaseCommand):
    help = "Write every published record to a folder, in the format that load_kb reads. Same base, same bytes."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, folder, **options):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                counts = write_release(folder)
        except OSError as error:
            raise CommandError(str(error)) from error
        for name, count in counts.items():
            self.stdout.write(f"{count:6} {name}")
