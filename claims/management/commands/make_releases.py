"""All the time, or now and then with `--once`: make the releases that were asked for."""

from time import sleep

from django.core.management.base import BaseCommand, no_translations

from claims.choices import ReleaseState
from claims.releases.making import make_releases


class Command(BaseCommand):
    help = "Make each release that an admin asked for. Several may run at once; each does what others do not."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="make what is asked for and stop")
        parser.add_argument("--seconds", type=float, default=5, help="between looking for something to make")

    @no_translations
    def handle(self, once, seconds, **options):
        while True:
            for release in make_releases():
                if release.state == ReleaseState.FAILED:
                    self.stderr.write(f"{release}: {release.trouble}")
                else:
                    self.stdout.write(f"{release}: {release.sha256}")
            if once:
                return
            sleep(seconds)
