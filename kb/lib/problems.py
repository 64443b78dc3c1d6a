"""RFC 9457: an error that says what was wrong, where, and what to do about it."""

import json

from django.conf import settings
from django.http import HttpResponse

TYPE = "application/problem+json"
TITLES = {
    301: "Moved permanently",
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    410: "Withdrawn",
    411: "Length required",
    412: "Changed since",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be done",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "Server error",
    503: "Unavailable",
}


def problem(status, detail, *, errors=(), headers=None, **extra):
    """A problem+json answer. `errors` are dicts with "parameter" or "pointer", "detail" and perhaps "hint"."""
    title = TITLES.get(status, "Error")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type=TYPE, status=status, headers=headers
    )
    response["Cache-Control"] = "no-store"
    return response


def moved(request, path, detail):
    """301 to this path, with what was asked of the old one."""
    query = request.META.get("QUERY_STRING", "")
    where = f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"
    return problem(301, detail, headers={"Location": where})


def parameter_problem(problems):
    """400 for query parameters: {name: sentence} as found by a strict filter set."""
    errors = [{"parameter": name, "detail": f"{name}: {sentence}"} for name, sentence in problems.items()]
    return problem(400, " ".join(error["detail"] for error in errors), errors=errors)
