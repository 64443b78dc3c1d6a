"""Files of references, as other programs write them: RIS, BibTeX, NBIB, CSL-JSON, PubMed XML, CSV and XLSX in; four of them out.

Bytes in, the columns of a publication out; nothing here asks the database. What a file is, its content decides, not its name.
A record that cannot be read becomes a problem with its line and never stops the others; what a file holds and we do
not keep is counted. Abstracts are never kept: they are their publisher's.
"""

from studies.formats import bibtex, csl, delimited, nbib, pubmed, ris, xlsx
from studies.formats.kinds import DETECTED, kind_of
from studies.formats.reading import (
    LARGEST_FILE,
    MOST_RECORDS,
    Problem,
    Reading,
    Record,
    Unknown,
    Unreadable,
    limited,
)
from studies.formats.rows import COLUMN_WORDS, guess_mapping
from studies.formats.source import Source
from studies.formats.tables import Column, Table, table_in
from studies.formats.writing import ENDINGS, MEDIA_TYPES, WRITTEN, write

READERS = {
    "ris": ris.records,
    "bibtex": bibtex.records,
    "nbib": nbib.records,
    "csl-json": csl.records,
    "pubmed-xml": pubmed.records,
}
TABLES = {"csv": delimited.records, "xlsx": xlsx.records}

__all__ = (
    "COLUMN_WORDS",
    "DETECTED",
    "ENDINGS",
    "LARGEST_FILE",
    "MEDIA_TYPES",
    "MOST_RECORDS",
    "WRITTEN",
    "Column",
    "Problem",
    "Reading",
    "Record",
    "Table",
    "Unreadable",
    "guess_mapping",
    "is_file",
    "read",
    "stream",
    "table_in",
    "write",
)


def read(name, data: bytes, mapping=None) -> Reading:
    """All records of a file. `name` is a file name or a kind, and decides only where the content does not.

    `mapping` says for a table which heading is which column: {heading: column, or "" for none}; without it we guess.
    Raises Unreadable, with a sentence for the person who chose the file.
    """
    reading = stream(name, data, mapping)
    reading.records = list(reading.records)
    return reading


def is_file(text):
    """Whether this text begins as that of a file of references. Raises Unreadable for a page, a document and what is empty."""
    try:
        kind_of("", Source(text.encode()))
    except Unknown:
        return False
    return True


def stream(name, data: bytes, mapping=None) -> Reading:
    """The same with `records` as a generator: the problems and counts are complete when it has run out."""
    source = Source(data)
    reading = Reading(kind=kind_of(name, source, mapping), encoding=source.encoding)
    if reading.kind in TABLES:
        reading.records = limited(TABLES[reading.kind](source, reading, mapping))
    else:
        reading.records = limited(READERS[reading.kind](source, reading))
    return reading
