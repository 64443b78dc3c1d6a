"""Spreadsheets as Excel and LibreOffice save them: the texts and numbers of the first sheet, without formulas or macros."""

import io
import re
import zipfile
import zlib
from decimal import Decimal, InvalidOperation
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _

from studies.formats.markup import CHUNK, parse
from studies.formats.reading import Unreadable
from studies.formats.rows import row_records

LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 200  # what plain tables reach is about 20
SMALL = 1024 * 1024  # below this a ratio says nothing
MOST_PARTS = 2_000
MOST_COLUMNS = 500
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    LookupError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def records(source, reading, mapping=None):
    yield from row_records(rows(source, reading), reading, mapping)


def rows(source, reading):
    """Yields (number of the row, cells as text) of the first sheet."""
    reading.encoding = "UTF-8"
    try:
        yield from rows_of_first_sheet(source.data)
    except (*BROKEN, OSError) as error:
        raise Unreadable(
            _("The spreadsheet is damaged or is none. Save it again as .xlsx or .csv.")
        ) from error


def rows_of_first_sheet(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        refuse_bomb(archive)
        names = {info.filename for info in archive.infolist()}
        if "xl/workbook.xml" not in names:
            raise Unreadable(_("This is an archive, not a spreadsheet. Unpack it first."))
        texts = []
        if "xl/sharedStrings.xml" in names:
            texts = list(parsed(archive, "xl/sharedStrings.xml", SharedTexts()))
        yield from parsed(archive, first_sheet(archive), SheetRows(texts))


def refuse_bomb(archive):
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > SMALL and part.file_size > LARGEST_RATIO * part.compress_size for part in parts
    )
    if len(parts) > MOST_PARTS or total > LARGEST_UNPACKED or swollen:
        raise Unreadable(_("The spreadsheet unpacks to far more than it is. We do not read that."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The spreadsheet has a password. Save it without."))


def parsed(archive, name, handler):
    with archive.open(name) as part:
        chunks = iter(lambda: part.read(CHUNK), b"")
        yield from parse(chunks, handler.start, handler.end, handler.text, handler.finished)


def first_sheet(archive):
    """Its place in the archive, by way of the number that the workbook gives it."""
    sheets = list(parsed(archive, "xl/workbook.xml", Attributes("sheet")))
    places = list(parsed(archive, "xl/_rels/workbook.xml.rels", Attributes("Relationship")))
    targets = {place.get("Id"): place.get("Target", "") for place in places}
    wanted = next((value for name, value in sheets[0].items() if name.endswith(":id")), "") if sheets else ""
    target = targets.get(wanted, "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class Attributes:
    """The attributes of each element with this name."""

    def __init__(self, name):
        self.name, self.done = name, []

    def start(self, name, attributes, line):
        if name.rpartition(":")[2] == self.name:
            self.done.append(attributes)

    def end(self, name):
        pass

    def text(self, text):
        pass

    def finished(self):
        done, self.done = self.done, []
        return done


class SharedTexts(Attributes):
    """The texts that cells refer to by number; readings of characters (rPh) are no part of them."""

    def __init__(self):
        super().__init__("si")
        self.letters, self.is_text, self.is_reading = [], False, False

    def start(self, name, attributes, line):
        name = name.rpartition(":")[2]
        self.is_reading = self.is_reading or name == "rPh"
        self.is_text = name == "t" and not self.is_reading

    def text(self, text):
        if self.is_text:
            self.letters.append(text)

    def end(self, name):
        name = name.rpartition(":")[2]
        self.is_text = False
        if name == "rPh":
            self.is_reading = False
        if name == self.name:
            self.done.append("".join(self.letters))
            self.letters = []


class SheetRows(SharedTexts):
    """(number, cells) of each row that has any."""

    def __init__(self, texts):
        super().__init__()
        self.texts, self.cells, self.number, self.column = texts, {}, 0, -1

    def start(self, name, attributes, line):
        super().start(name, attributes, line)
        name = name.rpartition(":")[2]
        if name == "row":
            self.number, self.cells, self.column = int_or(attributes.get("r"), self.number + 1), {}, -1
        elif name == "c":
            self.letters, self.kind = [], attributes.get("t", "n")
            self.column = column_of(attributes.get("r", ""), self.column + 1)
        elif name == "v":
            self.is_text = True

    def end(self, name):
        super().end(name)
        name = name.rpartition(":")[2]
        if name == "c":
            if self.column >= MOST_COLUMNS:
                raise Unreadable(
                    _("The sheet has more than %(most)s columns; a list of references has fewer.")
                    % {"most": MOST_COLUMNS}
                )
            self.cells[self.column] = self.value("".join(self.letters))
        elif name == "row" and self.cells:
            self.done.append((self.number, [self.cells.get(at, "") for at in range(max(self.cells) + 1)]))

    def value(self, text):
        if self.kind == "s":
            at = int_or(text, -1)
            return self.texts[at] if 0 <= at < len(self.texts) else ""
        if self.kind == "e":
            return ""
        return number_as_text(text) if self.kind == "n" else text


def int_or(text, otherwise):
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else otherwise


def column_of(place, otherwise):
    """Of "C12" the number 2."""
    letters = re.match(r"[A-Z]{1,3}", place)
    if not letters:
        return otherwise
    total = 0
    for letter in letters[0]:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total - 1


def number_as_text(text):
    """A whole number without a point: 2012.0 is 2012, and 2.3853635E7 a PMID."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    is_whole = number.is_finite() and abs(number.adjusted()) < 18 and number == number.to_integral_value()
    return str(int(number)) if is_whole else text
