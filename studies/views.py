"""The list of studies. The page of one study is in the roof, since it shows the claims that lean on it."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.lib.pages import BadPage, page_of
from studies.filters import StudyFilter
from studies.models import Publication

REPORTS = Prefetch("publications", Publication.objects.unmerged())


@require_safe
def study_list(request):
    study_filter = StudyFilter(request.GET)
    context, status = {"filter": study_filter, "problems": study_filter.problems}, 200
    if not context["problems"]:
        try:
            context["page"] = page_of(study_filter.results().prefetch_related(REPORTS), request.GET)
        except BadPage as error:
            context["problems"] = {error.name: str(error)}
    if context["problems"]:
        status = 400
    return render(request, "studies/list.html", context, status=status)
