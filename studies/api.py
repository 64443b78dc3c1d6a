"""Studies and publications for programs."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from kb.lib.described import CUT, open_read
from kb.lib.files import SHEETS, ByAccept
from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import CUTTING, general_links, link_list, list_record, neighbours, piece_of
from kb.lib.problems import moved
from kb.lib.reading import BadParameters, unknown_parameters
from kb.lib.shapes import LANGUAGES, SHAPED, SHAPING, shape_asked
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
    also_known = StudyFilter.also_known | CUTTING | SHAPING


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
        shape = self.shape(request, problems)
        piece = piece_of(queryset, request, by="id")
        records = [shape.of(record) for record in self.serializer_class(piece.items, many=True).data]
        beside = neighbours(request, piece)
        response = in_shape(shape, list_record(piece, records, beside))
        link_list(response, beside)
        return response

    def retrieve(self, request, key):
        shape = self.shape(request, unknown_parameters(request, SHAPING))
        found = self.queryset().filter(key=key).first()
        if found is None:
            raise missing(self.serializer_class.Meta.model, key)
        if found.merged_into:
            where = reverse(f"{self.basename}-detail", args=[found.merged_into.key])
            return moved(request, where, str(self.merged))
        record = self.serializer_class(found).data
        self.unless_unchanged(request, canonical(record))
        response = in_shape(shape, shape.of(record))
        people = [
            link(page, "alternate", type="text/html", hreflang=language)
            for language, page in pages_of(found).items()
        ]
        add_links(response, *people, *general_links())
        return response

    def shape(self, request, problems):
        """The shape that is asked for. Raises BadParameters with these problems and its own."""
        shape = shape_asked(request.query_params, problems, self.serializer_class)
        if problems:
            raise BadParameters(problems)
        return shape


def in_shape(shape, body):
    return Response(body, headers={"Content-Language": shape.languages})


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

    @open_read("studies_list", StudyListSerializer, *FILTERS, *CUT, *SHAPED, refused=(303, 400, 406))
    def list(self, request):
        """Every study, retracted ones included and marked."""
        self.unless_unchanged(request)
        study_filter = ListFilter(request.query_params, self.queryset().unmerged())
        problems = study_filter.problems
        return self.listed(request, study_filter.queryset if problems else study_filter.results(), problems)

    @open_read("studies_retrieve", StudySerializer, *SHAPED, refused=(301, 303, 400, 404, 406, 410))
    def retrieve(self, request, key):
        """One study with its publications."""
        return super().retrieve(request, key)


@extend_schema(tags=["publications"])
class PublicationViewSet(RecordViewSet):
    serializer_class = PublicationSerializer
    merged = gettext_lazy("This publication was merged into another.")

    def queryset(self):
        return Publication.objects.with_notices().select_related("study", "merged_into").order_by("key")

    @open_read("publications_list", PublicationListSerializer, *CUT, *SHAPED, refused=(303, 400, 406))
    def list(self, request):
        """Every publication, in the order of its key."""
        self.unless_unchanged(request)
        problems = unknown_parameters(request, {*CUTTING, *SHAPING})
        return self.listed(request, self.queryset().unmerged(), problems)

    @open_read(
        "publications_retrieve", PublicationSerializer, *SHAPED, refused=(301, 303, 400, 404, 406, 410)
    )
    def retrieve(self, request, key):
        """One publication with its notices."""
        return super().retrieve(request, key)


def pages_of(found):
    """{language: address of the page} of a study, or of the study that a publication reports."""
    key = found.study.key if isinstance(found, Publication) else found.key
    return {language: f"{settings.SITE_URL}/{language}/studies/{key}/" for language in LANGUAGES}
