"""BibTeX: entries as they stand in .bib files, with macros, joined values and braces inside braces."""

import re

from django.utils.translation import gettext as _

from studies.formats.bibtex_names import names_within, to_bibtex
from studies.formats.columns import note_of, noted, to_record
from studies.formats.entries import entries
from studies.formats.latex import from_latex, to_latex, verbatim
from studies.formats.reading import shown
from studies.formats.types import BIBTEX, csl_type
from studies.formats.values import Values

JOURNALS = ("journal", "journaltitle", "booktitle", "institution", "organization", "series", "howpublished")
CONTAINERS = {
    "article": "journal",
    "techreport": "institution",
    "book": "series",
    "incollection": "booktitle",
}
LABELLED_PMID = re.compile(r"PMID:? *([0-9]{1,9})\.?", re.IGNORECASE)


def records(source, reading):
    first_lines = {}
    for line, kind, key, fields in entries(source.lines(reading), reading):
        if key and key in first_lines:
            reading.trouble(
                line,
                _("The key “%(key)s” is that of the entry on line %(line)s too; both are read.")
                % {"key": shown(key), "line": first_lines[key]},
            )
        first_lines.setdefault(key, line)
        values = Values()
        for name, text in fields:
            values.add(name, text)
        yield from record(line, kind, key, values, reading)
        values.leave(reading)


def record(line, kind, key, values, reading):
    def plain(*names):
        return from_latex(values.take(*names), reading)

    found = {
        "csl_type": csl_type(reading, kind),
        "title": ": ".join(filter(None, (plain("title"), plain("subtitle")))),
        "authors": names_within(values.take("author"), reading),
        "container_title": plain(*JOURNALS),
        "year": plain("year", "date"),
        "volume": plain("volume"),
        "issue": plain("number", "issue"),
        "pages": plain("pages"),
        "language": plain("language", "langid"),
        "url": verbatim(values.take("url")),
        "doi": verbatim(values.take("doi")),
        "pmid": plain("pmid") or pmid_elsewhere(values),
        "pmcid": plain("pmcid", "pmc"),
        **noted(values, "note"),
    }
    yield from to_record(reading, line, found, raw_id=key)


def pmid_elsewhere(values):
    """From the archive that says that it is PubMed, or from a note."""
    archive = " ".join(values.texts("eprinttype", "archiveprefix")).lower()
    if "pubmed" in archive or "pmid" in archive:
        values.take("eprinttype", "archiveprefix")
        return values.take("eprint")
    for text in values.texts("note"):
        found = LABELLED_PMID.fullmatch(text)
        if found:
            values.discard("note", text)
            return found[1]
    return ""


def written(item, name):
    """The entry of one publication; the braces around a title keep its capitals."""
    kind = BIBTEX[item["csl_type"]]
    title, pages = item.get("title"), item.get("pages", "")
    fields = {
        "author": " and ".join(map(to_bibtex, item.get("authors", ()))),
        "title": title and f"{{{to_latex(title)}}}",
        CONTAINERS.get(kind, "organization"): to_latex(item.get("container_title", "")),
        "year": item.get("year"),
        "volume": to_latex(item.get("volume", "")),
        "number": to_latex(item.get("issue", "")),
        "pages": "--".join(map(to_latex, pages.split("-"))),
        "doi": item.get("doi"),
        "pmid": item.get("pmid"),
        "pmcid": item.get("pmcid"),
        "url": item.get("url"),
        "language": item.get("language"),
        "note": note_of(item),
    }
    lines = [f",\n  {field} = {{{value}}}" for field, value in fields.items() if value]
    return "".join((f"@{kind}{{{name}", *lines, "\n}\n\n"))
