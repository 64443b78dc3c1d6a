"""Deeds on claims. Every write that means something is here, atomic, and says who does it.

Each action checks the role, the state and the two-person rule, and answers with what it made. A refusal is a
`Refused`, whose `rule` names it for programs and whose text says it to people. The database keeps the same rules once
more, so that no other door can pass them.
"""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import ChangeKind, VersionState
from claims.documents import build_document, card_of
from claims.grading import scheme_for
from claims.models import (
    Claim,
    ClaimVersion,
    Evidence,
    InterestStatement,
    Judgement,
    Mention,
    SecondRating,
    StaleMark,
)
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


class Stale(Refused):
    """Somebody wrote in the version after it was read. `version` is what it is now."""

    def __init__(self, version):
        super().__init__("stale", _("Somebody changed this since you opened it."))
        self.version = version


@transaction.atomic
def save_record(record, *, by):
    """Keep a topic, article, mention or status as it now stands, with who did it in its history."""
    with pghistory.context(user=by.pk):
        record.clean_fields()  # the rest is checked by the form before, and kept by the database
        record.save()
    return record


@transaction.atomic
def link_topics(claim, topics, *, by):
    """Make these the topics of the claim, from its next version on: what is published keeps the topics it had."""
    needs(by, EDIT)
    with pghistory.context(user=by.pk):
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
    claim = locked_claim(claim.pk)
    still_stands(claim)
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
def edit_draft(version, *, by, revision=None, **words):
    """Write these columns of a draft. `revision` is the one the writer saw; another one raises Stale."""
    version = writing(version, by, revision)
    for name in words.keys() - set(WRITTEN):
        raise TypeError(f"{name} is not written by hand")
    for name, value in words.items():
        setattr(version, name, value)
    save_record(version, by=by)
    version.refresh_from_db(fields=["revision"])
    return version


@transaction.atomic
def save_part(part, *, by, revision=None):
    """Keep a row of evidence or a judgement of a draft."""
    writing(part.version, by, revision)
    return save_record(part, by=by)


@transaction.atomic
def remove_part(part, *, by, revision=None):
    """Take a row of evidence or a judgement out of a draft."""
    writing(part.version, by, revision)
    with pghistory.context(user=by.pk):
        part.delete()


@transaction.atomic
def submit_version(version, *, by, revision=None):
    """Offer a draft to a reviewer."""
    version = opened(version, by, revision)
    return move(version, VersionState.IN_REVIEW, by=by)


@transaction.atomic
def request_changes(version, *, by, note, revision=None):
    """Give a version back to its author, with what should change."""
    version = reviewed(version, by, revision)
    statement_needed(by)
    version.change_note = note
    return move(version, VersionState.CHANGES_REQUESTED, by=by)


@transaction.atomic
def discard_version(version, *, by, revision=None):
    """Put a draft away. It is kept, and nobody can open it again."""
    version = locked(version)
    needs(by, EDIT)
    in_state(version, VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED)
    unchanged(version, revision)
    return move(version, VersionState.DISCARDED, by=by)


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
        version.state = VersionState.PUBLISHED
        version.save()
        index_version(version, document)
    return version


@transaction.atomic
def withdraw_claim(claim, *, by, reason_en, reason_nl):
    """Take a published claim away from readers; its address then says why. One reviewer is enough to warn."""
    needs(by, REVIEW)
    claim = locked_claim(claim.pk)
    still_stands(claim)
    if not claim.accession:
        raise Refused("never-published", _("Only a published claim is withdrawn; discard its draft instead."))
    if not (reason_en.strip() and reason_nl.strip()):
        raise Refused("reason-missing", _("A withdrawal gives its reason in both languages."))
    claim.withdrawn_at = timezone.now()
    claim.withdrawn_reason_en, claim.withdrawn_reason_nl = reason_en, reason_nl
    return close(claim, by=by)


@transaction.atomic
def merge_claims(claim, *, into, by):
    """Let a claim go up in another: its address leads there, and what texts say of it counts for the other."""
    needs(by, REVIEW)
    for pk in sorted([claim.pk, into.pk]):
        locked_claim(pk)
    claim, into = (Claim.objects.get(pk=each.pk) for each in (claim, into))
    still_stands(claim)
    if claim == into:
        raise Refused("same-claim", _("A claim cannot be merged into itself."))
    if not (claim.accession and into.accession) or into.merged_into_id or into.withdrawn_at:
        raise Refused(
            "claim-closed", _("A claim is merged into another one that was published and still stands.")
        )
    claim.merged_into = into
    close(claim, by=by)
    with pghistory.context(user=by.pk):
        Mention.objects.filter(claim=claim).update(claim=into)
    return claim


@transaction.atomic
def reinstate_claim(claim, *, by):
    """Let a withdrawn or merged claim stand again, as it last was."""
    needs(by, REVIEW)
    claim = locked_claim(claim.pk)
    if not (claim.withdrawn_at or claim.merged_into_id):
        raise Refused("claim-stands", _("This claim was not withdrawn or merged."))
    claim.merged_into = claim.withdrawn_at = None
    claim.withdrawn_reason_en = claim.withdrawn_reason_nl = ""
    try:
        with transaction.atomic():
            return close(claim, by=by)
    except IntegrityError as error:
        raise Refused("stated-elsewhere", _("There is already a claim about exactly this.")) from error


def close(claim, *, by):
    hold_feed()
    with pghistory.context(user=by.pk):
        claim.save(
            update_fields=["merged_into", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_nl"]
        )
    return claim


@transaction.atomic
def dismiss_mark(mark, *, by, resolution):
    """Say why what changed does not change the rating. The mark does not come back for the same change."""
    needs(by, REVIEW)
    hold_feed()
    mark = StaleMark.objects.select_for_update(no_key=True).get(pk=mark.pk)
    if mark.resolved_at:
        raise Refused("mark-resolved", _("This mark was resolved already."))
    if not resolution.strip():
        raise Refused("reason-missing", _("Say why the rating can stay as it is."))
    mark.resolved_at, mark.resolved_by, mark.resolution = timezone.now(), by, resolution
    return save_record(mark, by=by)


def resolve_marks(claim, resolution, *, by):
    """A new version has looked at everything that was marked."""
    open_marks = StaleMark.objects.filter(claim=claim, resolved_at=None)
    open_marks.update(resolved_at=timezone.now(), resolved_by=by, resolution=resolution)


@transaction.atomic
def check_ratings():
    """Compare what every published rating rests on with what it rested on then. Returns the number of marks opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_check_ratings()")
        return cursor.fetchone()[0]


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


def locked_claim(pk):
    """The claim, which nobody else changes until this transaction ends; others may still refer to it."""
    return Claim.objects.select_for_update(no_key=True).get(pk=pk)


def locked(version):
    return (
        ClaimVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claim", "base", "author")
        .get(pk=version.pk)
    )


def hold_feed():
    """Take the lock of the change feed, always after a claim's and before a mark's, so that no two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_moment()")


def opened(version, by, revision):
    """A draft, as this person last saw it."""
    version = locked(version)
    needs(by, EDIT)
    in_state(version, VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
    unchanged(version, revision)
    return version


def writing(version, by, revision):
    """A draft to write in. Whoever writes in it is remembered, and is not its reviewer."""
    version = opened(version, by, revision)
    version.contributors.add(by)
    return version


def reviewed(version, by, revision):
    """A version to decide on, by somebody who wrote nothing of it."""
    version = locked(version)
    needs(by, REVIEW)
    in_state(version, VersionState.IN_REVIEW)
    second_person(version, by)
    unchanged(version, revision)
    return version


def move(version, state, *, by):
    version.state = state
    with pghistory.context(user=by.pk):
        version.save()
    version.refresh_from_db(fields=["revision"])
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


def unchanged(version, revision):
    if revision is not None and revision != version.revision:
        raise Stale(version)


def still_stands(claim):
    if claim.merged_into_id or claim.withdrawn_at:
        raise Refused("claim-closed", _("This claim was merged or withdrawn."))


def second_person(version, person):
    if version.author_id == person.pk or version.contributors.filter(pk=person.pk).exists():
        raise Refused("self-review", _("Nobody publishes their own work."))


def statement_needed(person):
    """The words of the reviewer's statement of interests that is valid today."""
    statement = InterestStatement.objects.valid().filter(person=person).first()
    if statement is None:
        raise Refused(
            "interests-undeclared", _("Declare your interests first; a statement is valid for one year.")
        )
    return statement.text
