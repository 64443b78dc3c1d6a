"""Letting readers see a version: its number, its document, and what it changed for whoever relies on the claim."""

import pghistory
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.drafts import reviewed
from claims.actions.marks import resolve_marks
from claims.actions.rules import Refused, hold_feed, locked_claim, statement_needed, still_stands
from claims.choices import ChangeKind, VersionState
from claims.documents import build_document, card_of
from claims.models import ClaimVersion, SecondRating
from kb.lib.jsonlines import canonical, sha256


@transaction.atomic
def publish_version(version, *, by, note="", revision=None, at=None, interests=None):
    """Make this draft what readers see. Refuses the author's own work and a draft made from an outdated base.

    `at` and `interests` are for loading a release: when it was published there, and what the reviewer had declared.
    Without them it is now, and the reviewer's own statement of interests, without which nobody reviews.
    """
    claim = locked_claim(version.claim_id)
    version = reviewed(version, by, revision)
    still_stands(claim)
    before = claim.versions.filter(state=VersionState.PUBLISHED).select_for_update(no_key=True).first()
    if before != version.base:
        raise Refused("outdated-base", _("Another version was published since this draft was started."))
    if not (version.searched_through and version.next_review_due):
        raise Refused("undated", _("Say through which date was searched and when the next review is due."))
    second = SecondRating.objects.filter(version=version).first()
    if second and not second.given_at:
        raise Refused("second-rating-open", _("A second rating was asked for and is not given yet."))
    declared = statement_needed(by) if at is None else interests or ""
    at = at or timezone.now()
    hold_feed()
    with pghistory.context(user=by.pk):
        if before:
            resolve_marks(claim, f"{claim.accession}.{before.number + 1}", by=by)
            ClaimVersion.objects.filter(pk=before.pk).update(state=VersionState.SUPERSEDED, superseded_at=at)
        if not claim.accession:
            claim.accession = next_accession()
            claim.save(update_fields=["accession"])
        version.claim = claim
        version.number = before.number + 1 if before else 1
        version.reviewer = by
        version.reviewer_interests = declared
        version.published_at = at
        version.change_kind = change_between(before, version)
        version.change_note = note
        version.topics.set(claim.topics.all())
        document = build_document(version)
        version.document = canonical(document)
        version.document_sha256 = sha256(version.document)
        version.card = card_of(document)
        version.fingerprint = fingerprint_of(version)
        index_version(version, document)
        version.state = VersionState.PUBLISHED
        version.save()  # and with it the listing, which takes the words
    return version


def change_between(before, after):
    """What a new version changed for whoever relies on the claim; the first that applies, in this order."""
    if before is None:
        return ChangeKind.FIRST
    if (before.strength or 0) != (after.strength or 0):
        return (
            ChangeKind.STRENGTH_UP
            if (after.strength or 0) > (before.strength or 0)
            else ChangeKind.STRENGTH_DOWN
        )
    if before.verdict != after.verdict:
        return ChangeKind.VERDICT_CHANGED
    if fingerprint_of(before) != fingerprint_of(after):
        return ChangeKind.EVIDENCE_CHANGED
    return ChangeKind.WORDING_ONLY


def fingerprint_of(version):
    """The hash, worked out by the database, of what the rating of this version rests on today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_fingerprint(%s)", [version.pk])
        return cursor.fetchone()[0]


def next_accession():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'KB' || to_char(nextval('claims_accession'), 'FM999999000000')")
        return cursor.fetchone()[0]


@transaction.atomic
def reserve_accession(accession):
    """For loading a release: move the sequence past an accession given out elsewhere, so it is never given again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('claims_accession', greatest(last_value, %s)) FROM claims_accession",
            [int(accession.removeprefix("KB"))],
        )


def index_version(version, document):
    """Keep the words that this version is found by, now and when somebody asks for a past moment."""
    topics = list(version.topics.all())
    words = {
        language: "\n".join(
            [
                document["statement"][language],
                document["summary"][language],
                *(
                    " ".join([getattr(t, f"name_{language}"), *getattr(t, f"synonyms_{language}")])
                    for t in topics
                ),
            ]
        )
        for language in ("en", "nl")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO claims_searchentry (version_id, vector) VALUES (%(pk)s,
                setweight(to_tsvector('dutch', %(statement_nl)s), 'A')
                || setweight(to_tsvector('english', %(statement_en)s), 'A')
                || to_tsvector('dutch', %(nl)s) || to_tsvector('english', %(en)s)
                || to_tsvector('simple', %(accession)s || ' ' || %(nl)s || ' ' || %(en)s))
            """,
            {
                "pk": version.pk,
                "accession": version.claim.accession,
                "statement_nl": document["statement"]["nl"],
                "statement_en": document["statement"]["en"],
                **words,
            },
        )
