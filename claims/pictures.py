"""Pages that weigh claims together: the evidence map, here and inside pages of others, and chains of steps."""

import json

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from claims.chains import claims_of_the_whole, drawn_chains
from claims.charts import evidence_map as drawing_of
from claims.choices import EvidenceState, Verdict
from claims.faceting import chosen
from claims.maps import MapFilter, map_of
from claims.models import Chain, ClaimVersion
from claims.standing import overlay_of
from claims.templatetags.claims import sign_words
from kb.lib.pages import BadPage, page_of
from kb.lib.sheets import csv_response

NOT_FOUND = (EvidenceState.NONE_FOUND, EvidenceState.NOT_SEARCHED)
HEAD = (
    "intervention", "outcome", "topic_kind", "claim", "kind", "plain_sentence", "strength", "verdict",
    "evidence_state", "under_review", "studies",
)  # fmt: skip


def in_any_frame(view):
    """Any site may show this page inside its own; whatever else the policy forbids stays forbidden."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


@require_safe
def evidence_map(request):
    return map_page(request, "pictures/map.html")


@require_safe
@in_any_frame
def embedded_map(request):
    """The map alone, for inside a page of somebody else."""
    return map_page(request, "embed/map.html")


@require_safe
@in_any_frame
def embedded_claim(request, accession):
    """What is known of one claim, for inside a page of somebody else; also once it was merged or withdrawn."""
    version = get_object_or_404(
        ClaimVersion.objects.filter(state="published").only("card"), claim__accession=accession
    )
    standing = overlay_of(version)
    return render(request, "embed/claim.html", {"card": json.loads(version.card), "standing": standing})


@require_safe
def evidence_map_csv(request):
    claim_filter = MapFilter(request.GET)
    if claim_filter.problems:
        return map_page(request, "pictures/map.html")
    return csv_response("evidence-map", HEAD, [csv_row(mark) for mark in map_of(claim_filter).marks])


@require_safe
def evidence_map_svg(request):
    """The map as one picture with its key, to keep or to print."""
    claim_filter = MapFilter(request.GET)
    if claim_filter.problems:
        return map_page(request, "pictures/map.html")
    response = HttpResponse(drawn(map_of(claim_filter)), content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="evidence-map.svg"'
    return response


def map_page(request, template):
    claim_filter = MapFilter(request.GET)
    problems = claim_filter.problems
    context = {"filter": claim_filter, "problems": problems}
    if not problems:
        context |= {
            "map": map_of(claim_filter),
            "chosen": chosen(claim_filter.data, claim_filter.state, MapFilter),
            "as_of": claim_filter.moment,
            "query": f"?{claim_filter.data.urlencode()}" if claim_filter.data else "",
            "topics": sorted(claim_filter.topics.values(), key=lambda topic: topic.name.casefold()),
        }
    return render(request, template, context, status=400 if problems else 200)


def drawn(found):
    language = get_language()
    rows = [
        (
            row.topic["name"][language],
            [[(mark.sign, mark.size, mark.strength, words_of(mark)) for mark in cell] for cell in row.cells],
        )
        for row in found.rows
    ]
    words = [(word.value, word.label) for word in (*Verdict, *NOT_FOUND)]
    words.append(("warning", _("Rating under review")))
    drawing = drawing_of([topic["name"][language] for topic in found.columns], rows, words)
    return render_to_string("charts/evidence_map.svg", {"drawing": drawing, "language": language})


def words_of(mark):
    about, rating, language = mark.card["about"], mark.card["rating"], get_language()
    strength = rating["strength"]["words"][language] if rating["strength"] else _("Not rated")
    return "; ".join(
        [
            f"{about['intervention']['name'][language]}, {about['outcome']['name'][language]}",
            str(sign_words(mark)),
            str(_("Rating under review")) if mark.under_review else strength,
            mark.card["accession"],
        ]
    )


def csv_row(mark):
    card, language = mark.card, get_language()
    rating, about = card["rating"], card["about"]
    return (
        about["intervention"]["slug"],
        about["outcome"]["slug"],
        about["outcome"]["kind"]["code"],
        card["accession"],
        card["kind"]["code"],
        card["plain_sentence"][language],
        rating["strength"]["code"] if rating["strength"] else "",
        rating["verdict"]["code"],
        rating["evidence_state"]["code"],
        "yes" if mark.under_review else "no",
        mark.studies,
    )


@require_safe
def chain_list(request):
    try:
        page = page_of(Chain.objects.order_by("slug"), request.GET)
    except BadPage as error:
        return render(request, "pictures/chains.html", {"problems": {error.name: str(error)}}, status=400)
    chains = drawn_chains(Chain.objects.filter(pk__in=[chain.pk for chain in page.items]).order_by("slug"))
    return render(request, "pictures/chains.html", {"page": page, "chains": chains})


@require_safe
def chain_detail(request, slug):
    drawn = drawn_chains(Chain.objects.filter(slug=slug))
    if not drawn:
        raise Http404
    context = {"drawn": drawn[0], "tested": claims_of_the_whole(drawn[0])}
    return render(request, "pictures/chain.html", context)
