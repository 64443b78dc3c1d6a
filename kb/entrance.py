"""The first address of the API, which says what there is, and the suffix that leads to the record itself."""

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.views import APIView

from kb.lib.files import AsItIs, SeeOther
from kb.lib.http import add_links
from kb.lib.jsonlines import canonical
from kb.lib.lists import general_links
from kb.lib.reading import BadParameters, OpenReading, unknown_parameters

PLACES = {
    **{name: f"{name}/" for name in ("claims", "studies", "publications", "topics", "changes", "releases")},
    "claims_as_lines": "claims.jsonl",
    "drafts": "drafts/",
    "description": "schema/",
    "documentation": "docs/",
}


class IndexView(OpenReading, APIView):
    """The addresses to begin at."""

    content_negotiation_class = AsItIs

    @extend_schema(exclude=True)
    def get(self, request):
        if problems := unknown_parameters(request, ()):
            raise BadParameters(problems)
        self.unless_unchanged(request, "index")
        index = {name: f"{settings.SITE_URL}/api/v1/{place}" for name, place in PLACES.items()}
        response = HttpResponse(canonical(index), content_type="application/json")
        add_links(response, *general_links())
        return response


class JsonView(OpenReading, APIView):
    """`claims/KB000001.json` is `claims/KB000001/`, for who looks for the record among the files."""

    content_negotiation_class = AsItIs

    @extend_schema(exclude=True)
    def get(self, request, place):
        query = request.META.get("QUERY_STRING", "")
        return SeeOther(f"/api/v1/{place}/{'?' if query else ''}{query}")
