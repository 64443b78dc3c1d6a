"""Topics for programs: what claims are about."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets

from claims import serializers
from claims.api import answer
from claims.asked import refuse
from claims.models import Topic
from claims.records import absolute, topic_record
from kb.lib.described import CUT, open_read
from kb.lib.files import CONCEPTS, ByAccept
from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import CUTTING, general_links, link_list, list_text, neighbours, piece_of
from kb.lib.reading import unknown_parameters
from kb.lib.shapes import LANGUAGES, SHAPED, SHAPING, shape_asked


@extend_schema(tags=["topics"])
class TopicViewSet(ByAccept, viewsets.ViewSet):
    """What claims are about: interventions, outcomes, mechanisms, conditions and populations."""

    formats = {"list": CONCEPTS, "retrieve": CONCEPTS}

    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"

    @open_read("topics_list", serializers.TopicListSerializer, *CUT, *SHAPED, refused=(303, 400, 406))
    def list(self, request):
        """Every topic, with the number of published claims linked to it."""
        self.unless_unchanged(request)
        problems = unknown_parameters(request, {*CUTTING, *SHAPING})
        shape = shape_asked(request.query_params, problems, serializers.TopicSerializer)
        refuse(problems)
        piece = piece_of(Topic.objects.listed().order_by("slug"), request, by="id")
        beside = neighbours(request, piece)
        records = [canonical(shape.of(topic_record(topic))) for topic in piece.items]
        response = answer(list_text(piece, records, beside), shape)
        link_list(response, beside)
        return response

    @open_read("topics_retrieve", serializers.TopicSerializer, *SHAPED, refused=(303, 400, 404))
    def retrieve(self, request, slug):
        """One topic."""
        problems = unknown_parameters(request, SHAPING)
        shape = shape_asked(request.query_params, problems, serializers.TopicSerializer)
        refuse(problems)
        topic = Topic.objects.known().filter(slug=slug).first()
        if topic is None:
            raise Http404
        record = canonical(shape.of(topic_record(topic)))
        self.unless_unchanged(request, record)
        response = answer(record, shape)
        people = [
            link(absolute(f"/{language}/topics/{slug}/"), "alternate", type="text/html", hreflang=language)
            for language in LANGUAGES
        ]
        add_links(response, *people, *general_links())
        return response
