"""HTTP as RFC 9110 has it: tags for what was answered, whether a copy is still good, codings, links."""

import base64
import gzip
import hashlib
import re
import zlib
from functools import cache, lru_cache

import brotli
from django.conf import settings
from django.utils.http import parse_http_date_safe

READS = ("GET", "HEAD")
CODINGS = ("br", "gzip")  # the first is taken where a client likes both
TAG = re.compile(r'(?:W/)?"([^"]*)"')
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "public, no-cache"  # may be kept by anybody, but asked after each time


@cache
def code():
    """(digest, latest change in seconds) of our own source, which decides as much as the base what an answer looks like."""
    rooms = ("kb", "claims", "studies")
    files = [path for room in rooms for path in (settings.BASE_DIR / room).rglob("*.py")]
    files += [*settings.BASE_DIR.glob("requirements.lock"), *settings.BASE_DIR.glob("locale/*/*/*.po")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest(), int(max(path.stat().st_mtime for path in files))


def began_at(moment):
    """In seconds: since this moment, or since our own source changed, the answer is what it is."""
    return max(int(moment.timestamp()), code()[1])


def opaque(*parts):
    """A tag, without quotes, of everything that an answer is made from."""
    text = "\n".join(str(part) for part in (*parts, settings.SITE_URL, code()[0]))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())[:27].decode()


def tag_of(opaque_tag, coding):
    """An ETag. Each coding has its own, since their bytes differ."""
    return f'"{opaque_tag}-{coding}"' if coding else f'"{opaque_tag}"'


def is_conditional(request):
    return "If-None-Match" in request.headers or "If-Modified-Since" in request.headers


def has_copy(request, tag):
    """Whether If-None-Match names this tag. A W/ that a proxy put before it is passed over (weak comparison).

    A star names none, and gets the whole answer: whether there is anything here is not known yet when this is asked.
    """
    return tag.strip('"') in TAG.findall(request.headers.get("If-None-Match", ""))


def has_copy_of(request, moment):
    """Whether If-Modified-Since, which counts only where If-None-Match is absent, is this moment (in seconds) or later."""
    if "If-None-Match" in request.headers:
        return False
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and since >= moment


def coding_of(request):
    """The coding that the client likes best of those we have: "br", "gzip", or "" for none."""
    return coding_in(request.META.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def coding_in(accepted):
    weights = {}
    for piece in accepted.lower().split(","):
        name, _semicolon, rest = piece.partition(";")
        weights[name.strip()] = quality(rest)
    others = weights.get("*", 0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, others))
    liked = weights.get(best, others)
    return best if liked > 0 and liked >= weights.get("identity", 0) else ""


def quality(text):
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", text)
    return float(match[1]) if match else 1.0


def encoded(body, coding):
    """The bytes in this coding; the same bytes each time."""
    if coding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, compresslevel=6, mtime=0) if coding == "gzip" else body


def encoded_stream(chunks, coding):
    """The same for a body that comes in pieces."""
    if not coding:
        yield from chunks
        return
    if coding == "br":
        compressor = brotli.Compressor(quality=5)
        add, finish = compressor.process, compressor.finish
    else:
        compressor = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        add, finish = compressor.compress, compressor.flush
    for chunk in chunks:
        if piece := add(chunk):
            yield piece
    yield finish()


def link(address, relation, **attributes):
    """One value of a Link header (RFC 8288)."""
    said = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    return f'<{address}>; rel="{relation}"{said}'


def add_links(response, *links):
    """Adds links to those that the response has."""
    every = [response["Link"]] if "Link" in response else []
    if links:
        response["Link"] = ", ".join([*every, *links])
