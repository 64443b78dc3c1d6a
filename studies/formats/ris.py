"""RIS: a tag of two letters, two spaces, a hyphen, a space and a value; from TY to ER."""

import re

from django.utils.translation import gettext as _

from studies.formats.columns import note_of, noted, to_record
from studies.formats.names import from_inverted, inverted
from studies.formats.reading import OUTSIDE
from studies.formats.types import RIS, csl_type
from studies.formats.values import Values

TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t](.*)|)")
LABELLED_DOI = re.compile(r"(?:\bdoi\s*[:=]?\s*|\bdoi\.org/)(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
BARE_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
LABELLED_PMID = re.compile(r"(?:pubmed\s*(?:id)?|pmid)\s*[:=]?\s*([0-9]{1,9})\b", re.IGNORECASE)
LABELLED_PMCID = re.compile(r"PMC[0-9]{1,9}", re.IGNORECASE)
TITLES = ("TI", "T1", "CT")
JOURNALS = ("JF", "T2", "JO", "BT", "JA", "J2", "J1", "T3")


def records(source, reading):
    for line, tags in tagged(source.lines(reading), reading):
        values = Values()
        for tag, words in tags:
            values.add(tag, " ".join(words))
        yield from record(line, values, reading)
        values.leave(reading)


def tagged(lines, reading):
    """Yields (line of TY, [(tag, words)]), also of a record that is not closed."""
    start, tags, strays = None, [], 0
    for number, text in lines:
        found = TAG.fullmatch(text)
        tag = found and found[1]
        if tag == "TY":
            if tags:
                reading.trouble(start, _("This record has no ER line at its end; it is read up to the next."))
                yield start, tags
            start, tags, strays = number, [("TY", [found[2] or ""])], 0
        elif tag == "ER" and tags:
            yield start, tags
            tags = []
        elif tags and found:
            tags.append((tag, [found[2] or ""]))
        elif tags and text.strip():
            tags[-1][1].append(text.strip())
        elif text.strip():
            reading.drop(tag or OUTSIDE)
            if found and not strays:
                reading.trouble(number, _("From this line there is no record: a TY line is missing."))
            strays += bool(found)
    if tags:
        reading.trouble(start, _("This record has no ER line at its end; the file may have been cut off."))
        yield start, tags


def record(line, values, reading):
    kind = csl_type(reading, values.take("TY"))
    found = {
        "csl_type": kind,
        "title": values.take(*TITLES, "BT") if kind == "book" else values.take(*TITLES),
        "container_title": values.take(*JOURNALS),
        "authors": [from_inverted(name) for tag, name in values.take_all("AU", "A1")],
        "year": values.take("PY", "Y1", "DA"),
        "volume": values.take("VL"),
        "issue": values.take("IS"),
        "pages": "-".join(dict.fromkeys(filter(None, (values.take("SP"), values.take("EP"))))),
        "doi": values.take("DO") or doi_elsewhere(values),
        "pmid": pmid_of(values),
        "pmcid": next(filter(LABELLED_PMCID.fullmatch, values.texts("C2")), ""),
        "url": values.take("UR", "LK"),
        "language": values.take("LA"),
        **noted(values, "N1"),
    }
    values.discard("C2", found["pmcid"])
    yield from to_record(reading, line, found, raw_id=values.take("ID"))


def doi_elsewhere(values):
    """A DOI in a note, the type of work or an address, where no DO line has it."""
    for text in values.texts("M3", "N1", "L3", "UR"):
        found = LABELLED_DOI.search(text) or BARE_DOI.fullmatch(text)
        if found:
            for tag in ("M3", "L3"):
                values.discard(tag, text)
            return found[found.re.groups]
    return ""


def pmid_of(values):
    """From the accession number, if it says or the database says that it is PubMed's; or from a note that says so."""
    number = next(iter(values.texts("AN")), "")
    is_pubmed = re.search("pubmed|medline", " ".join(values.texts("DB")), re.IGNORECASE)
    if is_pubmed and number.isdecimal():
        values.take("DB")
        return values.take("AN")
    for text in values.texts("AN", "N1"):
        found = LABELLED_PMID.search(text)
        if found:
            values.discard("AN", text)
            return found[1]
    return ""


def written(item, name):
    """The lines of one publication; `name` is what the file calls it."""
    tags = [("TY", RIS[item["csl_type"]]), ("ID", name), ("TI", item.get("title"))]
    tags += [("AU", inverted(author)) for author in item.get("authors", ())]
    tags += [("JF" if item["csl_type"] == "article-journal" else "T2", item.get("container_title"))]
    tags += [("PY", item.get("year")), ("VL", item.get("volume")), ("IS", item.get("issue"))]
    first, _hyphen, last = item.get("pages", "").partition("-")
    if not first or not last or "-" in last or first == last:
        first, last = item.get("pages"), ""
    tags += [("SP", first), ("EP", last), ("DO", item.get("doi")), ("AN", item.get("pmid"))]
    tags += [("DB", item.get("pmid") and "PubMed"), ("C2", item.get("pmcid")), ("UR", item.get("url"))]
    tags += [("LA", item.get("language")), ("N1", note_of(item))]
    lines = [f"{tag}  - {value}\r\n" for tag, value in tags if value]
    return "".join([*lines, "ER  - \r\n\r\n"])
