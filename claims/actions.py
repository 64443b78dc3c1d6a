"""Deeds on claims. Every write that means something is here, atomic, and says who does it.

Each action checks the role, the state and the two-person rule, and answers with what it made. A refusal is a
`Refused`, whose `rule` names it for programs and whose text says it to people. The database keeps the same rules once
more, so that no other door can pass them.
"""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import ChangeKind, VersionState
from claims.documents import build_document, card_of
from claims.grading import scheme_for
from claims.models import Claim, ClaimVersion, Evidence, Judgement, SearchEntry
from kb.lib.jsonlines import canonical, sha256

EDIT, REVIEW = "claims.edit_draft", "claims.review_version"

# What a draft takes over from the version it starts from, and what its author may write.
WRITTEN = (
    "statement_en statement_nl summary_en summary_nl population_en population_nl comparator_en comparator_nl "
    "caveats_en caveats_nl scheme evidence_state start strength strength_in_people override_reason_en "
    "override_reason_nl verdict effect_size rationale_en rationale_nl would_change_en would_change_nl "
    "searched_through next_review_due"
).split()


class Refused(Exception):
    """A rule of the base does not allow this now. `rule` is its name, the text says why."""

    def __init__(self, rule, sentence):
        super().__init__(sentence)
        self.rule = rule


@transaction.atomic
def save_record(record, *, by):
    """Keep a topic, article, mention or status as it now stands, with who did it in its history."""
    with pghistory.context(user=by.pk):
        record.clean_fields()  # the rest is checked by the form before, and kept by the database
        record.save()
    return record


@transaction.atomic
def link_topics(claim, topics, *, by):
    """Make these the topics of the claim. Published documents keep the topics they were published with."""
    needs(by, EDIT)
    claim.topics.set(topics)
    return claim


@transaction.atomic
def start_claim(*, by, topics=(), **identity):
    """A new claim, known to nobody but editors until its first version is published."""
    needs(by, EDIT)
    claim = Claim(**identity)
    save_record(claim, by=by)
    claim.topics.set(topics)
    return claim


@transaction.atomic
def start_draft(claim, *, by, **words):
    """A draft beside the published version: a full copy with its evidence and judgements, or empty for a new claim."""
    needs(by, EDIT)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.merged_into_id or claim.withdrawn_at:
        raise Refused("claim-closed", _("This claim was merged or withdrawn."))
    if claim.versions.filter(
        state__in=(VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED)
    ).exists():
        raise Refused("draft-open", _("This claim already has an open draft."))
    base = claim.versions.filter(state=VersionState.PUBLISHED).first()
    taken = {name: getattr(base, name) for name in WRITTEN} if base else {"scheme": scheme_for(claim.kind)}
    with pghistory.context(user=by.pk):
        draft = ClaimVersion.objects.create(claim=claim, base=base, author=by, **taken | words)
        for model, rows in (
            ((Evidence, base.evidence.all()), (Judgement, base.judgements.all())) if base else ()
        ):
            model.objects.bulk_create(copies(rows, draft))
    return draft


def copies(rows, draft):
    for row in rows:
        row.pk, row._state.adding, row.version = None, True, draft
        yield row


@transaction.atomic
def edit_draft(version, *, by, **words):
    """Write these columns of a draft."""
    version = locked(version)
    needs(by, EDIT)
    in_state(version, VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    for name in words.keys() - set(WRITTEN):
        raise TypeError(f"{name} is not written by hand")
    for name, value in words.items():
        setattr(version, name, value)
    version.contributors.add(by)
    return save_record(version, by=by)


@transaction.atomic
def save_part(part, *, by):
    """Keep a row of evidence or a judgement of a draft."""
    needs(by, EDIT)
    in_state(locked(part.version), VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    part.version.contributors.add(by)
    return save_record(part, by=by)


@transaction.atomic
def remove_part(part, *, by):
    """Take a row of evidence or a judgement out of a draft."""
    needs(by, EDIT)
    in_state(locked(part.version), VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    part.version.contributors.add(by)
    with pghistory.context(user=by.pk):
        part.delete()


@transaction.atomic
def submit_version(version, *, by):
    """Offer a draft to a reviewer."""
    version = locked(version)
    needs(by, EDIT)
    in_state(version, VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    return move(version, VersionState.IN_REVIEW, by=by)


@transaction.atomic
def request_changes(version, *, by, note):
    """Give a version back to its author, with what should change."""
    version = locked(version)
    needs(by, REVIEW)
    in_state(version, VersionState.IN_REVIEW)
    second_person(version, by)
    version.change_note = note
    return move(version, VersionState.CHANGES_REQUESTED, by=by)


@transaction.atomic
def discard_version(version, *, by):
    """Put a draft away. It is kept, and nobody can open it again."""
    version = locked(version)
    needs(by, EDIT)
    in_state(version, VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED)
    return move(version, VersionState.DISCARDED, by=by)


@transaction.atomic
def publish_version(version, *, by, note="", at=None):
    """Make this draft what readers see. Refuses the author's own work and a draft made from an outdated base.

    `at` is for loading a release: the moment it was published there. Without it, now.
    """
    claim = Claim.objects.select_for_update().get(pk=version.claim_id)
    version = locked(version)
    needs(by, REVIEW)
    in_state(version, VersionState.IN_REVIEW)
    second_person(version, by)
    before = claim.versions.filter(state=VersionState.PUBLISHED).select_for_update().first()
    if before != version.base:
        raise Refused("outdated-base", _("Another version was published since this draft was started."))
    if not (version.searched_through and version.next_review_due):
        raise Refused("undated", _("Say through which date was searched and when the next review is due."))
    at = at or timezone.now()
    with pghistory.context(user=by.pk):
        if before:
            ClaimVersion.objects.filter(pk=before.pk).update(state=VersionState.SUPERSEDED, superseded_at=at)
        if not claim.accession:
            claim.accession = next_accession()
            claim.save(update_fields=["accession"])
        version.claim = claim
        version.number = before.number + 1 if before else 1
        version.reviewer = by
        version.published_at = at
        version.change_kind = change_between(before, version)
        version.change_note = note
        document = build_document(version)
        version.document = canonical(document)
        version.document_sha256 = sha256(version.document)
        version.card = card_of(document)
        version.fingerprint = fingerprint_of(version)
        version.state = VersionState.PUBLISHED
        version.save()
        index_version(version, document)
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
        cursor.execute("SELECT 'KB' || lpad(nextval('claims_accession')::text, 6, '0')")
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
    """Keep the words that this version is found by, and forget those of the one it replaces."""
    topics = list(version.claim.topics.all())
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
    SearchEntry.objects.filter(version__claim=version.claim).delete()
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


def locked(version):
    return (
        ClaimVersion.objects.select_for_update(of=("self",))
        .select_related("claim", "base", "author")
        .get(pk=version.pk)
    )


def move(version, state, *, by):
    version.state = state
    with pghistory.context(user=by.pk):
        version.save()
    return version


def needs(person, permission):
    if not person.has_perm(permission):
        raise PermissionDenied(_("Your account may not do this."))


def in_state(version, *states):
    if version.state not in states:
        raise Refused(
            "wrong-state",
            _("This cannot be done to a version that is %(state)s.") % {"state": version.get_state_display()},
        )


def second_person(version, person):
    if version.author_id == person.pk or version.contributors.filter(pk=person.pk).exists():
        raise Refused("self-review", _("Nobody publishes their own work."))
