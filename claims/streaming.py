"""All claims as lines: from a cursor of the server in one snapshot, a few at a time, whatever their number."""

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer

from claims import serializers
from claims.asked import AS_OF, FILTERS, LANG, WHOLE, LinesFilter, Shape, refuse, shape_asked
from claims.records import record_as_written, record_text, with_standing, with_what_it_shows
from kb.lib.described import FIELDS, open_read
from kb.lib.http import add_links
from kb.lib.lists import general_links
from kb.lib.reading import OpenReading

AT_A_TIME = 100
# A reader who takes nothing for so long is hung up on: the snapshot it holds keeps the base from tidying up.
PATIENCE = "SET LOCAL idle_in_transaction_session_timeout = '60s'"


class JSONLines(JSONRenderer):
    media_type = "application/jsonl"


class AsItIs(BaseContentNegotiation):
    """There is one form; whoever asks for another is given this one."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


@extend_schema(tags=["claims"])
class ClaimLinesViewSet(OpenReading, viewsets.ViewSet):
    """All claims in one answer."""

    content_negotiation_class = AsItIs
    renderer_classes = (JSONLines,)

    @open_read("claims_lines", serializers.ClaimSerializer, *FILTERS, AS_OF, LANG, FIELDS)
    def list(self, request):
        """Every published claim in full, one a line, by accession: all as they were at one moment."""
        self.unless_unchanged(request)
        claim_filter = LinesFilter(request.query_params)
        problems = claim_filter.problems
        if "ordering" in request.query_params:
            problems["ordering"] = _("is not a parameter here: lines come by accession.")
        shape = shape_asked(request.query_params, problems, WHOLE)
        refuse(problems)
        versions = with_standing(claim_filter.matching(), claim_filter.moment).order_by("claim__accession")
        lines = lines_of(versions, shape) if request.method == "GET" else ()
        response = StreamingHttpResponse(lines, content_type=JSONLines.media_type)
        response["Content-Language"] = shape.languages
        add_links(response, *general_links())
        return response


def lines_of(versions, shape):
    """Yields pieces of JSON Lines, as bytes. One statement reads it all, so it is all as it was at one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
        lines = []
        for text in texts_of(versions, shape):
            lines.append(f"{text}\n")
            if len(lines) == AT_A_TIME:
                yield "".join(lines).encode()
                lines = []
        yield "".join(lines).encode()


def texts_of(versions, shape):
    """Each record as JSON text, read a few at a time. Whole records are sent as they were written."""
    if shape == Shape(parts=WHOLE):
        rows = versions.values_list("document", Cast("overlay", TextField()))
        for document, overlay in rows.iterator(chunk_size=AT_A_TIME):
            yield record_as_written(document, overlay)
        return
    for version in with_what_it_shows(versions, shape).iterator(chunk_size=AT_A_TIME):
        yield record_text(version, shape)
