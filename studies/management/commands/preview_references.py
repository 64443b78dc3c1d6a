"""What a file of references would bring, before anything is entered."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, no_translations

from studies.formats import LARGEST_FILE, Unreadable
from studies.imports import preview


class Command(BaseCommand):
    help = "Tell which references of a file are here already, which are new, and what cannot be read. Nothing is kept."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="RIS, BibTeX, NBIB, CSL-JSON, PubMed XML, CSV or XLSX")

    @no_translations
    def handle(self, file, **options):
        try:
            with file.open("rb") as opened:
                reading, rows = preview(file.name, opened.read(LARGEST_FILE + 1))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        for row in rows:
            self.tell(row)
        for problem in reading.problems:
            self.stdout.write(f"{problem.line}: {problem.sentence}")
        for name, times in reading.dropped.items():
            self.stdout.write(f"not kept: {name}, {times}")
        here = sum(bool(row.here) for row in rows)
        troubles = len(reading.problems) + reading.problems_untold
        self.stdout.write(f"{len(rows) - here} new, {here} here already, {troubles} problems")

    def tell(self, row):
        title = row.record.fields.get("title", "no title")
        keys = ", ".join(publication.key for publication in row.here)
        self.stdout.write(f"{row.record.line}: {f'here as {keys}' if keys else 'new'}: {title}")
        for column, (ours, theirs) in row.conflicts.items():
            self.stdout.write(f"  {column}: here {ours}, in the file {theirs}")
