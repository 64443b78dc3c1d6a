"""Deeds that look at a list of references: of a file, or of identifiers that are looked up for as long as it takes."""

from contextlib import contextmanager
from time import monotonic

from django.db import connection, transaction
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add
from studies.alike import alike_to
from studies.choices import ImportState
from studies.formats.columns import tidy
from studies.identifiers import InvalidIdentifier, identify
from studies.imports import (
    IDENTIFIERS,
    conflicts_of,
    flaws_of,
    lacking_in,
    publications_named_by,
    row_of,
)
from studies.lookup import NotFound, OutOfTime, Unavailable, look_up
from studies.models import Import

MOST_LINES = 500
MOST_ROWS = 2000
SECONDS_AT_ONCE = 15  # for all that is looked up within one request


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


def preview_lines(text, *, by):
    """An Import of what these identifiers stand for, one a line; those that are not here wait to be looked up."""
    needs_to_add(by)
    lines = [(number, tidy(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused(_("Paste at most %(most)s lines at a time.") % {"most": MOST_LINES})
    asked, problems = {}, []
    for number, line in lines:
        try:
            named_by = identify(line)
        except InvalidIdentifier as error:
            problems.append([number, str(error)])
            continue
        if named_by in asked:
            problems.append([number, the_same_as(asked[named_by][0])])
        else:
            asked[named_by] = (number, line)
    records = [
        formats.Record(number, {kind: identifier})
        for (kind, identifier), (number, _line) in asked.items()
        if kind in IDENTIFIERS
    ]
    here = [row for row in told_all(records) if row["here"]]
    found = {row["line"] for row in here}
    waiting = [[number, line] for number, line in asked.values() if number not in found]
    return Import.objects.create(
        name=_("pasted"), kind="identifiers", made_by=by, rows=here, problems=problems, waiting=waiting
    )


def look_up_waiting(imported, *, by, seconds=SECONDS_AT_ONCE):
    """Look up lines that wait, in their order, until the time is up; the list as it then is.

    Each line is kept by itself, so nothing is lost where this is broken off. Who comes while another is at it changes nothing.
    """
    needs_to_add(by)
    until = monotonic() + seconds
    with one_at_a_time(imported) as is_mine:
        for number, (line, text) in enumerate(imported.waiting if is_mine else ()):
            try:
                record, trouble = look_up(text, until).record, ""
            except OutOfTime as error:
                if number:  # the first has had all the time there was: it is not tried for ever
                    break
                record, trouble = None, f"{text}: {error}"
            except (NotFound, InvalidIdentifier, Unavailable) as error:
                record, trouble = None, f"{text}: {error}"
            keep_looked_up(imported, line, record, trouble)
    return Import.objects.select_related("made_by").get(pk=imported.pk)


@contextmanager
def one_at_a_time(imported):
    """Whether nobody else is looking up this list at this moment."""
    name = f"look up import {imported.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_mine,) = cursor.fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@transaction.atomic
def keep_looked_up(imported, line, record, trouble):
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if not any(number == line for number, _text in kept.waiting):
        return
    kept.waiting = [each for each in kept.waiting if each[0] != line]
    if record:
        found = formats.Record(line, record.fields, standing=record.standing)
        kept.rows = sorted([*kept.rows, *told_all([found])], key=lambda row: row["line"])
    else:
        kept.problems = sorted([*kept.problems, [line, trouble]])
    kept.save(update_fields=["waiting", "rows", "problems"])


@transaction.atomic
def leave_waiting_out(imported, *, by):
    """Go on without the lines that were not looked up; each is told as such."""
    needs_to_add(by)
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if kept.state != ImportState.PREVIEWED or not kept.waiting:
        raise Refused(_("No line of this list waits to be looked up."))
    kept.problems = sorted(
        [*kept.problems, *([line, _("%(text)s: left out.") % {"text": text}] for line, text in kept.waiting)]
    )
    kept.waiting = []
    kept.save(update_fields=["waiting", "problems"])
    return kept


def are_identifiers(text):
    """Whether every line of this is an identifier or an address that holds one, and not the text of a file."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return bool(lines) and all(is_identifier(line) for line in lines)


def is_identifier(line):
    try:
        identify(line)
    except InvalidIdentifier:
        return False
    return True


def named(name):
    return tidy(name)[:200] or _("file")


def the_same_as(line):
    return _("The same as line %(line)s.") % {"line": line}


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
