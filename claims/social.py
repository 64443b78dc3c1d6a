"""The picture that goes with a link to a claim where links are shared: its plain sentence and how sure it is."""

import json
import textwrap

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.models import ClaimVersion
from claims.standing import overlay_of
from kb.lib.drawings import png_of
from kb.lib.unchanged import same_while_the_base_is

TOP, ROOM = 200, 300  # pixels: where the sentence begins, and how much room it has
SIZES = ((58, 34), (48, 41), (40, 50), (33, 61))  # of letters in pixels, and how many fit on a line


@require_safe
@same_while_the_base_is
def picture(request, accession, number):
    """1200 x 630 pixels, as PNG."""
    versions = ClaimVersion.objects.public().only("card", "number")
    version = get_object_or_404(versions, claim__accession=accession, number=number)
    card, standing, language = json.loads(version.card), overlay_of(version), get_language()
    rating = card["rating"]
    size, lines = fitted(card["plain_sentence"][language])
    context = {
        "size": size,
        "lines": [(line, TOP + round(size * 1.25) * (at + 1)) for at, line in enumerate(lines)],
        "levels": rating["strength"]["value"] if rating["strength"] else 0,
        "words": said_of(rating, standing, language),
        "address": f"{accession}.{number}",
    }
    return HttpResponse(
        png_of(render_to_string("charts/claim_card.svg", context), scale=1), content_type="image/png"
    )


def fitted(sentence):
    """(size of the letters, lines): the largest that the room takes; of a longer sentence the end is left out."""
    for size, width in SIZES:
        lines = textwrap.wrap(sentence, width)
        if len(lines) * round(size * 1.25) <= ROOM:
            return size, lines
    return size, [*lines[: ROOM // round(size * 1.25) - 1], "…"]


def said_of(rating, standing, language):
    if standing["closed"]:
        return _("No longer stands")
    if standing["under_review"]:
        return _("Rating under review")
    return rating["strength"]["words"][language] if rating["strength"] else _("Not rated")
