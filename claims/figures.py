"""Figures of one claim to take along, each as a drawing, as a table, and for inside pages of others."""

import json

from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from claims.forest import forests_of
from claims.history import chart_of, public_versions
from claims.pictures import in_any_frame
from claims.tallying import looked_at_for
from claims.weighing import scales_as_usual
from claims.what_if import closed_page, published_version
from kb.lib.drawings import drawing_response
from kb.lib.sheets import csv_response
from kb.lib.unchanged import same_while_the_base_is

DIRECTIONS, LOOKED_AT = "directions", "looked-at"
DRAWINGS = {DIRECTIONS: "charts/directions.svg", LOOKED_AT: "charts/looked_at.svg"}
HEADS = {DIRECTIONS: ("direction", "counted", "not_counted"), LOOKED_AT: ("what", "studies", "results")}


@require_safe
@same_while_the_base_is
def figure_drawing(request, accession, name, suffix):
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    svg = render_to_string(DRAWINGS[name], {"looked_at": looked_at(version, standing)})
    return drawing_response(svg, f"{accession}-{name}", suffix)


@require_safe
def figure_data(request, accession, name):
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    found = looked_at(version, standing)
    rows = direction_rows(found) if name == DIRECTIONS else looked_at_rows(found)
    return csv_response(f"{accession}-{name}", HEADS[name], rows)


def direction_rows(found):
    return [(bar.direction.value, bar.counted, bar.others) for bar in found.bars]


def looked_at_rows(found):
    yield ("looked-at", found.studies, found.results)
    yield ("counted", found.counted_studies, found.counted)
    for why, _words, results in found.left_out:
        yield (f"not-counted:{why}", None, results)


@require_safe
@in_any_frame
def embedded_figure(request, accession, name):
    """One figure alone, for inside a page of somebody else."""
    version, standing = published_version(accession)
    card = json.loads(version.card)
    if standing["closed"]:
        return render(request, "embed/claim.html", {"card": card, "standing": standing})
    context = {"card": card, "name": name, "claim": version.claim}
    if name == "forest":
        context["forests"] = forests_of(scales_as_usual(version, standing["fallen"]))
        if not context["forests"]:
            raise Http404
    elif name == "rating":
        context["versions"] = list(public_versions(version.claim))
        context["chart"] = chart_of(context["versions"])
    else:
        context["looked_at"] = looked_at(version, standing)
    return render(request, "embed/figure.html", context)


def looked_at(version, standing):
    """Raises Http404 where there was no evidence to look at."""
    document = json.loads(version.document)
    if not document["evidence"]:
        raise Http404
    return looked_at_for(document, frozenset(standing["fallen"]))
