"""A claim weighed anew, for programs: the pooled numbers and what they suggest, without chosen studies."""

import json

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action

from claims.api import answer, closed_answer
from claims.asked import name_asked, refuse
from claims.models import ClaimVersion
from claims.records import absolute
from claims.standing import overlay_of
from claims.synthesis import Estimator, IntervalMethod
from claims.weighed import SynthesisSerializer, synthesis_record
from claims.weighing import ESTIMATOR, INTERVAL, WORDED, choice_asked, studies_of, weigh
from kb.lib.described import listed, open_read
from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import general_links
from kb.lib.reading import OpenReading, unknown_parameters
from kb.lib.shapes import LANG, Shape, language_asked

WITHOUT = listed(
    "without", "Leave these studies out, by their key; repeat it, or put commas between.", many=True
)
POOLED_BY = listed("estimator", f"How studies are pooled; {ESTIMATOR} unless said.", Estimator.values)
INTERVAL_BY = listed("interval", f"How the interval is made; {INTERVAL} unless said.", IntervalMethod.values)


@extend_schema(tags=["claims"])
class SynthesisViewSet(OpenReading, viewsets.ViewSet):
    """What the numbers of a claim suggest. Reading is open to everybody."""

    lookup_field = "accession"
    lookup_value_regex = "[^/]+"

    @open_read(
        "claims_synthesis",
        SynthesisSerializer,
        WITHOUT,
        POOLED_BY,
        INTERVAL_BY,
        LANG,
        refused=(301, 400, 404, 410),
    )
    @action(detail=True)
    def synthesis(self, request, accession):
        """The published claim pooled anew, with every study and without chosen ones. A preview: it changes no rating."""
        self.unless_unchanged(request)
        problems = unknown_parameters(request, {"without", "estimator", "interval", "lang"}, {"without"})
        shape = Shape(language_asked(request.query_params, problems))
        name = name_asked(accession)
        versions = ClaimVersion.objects.filter(state="published", claim__accession=name["accession"])
        version = versions.select_related(*WORDED).first()
        if version is None or name["number"]:
            raise Http404
        standing = overlay_of(version)
        if standing["closed"]:
            return closed_answer(request, standing["closed"])
        choice = choice_asked(request.query_params, studies_of(version), problems)
        refuse(problems)
        given = {
            "fallen": frozenset(standing["fallen"]),
            "estimator": choice.estimator,
            "interval": choice.interval,
        }
        whole = weigh(version, **given)
        left = weigh(version, without=choice.without, **given) if choice.without else whole
        document = json.loads(version.document)
        record = synthesis_record(version, document, choice, whole, left)
        response = answer(canonical(shape.of(record)), shape)
        page = f"/claims/{name['accession']}/what-if/"
        add_links(response, link(absolute(page), "alternate", type="text/html"), *general_links())
        return response
