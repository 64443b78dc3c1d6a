"""Writes the examples of answers in the description of the API anew, from a base that holds the fixtures alone."""

from django.core.management.base import BaseCommand
from django.test import Client

from kb.examples import ASKED, HERE, asked_anew


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        client = Client(headers={"host": "127.0.0.1"})
        for name in ASKED:
            (HERE / f"{name}.json").write_text(asked_anew(client, name), encoding="utf-8")
        self.stdout.write(f"{len(ASKED)} examples written.")
