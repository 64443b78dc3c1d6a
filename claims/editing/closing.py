"""Closing a published claim, and opening it again. One reviewer is enough to warn."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from claims import actions
from claims.api import find_claim
from claims.editing import shapes
from claims.editing.described import write
from claims.editing.sending import EditingViewSet, shown, taken, written
from claims.records import absolute


@extend_schema(tags=["claims"])
class ClosingViewSet(EditingViewSet):
    """Withdraw, merge and reinstate, for reviewers."""

    lookup_field = "accession"
    lookup_value_regex = "[^/]+"

    @write("claims_withdraw", shapes.ReasonSerializer, shapes.ClosingSerializer)
    @action(detail=True, methods=["post"])
    @written
    def withdraw(self, request, accession):
        """Take a claim away from readers; its address then tells them why."""
        claim, reason = found(accession), taken(request, shapes.ReasonSerializer)["reason"]
        return closed(
            actions.withdraw_claim(claim, by=request.user, reason_en=reason["en"], reason_nl=reason["nl"])
        )

    @write("claims_reinstate", shapes.Empty, shapes.ClosingSerializer)
    @action(detail=True, methods=["post"])
    @written
    def reinstate(self, request, accession):
        """Let a withdrawn or merged claim stand again, as it last was."""
        claim = found(accession)
        taken(request, shapes.Empty)
        return closed(actions.reinstate_claim(claim, by=request.user))

    @write("claims_merge", shapes.IntoSerializer, shapes.ClosingSerializer)
    @action(detail=True, methods=["post"])
    @written
    def merge(self, request, accession):
        """Let a claim go up in another: its address leads there from now on."""
        claim, into = found(accession), taken(request, shapes.IntoSerializer)["into"]
        return closed(actions.merge_claims(claim, into=into, by=request.user))


def found(accession):
    claim, number = find_claim(accession)
    if number is not None:
        raise Http404
    return claim


def closed(claim):
    return shown(
        {
            "accession": claim.accession,
            "record": absolute(f"/api/v1/claims/{claim.accession}/"),
            "withdrawn_at": claim.withdrawn_at,
            "merged_into": claim.merged_into and claim.merged_into.accession,
        }
    )
