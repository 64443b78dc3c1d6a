"""What every view of the API that is open to read does alike: copies that are still good, the limit, codings, HEAD, OPTIONS."""

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny

from kb.lib.http import (
    ASK_FIRST,
    READS,
    began_at,
    coding_of,
    encoded,
    encoded_stream,
    has_copy,
    has_copy_of,
    is_conditional,
    opaque,
    tag_of,
)
from kb.lib.problems import TYPE, parameter_problem
from kb.lib.quota import spend
from kb.lib.state import state_of_base

LANGUAGES = "en, nl"


class BadParameters(ValueError):
    """`problems` is {parameter: sentence}; the answer is a 400 that names each."""

    def __init__(self, problems):
        super().__init__(problems)
        self.problems = problems


class NotModified(Exception):
    """What the client has is what it would be given."""


class TooMany(APIException):
    status_code = 429

    def __init__(self, quota):
        super().__init__(
            _("More than %(limit)s requests in a minute. Wait, or ask for more at a time.")
            % {"limit": quota.limit}
        )
        self.wait = quota.rest


class Counted:
    """Comes before APIView or ViewSet: each request counts once, also one that is refused, and is told what is left of the limit."""

    quota = state = None
    is_counted = False

    def count(self, request):
        """Counts this request, unless the quick way has done so already (`kb.quick`). Raises TooMany."""
        self.is_counted = True
        self.quota, self.state = getattr(request, "counted", None) or spend(request)
        if self.quota and self.quota.is_spent:
            raise TooMany(self.quota)

    def finalize_response(self, request, response, *args, **kwargs):
        is_free = request.method == "OPTIONS" or response.status_code == 304
        if not (self.is_counted or is_free):
            try:
                self.count(request)
            except TooMany as error:
                response = self.handle_exception(error)
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.quota.headers if self.quota else {}).items():
            response[name] = value
        return response


class OpenReading(Counted):
    """Comes before APIView or ViewSet. A handler calls `unless_unchanged` before it makes a body.

    A request with a condition costs one look; only where its copy is no longer good does it count. Every other request
    counts before anything is done for it, one that goes wrong as well.
    """

    permission_classes = (AllowAny,)  # nothing here writes, so another method is a 405 for everybody
    cache_control = ASK_FIRST
    tag = began = None

    def perform_content_negotiation(self, request, force=False):
        # Some programs name only what they take of refusals; that is no reason for one.
        takes_problems = TYPE in request.headers.get("Accept", "")
        return super().perform_content_negotiation(request, force or takes_problems)

    def check_throttles(self, request):
        super().check_throttles(request)
        if request.method in READS and not is_conditional(request):
            self.count(request)

    def unless_unchanged(self, request, *made_from, began=None):
        """Raises NotModified where the client has what is `made_from` these; without any, the state of the base decides.

        `began` is the moment since which nothing in the answer changed, for Last-Modified and If-Modified-Since.
        """
        made_from = made_from or (self.state or state_of_base(),)
        self.tag_is(request, opaque(*made_from, request.get_full_path(), request.accepted_media_type), began)

    def tag_is(self, request, opaque_tag, began=None):
        self.tag = tag_of(opaque_tag, coding_of(request))
        self.began = began and began_at(began)
        if has_copy(request, self.tag) or (began and has_copy_of(request, self.began)):
            raise NotModified
        if not self.is_counted:
            self.count(request)

    def handle_exception(self, error):
        if isinstance(error, NotModified):
            return HttpResponse(status=304)
        if isinstance(error, BadParameters):
            return parameter_problem(error.problems)
        return super().handle_exception(error)

    def options(self, request, *args, **kwargs):
        """What may be done here, in Allow; nothing else is told."""
        return HttpResponse(status=204)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method in READS:
            patch_vary_headers(response, ("Accept-Encoding",))
            if response.status_code in (200, 304):
                self.dress(request, response)
        return response

    def dress(self, request, response):
        """Headers and coding of an answer that may be kept."""
        response["Cache-Control"] = self.cache_control
        response.setdefault("Content-Language", LANGUAGES)
        response.is_in_every_language = True
        if self.tag:
            response["ETag"] = self.tag
        if self.began:
            response["Last-Modified"] = http_date(self.began)
        if response.status_code == 200:
            if hasattr(response, "render"):
                response.render()
            encode(response, coding_of(request))
            if request.method == "HEAD" and not response.streaming:
                response["Content-Length"] = str(len(response.content))
                response.content = b""


def encode(response, coding):
    if not coding:
        return
    response["Content-Encoding"] = coding
    if response.streaming:
        response.streaming_content = encoded_stream(response.streaming_content, coding)
    else:
        response.content = encoded(response.content, coding)


def unknown_parameters(request, known, repeatable=()):
    """{parameter: sentence} of those that are not known, or come twice where that means nothing."""
    found = {}
    for name, values in request.query_params.lists():
        if name not in known:
            names = ", ".join(sorted(known)) or _("none")
            found[name] = _("is not a parameter here. Known are: %(known)s.") % {"known": names}
        elif len(values) > 1 and name not in repeatable:
            found[name] = _("may be given once.")
    return found
