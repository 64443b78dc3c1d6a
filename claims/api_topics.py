"""Topics for programs: what claims are about."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets

from claims import serializers
from claims.api import answer
from claims.asked import refuse
from claims.models import Topic
from claims.records import LANGUAGES, absolute, topic_record
from kb.lib.described import CUT, FIELDS, open_read
from kb.lib.files import CONCEPTS, ByAccept
from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import CUTTING, general_links, link_list, list_text, neighbours, piece_of
from kb.lib.members import kept, members_asked, members_of
from kb.lib.reading import unknown_parameters


@extend_schema(tags=["topics"])
class TopicViewSet(ByAccept, viewsets.ViewSet):
    """What claims are about: interventions, outcomes, mechanisms, conditions and populations."""

    formats = {"list": CONCEPTS, "retrieve": CONCEPTS}

    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"

    @open_read("topics_list", serializers.TopicListSerializer, *CUT, FIELDS, refused=(303, 400, 406))
    def list(self, request):
        """Every topic, with the number of published claims linked to it."""
        self.unless_unchanged(request)
        problems = unknown_parameters(request, {*CUTTING, "fields"})
        show = topic_shape(request.query_params, problems)
        refuse(problems)
        piece = piece_of(Topic.objects.listed().order_by("slug"), request, by="id")
        beside = neighbours(request, piece)
        response = answer(list_text(piece, [canonical(show(topic)) for topic in piece.items], beside))
        link_list(response, beside)
        return response

    @open_read("topics_retrieve", serializers.TopicSerializer, FIELDS, refused=(303, 400, 404))
    def retrieve(self, request, slug):
        """One topic."""
        problems = unknown_parameters(request, {"fields"})
        show = topic_shape(request.query_params, problems)
        refuse(problems)
        topic = Topic.objects.known().filter(slug=slug).first()
        if topic is None:
            raise Http404
        record = canonical(show(topic))
        self.unless_unchanged(request, record)
        response = answer(record)
        people = [
            link(absolute(f"/{language}/topics/{slug}/"), "alternate", type="text/html", hreflang=language)
            for language in LANGUAGES
        ]
        add_links(response, *people, *general_links())
        return response


def topic_shape(parameters, problems):
    """What makes a record of a topic, with the members that `fields` asks for; adds to the problems."""
    if "fields" not in parameters:
        return topic_record
    try:
        wanted = members_asked(parameters["fields"], members_of(serializers.TopicSerializer))
    except ValueError as error:
        problems["fields"] = str(error)
        return None
    return lambda topic: kept(topic_record(topic), wanted)
