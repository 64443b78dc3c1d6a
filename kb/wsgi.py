"""What the web server runs. Each session of the web is bounded: a page never waits longer than a reader does.

A plain question is answered before Django does anything for it (`kb.quick`); all else is Django's.
"""

import logging
import os
from http import HTTPStatus

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
os.environ.setdefault(
    "DATABASE_OPTIONS",
    "-c statement_timeout=10s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s",
)
REQUEST = "onderbouwd.request"

django = get_wsgi_application()

from kb.quick import answer_quickly  # noqa: E402 (which needs the models that Django has loaded now)

log = logging.getLogger("django.request")


def request_of(environ):
    """Made already: to make a request changes the environ, so it cannot be made twice."""
    return environ[REQUEST]


django.request_class = request_of


def application(environ, start_response):
    environ[REQUEST] = request = WSGIRequest(environ)
    answer = quickly(request)
    if answer is None:
        return in_one_piece(django(environ, start_response))
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers.items()))
    return [answer.body]


def quickly(request):
    """The Answer of the quick way, or None. What goes wrong on it is told to who runs the site, and costs nobody an answer."""
    try:
        return answer_quickly(request)
    except Exception:
        log.exception("The quick way failed: %s", request.path)
        return None


def in_one_piece(response):
    """A list where all of the answer is there: the server sends that as it is, and asks anything else for piece after piece."""
    if getattr(response, "streaming", True):
        return response
    body = response.content
    response.close()
    return [body]
