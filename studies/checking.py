"""Deeds: ask Crossref what happened to our publications, one after the other, and record what it says."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studies.actions import add_notice
from studies.lookup import NotFound
from studies.models import IntegrityNotice, NoticeCheck, Publication
from studies.retractions import SOURCE as LIST
from studies.retractions import STANDING_WORDS, record_of
from studies.updates import updates_of

SOURCE = "crossref"
LONGEST_RECORD = 120


class Checked(NamedTuple):
    """`added` are the notices that were new here; `standing` is "retracted" or "reinstated" where they changed it."""

    is_known: bool
    added: list
    standing: str


def publications_to_ask(days):
    """Those with a DOI that were never asked about, and then those last asked about longest ago, `days` at least."""
    before = timezone.now() - timedelta(days=days)
    return (
        Publication.objects.exclude(doi=None)
        .filter(Q(notice_check=None) | Q(notice_check__asked_at__lte=before))
        .order_by(F("notice_check__asked_at").asc(nulls_first=True), "pk")
    )


def check_publication(publication, *, by):
    """Record what Crossref says of this publication, and that it was asked. Raises Unavailable, and then nothing is kept."""
    try:
        updates, answer = updates_of(publication.doi)
    except NotFound as unknown:
        keep_check(publication, str(unknown), "")
        return Checked(False, [], "")
    return record_updates(publication, updates, answer, by=by)


@transaction.atomic
def record_updates(publication, updates, answer, *, by):
    Publication.objects.select_for_update().get(pk=publication.pk)  # two at once take turns
    before = deciding(publication)
    here = publication.all_notices
    added = [record_update(publication, each, by=by) for each in updates if not is_known(each, here)]
    keep_check(publication, answer.url, answer.sha256)
    after = deciding(publication)
    return Checked(True, added, STANDING_WORDS.get(after, "") if after != before else "")


def is_known(update, here):
    """Whether a notice of ours is this one: from here, from the list of Retraction Watch, or the same notice by its DOI."""
    return any(
        notice.kind == update.kind
        and (
            notice.notice_doi.lower() == update.doi
            or (update.record and notice.source == LIST and record_of(notice) == update.record)
        )
        for notice in here
    )


def record_update(publication, update, *, by):
    notice = IntegrityNotice(
        publication=publication,
        kind=update.kind,
        noticed_on=update.noticed_on,
        notice_doi=update.doi,
        source=SOURCE,
        source_record_id=name_of(publication.doi, update),
    )
    return add_notice(notice, by=by)


def name_of(doi, update):
    """What tells it apart at Crossref: one notice may retract several papers. Shortened to a checksum where it is too long."""
    name = f"{doi} {update.kind} {update.doi}"
    return name if len(name) <= LONGEST_RECORD else hashlib.sha256(name.encode()).hexdigest()


def keep_check(publication, url, sha256):
    NoticeCheck.objects.update_or_create(
        publication=publication, defaults={"asked_at": timezone.now(), "url": url, "sha256": sha256}
    )


def deciding(publication):
    return Publication.objects.with_standing().values_list("deciding", flat=True).get(pk=publication.pk)
