"""What came from outside: a mark that something moved under a rating, and what a reader told us."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.actions import REVIEW
from claims.deeds import ANSWER, DISMISS
from claims.desk.doors import REFUSALS, buttons, desk_page, press, refused, status_of
from claims.forms.deeds import InterestsForm
from claims.models import Flag, InterestStatement, StaleMark
from claims.reviewing import declare_interests, statement_of


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request, pk):
    found = get_object_or_404(StaleMark.objects.select_related("claim", "resolved_by"), pk=pk)
    return with_one_deed(request, DISMISS, found, "desk/mark.html", {"mark": found, "claim": found.claim})


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request, pk):
    found = get_object_or_404(Flag.objects.select_related("claim", "answered_by"), pk=pk)
    return with_one_deed(request, ANSWER, found, "desk/flag.html", {"flag": found, "claim": found.claim})


def with_one_deed(request, deed, thing, template, context):
    """A page about one thing and the one deed on it; done, it leads back to the claim at the desk."""
    tried, status = None, 200
    if request.method == "POST":
        _made, tried, status = press(request, (deed,), thing, deed.name)
        if tried is None:
            return redirect("desk:claim", thing.claim_id)
    context |= {"buttons": list(buttons(request, (deed,), thing, tried))}
    return render(request, template, context, status=status)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request):
    """The reviewer's own statement of interests, made anew each year."""
    form = InterestsForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                declare_interests(by=request.user, **form.cleaned_data)
            except REFUSALS as refusal:
                status = status_of(refusal)
                refused(form, refusal)
            else:
                messages.success(request, _("Declared. It is shown with each of your reviews for a year."))
                return redirect("desk:queue")
    context = {
        "form": form,
        "may_review": request.user.has_perm(REVIEW),
        "statement": statement_of(request.user),
        "earlier": InterestStatement.objects.filter(person=request.user),
    }
    return render(request, "desk/interests.html", context, status=status)
