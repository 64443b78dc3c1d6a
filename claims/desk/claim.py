"""A claim at the desk: start one, its drafts and versions, its topics, its marks, and how it is closed."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import actions
from claims.deeds import OF_A_CLAIM
from claims.desk.doors import REFUSALS, buttons, desk_page, press, refused, status_of
from claims.forms.claim import ClaimForm, TopicsForm
from claims.models import Claim


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def start_claim(request):
    """A new claim with its first draft. What is there already is pointed at."""
    form = ClaimForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                draft = started(form.identity(), form.cleaned_data["topics"], by=request.user)
            except REFUSALS as refusal:
                status = status_of(refusal)
                refused(form, refusal)
            else:
                messages.success(request, _("Claim and draft started."))
                return redirect("desk:edit", draft.pk)
    return render(request, "desk/start.html", {"form": form, "twin": form.twin()}, status=status)


@transaction.atomic
def started(identity, topics, *, by):
    claim = actions.start_claim(by=by, topics=topics, **identity)
    return actions.start_draft(claim, by=by)


@desk_page
@require_http_methods(["GET", "HEAD"])
def claim_page(request, pk):
    return show_claim(request, found_claim(pk))


@desk_page
@require_POST
def claim_deed(request, pk, name):
    claim = found_claim(pk)
    made, form, status = press(request, OF_A_CLAIM, claim, name)
    if form:
        return show_claim(request, claim, tried=form, status=status)
    return redirect("desk:edit", made.pk) if name == "start-draft" else redirect("desk:claim", pk)


@desk_page
@require_POST
def choose_topics(request, pk):
    """Which topics lead to the claim, from its next version on."""
    claim = found_claim(pk)
    form = TopicsForm(request.POST)
    if not form.is_valid():
        return show_claim(request, claim, topics=form, status=400)
    actions.link_topics(claim, form.cleaned_data["topics"], by=request.user)
    messages.success(request, _("Topics chosen; readers see them with the next version."))
    return redirect("desk:claim", pk)


def found_claim(pk):
    return get_object_or_404(
        Claim.objects.select_related(
            "intervention", "outcome", "comparator", "population", "condition", "merged_into"
        ),
        pk=pk,
    )


def show_claim(request, claim, *, tried=None, topics=None, status=200):
    versions = claim.versions.select_related("author", "reviewer").defer("document", "card", "ground")
    context = {
        "claim": claim,
        "versions": versions.order_by("-created_at", "-pk"),
        "marks": claim.stale_marks.filter(resolved_at=None),
        "flags": claim.flags.filter(outcome=""),
        "topics": topics or TopicsForm(initial={"topics": claim.topics.all()}),
        "buttons": list(buttons(request, OF_A_CLAIM, claim, tried)),
    }
    return render(request, "desk/claim.html", context, status=status)
