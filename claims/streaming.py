"""All claims as lines: from a cursor of the server in one snapshot, a few at a time, whatever their number."""

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.renderers import JSONRenderer

from claims import serializers
from claims.asked import AS_OF, FILTERS, WHOLE, LinesFilter, Shape, refuse, shape_asked
from claims.listed import UNTOUCHED
from claims.records import (
    absolute,
    record_text,
    records_as_written,
    standing_as_written,
    with_standing,
    with_what_it_shows,
)
from kb.lib.copying import copied
from kb.lib.described import open_read
from kb.lib.files import AsItIs
from kb.lib.http import add_links
from kb.lib.lists import general_links
from kb.lib.reading import OpenReading
from kb.lib.shapes import SHAPED
from kb.lib.streams import in_one_transaction

AT_A_TIME = 100
TOUCHED = b"\x01"  # begins what stands before a document that is still to be made into a record
# What stands before the document comes beside it: to put them together here would copy each document twice.
COPIED = """
SELECT CASE WHEN overlay = %s::jsonb THEN %s || accession || '.' || number || %s ELSE E'\\x01' || coalesce(overlay::text, '') END, document
FROM ({rows}) AS version (accession, number, document, overlay)
"""


class JSONLines(JSONRenderer):
    media_type = "application/jsonl"


@extend_schema(tags=["claims"])
class ClaimLinesViewSet(OpenReading, viewsets.ViewSet):
    """All claims in one answer."""

    content_negotiation_class = AsItIs
    renderer_classes = (JSONLines,)

    @open_read("claims_lines", serializers.ClaimSerializer, *FILTERS, AS_OF, *SHAPED)
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
    return lines_as_written(versions) if shape == Shape(parts=WHOLE) else lines_made(versions, shape)


def lines_as_written(versions):
    """Whole records, whose documents are not read where nothing happened to a version since it was published."""
    rows = versions.values("claim__accession", "number", "document", "overlay").query.sql_with_params()
    head = f'{{"permalink":"{absolute("/claims/")}'
    values = [UNTOUCHED, head, f'/","standing":{standing_as_written(None).decode()},', *rows[1]]
    return copied(COPIED.format(rows=rows[0]), values, line_of)


def line_of(before, document):
    """The pieces of a record: what the database put before its document, or its overlay, made into what stands there."""
    if before[:1] == TOUCHED:
        return records_as_written([(bytes(document), bytes(before[1:]) or None)])
    return before, document[1:]


def lines_made(versions, shape):
    """Records of another shape, read a few at a time and made one by one."""
    rows = with_what_it_shows(versions, shape).iterator(chunk_size=AT_A_TIME)
    return in_one_transaction(f"{record_text(version, shape)}\n" for version in rows)
