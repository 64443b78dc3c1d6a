"""A table as CSV (RFC 4180), for spreadsheets and statistics: UTF-8 with a mark, so that spreadsheets read its accents."""

import csv
from io import StringIO

from django.http import HttpResponse

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name, head, rows):
    """The table as a file of this name; a cell without a value stays empty."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse(MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def harmless(cell):
    """Words that a spreadsheet would take for a formula get an apostrophe before them; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
