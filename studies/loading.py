"""Recording what a list says of our publications, through the actions of editors, in one transaction."""

from collections import Counter
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from studies.actions import add_notice
from studies.models import IntegrityNotice, Publication
from studies.retractions import SOURCE, STANDING_WORDS, OurPapers, Paper, Unreadable, listed, record_of


class Outcome(NamedTuple):
    """What became of one row of a list. `word` is one of: unmatched, refused, and for a row about a paper of ours new,
    already known (new, but another source had told us), already there, recorded again, differs."""

    line: int
    word: str
    record: str = ""
    publication: str = ""
    kind: str = ""
    sentence: str = ""


class AfterList(NamedTuple):
    """`changed`: (key, label, "retracted" or "reinstated") where the list changed the standing. `gone`: the records
    we have from the list that none of its rows about our papers carries any more, as (record, key)."""

    changed: list
    gone: list


@transaction.atomic
def record_list(rows, *, by, tell):
    """Record what the list of Retraction Watch says of our publications; `tell` is called with an Outcome for each row.

    A record is added once. When its paper, kind or date changed at the source it is added again under "50438#2", since
    notices are append-only; other differences are told and not written.
    """
    with connection.cursor() as cursor:  # two loads at once take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [SOURCE])
    recorder = ListRecorder(by)
    for row in rows:
        tell(recorder.outcome_of(row))
    return AfterList(recorder.changed(), recorder.gone())


class ListRecorder:
    """Holds our side of the comparison in memory: its size goes with our publications, not with the list."""

    def __init__(self, by):
        self.by = by
        self.papers = OurPapers(our_papers())
        notices = IntegrityNotice.objects.order_by("pk").select_related("publication__merged_into")
        from_list = list(notices.filter(source=SOURCE))
        self.told = {record_of(notice): notice for notice in from_list}  # the latest of each record
        self.times = Counter(map(record_of, from_list))
        self.elsewhere = {
            (notice.publication.leads_to.pk, notice.kind) for notice in notices.exclude(source=SOURCE)
        }
        self.met = set()
        self.before = {}

    def outcome_of(self, row):
        try:
            paper = self.papers.named_by(row)
            if paper is None:
                return Outcome(row.line, "unmatched")
            return self.record(row.line, paper, listed(row))
        except Unreadable as error:
            return Outcome(row.line, "refused", sentence=str(error))
        except (ValidationError, IntegrityError) as error:
            return Outcome(row.line, "refused", sentence=str(error).splitlines()[0])

    def record(self, line, paper, said):
        if said.record in self.met:
            raise Unreadable(f"record {said.record} stands in the list twice")
        self.met.add(said.record)
        before = self.told.get(said.record)
        weighty, light = differences(before, paper, said) if before else ([], [])
        sentence = "; ".join(weighty + light)
        if before is None:
            known = (paper.pk, said.kind) in self.elsewhere
            self.add(paper, said, said.record)
            word = "already known" if known else "new"
        elif weighty:
            again = f"{said.record}#{self.times[said.record] + 1}"
            self.add(paper, said, again)
            word, sentence = "recorded again", f"{sentence}; now also here as {again}"
        else:
            word = "differs" if light else "already there"
        return Outcome(line, word, said.record, paper.key, said.kind, sentence)

    def add(self, paper, said, source_record_id):
        if paper.pk not in self.before:
            with_standing = Publication.objects.with_standing().values_list("deciding", flat=True)
            self.before[paper.pk] = with_standing.get(pk=paper.pk)
        notice = IntegrityNotice(
            publication_id=paper.pk,
            kind=said.kind,
            noticed_on=said.noticed_on,
            reasons_en=said.reasons,
            notice_doi=said.notice_doi,
            notice_pmid=said.notice_pmid,
            source=SOURCE,
            source_record_id=source_record_id,
        )
        add_notice(notice, by=self.by)

    def changed(self):
        touched = Publication.objects.with_standing().select_related("study").filter(pk__in=self.before)
        return [
            (paper.key, paper.study.label, STANDING_WORDS[paper.deciding])
            for paper in touched
            if paper.deciding != self.before[paper.pk]
        ]

    def gone(self):
        return [
            (record, self.told[record].publication.leads_to.key)
            for record in self.told
            if record not in self.met
        ]


def our_papers():
    """Yields (Paper, doi, pmid) of each publication; the Paper of a merged one is the one that stays."""
    columns = ("pk", "key", "doi", "pmid", "merged_into", "merged_into__key", "merged_into__doi")
    for pk, key, doi, pmid, into, into_key, into_doi in Publication.objects.values_list(*columns).iterator():
        yield (Paper(into, into_key, into_doi) if into else Paper(pk, key, doi)), doi, pmid


def differences(before, paper, said):
    """(those that may move a standing, the others), each as "date 2023-08-16, was 2023-08-15"."""
    weighty = (
        ("publication", before.publication.leads_to.key, paper.key),
        ("kind", before.kind, said.kind),
        ("date", before.noticed_on, said.noticed_on),
    )
    light = (
        ("reasons", before.reasons_en, said.reasons),
        ("DOI of the notice", before.notice_doi, said.notice_doi),
        ("PMID of the notice", before.notice_pmid, said.notice_pmid),
    )
    return tuple(
        [
            f"{name} {after or 'none'}, was {earlier or 'none'}"
            for name, earlier, after in pairs
            if earlier != after
        ]
        for pairs in (weighty, light)
    )
