"""Once a night: which publications look like another."""

from django.core.management.base import BaseCommand

from studies.pairing import find_pairs


class Command(BaseCommand):
    help = "Look for publications of different studies that look alike, for the list at the desk."

    def handle(self, **options):
        self.stdout.write(f"{find_pairs()} pairs wait for somebody to look at them.")
