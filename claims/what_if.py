"""Pages that weigh a claim anew: without chosen studies, its forest plots to take along, and claims that rest on one study."""

import csv
import json
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from claims.choices import EvidenceDirection
from claims.forest import forests_of
from claims.models import ClaimVersion, Evidence
from claims.probing import looked_at
from claims.shown import Shown
from claims.standing import overlay_of, overlays
from claims.synthesis import Estimator, IntervalMethod
from claims.synthesis.derived import FORMULAS
from claims.weighing import WORDED, choice_asked, studies_of, weigh
from kb.lib.drawings import drawing_response
from kb.lib.pages import BadPage, page_of
from kb.lib.unchanged import same_while_the_base_is
from studies.models import Study

COLUMNS = (
    *("chart", "measure", "unit", "outcome", "study", "label", "design", "estimate", "low", "high"),
    *("scale_value", "scale_variance", "made_from", "left_out", "weight_percent", "estimator", "interval"),
    *("is_as_printed", "standard_error", "formula", "source"),
)


@require_safe
def what_if(request, accession):
    """The claim with and without the studies of ?without=, beside what was published."""
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    problems, fallen = {}, frozenset(standing["fallen"])
    choice = choice_asked(request.GET, studies_of(version), problems)
    methods = {} if problems else {"estimator": choice.estimator, "interval": choice.interval}
    whole = weigh(version, fallen=fallen, **methods)
    left = weigh(version, fallen=fallen, without=choice.without, **methods) if choice.without else whole
    context = {
        "claim": version.claim,
        "version": version,
        "document": json.loads(version.document),
        "studies": once_each(whole.results),
        "choice": choice,
        "estimators": Estimator.choices,
        "intervals": IntervalMethod.choices,
        "directions": EvidenceDirection.choices,
        "problems": problems,
        "columns": [whole, left] if choice.without else [whole],
        "left": left,
        "steps": side_by_side(whole.steps, left.steps),
        "looked": looked_at(left.leading) if left.leading else None,
        "forests": forests_of(left.scales),
        "choices": urlencode({"without": sorted(choice.without), **methods}, doseq=True),
    }
    return render(request, "claims/what_if.html", context, status=400 if problems else 200)


def published_version(accession):
    """(the published version of a claim, its standing). Raises Http404."""
    versions = ClaimVersion.objects.filter(state="published").select_related(*WORDED)
    version = get_object_or_404(versions, claim__accession=accession)
    return version, overlay_of(version)


def closed_page(request, version, closed):
    """The same page of the claim it was merged into, or why it was withdrawn."""
    if closed["how"] == "merged":
        name = f"claims:{request.resolver_match.url_name}"
        same = request.resolver_match.kwargs | {"accession": closed["into"]}
        return HttpResponsePermanentRedirect(reverse(name, kwargs=same))
    return render(request, "claims/withdrawn.html", {"claim": version.claim, "closed": closed}, status=410)


def once_each(results):
    """The first result of each study, in their order."""
    found = {}
    for result in results:
        found.setdefault(result.study, result)
    return list(found.values())


def side_by_side(whole, left):
    """[(step with every study, step with those that are left)], by domain; None where nothing was judged or suggested."""
    before, after = ({step.domain: step for step in steps} for steps in (whole, left))
    return [(before.get(domain), after.get(domain)) for domain in dict.fromkeys([*before, *after])]


@require_safe
@same_while_the_base_is
def forest_drawing(request, accession, suffix):
    """One forest plot as SVG or PNG: ?chart=2 for the second; with the same choices as the page."""
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    number = request.GET.get("chart", "1")
    charts = forests_of(weighed_as_asked(request, version, standing).scales)
    chart = next((chart for chart in charts if str(chart.number) == number), None)
    if chart is None:
        raise Http404
    svg = render_to_string("charts/forest_plot.svg", {"chart": chart})
    return drawing_response(svg, f"{accession}-forest-{number}", suffix)


@require_safe
def forest_data(request, accession):
    """The results behind the forest plots of a claim as CSV: as printed, and on the scale they are pooled on."""
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    weighed = weighed_as_asked(request, version, standing)
    charts = forests_of(weighed.scales)
    if not charts:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{accession}-forest.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for chart in charts:
        for line in chart.lines:
            writer.writerow(cells(chart, line, weighed))
    return response


def weighed_as_asked(request, version, standing):
    """Raises BadRequest."""
    problems = {}
    choice = choice_asked(request.GET, studies_of(version), problems)
    if problems:
        raise BadRequest(" ".join(f"{name} {sentence}" for name, sentence in problems.items()))
    return weigh(
        version,
        fallen=frozenset(standing["fallen"]),
        without=choice.without,
        estimator=choice.estimator,
        interval=choice.interval,
    )


def cells(chart, line, weighed):
    result, effect, is_dutch = line.result, line.result.effect, get_language() == "nl"
    return [
        chart.number,
        result.measure,
        inert(result.unit[is_dutch]),
        inert(result.outcome[is_dutch]),
        result.study,
        inert(result.label),
        result.design,
        *line.printed,
        effect.value,
        effect.variance,
        result.made_from,
        result.left_out,
        line.weight,
        weighed.estimator.value,
        weighed.interval.value,
        "yes" if result.reported else "no",
        effect.se,
        ";".join(dict.fromkeys(each.formula for each in result.derived)),
        ";".join(dict.fromkeys(FORMULAS[each.formula][1] for each in result.derived)),
    ]


def inert(text):
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@dataclass(frozen=True)
class OnOne:
    """A claim in a list, and the study that it rests on."""

    shown: Shown
    study: Study


@require_safe
def on_one_study(request):
    """Published claims of which every result that counts comes from one study."""
    versions = ClaimVersion.objects.current().resting_on_one_study().order_by("claim__accession")
    try:
        page = page_of(versions.only("card"), request.GET)
    except BadPage as error:
        problems = {error.name: str(error)}
        return render(request, "claims/on_one_study.html", {"problems": problems}, status=400)
    standing = overlays([version.pk for version in page.items])
    counted = Evidence.objects.filter(version__in=page.items, counts_in_synthesis=True)
    studies = {row.version_id: row.study for row in counted.select_related("study")}
    rows = [OnOne(Shown(version.card, standing[version.pk]), studies[version.pk]) for version in page.items]
    return render(request, "claims/on_one_study.html", {"page": page, "rows": rows})
