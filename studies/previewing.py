"""Looking at a file of references: what each record is beside what we have."""

from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add
from studies.alike import alike_to
from studies.formats.columns import tidy
from studies.imports import (
    conflicts_of,
    flaws_of,
    lacking_in,
    publications_named_by,
    row_of,
)
from studies.models import Import

MOST_ROWS = 10_000


def preview_file(name, data, *, by):
    """An Import of what this file would bring. Raises formats.Unreadable and Refused."""
    needs_to_add(by)
    reading = formats.read(name, data)
    if len(reading.records) > MOST_ROWS:
        raise Refused(
            _("This file holds %(count)s references; bring in at most %(most)s at a time.")
            % {"count": len(reading.records), "most": MOST_ROWS}
        )
    problems = [[problem.line, problem.sentence] for problem in reading.problems]
    rows = told_all(reading.records)
    return Import.objects.create(
        name=named(name),
        kind=reading.kind,
        made_by=by,
        rows=rows,
        problems=problems,
        dropped=reading.dropped,
    )


def named(name):
    return tidy(name)[:200] or _("file")


def told_all(records):
    """What the page shows of each record, and loading goes by; a few questions to the database for all of them."""
    known = publications_named_by(records)
    rows = [row_of(record, known) for record in records]
    alike = alike_to({place: row.record.fields for place, row in enumerate(rows) if not row.here})
    return [told(row, alike.get(place, ())) for place, row in enumerate(rows)]


def told(row, alike):
    fields = {
        name: value for name, value in row.record.fields.items() if name != "key"
    }  # the key is ours to give
    return {
        "line": row.record.line,
        "fields": fields,
        "standing": row.record.standing,
        "flaws": [] if row.here else flaws_of(fields),
        "here": [beside(found, row, row.leading) for found in row.here],
        "alike": [beside(found, row) | how._asdict() | {"score": how.score} for found, how in alike],
    }


def beside(publication, row, leading=None):
    """A publication of ours as it stands beside a record: where the two differ, and what only the record has."""
    conflicts = conflicts_of(row.record, publication, leading)
    return {
        "key": publication.key,
        "study": publication.study.key,
        "label": publication.study.label,
        "says": publication.title,
        "conflicts": {column: list(both) for column, both in conflicts.items()},
        "lacks": lacking_in(publication, row.record.fields),
    }
