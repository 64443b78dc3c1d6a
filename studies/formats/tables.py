"""A table as somebody looks at it before it is read: its columns, what they begin with, and what we take them for."""

from dataclasses import dataclass, field
from itertools import zip_longest

from django.utils.translation import gettext as _

from studies.formats import delimited, xlsx
from studies.formats.columns import tidy
from studies.formats.kinds import kind_of
from studies.formats.reading import Reading, Unreadable, shown
from studies.formats.rows import guess_mapping, heading_row, plain
from studies.formats.source import Source

ROWS = {"csv": delimited.rows, "xlsx": xlsx.rows}
MOST_COLUMNS = 200
FIRST_VALUES = 3


@dataclass(slots=True)
class Column:
    """`guess` is the column of a publication that the heading seems to mean, "" for none; `values` are the first few."""

    heading: str
    guess: str
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """`nameless` counts the columns without a heading that hold something; `rows` those below the headings."""

    kind: str
    columns: list[Column]
    rows: int
    nameless: int


def table_in(name, data: bytes) -> Table | None:
    """The table that this file is; None for every other kind of file. Raises Unreadable."""
    source = Source(data)
    kind = kind_of(name, source)
    if kind not in ROWS:
        return None
    rows = ROWS[kind](source, Reading(kind, source.encoding))
    _line, headings = heading_row(rows)
    columns = {heading: Column(heading, guess) for heading, guess in guess_mapping(headings).items()}
    if not columns or len(headings) > MOST_COLUMNS:
        raise Unreadable(
            _("The first line of the table should hold headings: at least 1, at most %(most)s.")
            % {"most": MOST_COLUMNS}
        )
    count, nameless = 0, set()
    for _number, cells in rows:
        count += any(map(str.strip, cells))
        for place, (heading, cell) in enumerate(zip_longest(headings, cells[:MOST_COLUMNS], fillvalue="")):
            text = tidy(cell)
            if text and not plain(heading):
                nameless.add(place)
            elif text and len(columns[heading].values) < FIRST_VALUES:
                columns[heading].values.append(shown(text))
    return Table(kind, list(columns.values()), count, len(nameless))
