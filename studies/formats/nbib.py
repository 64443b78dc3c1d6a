"""NBIB, PubMed's own lines: a tag padded to four characters, a hyphen, a value; it goes on where a line is indented."""

import re

from studies.formats.columns import to_record
from studies.formats.names import from_initials, from_inverted
from studies.formats.reading import OUTSIDE
from studies.formats.values import Values

TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|)")
IDENTIFIER = re.compile(r"(\S+)\s*\[(doi|pmc)\]", re.IGNORECASE)
NOT_AVAILABLE = re.compile(r"\[not available\]\.?", re.IGNORECASE)
STANDINGS = {"retracted publication": "retracted", "retraction of publication": "notice"}


def records(source, reading):
    for line, tags in tagged(source.lines(reading), reading):
        values = Values()
        for tag, words in tags:
            values.add(tag, " ".join(words))
        yield from record(line, values, reading)
        values.leave(reading)


def tagged(lines, reading):
    """Yields (line of its first tag, [(tag, words)]); an empty line ends a record, and so does another PMID."""
    start, tags = None, []
    for number, text in lines:
        text = text.lstrip("\ufeff")
        found = TAG.fullmatch(text) if len(text) > 4 and text[4] == "-" else None
        if tags and (not text.strip() or (found and found[1] == "PMID")):
            yield start, tags
            tags = []
        if found:
            start = start if tags else number
            tags.append((found[1], [found[2] or ""]))
        elif tags:
            tags[-1][1].append(text.strip())
        elif text.strip():
            reading.drop(OUTSIDE)
    if tags:
        yield start, tags


def record(line, values, reading):
    full = values.take_all("FAU", "CN")
    short = values.take_all("AU")  # the same people again, unless there are no full names
    names = full if any(tag == "FAU" for tag, name in full) else short + full
    identifiers = identifiers_of(values)
    found = {
        "csl_type": "article-journal",
        "title": title_of(values),
        "container_title": values.take("JT", "TA"),
        "authors": [person(tag, name) for tag, name in names],
        "year": values.take("DP"),
        "volume": values.take("VI"),
        "issue": values.take("IP"),
        "pages": whole_pages(values.take("PG")),
        "doi": identifiers.get("doi"),
        "pmid": values.take("PMID"),
        "pmcid": values.take("PMC") or identifiers.get("pmc"),
        "language": values.take("LA"),
    }
    yield from to_record(reading, line, found, raw_id=found["pmid"], standing=standing_of(values.texts("PT")))


def person(tag, name):
    if tag == "CN":
        return {"literal": name}
    return from_inverted(name) if "," in name else from_initials(name)


def title_of(values):
    """The title in English; where there is none, that in the language of the paper."""
    title = values.take("TI")
    if not title or NOT_AVAILABLE.fullmatch(title):
        title = values.take("TT") or title
    return without_full_stop(title)


def without_full_stop(title):
    """PubMed closes each title with one."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def identifiers_of(values):
    """{"doi": ...} of the lines that hold one; they stand in LID, AID or both."""
    found = {}
    for tag in ("LID", "AID"):
        for text in values.texts(tag):
            identifier = IDENTIFIER.fullmatch(text)
            if identifier and found.setdefault(identifier[2].lower(), identifier[1]) == identifier[1]:
                values.discard(tag, text)
    return found


def whole_pages(pages):
    """PubMed shortens 1237-1241 to 1237-41."""
    found = re.fullmatch(r"([0-9]+)-([0-9]+)", pages.strip())
    if found and len(found[2]) < len(found[1]):
        return f"{found[1]}-{found[1][: -len(found[2])]}{found[2]}"
    return pages


def standing_of(types):
    """What the publication types say: the paper is withdrawn, or it is the notice that withdraws another."""
    return next((STANDINGS[name.lower()] for name in types if name.lower() in STANDINGS), "")
