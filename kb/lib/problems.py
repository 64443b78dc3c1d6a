"""RFC 9457: an error that says what was wrong, where, and what to do about it."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TYPE = "application/problem+json"
TITLES = {
    301: _("Moved permanently"),
    400: _("Bad request"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict"),
    410: _("Withdrawn"),
    411: _("Length required"),
    412: pgettext_lazy("problem", "Changed since"),
    413: _("Too large"),
    415: _("Unsupported media type"),
    422: _("Cannot be done"),
    428: _("If-Match is missing"),
    429: _("Too many requests"),
    500: _("Server error"),
    503: _("Unavailable"),
}


def problem(status, detail, *, errors=(), headers=None, **extra):
    """A problem+json answer. `errors` are dicts with "parameter" or "pointer", "detail" and perhaps "hint"."""
    title = str(TITLES.get(status, _("Error")))
    body = {"type": "about:blank", "title": title, "status": status, "detail": str(detail), **extra}
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
