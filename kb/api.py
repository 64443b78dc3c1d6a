"""The roof of the REST API: its routes, and errors that are problem+json whatever went wrong."""

import re
from functools import cache

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import include, path, re_path
from django.utils.translation import activate, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, routers
from rest_framework.permissions import AllowAny
from rest_framework.views import set_rollback

from claims.api import ClaimViewSet
from claims.api_synthesis import SynthesisViewSet
from claims.api_topics import TopicViewSet
from claims.downloads import ReleaseViewSet
from claims.editing.closing import ClosingViewSet
from claims.editing.comments import CommentViewSet
from claims.editing.drafts import DraftViewSet
from claims.editing.parts import EvidenceViewSet, JudgementViewSet
from claims.feeds import ChangeViewSet
from claims.files import ClaimFileViewSet, TopicFileViewSet
from claims.streaming import ClaimLinesViewSet
from kb.entrance import IndexView, JsonView
from kb.lib.files import CITATION, CLAIM, CONCEPTS, SHEETS
from kb.lib.problems import problem
from kb.lib.reading import OpenReading
from studies.api import PublicationViewSet, StudyViewSet
from studies.files import PublicationFileViewSet, StudyFileViewSet

DRAFT = "drafts/(?P<draft>[0-9]{1,18})"

router = routers.SimpleRouter()
router.register("claims", ClaimViewSet, basename="api-claim")
router.register("claims", SynthesisViewSet, basename="api-synthesis")
router.register("claims", ClosingViewSet, basename="api-closing")
router.register("drafts", DraftViewSet, basename="api-draft")
router.register(f"{DRAFT}/evidence", EvidenceViewSet, basename="api-evidence")
router.register(f"{DRAFT}/judgements", JudgementViewSet, basename="api-judgement")
router.register(f"{DRAFT}/comments", CommentViewSet, basename="api-comment")
router.register("changes", ChangeViewSet, basename="api-change")
router.register("releases", ReleaseViewSet, basename="api-release")
router.register("studies", StudyViewSet, basename="api-study")
router.register("publications", PublicationViewSet, basename="api-publication")
router.register("topics", TopicViewSet, basename="api-topic")


def problem_handler(error, context):
    """What DRF calls for any exception in a view; None lets the server's own handling go on."""
    set_rollback()
    if isinstance(error, Http404):
        return problem(404, _("There is nothing at this address."))
    if isinstance(error, PermissionDenied):
        rule = {"rule": error.rule} if hasattr(error, "rule") else {}
        return problem(403, str(error) or _("Your account may not do this."), **rule)
    if isinstance(error, exceptions.ValidationError):
        return problem(400, _("Some fields are not right."), errors=pointers(error.detail))
    if isinstance(error, exceptions.APIException):
        headers = {"Allow": ", ".join(context["view"].allowed_methods)} if error.status_code == 405 else {}
        headers |= {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
        headers |= {"Retry-After": str(error.wait)} if getattr(error, "wait", None) else {}
        return problem(error.status_code, str(error.detail), headers=headers)
    return None


def pointers(detail, at=""):
    """DRF's nested errors as a flat list with JSON pointers."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from pointers(inner, f"{at}/{name}")
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for index, inner in enumerate(detail):
            yield from pointers(inner, f"{at}/{index}")
    else:
        sentences = [detail] if isinstance(detail, str) else detail
        yield from ({"pointer": at or "/", "detail": str(each)} for each in sentences)


class SchemaView(OpenReading, SpectacularAPIView):
    """The description of all this, in English. It follows from the code alone."""

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        self.unless_unchanged(request, "schema")
        activate("en")
        response = super().get(request, *args, **kwargs)
        response["Content-Language"] = "en"
        return response


class ReferenceView(SpectacularSwaggerSplitView):
    """The same for people. Swagger UI comes from our own files; who runs no scripts reads it all the same."""

    url_name = "api-schema"
    template_name = "api/reference.html"
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if "script" not in request.query_params:
            response.data["description"] = description()
        response["Content-Language"] = "en"
        return response


@cache
def description():
    """OpenAPI as a dictionary; it follows from the code alone, so once for each process."""
    with override("en"):
        return SchemaGenerator().get_schema(public=True)


@csrf_exempt
def nothing_here(request, *args, **kwargs):
    return problem(404, _("There is nothing at this address. The API starts at /api/v1/."))


def files(path_, view, formats, name, action="list"):
    """An address that ends in the suffix of a format."""
    either = "|".join(re.escape(suffix) for suffix in formats)
    return re_path(rf"^v1/{path_}\.(?P<suffix>{either})$", view.as_view({"get": action}), name=f"api-{name}")


PLACE = r"(?:claims|studies|publications|topics)(?:/[-a-zA-Z0-9_]+(?:\.[1-9][0-9]{0,5})?)?"
NAME, KEY = r"(?P<name>KB[0-9]{6,12}(?:\.[1-9][0-9]{0,5})?)", "(?P<key>[-a-zA-Z0-9_]+)"

urlpatterns = [
    files("claims", ClaimFileViewSet, SHEETS, "claim-files"),
    files(f"claims/{NAME}", ClaimFileViewSet, CLAIM, "claim-file", "retrieve"),
    files(f"claims/{NAME}/citation", ClaimFileViewSet, CITATION, "claim-citation", "citation"),
    files("topics", TopicFileViewSet, CONCEPTS, "topic-files"),
    files("topics/(?P<slug>[-a-z0-9]+)", TopicFileViewSet, CONCEPTS, "topic-file", "retrieve"),
    files("studies", StudyFileViewSet, SHEETS, "study-files"),
    files(f"studies/{KEY}", StudyFileViewSet, SHEETS, "study-file", "retrieve"),
    files("publications", PublicationFileViewSet, SHEETS, "publication-files"),
    files(f"publications/{KEY}", PublicationFileViewSet, SHEETS, "publication-file", "retrieve"),
    path("v1/claims.jsonl", ClaimLinesViewSet.as_view({"get": "list"}), name="api-claim-lines"),
    path("v1/", IndexView.as_view(), name="api-index"),
    path("v1/", include(router.urls)),
    re_path(rf"^v1/(?P<place>{PLACE})\.json$", JsonView.as_view(), name="api-json"),
    path("v1/schema/", SchemaView.as_view(), name="api-schema"),
    path("v1/docs/", ReferenceView.as_view(), name="api-reference"),
    re_path("", nothing_here),
]
