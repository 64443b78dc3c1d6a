"""How what is open to read describes itself (OpenAPI): the parameters, headers and refusals that every such address has."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from kb.lib.pages import MOST, SIZE

PROBLEM = "application/problem+json"


class ProblemEntrySerializer(serializers.Serializer):
    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField(required=False)
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457, application/problem+json."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemEntrySerializer(many=True, required=False)


def listed(name, words, values=None, many=False):
    return OpenApiParameter(
        name, str, description=words, enum=values, many=many, explode=True if many else None
    )


def header(name, words, *, kind=str, response=None):
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=words, response=response)


PAGE = OpenApiParameter("page", int, description="Page of people, from 1; not past the first 10,000 records.")
PAGE_SIZE = OpenApiParameter(
    "page_size", int, description=f"Records a page, {SIZE} unless said, at most {MOST}."
)
CURSOR = listed(
    "cursor", "Walk the list instead of paging: begin with *, then follow `next` until it is null."
)
FIELDS = listed(
    "fields", "Members to keep, with commas between; of a member its own with a dot, such as rating.strength."
)
CUT = [PAGE, PAGE_SIZE, CURSOR]

IF_NONE_MATCH = header("If-None-Match", "The ETag of your copy; a 304 says that it is still good.")
IF_MODIFIED_SINCE = header(
    "If-Modified-Since", "The Last-Modified of your copy; counts where If-None-Match is absent."
)
ETAG = header(
    "ETag", "Changes with every change of the body; another one for each content coding.", response=[200, 304]
)
LAST_MODIFIED = header("Last-Modified", "Since when the record is as it is.", response=[200, 304])
LINK = header(
    "Link",
    "What comes first, next and before; versions, the page for people, licence (RFC 8288).",
    response=[200],
)
LIMITS = [
    header("RateLimit-Policy", 'Such as "api";q=600;w=60: so many requests in so many seconds.', response=[200, 429]),
    header("RateLimit", 'Such as "api";r=599;t=43: requests left, and seconds until the next window.', response=[200, 429]),
    header("RateLimit-Limit", "Requests in a window.", kind=int, response=[200, 429]),
    header("RateLimit-Remaining", "Requests left in this one.", kind=int, response=[200, 429]),
    header("RateLimit-Reset", "Seconds until the next.", kind=int, response=[200, 429]),
    header("Retry-After", "Seconds to wait.", kind=int, response=[429, 503]),
]  # fmt: skip
LOCATION = header("Location", "Where it is instead, with what was asked of it.", response=[301, 303])
SIGN_IN = header("WWW-Authenticate", "How to sign in; reading asks for no token.", response=[401])
WHY = {
    301: "Merged into another: see Location.",
    400: "A parameter is not known, or its value is not: `errors` names it.",
    303: "Another format was asked for by Accept: its file is at Location.",
    401: "The token that was sent along is not or no longer good; without one everybody may read this.",
    404: "There is nothing at this address, or nothing that was ever published.",
    406: "There is no such format here.",
    410: "Withdrawn, with the reason in both languages, or taken back.",
    429: "Too many requests; Retry-After says how long to wait. A 304 never counts.",
    503: "The database is away, or the question took too long; Retry-After says when to try again.",
}


def refusals(*statuses):
    """The answers that are not what was asked for: a problem, or the way to another address."""
    found = {
        (status, PROBLEM): OpenApiResponse(ProblemSerializer, description=WHY[status]) for status in statuses
    }
    if 303 in statuses:
        found[303] = OpenApiResponse(description=WHY[303])
        del found[303, PROBLEM]
    return found


def open_read(operation, given, *parameters, refused=(400,), dated=False):
    """A read that is open to everybody; `dated` where it has a Last-Modified. `given` is a serializer, or media types of text."""
    conditions = [IF_NONE_MATCH, IF_MODIFIED_SINCE, LAST_MODIFIED] if dated else [IF_NONE_MATCH]
    unchanged = OpenApiResponse(description="Your copy is still good.")
    is_one_form = isinstance(given, tuple)
    statuses = {*refused, 401, 429, 503} | (set() if is_one_form else {406})
    elsewhere = [LOCATION] if statuses & {301, 303} else []
    return extend_schema(
        operation_id=operation,
        parameters=[*parameters, *conditions, ETAG, LINK, *elsewhere, SIGN_IN, *LIMITS],
        responses={**answers(given), 304: unchanged, **refusals(*sorted(statuses))},
    )


def answers(given):
    if isinstance(given, tuple):
        kinds = {True: OpenApiTypes.ANY, False: OpenApiTypes.STR}
        return {(200, media_type): kinds[media_type.endswith("json")] for media_type in given}
    return {200: given}
