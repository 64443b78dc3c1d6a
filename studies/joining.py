"""Merging two studies at the desk: what each says side by side, which of it to take, and taking the whole back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from studies.actions import Refused
from studies.merging import differences, merge_studies, unmerge_study
from studies.models import Study
from studies.sources import sources_page

LONGEST_REASON = 2000


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge_two(request, kept, gone):
    if kept == gone:
        raise Http404
    studies = Study.objects.select_related("merged_into").prefetch_related("publications")
    kept, gone = (get_object_or_404(studies, key=key) for key in (kept, gone))
    trouble = ""
    if request.method == "POST":
        try:
            messages.success(request, done(kept, gone, request))
            return redirect("merge-studies", kept.key, gone.key)
        except Refused as error:
            trouble = str(error)
    taken = request.POST.getlist("take")
    differing = differences(kept, gone)
    context = {
        "kept": kept,
        "gone": gone,
        "is_merged": gone.merged_into == kept,
        "rows": [
            (name, Study._meta.get_field(name).verbose_name, *both, name in taken)
            for name, both in differing.items()
        ],
        "reason": request.POST.get("reason", ""),
        "longest": LONGEST_REASON,
        "trouble": trouble,
    }
    return render(request, "studies/sources/merge.html", context, status=409 if trouble else 200)


def done(kept, gone, request):
    """Do what the button says; the sentence that tells it."""
    if "unmerge" in request.POST:
        unmerge_study(gone, by=request.user)
        return _("They are two studies again.")
    reason = request.POST.get("reason", "").replace("\0", "")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Give the reason in at most %(most)s characters.") % {"most": LONGEST_REASON})
    merge_studies(kept, gone, by=request.user, reason=reason, take=request.POST.getlist("take"))
    return _("Merged.")
