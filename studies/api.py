"""Studies and publications for programs."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from kb.lib.described import CUT, FIELDS, open_read
from kb.lib.files import SHEETS, ByAccept
from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import CUTTING, general_links, link_list, list_record, neighbours, piece_of
from kb.lib.members import kept, members_asked, members_of
from kb.lib.problems import moved
from kb.lib.reading import BadParameters, unknown_parameters
from studies.choices import Design
from studies.filters import StudyFilter
from studies.models import Publication, Study
from studies.querysets import were_here
from studies.serializers import (
    PublicationListSerializer,
    PublicationSerializer,
    StudyListSerializer,
    StudySerializer,
)

FILTERS = [
    OpenApiParameter("q", str, description="Words, a DOI or a PMID."),
    OpenApiParameter(
        "design", str, many=True, enum=Design.values, description="Study design; repeat for any of several."
    ),
    OpenApiParameter(
        "retracted", str, enum=["yes", "no"], description="Whether the main report is retracted today."
    ),
    OpenApiParameter("year_min", int, description="Published in this year or later."),
    OpenApiParameter("year_max", int, description="Published in this year or earlier."),
]


class ListFilter(StudyFilter):
    also_known = StudyFilter.also_known | CUTTING | {"fields"}


class TakenBack(APIException):
    status_code = 410
    default_detail = gettext_lazy("This was here, and was taken back.")


def missing(model, key):
    """What to raise where there is none of this key."""
    return TakenBack() if were_here(model, key) else Http404()


class RecordViewSet(ByAccept, viewsets.ViewSet):
    """A list by pages or by cursor, and one record by its key; the parameters that are not known are refused."""

    formats = {"list": SHEETS, "retrieve": SHEETS}
    lookup_field = "key"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def listed(self, request, queryset, problems):
        """The answer to a list; `problems` are those of its own parameters."""
        members = self.members(request, problems)
        piece = piece_of(queryset, request, by="id")
        records = self.serializer_class(piece.items, many=True).data
        if members is not None:
            records = [kept(record, members) for record in records]
        beside = neighbours(request, piece)
        response = Response(list_record(piece, records, beside))
        link_list(response, beside)
        return response

    def retrieve(self, request, key):
        members = self.members(request, unknown_parameters(request, {"fields"}))
        found = self.queryset().filter(key=key).first()
        if found is None:
            raise missing(self.serializer_class.Meta.model, key)
        if found.merged_into:
            where = reverse(f"{self.basename}-detail", args=[found.merged_into.key])
            return moved(request, where, str(self.merged))
        record = self.serializer_class(found).data
        self.unless_unchanged(request, canonical(record))
        response = Response(record if members is None else kept(record, members))
        people = [
            link(page, "alternate", type="text/html", hreflang=language)
            for language, page in pages_of(found).items()
        ]
        add_links(response, *people, *general_links())
        return response

    def members(self, request, problems):
        """What `fields` asks for, or None for everything. Raises BadParameters with these problems and its own."""
        members = None
        if "fields" in request.query_params:
            try:
                members = members_asked(request.query_params["fields"], members_of(self.serializer_class))
            except ValueError as error:
                problems["fields"] = str(error)
        if problems:
            raise BadParameters(problems)
        return members


@extend_schema(tags=["studies"])
class StudyViewSet(RecordViewSet):
    serializer_class = StudySerializer
    merged = gettext_lazy("This study was merged into another.")

    def queryset(self):
        return (
            Study.objects.with_standing()
            .with_assessments()
            .with_reports()
            .select_related("merged_into")
            .prefetch_related("inclusions__trial")
        )

    @open_read("studies_list", StudyListSerializer, *FILTERS, *CUT, FIELDS, refused=(303, 400, 406))
    def list(self, request):
        """Every study, retracted ones included and marked."""
        self.unless_unchanged(request)
        study_filter = ListFilter(request.query_params, self.queryset().unmerged())
        problems = study_filter.problems
        return self.listed(request, study_filter.queryset if problems else study_filter.results(), problems)

    @open_read("studies_retrieve", StudySerializer, FIELDS, refused=(301, 303, 400, 404, 406, 410))
    def retrieve(self, request, key):
        """One study with its publications."""
        return super().retrieve(request, key)


@extend_schema(tags=["publications"])
class PublicationViewSet(RecordViewSet):
    serializer_class = PublicationSerializer
    merged = gettext_lazy("This publication was merged into another.")

    def queryset(self):
        return Publication.objects.with_notices().select_related("study", "merged_into").order_by("key")

    @open_read("publications_list", PublicationListSerializer, *CUT, FIELDS, refused=(303, 400, 406))
    def list(self, request):
        """Every publication, in the order of its key."""
        self.unless_unchanged(request)
        return self.listed(
            request, self.queryset().unmerged(), unknown_parameters(request, {*CUTTING, "fields"})
        )

    @open_read("publications_retrieve", PublicationSerializer, FIELDS, refused=(301, 303, 400, 404, 406, 410))
    def retrieve(self, request, key):
        """One publication with its notices."""
        return super().retrieve(request, key)


def pages_of(found):
    """{language: address of the page} of a study, or of the study that a publication reports."""
    key = found.study.key if isinstance(found, Publication) else found.key
    return {language: f"{settings.SITE_URL}/{language}/studies/{key}/" for language in ("en", "nl")}
