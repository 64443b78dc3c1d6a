"""Answers as files for other programs: which formats there are, and choosing one by its suffix or by Accept."""

from dataclasses import dataclass

from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer

from kb.lib.http import READS, add_links
from kb.lib.lists import CUTTING, general_links
from kb.lib.reading import OpenReading
from kb.lib.streams import in_one_transaction


@dataclass(frozen=True)
class Format:
    suffix: str
    media_type: str
    label: str


CSV = Format("csv", "text/csv", "CSV")
RIS = Format("ris", "application/x-research-info-systems", "RIS")
BIBTEX = Format("bib", "application/x-bibtex", "BibTeX")
NBIB = Format("nbib", "application/nbib", "NBIB (PubMed)")
CSL_JSON = Format("csl.json", "application/vnd.citationstyles.csl+json", "CSL-JSON")
JSON_LD = Format("jsonld", "application/ld+json", "JSON-LD")
TRIG = Format("trig", "application/trig", "TriG")
TURTLE = Format("ttl", "text/turtle", "Turtle")
REFERENCES = (RIS, BIBTEX, NBIB, CSL_JSON)


def by_suffix(*formats):
    return {each.suffix: each for each in formats}


CITATION = by_suffix(RIS, BIBTEX, CSL_JSON)  # NBIB has no place for an address
SHEETS = by_suffix(JSON_LD, CSV, *REFERENCES)  # what there is of every list and record
CLAIM = SHEETS | by_suffix(TRIG)
CONCEPTS = by_suffix(JSON_LD, TURTLE)
SHAPING = {
    *CUTTING,
    "ordering",
    "lang",
    "fields",
    "include",
}  # how JSON is wanted, which a file has no part in


def media_types(formats):
    return tuple(each.media_type for each in formats.values())


def suffix_of(formats):
    return OpenApiParameter(
        "suffix", str, OpenApiParameter.PATH, enum=sorted(formats), description="The format."
    )


class SeeOther(HttpResponseRedirect):
    status_code = 303


class Elsewhere(Exception):
    """What was asked for by Accept is a file at this address."""

    def __init__(self, address):
        super().__init__(address)
        self.address = address


def chosen(parameters):
    """The query that says which records are wanted, and leaves out in which shape."""
    kept = parameters.copy()
    for name in SHAPING & kept.keys():
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


class ByAccept(OpenReading):
    """A list or a record that is there in other formats as well: whoever asks for one by Accept is sent to its file (303)."""

    formats = {}  # {action: {suffix: Format}}

    def perform_content_negotiation(self, request, force=False):
        kinds = {each.media_type: each.suffix for each in self.formats.get(self.action, {}).values()}
        wanted = kinds.get(request._request.get_preferred_type(["application/json", *kinds]))
        if wanted and request.method in READS and not force:
            raise Elsewhere(f"{request.path.rstrip('/')}.{wanted}{chosen(request._request.GET)}")
        return super().perform_content_negotiation(request, force)

    def handle_exception(self, error):
        if isinstance(error, Elsewhere):
            return SeeOther(error.address)
        return super().handle_exception(error)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Accept",))
        return response


class AsItIs(BaseContentNegotiation):
    """There is one form at an address; whoever asks for another is given this one."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class FileReading(OpenReading):
    """Comes before ViewSet: what it gives is a file, made piece by piece."""

    content_negotiation_class = AsItIs
    renderer_classes = (JSONRenderer,)

    def sent(self, request, form, name, pieces):
        """The answer: `pieces` yields text or bytes as it is made, and is not touched for a HEAD."""
        kept = in_one_transaction(pieces) if request.method == "GET" else ()
        charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
        response = StreamingHttpResponse(kept, content_type=f"{form.media_type}{charset}")
        response["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
        add_links(response, *general_links())
        return response
