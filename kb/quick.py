"""The quick way of reading: answers that this process keeps, and plain questions that `claims.quick` knows.

It stands before sessions, messages and all else that only people who sign in need. A request with a cookie or a token is
somebody's and goes the long way; so does whatever is not plainly right. Both ways give the same bytes and headers.
"""

import re
from functools import cache

from csp.utils import build_policy
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse
from django.utils.http import http_date

from claims.asked import Shape
from claims.quick import quick_answer, quick_tag
from claims.quick_page import quick_page
from kb.lib.http import ASK_FIRST, FOR_EVER, coding_of, encoded, has_copy, opaque, tag_of
from kb.lib.kept import Answer, Kept
from kb.lib.quota import spend
from kb.lib.state import state_of_base

API = re.compile(r"/api/v1/(?!drafts)")
JSON = "application/json"
PAGE = re.compile(r"/(?:en|nl)/claims/")
SOMEBODYS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE")
OF_THE_REQUEST = ("RateLimit", "Retry-After")  # headers that the next request has otherwise

answers = Kept(settings.ANSWERS_KEPT * 1024 * 1024)


def quick_reads(get_response):
    def middleware(request):
        if request.method != "GET" or any(map(request.META.get, SOMEBODYS)):
            return get_response(request)
        request.get_host()  # which refuses a host that is not ours, as the long way does
        # A question before each question, whether the connection still holds, would take a third of the time.
        connection.health_check_done = connection.connection is not None
        try:
            if API.match(request.path_info):
                return read_api(request, get_response)
            if PAGE.fullmatch(request.path_info):
                return read_page(request, get_response)
        except (DatabaseError, InterfaceError):
            connection.close()  # the long way has an answer to a database in trouble
        return get_response(request)

    return middleware


def read_api(request, get_response):
    """An answer of the API. A request whose copy is still good is not counted; every other one is, once."""
    key = (request.get_full_path(), request.META.get("HTTP_ACCEPT", "*/*"), coding_of(request))
    if "HTTP_IF_NONE_MATCH" in request.META:
        now = given(kept_for(key), status=304) or unmade(request)
        if now is None:
            return get_response(request)  # which alone can tell
        if has_copy(request, now["ETag"]):
            return now
    quota, state = spend(request)
    if state is None and key in answers:
        state = state_of_base()
    request.counted = quota, state
    if quota and quota.is_spent:
        return get_response(request)
    response = given(answers.get(key, state))
    if response is None:
        response, state = made(request, state) or long_way(request, get_response)
        if answers.most and may_be_kept(response):
            answers.put(key, state, answer_of(response))
    for name, value in (quota.headers if quota else {}).items():
        response[name] = value
    return response


def long_way(request, get_response):
    """(its answer to a request that was counted, the state of the base from before it was made)."""
    quota, state = request.counted
    request.counted = quota, state or state_of_base()
    return get_response(request), request.counted[1]


def kept_for(key):
    return answers.get(key, state_of_base()) if key in answers else None


def read_page(request, get_response):
    """The page that lists claims, for somebody without a name: the same for everybody who asks for it."""
    key, state = request.get_full_path(), state_of_base()
    if response := given(answers.get(key, state)):
        return response
    response = made_page(request, state) or get_response(request)
    if response.status_code == 200 and not response.cookies:
        answers.put(key, state, answer_of(response))
    return response


def given(kept, status=200):
    """A response of what is kept, or None."""
    if kept is None:
        return None
    response = HttpResponse(kept.body if status == 200 else b"", status=status, headers=kept.headers)
    response.is_in_every_language = True
    return response


def made(request, state):
    """(what the quick way makes of this question, dressed as the long way dresses it, the state that it was made from), or None."""
    found = quick_answer(request, state)
    if found is None:
        return None
    response, state, made_from, began = found
    coding = coding_of(request)
    dress(request, response, made_from, began)
    if coding:
        response["Content-Encoding"] = coding
        response.content = encoded(response.content, coding)
    return guarded(response), state


def unmade(request):
    """A 304 with the tag that an answer to this plain question would have now; or None."""
    found = quick_tag(request)
    if found is None:
        return None
    response = HttpResponse(status=304)
    response["Content-Language"] = Shape().languages
    dress(request, response, *found)
    return guarded(response)


def dress(request, response, made_from, began):
    response["Allow"] = "GET, HEAD, OPTIONS"
    response["Vary"] = "Accept-Encoding, Accept"
    response["Cache-Control"] = ASK_FIRST
    response["ETag"] = tag_of(opaque(*made_from, request.get_full_path(), JSON), coding_of(request))
    if began:
        response["Last-Modified"] = http_date(began)
    response.is_in_every_language = True


def made_page(request, state):
    """What the quick way makes of this question about the page of claims; or None."""
    if settings.DEBUG:
        return None  # templates that are being written are drawn anew each time
    response = quick_page(request, state)
    return response and guarded(response)


def guarded(response):
    response["X-Frame-Options"] = "DENY"
    response["Content-Security-Policy"] = policy()
    response["Content-Length"] = str(len(response.content))
    return response


@cache
def policy():
    return build_policy()


def may_be_kept(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "ETag" in response
        and response.get("Cache-Control") in (ASK_FIRST, FOR_EVER)
    )


def answer_of(response):
    headers = {name: value for name, value in response.headers.items() if not name.startswith(OF_THE_REQUEST)}
    return Answer(response.content, headers)
