"""Record what the list of Retraction Watch says of our publications (docs/retractions.md)."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from kb.lib.jsonlines import canonical
from studies.choices import NoticeKind
from studies.loading import record_list
from studies.retractions import SOURCE, NotTheList, read_rows

SHOWN = 20
WRITTEN = ("new", "already known", "recorded again")
MATCHED = (*WRITTEN, "already there", "differs")


class Command(BaseCommand):
    help = "Load the CSV of Retraction Watch: a notice for each of its records about a publication of ours."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default=SOURCE, help=f"the account that loads; {SOURCE} if not given")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be recorded, and write nothing"
        )
        parser.add_argument("--report", type=Path, help="also write what became of each row, as JSON Lines")

    def handle(self, file, *, by, dry_run, report, **options):
        person = person_who_loads(by)
        try:
            with (
                file.open(encoding="utf-8-sig", errors="replace", newline="") as text,
                report.open("w", encoding="utf-8") if report else nullcontext() as kept,
                tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=None, leave=False) as bar,
                transaction.atomic(),
            ):
                tally = Tally(kept)

                def tell(outcome):
                    bar.update(text.buffer.tell() - bar.n)
                    tally.add(outcome)

                after = record_list(read_rows(text), by=person, tell=tell)
                transaction.set_rollback(dry_run)
        except NotTheList as error:
            raise CommandError(f"{file} {error}") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write("\n".join(tally.lines(after)))
            self.stdout.write("Dry run: nothing was written." if dry_run else tally.ending())


def person_who_loads(username):
    person = get_user_model().objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is no account “{username}”: make it, or name one with --by.")
    if not person.has_perm("studies.add_integritynotice"):
        raise CommandError(f"The account “{username}” may not record notices: give it the role editor.")
    return person


class Tally:
    """Counts what became of the rows and keeps the first few that somebody has to look at."""

    def __init__(self, report):
        self.report = report
        self.words, self.kinds = Counter(), Counter()
        self.shown = {"refused": [], "recorded again": [], "differs": []}

    def add(self, outcome):
        self.words[outcome.word] += 1
        if outcome.word == "unmatched":
            return
        if outcome.word in WRITTEN:
            self.kinds[outcome.kind] += 1
        if outcome.word in self.shown and self.words[outcome.word] <= SHOWN:
            self.shown[outcome.word].append(outcome)
        if self.report:
            self.report.write(f"{canonical(outcome._asdict())}\n")

    def lines(self, after):
        words, matched = self.words, sum(self.words[word] for word in MATCHED)
        kinds = ", ".join(f"{kind} {self.kinds[kind]}" for kind in NoticeKind.values if self.kinds[kind])
        yield (
            f"{words.total()} rows read: {matched} matched, {words['unmatched']} unmatched, {words['refused']} refused."
        )
        yield f"New notices: {self.written()}{kinds and f' ({kinds})'}."
        yield f"Already there: {words['already there']}. Already known from another source: {words['already known']}."
        yield f"Changed at the source: {words['recorded again']} recorded again, {words['differs']} only told here."
        yield from self.listed("recorded again", "differs")
        yield f"Refused: {words['refused']}."
        yield from self.listed("refused")
        yield f"No longer in the list: {len(after.gone)}."
        yield from (f"  record {record}, {key}" for record, key in after.gone)
        yield f"Standing changed: {len(after.changed)}."
        yield from (f"  {key}, {label}: {standing}" for key, label, standing in after.changed)

    def listed(self, *words):
        for word in words:
            for outcome in self.shown[word]:
                about = f"record {outcome.record}, {outcome.publication}: " if outcome.record else ""
                yield f"  line {outcome.line}: {about}{outcome.sentence}"
            if self.words[word] > SHOWN:
                yield f"  and {self.words[word] - SHOWN} more"

    def written(self):
        return sum(self.words[word] for word in WRITTEN)

    def ending(self):
        return (
            f"Recorded {self.written()} notices." if self.written() else "Nothing new: nothing was written."
        )
