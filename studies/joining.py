"""Merging two studies, or two publications, at the desk: what each says side by side, which of it to take, and taking it back."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kb.lib.refusals import sentence_of
from studies.actions import Refused
from studies.linked import name_of
from studies.merging import (
    COMPARED,
    are_apart,
    differences,
    goes_along,
    merge_publications,
    merge_studies,
    merge_with_studies,
    unmerge_publication,
    unmerge_study,
)
from studies.models import Publication, Study
from studies.sources import sources_page

LONGEST_REASON = 2000


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge_two(request, kept, gone):
    studies = Study.objects.select_related("merged_into").prefetch_related("publications")
    kept, gone = two_of(studies, kept, gone)
    is_done, trouble = answer(request, kept, gone, merge=merge_studies, unmerge=unmerge_study)
    if is_done:
        return redirect("merge-studies", kept.key, gone.key)
    taken = request.POST.getlist("take")
    rows = [
        (name, Study._meta.get_field(name).verbose_name, *both, name in taken)
        for name, both in differences(kept, gone).items()
    ]
    return shown(request, "merge", kept, gone, trouble, {"rows": rows})


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge_two_publications(request, kept, gone):
    publications = Publication.objects.select_related("study__merged_into", "merged_into").with_notices()
    kept, gone = two_of(publications, kept, gone)
    merge = merge_with_studies if "studies" in request.POST else merge_publications
    is_done, trouble = answer(request, kept, gone, merge=merge, unmerge=unmerge_publication)
    if is_done:
        return redirect("merge-publications", kept.key, gone.key)
    context = {
        "rows": beside_each_other(kept, gone, request.POST.getlist("take")),
        "are_apart": are_apart(kept, gone),
    }
    return shown(request, "merge_publications", kept, gone, trouble, context)


@sources_page
@require_http_methods(["GET", "HEAD"])
def choose_two(request, key):
    """Which two publications of a study are one paper, and which of them stays."""
    study = get_object_or_404(Study.objects.select_related("merged_into").with_reports(), key=key)
    if study.merged_into:
        return redirect("merge-reports", study.merged_into.key)
    reports = {report.key: report for report in study.reports}
    kept, gone = (request.GET.get(name, "") for name in ("kept", "gone"))
    if kept in reports and gone in reports and kept != gone:
        return redirect("merge-publications", kept, gone)
    merged = Publication.objects.filter(merged_into__in=reports.values()).select_related("merged_into")
    context = {"study": study, "reports": reports.values(), "kept": kept, "gone": gone}
    context |= {"merged": merged.order_by("key"), "is_unclear": bool(kept or gone)}
    return render(
        request, "studies/sources/reports.html", context, status=400 if context["is_unclear"] else 200
    )


def two_of(queryset, kept, gone):
    if kept == gone:
        raise Http404
    return [get_object_or_404(queryset, key=key) for key in (kept, gone)]


def answer(request, kept, gone, *, merge, unmerge):
    """(whether it was done, the sentence that refuses it) of what the button says, if one was pressed."""
    if request.method != "POST":
        return False, ""
    try:
        if "unmerge" in request.POST:
            unmerge(gone, by=request.user)
            messages.success(request, _("They are two again."))
        else:
            take = request.POST.getlist("take")
            merge(kept, gone, by=request.user, reason=reason_in(request.POST), take=take)
            messages.success(request, _("Merged."))
    except (Refused, IntegrityError) as refusal:
        return False, sentence_of(refusal)
    return True, ""


def reason_in(posted):
    reason = posted.get("reason", "").replace("\0", "")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Give the reason in at most %(most)s characters.") % {"most": LONGEST_REASON})
    return reason


def shown(request, template, kept, gone, trouble, context):
    context |= {
        "kept": kept,
        "gone": gone,
        "is_merged": gone.merged_into == kept,
        "reason": request.POST.get("reason", ""),
        "longest": LONGEST_REASON,
        "trouble": trouble,
    }
    page = f"studies/sources/{template}.html"
    return render(request, page, context, status=409 if trouble else 200)


def beside_each_other(kept, gone, taken):
    """What the two entries of a paper say, field by field: where they differ, what goes along, and what is the same."""
    differing, along = differences(kept, gone), goes_along(kept, gone)
    return [
        {
            "name": name,
            "label": Publication._meta.get_field(name).verbose_name,
            "kept": as_words(kept, name),
            "gone": as_words(gone, name),
            "goes_along": name in along,
            "is_offered": name in differing and name not in along,
            "is_ticked": name in taken,
        }
        for name in COMPARED[Publication]
        if as_words(kept, name) or as_words(gone, name)
    ]


def as_words(publication, name):
    value = getattr(publication, name)
    if name == "authors":
        return "; ".join(map(name_of, value))
    if name == "csl_type":
        return publication.get_csl_type_display()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
