"""How the API for editors describes itself (OpenAPI): what comes back, with which headers, and every way to be refused."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from claims.choices import Domain
from claims.editing.shapes import RefusalSerializer, StaleSerializer

DONE = [200, 201, 204]
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='The ETag of the draft as you saw it, such as "7".'
)  # fmt: skip
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[*DONE, 412],
    description="The revision of the draft after this.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A key of your own; sent again within a day with the same body, it brings the first answer again.",
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[201], description="The address of what was made."
)
WHY = {
    400: "The body is not right: `errors` says where. Nothing was written.",
    401: "Not signed in, or with a token that does not count; `WWW-Authenticate` says how to.",
    403: "Your role may not do this, or a rule forbids it to you: see `rule`.",
    404: "There is nothing here for you.",
    409: "The state of the draft, of the claim or of the base does not allow it: see `rule`.",
    411: "A body without a Content-Length.",
    412: "Somebody wrote in it since: `current` is what it is now.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "This Idempotency-Key came with another request before.",
    428: "If-Match is missing.",
    429: "Too many requests; Retry-After says how long to wait.",
}
PROBLEM = "application/problem+json"


DRAFT = OpenApiParameter("draft", int, OpenApiParameter.PATH, description="Number of a draft.")
ROW = OpenApiParameter("row", int, OpenApiParameter.PATH, description="Number of a row of evidence.")
DOMAIN = OpenApiParameter(
    "domain", str, OpenApiParameter.PATH, enum=Domain.values, description="A GRADE domain."
)
NOTHING = OpenApiResponse(description="Taken out.")
READ = (400, 401, 403, 404, 429)
WRITE = (*READ, 409, 411, 413, 415)


def refusals(*statuses):
    return {
        (status, PROBLEM): OpenApiResponse(
            StaleSerializer if status == 412 else RefusalSerializer, description=WHY[status]
        )
        for status in statuses
    }


def read(operation, given, *parameters):
    """A read that needs an account."""
    return extend_schema(
        operation_id=operation, parameters=[*parameters], responses={200: given, **refusals(*READ)}
    )


def write(operation, sent, given, *parameters, status=200):
    """A POST or PUT that follows on nothing that was seen before."""
    responses = {status: given, **refusals(*WRITE, 422)}
    return extend_schema(
        operation_id=operation, request=sent, parameters=[*parameters, KEY], responses=responses
    )


def deed(operation, sent, given, *parameters, status=200):
    """A POST to a draft that was seen: If-Match says which revision."""
    responses = {status: given, **refusals(*WRITE, 412, 422, 428)}
    return extend_schema(
        operation_id=operation, request=sent, parameters=[*parameters, IF_MATCH, KEY, ETAG], responses=responses
    )  # fmt: skip


def change(operation, sent, given, *parameters, status=200):
    """A PATCH, PUT or DELETE in a draft that was seen."""
    responses = {status: given, **refusals(*WRITE, 412, 428)}
    return extend_schema(
        operation_id=operation, request=sent, parameters=[*parameters, IF_MATCH, ETAG], responses=responses
    )
