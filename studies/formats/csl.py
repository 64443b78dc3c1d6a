"""CSL-JSON: one list of works, as Zotero and most programs write it; Crossref's own form and one work a line are read too."""

import json
import re

from django.utils.translation import gettext as _

from studies.formats.columns import note_of, noted, to_record
from studies.formats.reading import DEEPEST, shown, too_deep
from studies.formats.source import REPLACED, tell_damage
from studies.formats.types import csl_type
from studies.formats.values import Values
from studies.references import COLUMNS, NAME_PARTS, csl_item

TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[][{}]', re.DOTALL)
KEPT = {column: name for column, name in COLUMNS.items() if column != "publisher"}
NAMED = {*KEPT.values(), "title", "type", "id"}


def records(source, reading):
    text = source.open().read()
    for line, piece in pieces(text, reading):
        if source.is_damaged and REPLACED in piece:
            tell_damage(reading, line)
        try:
            work = json.loads(
                piece, parse_int=str, parse_float=str, parse_constant=refuse, object_pairs_hook=once
            )
        except ValueError:
            reading.trouble(line, _("This record is no valid JSON, or names a field twice; it is skipped."))
            continue
        for each in works_within(work):
            if isinstance(each, dict):
                yield from record(line, each, reading)
            else:
                reading.trouble(line, no_record(str(each)))


def pieces(text, reading):
    """Yields (line, text) of each object that stands in no other; so a broken one costs only itself."""
    lines = LineNumbers(text)
    base = int(text.lstrip("\ufeff \n\t").startswith("["))
    depth = start = line = behind = 0
    for token in TOKEN.finditer(text):
        sign, at = token[0], token.start()
        if sign in ("{", "["):
            if depth == base:
                tell_between(text[behind:at], lines, behind, reading)
                start, line = at, lines.at(at)
            depth += 1
            if depth > DEEPEST:
                raise too_deep()
            behind = token.end() if depth == base else behind
        elif sign in ("}", "]"):
            depth = max(depth - 1, 0)
            if depth < base:
                tell_between(text[behind:at], lines, behind, reading)
            if depth <= base:
                behind = token.end()
            if depth == base and text[start] == "{":
                yield line, text[start:behind]
            elif depth == base:
                reading.trouble(line, no_record(text[start:behind]))
    if depth > base:
        reading.trouble(line, _("The file ends within this record; it is skipped."))
    elif depth < base or not base:
        tell_between(text[behind:], lines, behind, reading)
    else:
        reading.trouble(
            lines.at(len(text)), _("The file ends before its list does; it may have been cut off.")
        )


class LineNumbers:
    """The line at a place in a text; each place lies behind the one before."""

    def __init__(self, text):
        self.text, self.line, self.counted = text, 1, 0

    def at(self, place):
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line


def tell_between(text, lines, start, reading):
    rest = text.strip("\ufeff \t\n,")
    if rest:
        reading.trouble(lines.at(start + text.index(rest)), no_record(rest))


def no_record(text):
    return _("“%(text)s” is no record; it is passed over.") % {"text": shown(text)}


def refuse(constant):
    raise ValueError(constant)


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def works_within(work):
    """The work itself, or those in the wrapping of an answer of Crossref or an export that says more."""
    message = work.get("message")
    work = message if isinstance(message, dict) else work
    items = work.get("items")
    return items if isinstance(items, list) else [work]


def record(line, work, reading):
    values = Values()
    authors, issued = work.pop("author", None) or [], work.pop("issued", "")
    for name, value in work.items():
        values.add(name, text_of(name, value, line, reading))
    found = {column: values.take(name) for column, name in KEPT.items()}
    found |= {
        "title": values.take("title"),
        "csl_type": csl_type(reading, values.take("type")),
        "authors": list(names_within(authors, line, reading)),
        "year": year_of(issued) or values.take("year"),
        **noted(values, "note"),
    }
    identifier = values.take("id", "citation-key")
    yield from to_record(reading, line, found, raw_id=identifier)
    values.leave(reading)


def text_of(name, value, line, reading):
    """A value as text; Crossref has titles in lists. What we do not keep only has to be counted."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        if len(value) > 1:
            reading.drop(name, len(value) - 1)
        value = value[0]
    if isinstance(value, str):
        return value
    if value in (None, [], {}):
        return ""
    if name in NAMED:
        reading.trouble(line, _("%(field)s: this is no text, and is left out.") % {"field": shown(name)})
        return ""
    return "…"


def names_within(authors, line, reading):
    if not isinstance(authors, list):
        authors = [authors]
    for author in authors:
        if isinstance(author, str):
            author = {"literal": author}
        if not isinstance(author, dict):
            reading.trouble(line, _("An author of this record is no name, and is left out."))
            continue
        author = {"literal" if part == "name" else part: value for part, value in author.items()}
        for part in author.keys() - {*NAME_PARTS}:
            reading.drop(f"author: {part}")
        yield {part: author[part] for part in NAME_PARTS if isinstance(author.get(part), str)}


def year_of(issued):
    """The year, of the first date: {"date-parts": [[2008, 3]]}, {"raw": "2008-03"}, {"year": 2008} or "2008"."""
    if isinstance(issued, dict):
        parts = issued.get("date-parts")
        issued = parts or next((issued[name] for name in ("raw", "literal", "year") if issued.get(name)), "")
    while isinstance(issued, list):
        issued = issued[0] if issued else ""
    return issued if isinstance(issued, str) else ""


def written(item, name):
    """One object of the list."""
    work = csl_item(item | {"type": item["csl_type"]}) | {"id": name}
    if note := note_of(item):
        work["note"] = note
    return json.dumps(work, ensure_ascii=False)
