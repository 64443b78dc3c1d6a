"""The entries of a .bib file as text, one by one; what is broken in one is told and does not reach the next.

An entry ends at the latest where a line begins with an @, its kind and a brace: a brace that is missing costs one entry.
"""

import re

from django.utils.translation import gettext as _

from studies.formats.reading import DEEPEST, OUTSIDE, shown, too_deep

FIRST_LINE = re.compile(r"[ \t\ufeff]*@[ \t]*[A-Za-z]+[ \t]*(?:[{(]|$)")
ENTRY = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
KEY = re.compile(r"([^,={}\"]*+)(?:,|(?=[})])|\Z)")
FIELD = re.compile(r"[\s,]*+([^\s=,{}\"#()]++)\s*+=\s*+")
CLOSED = re.compile(r"[\s,]*([})])")
BRACE_OR_QUOTE = re.compile(r"[{}\"]")
BARE = re.compile(r"[^\s,{}\"#()=]+")
REST = re.compile(r"[\s,]*+([^\n]{1,100})")
JOIN = re.compile(r"\s*#\s*")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
LONGEST_JOINED = 1_000_000


class Malformed(ValueError):
    """What is wrong with an entry, and up to where it was read."""

    def __init__(self, sentence, at):
        super().__init__(sentence)
        self.at = at


def entries(lines, reading):
    """Yields (line, kind, key, [(field, text as it stands)]); macros are filled in."""
    macros = {month: month.title() for month in MONTHS.split()}
    for line, text in pieces(lines):
        at = counted = 0
        while found := ENTRY.search(text, at):
            tell_between(text[at : found.start()], reading)
            line += text.count("\n", counted, found.start())
            counted = found.start()
            try:
                entry, at = entry_at(text, found, macros, reading, line)
            except Malformed as error:
                reading.trouble(line, str(error))
                at = error.at
                continue
            if entry:
                yield line, *entry
        tell_between(text[at:], reading)


def pieces(lines):
    """Yields (line, text) from each line that begins an entry up to the next."""
    start, held = 1, []
    for number, line in lines:
        if held and FIRST_LINE.match(line):
            yield start, "\n".join(held)
            held = []
        start = start if held else number
        held.append(line)
    if held:
        yield start, "\n".join(held)


def tell_between(text, reading):
    """Text between entries is a comment, by the rules of BibTeX."""
    if text.strip("\ufeff \t\n,})%"):
        reading.drop(OUTSIDE)


def entry_at(text, opening, macros, reading, line):
    """((kind, key, fields), where it ends); None for what is no reference."""
    kind, at = opening[1].lower(), opening.end()
    closing = {"{": "}", "(": ")"}[opening[2]]
    if kind in ("comment", "preamble"):
        reading.drop(f"@{kind}")
        return None, value_end(text, opening.end() - 1) if closing == "}" else line_end(text, at)
    key = ""
    if kind != "string":
        found = KEY.match(text, at)
        if found:
            key, at = found[1].strip(), found.end()
    fields, at = fields_at(text, at, closing, macros, reading, line)
    if kind == "string":
        macros.update(fields)
        return None, at
    return (kind, key, fields), at


def fields_at(text, at, closing, macros, reading, line):
    fields, names = [], set()
    while not (closed := CLOSED.match(text, at)):
        found = FIELD.match(text, at)
        if not found:
            raise Malformed(broken(text, at), at=next_at(text, at))
        value, at = value_at(text, found.end(), macros, reading, line)
        name = found[1].lower()
        if name in names:
            sentence = _("The field “%(name)s” stands twice in this entry; the first counts.")
            reading.trouble(line, sentence % {"name": shown(name)})
            reading.drop(name)
            continue
        names.add(name)
        fields.append((name, value))
    if closed[1] != closing:
        raise Malformed(broken(text, closed.start(1)), at=closed.end())
    return fields, closed.end()


def value_at(text, at, macros, reading, line):
    """(value, where it ends); parts with # between them are joined."""
    parts, length = [], 0
    while True:
        if text[at : at + 1] in ("{", '"') and at < len(text):
            end = value_end(text, at)
            part = text[at + 1 : end - 1]
        elif bare := BARE.match(text, at):
            part, end = bare_value(bare[0], macros, reading, line), bare.end()
        else:
            raise Malformed(broken(text, at), at=next_at(text, at))
        length += len(part)
        if length > LONGEST_JOINED:
            raise Malformed(
                _("A value of this entry grows beyond all measure; the entry is skipped."),
                at=next_at(text, end),
            )
        parts.append(part)
        join = JOIN.match(text, end)
        if not join:
            return "".join(parts), end
        at = join.end()


def bare_value(name, macros, reading, line):
    if name.isdecimal():
        return name
    if name.lower() not in macros:
        sentence = _(
            "“%(name)s” stands without quotes or braces and is no macro of this file; it is read as text."
        )
        reading.trouble(line, sentence % {"name": shown(name)})
    return macros.setdefault(name.lower(), name)  # told once


def value_end(text, at):
    """Behind the brace or quote that closes the one here; braces inside count, with or without a backslash."""
    quoted, depth = text[at] == '"', 0
    for found in BRACE_OR_QUOTE.finditer(text, at + quoted):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth > DEEPEST:
            raise too_deep()
        if depth == 0 and (found[0] == '"' if quoted else found[0] == "}"):
            return found.end()
    raise Malformed(_("A brace or quote of this entry is not closed; the entry is skipped."), at=len(text))


def broken(text, at):
    rest = REST.match(text, at)
    if not rest:
        return _("This entry is not closed, the file may have been cut off; the entry is skipped.")
    sentence = _("The entry cannot be read from “%(text)s”; it is skipped.")
    return sentence % {"text": shown(rest[1])}


def next_at(text, at):
    found = ENTRY.search(text, at)
    return found.start() if found else len(text)


def line_end(text, at):
    end = text.find("\n", at)
    return len(text) if end < 0 else end
