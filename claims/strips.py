"""The risk of bias of the studies under a claim to take along: as a drawing, as a table, inside pages of others."""

import json

from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from claims.lights import strip_of
from claims.pictures import in_any_frame
from claims.what_if import closed_page, published_version
from kb.lib.drawings import drawing_response
from kb.lib.sheets import csv_response
from kb.lib.unchanged import same_while_the_base_is

HEAD = ("study", "label", "tool", "outcome", "part", "judgement", "words", "reason")


@require_safe
@same_while_the_base_is
def bias_drawing(request, accession, suffix):
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    svg = render_to_string("charts/risk_of_bias.svg", {"drawing": drawn(version).drawing})
    return drawing_response(svg, f"{accession}-risk-of-bias", suffix)


@require_safe
def bias_data(request, accession):
    """A row for each overall judgement and for each domain."""
    version, standing = published_version(accession)
    if standing["closed"]:
        return closed_page(request, version, standing["closed"])
    rows = [row for judged in drawn(version).judged for row in rows_of(judged)]
    return csv_response(f"{accession}-risk-of-bias", HEAD, rows)


@require_safe
@in_any_frame
def embedded_bias(request, accession):
    """The strip alone, for inside a page of somebody else."""
    version, standing = published_version(accession)
    card = json.loads(version.card)
    if standing["closed"]:
        return render(request, "embed/claim.html", {"card": card, "standing": standing})
    strip = strip_of(json.loads(version.document)["evidence"])
    return render(request, "embed/bias.html", {"card": card, "strip": strip})


def drawn(version):
    """Raises Http404 where there is no study to draw."""
    strip = strip_of(json.loads(version.document)["evidence"])
    if not strip.judged:
        raise Http404
    return strip


def rows_of(judged):
    dutch = get_language() == "nl"
    said = (
        judged.study,
        judged.label,
        judged.tool_name,
        judged.outcome_nl if dutch else judged.outcome_en,
    )
    reason = judged.notes_nl if dutch else judged.notes_en
    yield (*said, "overall", judged.overall.code, str(judged.overall.words), reason)
    for light in judged.domains:
        reason = light.reason_nl if dutch else light.reason_en
        yield (*said, str(light.about), light.code, str(light.words), reason)
