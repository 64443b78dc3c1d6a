"""Load a release or the fixtures: check everything, say what will be done, do it in one transaction."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from claims.imports import BadRows, plan_load, read_release
from claims.loading import load
from kb.lib.jsonlines import BadFile


class Command(BaseCommand):
    help = "Load a folder in the interchange format. A bad row is named by file, line and field, and nothing changes."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--edited", action="store_true", help="the files were edited by hand: ignore the manifest"
        )
        parser.add_argument("--check", action="store_true", help="check and say what would be done, and stop")

    def handle(self, folder, *, edited, check, **options):
        try:
            plan = plan_load(read_release(folder, edited=edited))
            if options["verbosity"]:
                self.stdout.write("\n".join(plan.lines()))
            if check or not plan.size:
                return
            with tqdm(total=plan.size, unit="row", disable=not options["verbosity"], leave=False) as bar:
                load(plan, step=bar.update)
        except (BadFile, BadRows, OSError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"Loaded {plan.size} rows.")
