"""Studies and publications for programs."""

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from kb.lib.pages import BadPage, page_of
from kb.lib.problems import parameter_problem
from studies.choices import Design
from studies.filters import StudyFilter
from studies.models import Publication, Study
from studies.serializers import (
    ProblemSerializer,
    PublicationListSerializer,
    PublicationSerializer,
    StudyListSerializer,
    StudySerializer,
)

PAGE = [
    OpenApiParameter("page", int, description="Page, from 1."),
    OpenApiParameter("page_size", int, description="Records a page, 25 unless said, at most 200."),
]
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
PROBLEMS = {400: ProblemSerializer, 404: ProblemSerializer}


class RecordViewSet(viewsets.ViewSet):
    """A list by pages and one record by its key; the parameters that are not known are refused."""

    permission_classes = (AllowAny,)  # nothing here writes, so another method is a 405 for everybody
    lookup_field = "key"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def page(self, request, queryset):
        page = page_of(queryset, request.query_params)
        return Response(
            {
                "count": page.total,
                "page": page.number,
                "page_size": page.size,
                "next": address(request, page.next),
                "previous": address(request, page.previous),
                "results": self.serializer_class(page.items, many=True).data,
            }
        )

    def retrieve(self, request, key):
        if request.query_params:
            return parameter_problem(dict.fromkeys(request.query_params, "is not a parameter here."))
        found = self.queryset().filter(key=key).first()
        if found is None:
            raise Http404
        return Response(self.serializer_class(found).data)


@extend_schema(tags=["studies"])
class StudyViewSet(RecordViewSet):
    serializer_class = StudySerializer

    def queryset(self):
        return Study.objects.with_standing().prefetch_related("publications__notices", "inclusions__trial")

    @extend_schema(
        operation_id="studies_list",
        parameters=[*FILTERS, *PAGE],
        responses={200: StudyListSerializer, 400: ProblemSerializer},
    )
    def list(self, request):
        """Every study, retracted ones included and marked."""
        study_filter = StudyFilter(request.query_params, self.queryset())
        if study_filter.problems:
            return parameter_problem(study_filter.problems)
        try:
            return self.page(request, study_filter.results())
        except BadPage as error:
            return parameter_problem({error.name: str(error)})

    @extend_schema(operation_id="studies_retrieve", responses={200: StudySerializer, **PROBLEMS})
    def retrieve(self, request, key):
        """One study with its publications."""
        return super().retrieve(request, key)


@extend_schema(tags=["publications"])
class PublicationViewSet(RecordViewSet):
    serializer_class = PublicationSerializer

    def queryset(self):
        return (
            Publication.objects.with_standing()
            .select_related("study")
            .prefetch_related("notices")
            .order_by("key")
        )

    @extend_schema(
        operation_id="publications_list",
        parameters=PAGE,
        responses={200: PublicationListSerializer, 400: ProblemSerializer},
    )
    def list(self, request):
        """Every publication, in the order of its key."""
        unknown = request.query_params.keys() - {"page", "page_size"}
        if unknown:
            return parameter_problem(
                dict.fromkeys(sorted(unknown), "is not a parameter here. Known are: page, page_size.")
            )
        try:
            return self.page(request, self.queryset())
        except BadPage as error:
            return parameter_problem({error.name: str(error)})

    @extend_schema(operation_id="publications_retrieve", responses={200: PublicationSerializer, **PROBLEMS})
    def retrieve(self, request, key):
        """One publication with its notices."""
        return super().retrieve(request, key)


def address(request, number):
    if number is None:
        return None
    parameters = request.query_params.copy()
    parameters["page"] = number
    return f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
