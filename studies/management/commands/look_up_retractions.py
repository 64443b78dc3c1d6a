"""Ask Crossref which notices there are about our publications and record them (docs/retractions.md)."""

from django.core.management.base import BaseCommand, CommandError, no_translations
from tqdm import tqdm

from studies.checking import SOURCE, check_publication, publications_to_ask
from studies.lookup import Passing, Unavailable, contact
from studies.management.commands.load_retractions import person_who_loads
from studies.models import Publication

MOST_IN_A_ROW = 5  # times that Crossref cannot be reached; then asking on is no use


class Command(BaseCommand):
    help = "Ask Crossref what happened to each publication with a DOI. What was asked is kept, so it goes on where it stopped."

    def add_arguments(self, parser):
        parser.add_argument("--by", default=SOURCE, help=f"the account that records; {SOURCE} if not given")
        parser.add_argument(
            "--days", type=float, default=7, help="pass over what was asked in so many days; 7 if not given"
        )
        parser.add_argument("--most", type=int, help="ask about so many publications at most, and stop")

    @no_translations
    def handle(self, *, by, days, most, verbosity, **options):
        person = person_who_loads(by)
        if days < 0 or (most is not None and most < 1):
            raise CommandError("--days is 0 or more, and --most is 1 or more.")
        try:
            contact()
        except Unavailable as error:
            raise CommandError(str(error)) from error
        self.asked = self.unknown = self.troubles = self.added = 0
        unreached = 0
        waiting = list(publications_to_ask(days).values_list("pk", flat=True)[:most])
        for pk in tqdm(waiting, unit="DOI", disable=None, leave=False):
            publication = Publication.objects.select_related("study").filter(pk=pk).exclude(doi=None).first()
            if publication is None:  # taken away, or without its DOI, since we began
                continue
            try:
                self.tell(publication, check_publication(publication, by=person), verbosity)
                unreached = 0
            except Unavailable as error:
                self.troubles += 1
                self.stderr.write(f"{publication.key}: {error}")
                unreached = unreached + 1 if isinstance(error, Passing) else 0
            if unreached == MOST_IN_A_ROW:
                raise CommandError(f"{self.summary()} Crossref cannot be reached; the next run goes on here.")
        if verbosity:
            self.stdout.write(self.summary())

    def tell(self, publication, checked, verbosity):
        self.asked += 1
        self.unknown += not checked.is_known
        self.added += len(checked.added)
        for notice in checked.added if verbosity else ():
            self.stdout.write(f"{publication.key}: {notice.kind}, {notice.notice_doi}")
        if checked.standing and verbosity:
            self.stdout.write(f"{publication.key}, {publication.study.label}: {checked.standing}")

    def summary(self):
        return (
            f"{self.asked} publications asked about, {self.unknown} of them unknown to Crossref; "
            f"{self.added} new notices; {self.troubles} without an answer."
        )
