"""What every answer under /api/ has around it, and every file to download, whoever made it: open to pages of every origin, and right to keep."""

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from kb.lib.endings import tell_endings
from kb.lib.http import READS

OPEN = (*READS, "OPTIONS")
PLACES = ("/api/", "/downloads/")
EXPOSED = (
    "Accept-Ranges, Allow, Content-Disposition, Content-Language, Content-Range, Deprecation, ETag, Last-Modified, Link, Location, "
    "RateLimit, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, Sunset, WWW-Authenticate"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(OPEN),
    "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}


def api_manners(get_response):
    """Stands outside every middleware that adds headers, so that it has the last word."""

    def middleware(request):
        if not request.path_info.startswith(PLACES):
            return get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response = HttpResponse(status=204, headers=PREFLIGHT)
            patch_vary_headers(response, ("Access-Control-Request-Method",))
        else:
            response = get_response(request)
        if request.method in OPEN:
            # Never with Access-Control-Allow-Credentials: a page elsewhere reads what everybody reads, as nobody.
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSED
        if response.status_code in (204, 304):
            del response["Content-Length"], response["Content-Type"]
        if getattr(response, "is_in_every_language", False):
            forget_language(response)
        tell_endings(request.path_info, response)
        return response

    return middleware


def forget_language(response):
    """A record holds both languages, or the one of its address; only the sentence of a problem follows Accept-Language."""
    names = [name.strip() for name in response.get("Vary", "").split(",")]
    response["Vary"] = ", ".join(name for name in names if name.lower() != "accept-language")
