"""Write the published base as a release: as it stands to a folder, or as it stood at the end of a day to one file."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import connection, transaction

from claims.actions import Refused
from claims.choices import ReleaseState
from claims.models import Release
from claims.releases.making import alone, make_release, path_of, queue_release, rebuild_release
from claims.releases.past import Unsettled
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


def day_named(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError("A date is written as 2026-01-31.") from None


class Command(BaseCommand):
    help = (
        "Write every published record to a folder, in the format that load_kb reads, and as CSV. Same base, same bytes. "
        "With --date instead: make the release of that day to download, or make it once more and compare."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--date", dest="day", help="a day that is over, such as 2026-01-31")

    @no_translations
    def handle(self, folder, day, **options):
        if bool(folder) == bool(day):
            raise CommandError("Give a folder, or --date and a day.")
        try:
            return self.of_a_day(day_named(day)) if day else self.to_folder(folder)
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        except Unsettled as error:
            raise CommandError(
                "Something that began before the end of that day is still under way."
            ) from error
        finally:
            self.end_line()

    def to_folder(self, folder):
        with one_moment():
            counts = write_release(Folder(folder), Present(), tell=self.tell_rows)
        self.end_line()
        for name, count in counts.items():
            self.stdout.write(f"{count:6} {name}")

    def of_a_day(self, day):
        release = Release.objects.filter(day=day, state=ReleaseState.MADE).first()
        if release:
            return self.once_more(release)
        release = Release.objects.filter(day=day, state__in=("queued", "building")).first() or queue_release(
            day
        )
        with alone(release) as is_ours:
            if not is_ours:
                raise CommandError("Somebody else is making it.")
            made = make_release(release, tell=self.tell)
        self.end_line()
        if made.state == ReleaseState.FAILED:
            raise CommandError(made.trouble)
        self.stdout.write(f"{made.sha256}  {path_of(made)}")

    def once_more(self, release):
        digest = rebuild_release(release, tell=self.tell)
        self.end_line()
        if digest != release.sha256:
            raise CommandError(f"Made once more it is {digest}, not {release.sha256} as it was.")
        self.stdout.write(f"{digest}  {path_of(release)}: the same once more")

    is_telling = False

    def tell(self, release):
        self.tell_rows(release.rows_written, f" of {release.rows_expected}")

    def tell_rows(self, rows, of=""):
        self.is_telling = True
        self.stderr.write(f"\r{rows}{of} rows", ending="")

    def end_line(self):
        if self.is_telling:
            self.stderr.write("")
        self.is_telling = False
