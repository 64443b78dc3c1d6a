"""Deeds around a review: comments, declared interests, a second rating made blind, and what readers tell us."""

import datetime

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import EDIT, REVIEW, WRITTEN, Refused, in_state, locked, needs, save_record
from claims.choices import DissentOutcome, Domain, FlagKind, FlagOutcome, VersionState
from claims.comparing import ABOUT, LANGUAGES, REASONED, TEXTS
from claims.grading import Step, grade
from claims.models import Claim, Comment, Flag, InterestStatement, SecondRating
from claims.models.version import OPEN

PLACES = frozenset(
    [
        "",
        *WRITTEN,
        *ABOUT,
        *(f"{name}_{language}" for name in (*TEXTS, *REASONED) for language in LANGUAGES),
        "topic",
    ]
)
STATEMENT_VALID = datetime.timedelta(days=365)


@transaction.atomic
def comment_on(version, *, by, text, field="", reply_to=None):
    """Say something about a field, a row of evidence ("evidence:<study>:<outcome>") or a domain ("judgement:<domain>")."""
    needs(by, EDIT)
    in_state(locked(version), *OPEN)
    if not text.strip():
        raise Refused("text-missing", _("Write what you want to say."))
    if reply_to and reply_to.version_id != version.pk:
        raise Refused("other-version", _("That comment is about another version."))
    about = reply_to.field if reply_to else field
    if not is_a_place(about):
        raise Refused("place-unknown", _("A comment is about a field, a domain or a row of evidence."))
    return save_record(Comment(version=version, field=about, text=text, author=by, reply_to=reply_to), by=by)


def is_a_place(name):
    """Whether comments can be about this: "" for the whole, a field of a draft or of its claim, a domain, a row."""
    kind, _colon, rest = name.partition(":")
    if kind == "judgement":
        return rest in Domain.values
    return name in PLACES or (kind == "evidence" and ":" in rest)


@transaction.atomic
def settle_comment(comment, *, by):
    """Say that a comment has been dealt with."""
    needs(by, EDIT)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.settled_at:
        raise Refused("comment-settled", _("This comment was settled already."))
    comment.settled_at, comment.settled_by = timezone.now(), by
    return save_record(comment, by=by)


def statement_of(person):
    """The statement of interests of this person that is valid today, or None."""
    return InterestStatement.objects.valid().filter(person=person).first()


@transaction.atomic
def declare_interests(*, by, text, has_conflict):
    """Declare what could sway one's review, or that there is nothing. Valid for a year, and public with each review."""
    needs(by, REVIEW)
    if not text.strip():
        raise Refused("text-missing", _("Write what you declare, or that you have nothing to declare."))
    until = timezone.now() + STATEMENT_VALID
    return save_record(
        InterestStatement(person=by, text=text, has_conflict=has_conflict, valid_until=until), by=by
    )


@transaction.atomic
def raise_flag(claim, *, kind, text="", doi="", pmid=""):
    """Keep what a reader without an account tells us about a published claim."""
    claim = Claim.objects.published().get(pk=claim.pk)
    if not (text.strip() or doi or pmid) or (kind == FlagKind.SUGGESTED_SOURCE and not (doi or pmid)):
        raise Refused("text-missing", _("Say what is wrong, or give a DOI or PMID."))
    version = claim.versions.get(state=VersionState.PUBLISHED)
    flag = Flag(claim=claim, version=version, kind=kind, text=text, doi=doi, pmid=pmid)
    flag.clean_fields()
    flag.save()
    return flag


@transaction.atomic
def answer_flag(flag, *, by, outcome, answer_en, answer_nl, text_is_shown=False):
    """Answer a reader in public. Their own words are shown only where the editor says so."""
    needs(by, EDIT)
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    if flag.outcome:
        raise Refused("flag-answered", _("This flag was answered already."))
    if outcome not in FlagOutcome.values or not (answer_en.strip() and answer_nl.strip()):
        raise Refused("answer-missing", _("An answer has an outcome and words in both languages."))
    flag.outcome, flag.answer_en, flag.answer_nl = outcome, answer_en, answer_nl
    flag.text_is_shown, flag.answered_by, flag.answered_at = text_is_shown, by, timezone.now()
    return save_record(flag, by=by)


@transaction.atomic
def ask_second_rating(version, *, by, rater):
    """Ask somebody who wrote nothing of a draft to judge its domains without seeing the first judgements."""
    needs(by, EDIT)
    needs(rater, EDIT)
    version = locked(version)
    in_state(version, VersionState.DRAFT, VersionState.CHANGES_REQUESTED, VersionState.IN_REVIEW)
    if rater.pk == version.author_id or version.contributors.filter(pk=rater.pk).exists():
        raise Refused("self-review", _("A second rater wrote nothing of the version."))
    if SecondRating.objects.filter(version=version).exists():
        raise Refused("second-rating-asked", _("A second rating was asked for already."))
    return save_record(SecondRating(version=version, rater=rater, asked_by=by), by=by)


@transaction.atomic
def rate_blind(second, *, by, start, judgements, strength=None):
    """Give a second rating. `judgements` is {domain: (step, reason_en, reason_nl)}; the strength follows from them.

    Raises ValueError for a step that its domain does not allow.
    """
    second = SecondRating.objects.select_for_update().select_related("version").get(pk=second.pk)
    if second.rater_id != by.pk:
        raise Refused("not-the-rater", _("Another person was asked for this rating."))
    if second.given_at:
        raise Refused("second-rating-given", _("This rating was given already."))
    in_state(locked(second.version), *OPEN)
    steps = [Step(domain, step, reason_en) for domain, (step, reason_en, _reason_nl) in judgements.items()]
    second.start = start
    second.strength = strength or grade(start, steps).strength
    second.judgements = {
        str(domain): {"step": step, "reason_en": reason_en, "reason_nl": reason_nl}
        for domain, (step, reason_en, reason_nl) in judgements.items()
    }
    second.given_at = timezone.now()
    return save_record(second, by=by)


@transaction.atomic
def settle_second_rating(second, *, by, outcome, note_en="", note_nl=""):
    """Say how two raters ended. What they do not agree on is published with the rating."""
    needs(by, EDIT)
    second = SecondRating.objects.select_for_update().select_related("version").get(pk=second.pk)
    in_state(locked(second.version), *OPEN)
    if not second.given_at:
        raise Refused("second-rating-open", _("A second rating was asked for and is not given yet."))
    if outcome not in DissentOutcome.values:
        raise Refused("outcome-unknown", _("This is not an outcome we know."))
    if outcome == DissentOutcome.DISSENT and not (note_en.strip() and note_nl.strip()):
        raise Refused("reason-missing", _("Say in both languages what the raters do not agree on."))
    second.outcome, second.note_en, second.note_nl = outcome, note_en, note_nl
    with pghistory.context(user=by.pk):
        second.save()
    return second
