"""All the time, or every minute with `--once`: load the long lists that editors asked to be loaded."""

from time import sleep

from django.core.management.base import BaseCommand

from studies.models import Import
from studies.selecting import load_asked


class Command(BaseCommand):
    help = "Load the lists that wait for it. Several may run; they take turns."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="load all that waits now and stop")
        parser.add_argument("--seconds", type=float, default=5, help="between looking for lists that wait")

    def handle(self, once, seconds, verbosity, **options):
        while True:
            for imported in asked_lists():
                loaded = load_asked(imported)
                if verbosity > 1:
                    said = loaded.loading_trouble or f"{len(loaded.made)} new studies"
                    self.stdout.write(f"list {imported.pk}: {said}")
            if once:
                return
            sleep(seconds)


def asked_lists():
    asked = Import.objects.filter(loading_asked_at__isnull=False)
    return asked.only("pk").order_by("loading_asked_at", "pk")
