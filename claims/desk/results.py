"""From a study to the claim that one of its results bears on: choose the claim, and write the row in its draft."""

from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import actions
from claims.actions import Refused
from claims.desk.doors import REFUSALS, desk_page, status_of
from claims.models import Claim
from claims.models.version import OPEN
from kb.lib.refusals import sentence_of
from studies.models import Study

FOUND = 20  # claims offered; more words find fewer


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_result(request, key):
    """Claims found by number or words; choosing one leads to its draft, which is started where there is none."""
    study = get_object_or_404(Study, key=key)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:300]
    context = {"study": study, "words": words, "claims": list(claims_found(words)) if words else None}
    if request.method != "POST":
        return render(request, "desk/add_result.html", context)
    pk = request.POST.get("claim", "")
    claim = get_object_or_404(Claim, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None)
    try:
        draft = draft_of(claim, by=request.user)
    except REFUSALS as refusal:
        context["refusal"] = sentence_of(refusal)
        return render(request, "desk/add_result.html", context, status=status_of(refusal))
    report = study.publications.unmerged().order_by("-year", "key").first()
    query = urlencode({"source": report.key}) if report else ""
    return redirect(f"{reverse('desk:edit', args=[draft.pk])}?{query}#evidence")


def claims_found(words):
    """Claims with this number, or one of whose versions states these words in either language."""
    said = Q(versions__statement_en__icontains=words) | Q(versions__statement_nl__icontains=words)
    claims = Claim.objects.filter(Q(accession__iexact=words) | said).distinct()
    return claims.select_related("intervention", "outcome").order_by("accession", "pk")[:FOUND]


def draft_of(claim, *, by):
    """Its open draft, or a new one. Raises Refused where the open one cannot be written in now."""
    version = claim.versions.filter(state__in=OPEN).first()
    if version is None:
        return actions.start_draft(claim, by=by)
    if not version.is_editable:
        raise Refused(
            "wrong-state", _("A version of this claim is in review; it can be written in when that is done.")
        )
    return version
