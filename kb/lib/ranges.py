"""A file that people can stop getting and go on with later: parts of it by RFC 9110, section 14."""

import re
from email.utils import parsedate_to_datetime

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import http_date

from kb.lib.http import has_copy, has_copy_of

PIECE = 256 * 1024
RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


class PastTheEnd(ValueError):
    """The part that is asked for is not there."""


def file_response(request, path, *, tag, content_type, name, changed):
    """The file, or the part of it that is asked for. `tag` changes with each byte, `changed` is in whole seconds.

    More than one part at once is answered with the whole file, as the standard allows. Raises FileNotFoundError.
    """
    size = path.stat().st_size
    if has_copy(request, tag) or has_copy_of(request, changed):
        return dressed(HttpResponse(status=304), tag, changed)
    try:
        part = part_asked(request, size) if is_same(request, tag, changed) else None
    except PastTheEnd:
        refused = dressed(HttpResponse(status=416), tag, changed)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    first, last = part or (0, size - 1)
    body = () if request.method == "HEAD" else pieces(path, first, last)
    response = StreamingHttpResponse(body, content_type=content_type, status=206 if part else 200)
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return dressed(response, tag, changed)


def dressed(response, tag, changed):
    response["ETag"] = tag
    response["Last-Modified"] = http_date(changed)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, no-cache"
    return response


def part_asked(request, size):
    """(first, last) byte, both included; None for the whole file. Raises PastTheEnd."""
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or not match or not any(match.groups()):
        return None
    start, end = (int(text) if text else None for text in match.groups())
    if start is None:
        start, end = max(0, size - end), (size - 1 if end else -1)
    elif end is not None and end < start:
        return None
    if start >= size or end == -1:
        raise PastTheEnd
    return start, size - 1 if end is None else min(end, size - 1)


def is_same(request, tag, changed):
    """Whether If-Range, where it is given, names this very file: by its tag, compared strongly, or by its date."""
    given = request.headers.get("If-Range")
    if given is None or given == tag:
        return True
    try:
        return int(parsedate_to_datetime(given).timestamp()) == changed
    except ValueError:
        return False


def pieces(path, first, last):
    """Yields the bytes from first to last."""
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
