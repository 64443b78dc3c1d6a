"""The names in our linked data lead to what they name: a page for people, a file for programs, by what they say in Accept."""

import re

from django.utils.cache import patch_vary_headers

from kb.lib.files import CLAIM, CONCEPTS, SHEETS, SeeOther, chosen
from kb.lib.http import READS

NAMED = re.compile(
    r"(?:/(?:en|nl))?/(claims(?:/KB[0-9]{6,12}(?:\.[1-9][0-9]{0,5})?)?|(?:studies|topics)(?:/[-a-zA-Z0-9_]+)?)/"
)
PAGE, JSON = "text/html", "application/json"


def files_by_accept(get_response):
    """303 to the file where another format than a page is liked best."""

    def middleware(request):
        found = NAMED.fullmatch(request.path_info)
        if not found or request.method not in READS:
            return get_response(request)
        where = file_wanted(request, found[1])
        if where:
            # Open to pages of every origin, as what it leads to is.
            response = SeeOther(where, headers={"Access-Control-Allow-Origin": "*"})
        else:
            response = get_response(request)
        patch_vary_headers(response, ("Accept",))
        return response

    return middleware


def file_wanted(request, name):
    """The address under /api/ of what is asked for of claims/KB000001, studies or the like; None for the page."""
    kind, _slash, one = name.partition("/")
    formats = {"claims": CLAIM if one else SHEETS, "studies": SHEETS, "topics": CONCEPTS}[kind]
    suffixes = {JSON: "/"} | {each.media_type: f".{suffix}" for suffix, each in formats.items()}
    suffix = suffixes.get(request.get_preferred_type([PAGE, "application/xhtml+xml", *suffixes]))
    return suffix and f"/api/v1/{name}{suffix}{chosen(request.GET)}"
