"""A table as CSV (RFC 4180), for spreadsheets and statistics: UTF-8 with a mark, so that spreadsheets read its accents."""

import csv
from io import StringIO

from django.http import HttpResponse

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name, head, rows):
    """The table as a file of this name; a cell without a value stays empty."""
    response = HttpResponse("".join(csv_lines(head, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_lines(head, rows):
    """The same line by line, for a table of any length."""
    text = StringIO()
    writer = csv.writer(text)
    text.write(MARK)
    writer.writerow(head)
    yield text.getvalue()
    for row in rows:
        text.seek(0)
        text.truncate()
        writer.writerow([harmless(cell) for cell in row])
        yield text.getvalue()


def harmless(cell):
    """Words that a spreadsheet would take for a formula get an apostrophe before them; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
