"""XML without its dangers: no entities, no files from elsewhere, no endless nesting."""

from xml.parsers import expat

from django.utils.translation import gettext as _

from studies.formats.reading import DEEPEST, Unreadable, too_deep

CHUNK = 64 * 1024


def parse(chunks, on_start, on_end, on_text, on_chunk):
    """Feeds the chunks of a document to the handlers and yields what `on_chunk()` gives after each.

    `on_start(name, attributes, line)`, `on_end(name)`, `on_text(text)`. Raises Unreadable, and after what came before
    was yielded ExpatError where the XML is broken, LookupError for an encoding that nobody knows.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name, attributes):
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise too_deep()
        on_start(name, attributes, parser.CurrentLineNumber)

    def end(name):
        nonlocal depth
        depth -= 1
        on_end(name)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, on_text
    parser.EntityDeclHandler = parser.SkippedEntityHandler = parser.UnparsedEntityDeclHandler = refuse_entity
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from on_chunk()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError):
        yield from on_chunk()
        raise
    yield from on_chunk()


def refuse_entity(*declaration):
    raise Unreadable(
        _("The XML declares or uses entities of its own. We do not read that, since it can do harm.")
    )


def chunked(data):
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]
