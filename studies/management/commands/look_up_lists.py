"""All the time, or every minute with `--once`: look up the lines of lists that wait for it."""

from datetime import timedelta
from time import sleep

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand
from django.utils import timezone

from studies.models import Import
from studies.pasting import look_up_waiting

SECONDS_FOR_ONE = 60  # then the next list has its turn
RESTS_FOR = timedelta(minutes=5)  # a list whose source could not be reached


class Command(BaseCommand):
    help = "Look up the identifiers that editors pasted and that wait. Several may run; each list has one at a time."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="look up all that waits now and stop")
        parser.add_argument("--seconds", type=float, default=5, help="between looking for lists that wait")

    def handle(self, once, seconds, verbosity, **options):
        while True:
            while sum(self.went_on(imported, verbosity) for imported in waiting_lists()):
                pass
            if once:
                return
            sleep(seconds)

    def went_on(self, imported, verbosity):
        """Whether this list has less to wait for than before, and something still."""
        try:
            after = look_up_waiting(imported, by=imported.made_by, seconds=SECONDS_FOR_ONE)
        except PermissionDenied as error:
            self.stderr.write(f"list {imported.pk}: {error}")
            return False
        if verbosity > 1:
            self.stdout.write(f"list {imported.pk}: {len(after.waiting)} lines left")
        return 0 < len(after.waiting) < len(imported.waiting)


def waiting_lists():
    """Those whose source could be reached, or was not asked for a while."""
    rests = Import.objects.filter(unreached_at__gt=timezone.now() - RESTS_FOR)
    waiting = Import.objects.exclude(waiting=[]).exclude(pk__in=rests)
    return waiting.select_related("made_by").order_by("pk")
