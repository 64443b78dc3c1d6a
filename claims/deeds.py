"""Deeds with a button: what each is called, when it is offered, which words it asks for. The admin and the desk have them."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from claims import actions, reviewing, webhooks
from claims.actions import EDIT, REVIEW
from claims.choices import VersionState
from claims.forms.deeds import (
    AnswerForm,
    MergeForm,
    NoteForm,
    RaterForm,
    ReasonForm,
    ReplayForm,
    ResolutionForm,
    RevisionForm,
    SettlementForm,
    WithdrawalForm,
)
from claims.models.version import OPEN


@dataclass(frozen=True)
class Deed:
    """`is_offered(thing, person)` says when the button shows; the action decides for itself. `form` asks for its words."""

    name: str
    label: str
    done: str
    act: Callable
    permission: str
    is_offered: Callable
    form: type[forms.Form] = forms.Form

    def bound(self, data=None, **options):
        return self.form(data, auto_id=f"{self.name}-%s", **options)


def is_closed(claim, person):
    return bool(claim.merged_into_id or claim.withdrawn_at)


def stands(claim, person):
    return bool(claim.accession) and not is_closed(claim, person)


def may_start_draft(claim, person):
    return not is_closed(claim, person) and not claim.versions.filter(state__in=OPEN).exists()


def is_open(version, person):
    return version.state in OPEN


def is_for_reviewer(version, person):
    return version.state == VersionState.IN_REVIEW and version.author_id != person.pk


def is_not_asked_yet(version, person):
    return version.state in OPEN and not hasattr(version, "second_rating")


START_DRAFT = Deed(
    "start-draft", _("Start a draft"), _("Draft started."), actions.start_draft, EDIT, may_start_draft
)
WITHDRAW = Deed(
    "withdraw", _("Withdraw"), _("Withdrawn."), actions.withdraw_claim, REVIEW, stands, WithdrawalForm
)
MERGE = Deed("merge", _("Merge into another"), _("Merged."), actions.merge_claims, REVIEW, stands, MergeForm)
REINSTATE = Deed("reinstate", _("Reinstate"), _("Reinstated."), actions.reinstate_claim, REVIEW, is_closed)
OF_A_CLAIM = (START_DRAFT, WITHDRAW, MERGE, REINSTATE)

SUBMIT = Deed(
    "submit", _("Submit for review"), _("Submitted for review."), actions.submit_version, EDIT,
    lambda version, person: version.is_editable, RevisionForm,
)  # fmt: skip
PUBLISH = Deed(
    "publish", _("Publish"), _("Published."), actions.publish_version, REVIEW, is_for_reviewer, NoteForm
)
REQUEST_CHANGES = Deed(
    "request-changes", _("Ask for changes"), _("Changes asked for."), actions.request_changes, REVIEW, is_for_reviewer,
    ReasonForm,
)  # fmt: skip
DISCARD = Deed("discard", _("Discard"), _("Discarded."), actions.discard_version, EDIT, is_open, RevisionForm)
ASK_SECOND = Deed(
    "ask-second-rating", _("Ask for a blind second rating"), _("Asked."), reviewing.ask_second_rating, EDIT,
    is_not_asked_yet, RaterForm,
)  # fmt: skip
OF_A_VERSION = (SUBMIT, PUBLISH, REQUEST_CHANGES, ASK_SECOND, DISCARD)

SETTLE_SECOND = Deed(
    "settle", _("Say how the two ratings ended"), _("Kept."), reviewing.settle_second_rating, EDIT,
    lambda second, person: bool(second.given_at), SettlementForm,
)  # fmt: skip
DISMISS = Deed(
    "dismiss", _("Dismiss"), _("Dismissed."), actions.dismiss_mark, REVIEW,
    lambda mark, person: mark.resolved_at is None, ResolutionForm,
)  # fmt: skip
ANSWER = Deed(
    "answer", _("Answer in public"), _("Answered."), reviewing.answer_flag, EDIT, lambda flag, person: not flag.outcome,
    AnswerForm,
)  # fmt: skip

KEEP = "claims.change_webhook"
ROTATE = Deed(
    "rotate-secret", _("Make a new secret"), _("A new secret was made."), webhooks.rotate_secret, KEEP,
    lambda webhook, person: webhook.owner_id == person.pk,
)  # fmt: skip
REPLAY = Deed(
    "replay", _("Send again what came after a number"), _("It is sent from there."), webhooks.replay_changes, KEEP,
    lambda webhook, person: webhook.owner_id == person.pk, ReplayForm,
)  # fmt: skip
PAUSE = Deed(
    "pause", _("Pause"), _("Paused."), webhooks.pause_webhook, KEEP,
    lambda webhook, person: not webhook.paused_at,
)  # fmt: skip
RESUME = Deed(
    "resume", _("Go on"), _("It goes on where it stopped."), webhooks.resume_webhook, KEEP,
    lambda webhook, person: webhook.owner_id == person.pk and bool(webhook.paused_at),
)  # fmt: skip
OF_A_WEBHOOK = (PAUSE, RESUME, REPLAY, ROTATE)
