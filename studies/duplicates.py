"""The list, at the desk, of publications that look alike: look, and say where two are not the same."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kb.lib.pages import BadPage, page_of
from studies.actions import Refused
from studies.models import LikelyPair, Publication, Study
from studies.pairing import dismiss_pair, restore_pair
from studies.sources import sources_page

LATEST = 50  # of what was merged, for whoever wants to take one back
DEEDS = {"dismiss": dismiss_pair, "restore": restore_pair}


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_list(request):
    trouble = ""
    if request.method == "POST":
        deed, pair = asked_for(request.POST)
        try:
            deed(pair, by=request.user)
            messages.success(request, _("Kept."))
            return redirect(f"{reverse('duplicates')}{'?dismissed=yes' if deed is restore_pair else ''}")
        except Refused as error:
            trouble = str(error)
    is_dismissed = request.GET.get("dismissed") == "yes"
    pairs = LikelyPair.objects.filter(dismissed_at__isnull=not is_dismissed).select_related(
        "first__study", "second__study", "dismissed_by"
    )
    pairs = pairs.exclude(first__study__merged_into=F("second__study"))
    pairs = pairs.exclude(second__study__merged_into=F("first__study"))
    pairs = pairs.filter(first__merged_into=None, second__merged_into=None)
    try:
        page = page_of(pairs, request.GET)
    except BadPage as error:
        raise Http404 from error
    context = {"page": page, "is_dismissed": is_dismissed, "trouble": trouble}
    context |= {"merged": merged_before(Study), "merged_papers": merged_before(Publication)}
    return render(request, "studies/sources/duplicates.html", context, status=409 if trouble else 200)


def merged_before(model):
    merged = model.objects.exclude(merged_into=None).select_related("merged_into")
    return merged.order_by("-updated_at", "pk")[:LATEST]


def asked_for(posted):
    """(deed, pair) of a button. What names none of them is not found."""
    name = next((name for name in DEEDS if name in posted), None)
    if name is None or not (posted[name].isascii() and posted[name].isdigit()):
        raise Http404
    return DEEDS[name], get_object_or_404(LikelyPair, pk=posted[name])
