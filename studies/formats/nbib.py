"""NBIB, PubMed's own lines: a tag padded to four characters, a hyphen, a value; it goes on where a line is indented."""

import re

from studies.formats.columns import note_of, noted, to_record
from studies.formats.languages import NAMES
from studies.formats.names import from_initials, from_inverted, initialled, inverted
from studies.formats.reading import OUTSIDE
from studies.formats.types import NBIB
from studies.formats.values import Values

TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|)")
IDENTIFIER = re.compile(r"(\S+)\s*\[(doi|pmc)\]", re.IGNORECASE)
NOT_AVAILABLE = re.compile(r"\[not available\]\.?", re.IGNORECASE)
RETRACTED = "Retracted Publication"
STANDINGS = {"retracted publication": "retracted", "retraction of publication": "notice"}
TYPES = {name: kind for kind, name in NBIB.items()}
OWNER = "Onderbouwd"  # of the records that we write, and of the keys in them


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
    is_ours = OWNER in values.texts("OWN")
    found = {
        "csl_type": type_of(values),
        "title": title_of(values),
        "container_title": values.take("JT", "TA"),
        "authors": [person(tag, name) for tag, name in names],
        "year": values.take("DP"),
        "volume": values.take("VI"),
        "issue": values.take("IP"),
        "pages": values.take("PG") if is_ours else whole_pages(values.take("PG")),
        "doi": identifiers.get("doi"),
        "pmid": values.take("PMID"),
        "pmcid": values.take("PMC") or identifiers.get("pmc"),
        "language": values.take("LA"),
        **noted(values, "GN"),
    }
    standing = standing_of(values.texts("PT"))
    for name, text in (("PT", RETRACTED), ("OWN", OWNER)):
        values.discard(name, text)
    raw_id = key_of(values) if is_ours else found["pmid"]
    yield from to_record(reading, line, found, raw_id=raw_id, standing=standing)


def type_of(values):
    """PubMed's own records are articles, whatever else they say."""
    for name in values.texts("PT"):
        if name in TYPES:
            values.discard("PT", name)
            return TYPES[name]
    return TYPES["Journal Article"]


def key_of(values):
    """The key that we gave it, where we wrote it."""
    for text in values.texts("OID"):
        if text.startswith(f"{OWNER}: "):
            values.discard("OID", text)
            return text.removeprefix(f"{OWNER}: ")
    return ""


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


def named(author):
    """A person by their full name and by initials; an organisation as a corporate name."""
    if author.get("literal"):
        return [("CN", author["literal"])]
    return [("FAU", inverted(author)), ("AU", initialled(author))]


def written(item, name):
    """The lines of one publication. The format has no place for its address, and closes each title with a full stop."""
    title, language = item.get("title", ""), item.get("language", "")
    tags = [("PMID", item.get("pmid")), ("OWN", OWNER), ("OID", f"{OWNER}: {name}")]
    tags += [("TI", title if title.endswith((".", "?", "!")) else title and f"{title}.")]
    tags += [tag for author in item.get("authors", ()) for tag in named(author)]
    tags += [("LA", NAMES.get(language, language).partition(" ")[0]), ("PT", NBIB[item["csl_type"]])]
    tags += [("PT", RETRACTED if item.get("standing") == "retracted" else ""), ("DP", item.get("year"))]
    tags += [("JT", item.get("container_title")), ("VI", item.get("volume")), ("IP", item.get("issue"))]
    tags += [("PG", item.get("pages")), ("LID", item.get("doi") and f"{item['doi']} [doi]")]
    tags += [("PMC", item.get("pmcid")), ("GN", note_of({"role": item.get("role")}))]
    return "".join([*(f"{tag:<4}- {value}\n" for tag, value in tags if value), "\n"])
