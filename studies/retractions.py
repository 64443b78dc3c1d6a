"""The list of Retraction Watch, a CSV of papers and what became of them: read row by row, matched, never by title.

Knows the form of the file (docs/retractions.md) and nothing of the database. What cannot be read is a row with a flaw,
so that nothing that stood in the file is passed over in silence.
"""

import csv
import re
from collections import deque
from datetime import date
from typing import NamedTuple

from studies.choices import NoticeKind
from studies.identifiers import InvalidIdentifier, normalise_doi, normalise_pmid

SOURCE = "retraction-watch"
# What we read; the other columns may be there, move or go.
COLUMNS = (
    *("Record ID", "RetractionDate", "RetractionDOI", "RetractionPubMedID"),
    *("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason"),
)
NO_IDENTIFIER = ("", "0", "unavailable")
KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "correction": NoticeKind.CORRECTION,
    "expression of concern": NoticeKind.CONCERN,
    "reinstatement": NoticeKind.REINSTATEMENT,
}
STANDING_WORDS = {NoticeKind.RETRACTION: "retracted", NoticeKind.REINSTATEMENT: "reinstated"}
AMERICAN_DAY = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})(?:\s.*)?")
ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[\sT].*)?")
REPLACED = "\N{REPLACEMENT CHARACTER}"  # stands where a byte is not UTF-8
LONGEST_LINE = 200_000
LONGEST_DOI = 210


class NotTheList(ValueError):
    """The file has another header; the message is one line."""


class Unreadable(ValueError):
    """Why this row cannot be recorded, for the person who loads the list."""


class Row(NamedTuple):
    line: int
    cells: dict
    flaw: str = ""


class Paper(NamedTuple):
    pk: int
    key: str
    doi: str | None


class Listed(NamedTuple):
    """What one row says of a paper. `noticed_on` is None where the list has no date."""

    record: str
    kind: NoticeKind
    noticed_on: date | None
    reasons: str
    notice_doi: str
    notice_pmid: str


class Lines:
    """The numbered lines of a file, which can be put back to be read again."""

    def __init__(self, file):
        self.coming = enumerate(iter(lambda: file.readline(LONGEST_LINE), ""), start=1)
        self.again = deque()

    def take(self):
        return self.again.popleft() if self.again else next(self.coming, None)

    def put_back(self, numbered):
        self.again.extendleft(reversed(numbered))


def read_rows(file):
    """Yields each Row after the header. Open the file as utf-8-sig with `newline=""`. Raises NotTheList."""
    lines = Lines(file)
    _line, header, flaw = read_record(lines) or (1, [], "")
    width = width_of(header)
    lacking = [name for name in COLUMNS if header.count(name) != 1]
    if flaw or lacking:
        raise NotTheList(
            f"is not the list of Retraction Watch: {flaw or f'expected one column “{lacking[0]}”'}"
        )
    places = [(name, header.index(name)) for name in COLUMNS]
    while record := read_record(lines, width):
        line, cells, flaw = record
        yield Row(line, {} if flaw else {name: cells[place].strip() for name, place in places}, flaw)


def read_record(lines, width=None):
    """The next (line, cells, flaw); None at the end. A record is flawed where it has not `width` cells.

    Of a flawed record only the first line counts as read: reading goes on at its second, so that a quote that is never
    closed does not swallow the rows after it.
    """
    first = lines.take()
    while first and not first[1].strip("\r\n"):
        first = lines.take()
    if not first:
        return None
    taken = [first]
    cells, flaw = [], ""
    try:
        cells = next(csv.reader(following(lines, taken), strict=True))
        if width and width_of(cells, at_least=width) != width:
            flaw = f"has {len(cells)} cells, not {width}"
    except csv.Error as error:
        flaw = f"cannot be read as CSV ({error})"
    if flaw:
        lines.put_back(taken[1:])
    return first[0], cells, flaw


def following(lines, taken):
    """The text of the line that was taken, and of those after it for as long as they are asked for."""
    yield taken[0][1]
    while numbered := lines.take():
        taken.append(numbered)
        yield numbered[1]


def width_of(cells, at_least=0):
    """How many cells there are without the empty ones at the end: the list closes its lines with a comma too many."""
    width = len(cells)
    while width > at_least and not cells[width - 1].strip():
        width -= 1
    return width


class OurPapers:
    """Our publications by the identifiers that the list may name them by. `papers` are (Paper, doi, pmid).

    One paper may come several times, with what identifies each entry that was merged into it.
    """

    def __init__(self, papers):
        self.by_doi, self.by_pmid = {}, {}
        for paper, doi, pmid in papers:
            self.by_doi |= {doi: paper} if doi else {}
            self.by_pmid |= {pmid: paper} if pmid else {}

    def named_by(self, row):
        """The paper this row is about, or None where it is not ours. Raises Unreadable where that cannot be told."""
        if row.flaw:
            raise Unreadable(row.flaw)
        doi, doi_flaw = identifier(row.cells["OriginalPaperDOI"], normalise_doi)
        pmid, pmid_flaw = identifier(row.cells["OriginalPaperPubMedID"], normalise_pmid)
        with_doi, with_pmid = self.by_doi.get(doi), self.by_pmid.get(pmid)
        found = with_doi or with_pmid
        if found is None and (doi_flaw or pmid_flaw):
            raise Unreadable(doi_flaw or pmid_flaw)
        if with_doi and with_pmid and with_doi != with_pmid:
            raise Unreadable(f"the DOI {doi} is {with_doi.key} here, the PMID {pmid} is {with_pmid.key}")
        if not with_doi and with_pmid and doi and with_pmid.doi and doi != with_pmid.doi:
            raise Unreadable(
                f"the PMID {pmid} is {with_pmid.key} here, whose DOI is {with_pmid.doi}, not {doi}"
            )
        return found


def identifier(text, normalise):
    """(normalised, why not): both empty where the list says that it has none."""
    if text.lower() in NO_IDENTIFIER:
        return "", ""
    if REPLACED in text:
        return "", f"“{text[:60]}” has characters that cannot be read"
    try:
        return normalise(text), ""
    except InvalidIdentifier as error:
        return "", str(error)


def listed(row):
    """What this row says, once it is known to be about a paper of ours. Raises Unreadable."""
    cells = row.cells
    if any(sign in "".join(cells.values()) for sign in ("\0", REPLACED)):
        raise Unreadable("has characters that cannot be read")
    if not re.fullmatch(r"[0-9]{1,18}", cells["Record ID"]):
        raise Unreadable(f"“{cells['Record ID'][:60]}” is not a Record ID: it is a number")
    if cells["RetractionNature"].lower() not in KINDS:
        raise Unreadable(f"“{cells['RetractionNature'][:60]}” is not a RetractionNature we know")
    doi = identifier(cells["RetractionDOI"], normalise_doi)[0]
    return Listed(
        record=cells["Record ID"],
        kind=KINDS[cells["RetractionNature"].lower()],
        noticed_on=day(cells["RetractionDate"]),
        reasons=reasons(cells["Reason"]),
        notice_doi=doi if len(doi) <= LONGEST_DOI else "",
        notice_pmid=identifier(cells["RetractionPubMedID"], normalise_pmid)[0],
    )


def day(text):
    """The date of "8/16/2023 0:00", month first, or of an ISO date; None where there is none. Raises Unreadable."""
    if not text:
        return None
    found = AMERICAN_DAY.fullmatch(text) or ISO_DAY.fullmatch(text)
    parts = found.groupdict() if found else {"year": 0, "month": 0, "day": 0}
    try:
        return date(**{part: int(number) for part, number in parts.items()})
    except ValueError as error:
        raise Unreadable(f"“{text[:60]}” is not a date written as month/day/year") from error


def reasons(text):
    """As the list gives them, in English: "+Concerns about data;+Rogue editor;" becomes "Concerns about data; Rogue editor"."""
    parts = (" ".join(part.split()).removeprefix("+").strip() for part in text.split(";"))
    return "; ".join(part for part in parts if part)


def record_of(notice):
    """The number in the list: "50438" of "50438" and of "50438#2"."""
    return notice.source_record_id.partition("#")[0]
