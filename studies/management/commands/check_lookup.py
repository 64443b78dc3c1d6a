"""Whether looking up references works from this machine."""

from django.core.management.base import BaseCommand, CommandError, no_translations

from studies.identifiers import InvalidIdentifier
from studies.lookup import NotFound, Unavailable, look_up


class Command(BaseCommand):
    help = "Look up DOIs, PMIDs or PMCIDs and tell what came from where. Nothing is kept."

    def add_arguments(self, parser):
        parser.add_argument("identifiers", nargs="+", metavar="identifier")

    @no_translations
    def handle(self, identifiers, **options):
        for text in identifiers:
            try:
                found = look_up(text)
            except (InvalidIdentifier, NotFound, Unavailable) as trouble:
                raise CommandError(str(trouble)) from trouble
            fields, answer = found.record.fields, found.answer
            self.stdout.write(f"{fields.get('title', 'no title')} ({fields.get('year', 'no year')})")
            self.stdout.write(f"  {answer.url}, {len(answer.body)} bytes, sha256 {answer.sha256}")
