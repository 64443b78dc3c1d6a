"""Writing: a claim, its draft with evidence and judgements, handing it in, giving it back, putting it away."""

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions.resting import check_quotes, results_needed
from claims.actions.rules import (
    EDIT,
    REVIEW,
    Refused,
    in_state,
    locked,
    locked_claim,
    needs,
    save_record,
    second_person,
    statement_needed,
    still_stands,
    unchanged,
)
from claims.choices import VersionState
from claims.grading import scheme_for
from claims.models import Claim, ClaimVersion, Evidence, Judgement
from claims.models.version import OPEN

# What a draft takes over from the version it starts from, and what its author may write.
WRITTEN = (
    "statement_en statement_nl summary_en summary_nl population_en population_nl comparator_en comparator_nl "
    "caveats_en caveats_nl scheme evidence_state start strength strength_in_people override_reason_en "
    "override_reason_nl verdict effect_size rationale_en rationale_nl would_change_en would_change_nl "
    "searched_through next_review_due"
).split()


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
    if claim.versions.filter(state__in=OPEN).exists():
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
    results_needed(version)
    check_quotes(version, by=by)
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
    in_state(version, *OPEN)
    unchanged(version, revision)
    return move(version, VersionState.DISCARDED, by=by)


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
