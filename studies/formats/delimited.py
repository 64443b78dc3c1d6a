"""CSV, with whichever sign between its cells."""

import csv
from collections import deque

from django.utils.translation import gettext as _

from studies.formats.rows import delimiter_of, is_excel_hint, row_records
from studies.formats.source import REPLACED, tell_damage

MOST_RETRIES = 100  # a quote that is not closed takes the lines below it along: how often these are read anew


def records(source, reading, mapping=None):
    yield from row_records(rows(source, reading), reading, mapping)


def rows(source, reading):
    """Yields (line at which the row begins, cells). A broken row is told, and reading goes on with the line below it.

    A cell has at most the 131,072 characters that the csv module allows by itself: its limit is one for the whole process.
    """
    lines = Lines(source.open(newline=""))
    delimiter, retries = delimiter_of(lines.skip_to_headings()), 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reading.trouble(
                line, _("A cell of this row is too long, or its quotes do not match; the row is skipped.")
            )
            if retries < MOST_RETRIES:
                lines.go_back()
            reader, retries = csv.reader(lines, delimiter=delimiter, strict=True), retries + 1
            continue
        if source.is_damaged and any(REPLACED in cell for cell in cells):
            tell_damage(reading, line)
        yield line, cells


class Lines:
    """The lines of a file, which can go back to the second line of the row that is being read."""

    def __init__(self, file):
        self.file, self.again, self.row, self.number = file, deque(), [], 0

    def __iter__(self):
        return self

    def __next__(self):
        line = self.again.popleft() if self.again else next(self.file)
        self.number += 1
        self.row.append(line)
        return line

    def begin(self):
        """The number of the line that a new row begins with."""
        self.row = []
        return self.number + 1

    def go_back(self):
        below = self.row[1:]
        self.again.extendleft(reversed(below))
        self.number -= len(below)

    def skip_to_headings(self):
        """The line of the headings, which is read next; empty ones and Excel's own hint are passed over."""
        for line in self:
            if line.strip("\ufeff \t,;|\r\n") and not is_excel_hint(line.rstrip("\r\n")):
                self.again.append(line)
                self.number -= 1
                return line
        return ""
