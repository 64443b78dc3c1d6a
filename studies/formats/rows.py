"""References in a table: which heading is which column, and what its rows hold."""

import csv
import itertools
import re

from django.utils.translation import gettext as _

from studies.formats.columns import role_within, tidy, to_record
from studies.formats.names import from_cell
from studies.formats.reading import OUTSIDE, Unreadable
from studies.formats.types import csl_type
from studies.formats.values import Values

# A column with the headings that mean it, without signs, in lower case: PubMed, Scopus, Web of Science, Zotero, people.
COLUMN_WORDS = {
    "title": ("title", "titel", "article title", "document title", "ti"),
    "authors": ("authors", "author", "auteurs", "auteur", "author full names", "schrijvers", "au"),
    "container_title": (
        *("journal", "journal book", "source title", "publication title", "container title", "tijdschrift"),
        *("journal or site", "bron", "source", "journal name", "so"),
    ),
    "year": ("year", "publication year", "jaar", "jaar van publicatie", "date", "datum", "py"),
    "volume": ("volume", "jaargang", "deel", "vl"),
    "issue": ("issue", "number", "nummer", "aflevering", "is"),
    "pages": ("pages", "page", "pagina s", "paginas", "pagina", "bladzijden", "bladzijde", "art no"),
    "first_page": ("page start", "start page", "first page", "beginpagina", "eerste pagina", "sp"),
    "last_page": ("page end", "end page", "last page", "eindpagina", "laatste pagina", "ep"),
    "language": ("language", "taal", "language of original document", "la"),
    "url": ("url", "link", "address", "webadres", "adres", "website", "ur"),
    "doi": ("doi", "doi link"),
    "pmid": ("pmid", "pubmed id", "pubmed", "pubmedid"),
    "pmcid": ("pmcid", "pmc", "pmc id"),
    "csl_type": ("csl type", "type", "item type", "document type", "soort", "publication type"),
    "role": ("role", "rol"),
    "standing": ("standing", "stand"),
    "key": ("key", "sleutel", "id", "citation key"),
}
MEANINGS = {word: column for column, words in COLUMN_WORDS.items() for word in words}
NAMING = {"title", "doi", "pmid", "pmcid"}
DELIMITERS = (",", ";", "\t", "|")


def guess_mapping(headings) -> dict[str, str]:
    """{heading: column, "" where we keep nothing of it}, for headings in English or Dutch."""
    return {heading: MEANINGS.get(plain(heading), "") for heading in headings if plain(heading)}


def plain(heading):
    return re.sub(r"[\W_]+", " ", heading.casefold()).strip()


def is_heading_row(cells):
    """Whether this looks like headings: one that names a work, beside another we know or quite alone."""
    known = {column for column in guess_mapping(cells).values() if column}
    return is_retraction_watch(cells) or (bool(known & NAMING) and (len(known) > 1 or len(cells) == 1))


def is_retraction_watch(cells):
    return {"retractiondoi", "retractionnature"} <= {plain(cell).replace(" ", "") for cell in cells}


def first_row(source):
    """The cells of the first line that holds any, by whichever sign divides it best."""
    lines = itertools.dropwhile(lambda line: not line.strip("\ufeff \t,;|\n"), source.sample.split("\n"))
    line = next((line for line in lines if not is_excel_hint(line)), "")
    return next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter_of(line)), [])


def is_excel_hint(line):
    """Excel may say on a line of its own what divides the cells."""
    return line.strip('\ufeff" \n').lower() in {f"sep={delimiter}" for delimiter in (*DELIMITERS, "")}


def delimiter_of(line):
    unquoted = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=unquoted.count)


def row_records(rows, reading, mapping=None):
    """Yields the records of (line, cells), of which the first row holds the headings."""
    headings, mapping = headed(rows, mapping)
    names = [heading if plain(heading) else OUTSIDE for heading in headings]
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            values = Values()
            for name, cell in itertools.zip_longest(names, cells[: len(names)], fillvalue=""):
                values.add(name, cell)
            extra = sum(bool(cell.strip()) for cell in cells[len(names) :])
            if extra:
                reading.drop(OUTSIDE, extra)
            yield from row_record(reading, line, values, mapping)
            values.leave(reading)


def headed(rows, mapping):
    """The headings, and which column each of them is."""
    line, headings = heading_row(rows)
    mapping = guess_mapping(headings) if mapping is None else mapping
    if not NAMING & {mapping.get(heading) for heading in headings}:
        raise Unreadable(
            _("Line %(line)s should hold the headings; one of them has to be title, DOI, PMID or PMCID.")
            % {"line": line}
        )
    return headings, mapping


def heading_row(rows):
    """(line, headings) of the first row that holds anything."""
    line, headings = next(((line, cells) for line, cells in rows if any(map(str.strip, cells))), (1, []))
    if not headings:
        raise Unreadable(_("The file is empty."))
    headings = [tidy(cell.lstrip("\ufeff")) for cell in headings]
    if is_retraction_watch(headings):
        raise Unreadable(_("This is the list of Retraction Watch, which has an import of its own."))
    return line, headings


def row_record(reading, line, values, mapping):
    headings = {}
    for heading, column in mapping.items():
        headings.setdefault(column, []).append(heading)
    found = {
        column: values.take(*headings[column]) for column in COLUMN_WORDS if column and column in headings
    }
    pages = (found.pop("first_page", ""), found.pop("last_page", ""))
    if not found.get("pages"):
        found["pages"] = "-".join(dict.fromkeys(page for page in pages if page))
    found["csl_type"] = csl_type(reading, found.get("csl_type"))
    found["role"] = role_within(f"role: {found.get('role', '').lower()}")
    found["standing"] = "retracted" if found.get("standing", "").casefold() == "retracted" else ""
    found["authors"] = from_cell(found.get("authors", ""))
    yield from to_record(reading, line, found, raw_id=found.pop("key", ""))
