"""Taking a claim away from readers, letting it go up in another, and letting it stand again."""

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.rules import REVIEW, Refused, hold_feed, locked_claim, needs, still_stands
from claims.models import Claim, Mention


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
