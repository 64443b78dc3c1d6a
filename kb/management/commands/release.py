"""Write the published base as a release: JSON Lines and a manifest with SHA-256 sums."""

from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from claims.releases.places import Folder
from claims.releases.writing import Present, write_release


@contextmanager
def one_moment():
    """Every table as it stood at one moment, whatever is published meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Command(BaseCommand):
    help = (
        "Write every published record to a folder, in the format that load_kb reads. Same base, same bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, folder, **options):
        try:
            with one_moment():
                counts = write_release(Folder(folder), Present())
        except OSError as error:
            raise CommandError(str(error)) from error
        for name, count in counts.items():
            self.stdout.write(f"{count:6} {name}")
