"""The quick way of reading: answers that this process keeps, and plain questions that `claims.quick` knows.

It comes before Django does anything for a request (`kb.wsgi`), or, asked past that as by Django's test client, before every other middleware.
A request with a cookie or a token is somebody's and goes the long way; so does whatever is not plainly right. Both ways give the
same bytes and headers.
"""

import re
from functools import cache, reduce
from io import BytesIO

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.http import http_date

from claims.quick import quick_answer, quick_tag
from claims.quick_page import quick_page
from kb.dereferencing import file_wanted, files_by_accept
from kb.lib.endings import tell_endings
from kb.lib.http import ASK_FIRST, FOR_EVER, coding_of, encoded, has_copy, opaque, tag_of
from kb.lib.kept import Answer, Kept
from kb.lib.manners import api_manners
from kb.lib.quota import spend
from kb.lib.reading import LANGUAGES
from kb.lib.state import state_of_base

API = re.compile(r"/api/v1/(?!drafts)")
JSON = "application/json"
PAGE = re.compile(r"/(?:en|nl)/claims/")
SOMEBODYS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE")
OF_THE_REQUEST = ("RateLimit", "Retry-After")  # headers that the next request has otherwise
# Headers that a 304 goes without.
OF_THE_BODY = ("Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Link")
# What puts headers around every answer.
AROUND = (SecurityMiddleware, api_manners, files_by_accept, CSPMiddleware, XFrameOptionsMiddleware)

answers = Kept(settings.ANSWERS_KEPT * 1024 * 1024)


def quick_reads(get_response):
    """Outside every other middleware, so that what is kept is the whole answer."""

    def middleware(request):
        was_tried = hasattr(request, "keep")
        if not was_tried and (answer := answer_quickly(request)):
            return response_of(answer)
        # Where the database has just been asked, Django need not try whether the connection holds.
        if request.counted or request.keep:
            connection.health_check_done = connection.connection is not None
        response = get_response(request)
        if request.keep and may_be_kept(request, response):
            answers.put(*request.keep, answer_of(response))
        quota, _state = request.counted or (None, None)
        for name, value in (quota.headers if quota else {}).items():
            response[name] = value
        return response

    return middleware


def answer_quickly(request):
    """The Answer to a request, or None where it has to go the long way.

    What was done so far is noted on it for the long way: `counted`, what `spend` told, and `keep`, (key, state) under which its answer
    may be kept; None where nothing was.
    """
    request.counted = request.keep = None
    if request.method != "GET" or any(map(request.META.get, SOMEBODYS)):
        return None
    # An address with a prefix, or one that was not written in ASCII and reads as two addresses, is out of the ordinary.
    if request.META["SCRIPT_NAME"] or not request.META.get("QUERY_STRING", "").isascii():
        return None
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return None
    # A question before each question, whether the connection still holds, would take a third of the time.
    connection.health_check_done = connection.connection is not None
    try:
        request.get_host()
        if API.match(request.path_info):
            return read_api(request)
        if PAGE.fullmatch(request.path_info) and not file_wanted(request, "claims"):
            return read_page(request)
    except SuspiciousOperation:
        return None  # a host that is not ours
    except (DatabaseError, InterfaceError):
        connection.close()  # the long way has an answer to a database in trouble
    return None


def read_api(request):
    """An answer of the API. A request whose copy is still good is not counted; every other one is, once."""
    key = (
        request.get_full_path(),
        request.META.get("HTTP_ACCEPT", "*/*"),
        coding_of(request),
        request.is_secure(),
    )
    if "HTTP_IF_NONE_MATCH" in request.META:
        now = unchanged(request, kept_for(key)) or unmade(request)
        if now is None:
            return None  # only the long way can tell
        if has_copy(request, now.headers["ETag"]):
            return now
    quota, state = spend(request)
    if state is None and key in answers:
        state = state_of_base()
    request.counted = quota, state
    if quota and quota.is_spent:
        return None
    answer = answers.get(key, state)
    if answer is None:
        answer, state = made(request, state) or (None, state or state_of_base())
        if answer is None:
            request.counted, request.keep = (quota, state), (key, state)
            return None
        answers.put(key, state, answer)
    return Answer(answer.body, answer.headers | quota.headers) if quota else answer


def kept_for(key):
    return answers.get(key, state_of_base()) if key in answers else None


def read_page(request):
    """The page that lists claims, for somebody without a name: the same for everybody who asks for it."""
    key, state = (request.get_full_path(), request.is_secure()), state_of_base()
    answer = answers.get(key, state)
    if answer is None:
        answer = made_page(request, state)
        if answer is None:
            request.keep = key, state
            return None
        answers.put(key, state, answer)
    return answer


def made(request, state):
    """(what the quick way makes of this question, dressed as the long way dresses it, the state that it was made from), or None."""
    found = quick_answer(request, state)
    if found is None:
        return None
    body, links, state, made_from, began = found
    headers = dress(request, made_from, began, {"Content-Type": JSON, "Link": ", ".join(links)})
    if coding := coding_of(request):
        headers["Content-Encoding"], body = coding, encoded(body, coding)
    return Answer(body, headers | {"Content-Length": str(len(body))}), state


def unmade(request):
    """A 304 with the tag that an answer to this plain question would have now; or None."""
    found = quick_tag(request)
    return found and Answer(b"", dress(request, *found), 304)


def unchanged(request, answer):
    """A 304 with the tag of this answer, which may be None."""
    if answer is None:
        return None
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_BODY}
    tell_endings(request.path_info, headers)
    return Answer(b"", headers, 304)


def dress(request, made_from, began, own=()):
    """`own` headers and those that every answer of the API has."""
    headers = (
        dict(own)
        | around("/api/", request.is_secure())
        | {
            "Content-Language": LANGUAGES,
            "Allow": "GET, HEAD, OPTIONS",
            "Vary": "Accept-Encoding, Accept",
            "Cache-Control": ASK_FIRST,
            "ETag": tag_of(opaque(*made_from, request.get_full_path(), JSON), coding_of(request)),
        }
    )
    if began:
        headers["Last-Modified"] = http_date(began)
    tell_endings(request.path_info, headers)
    return headers


def made_page(request, state):
    """What the quick way makes of this question about the page of claims; or None."""
    if settings.DEBUG:
        return None  # templates that are being written are drawn anew each time
    body = quick_page(request, state)
    if body is None:
        return None
    language = request.path_info[1:3]
    own = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Content-Length": str(len(body)),
    }
    return Answer(body, around("/en/claims/", request.is_secure()) | own)


@cache
def around(path, is_secure):
    """The headers that every answer here has, from the middlewares that put them there."""
    scheme = "https" if is_secure else "http"
    request = WSGIRequest(
        {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.url_scheme": scheme, "wsgi.input": BytesIO()}
    )
    respond = reduce(
        lambda inner, middleware: middleware(inner), reversed(AROUND), lambda _request: HttpResponse()
    )
    return {name: value for name, value in respond(request).items() if name != "Content-Type"}


def may_be_kept(request, response):
    """Of the API what says so, and the page of claims, as long as they are the same for everybody."""
    is_page = PAGE.fullmatch(request.path_info)
    says_so = "ETag" in response and response.get("Cache-Control") in (ASK_FIRST, FOR_EVER)
    is_whole = response.status_code == 200 and not response.streaming
    return is_whole and not response.cookies and (is_page or says_so)


def answer_of(response):
    headers = {name: value for name, value in response.headers.items() if not name.startswith(OF_THE_REQUEST)}
    return Answer(response.content, headers)


def response_of(answer):
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    if "Content-Type" not in answer.headers:
        del response["Content-Type"]
    return response
