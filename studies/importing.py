"""Deeds on lists of references: look at one, load it as one, undo it as one."""

import re
import unicodedata

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import save_record
from studies.choices import ImportState
from studies.identifiers import InvalidIdentifier, identify
from studies.imports import IDENTIFIERS, publications_named_by, row_of
from studies.lookup import NotFound, Unavailable, look_up
from studies.models import Import, Publication, Study

ADD = "studies.add_study"
MOST_LINES = 500
MOST_LOOKED_UP = 20
MOST_ROWS = 2000


class Refused(ValueError):
    """The message is for the person who asked."""


def preview_file(name, data, *, by):
    """An Import of what this file would bring. Raises formats.Unreadable and Refused."""
    needs(by)
    reading = formats.read(name, data)
    if len(reading.records) > MOST_ROWS:
        raise Refused(
            _("This file holds %(count)s references; bring in at most %(most)s at a time.")
            % {"count": len(reading.records), "most": MOST_ROWS}
        )
    problems = [[problem.line, problem.sentence] for problem in reading.problems]
    return keep_preview(name, reading.kind, reading.records, problems, reading.dropped, by=by)


def preview_lines(text, *, by):
    """An Import of what these identifiers stand for, one a line. Raises Refused."""
    needs(by)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused(_("Paste at most %(most)s lines at a time.") % {"most": MOST_LINES})
    records, problems, unknown = [], [], []
    for number, line in lines:
        try:
            kind, identifier = identify(line)
        except InvalidIdentifier as error:
            problems.append([number, str(error)])
            continue
        if kind in IDENTIFIERS and Publication.objects.filter(**{kind: identifier}).exists():
            records.append(formats.Record(number, {kind: identifier}))
        else:
            unknown.append((number, line))
    if len(unknown) > MOST_LOOKED_UP:
        raise Refused(
            _("%(count)s of these are not here yet; look up at most %(most)s at a time.")
            % {"count": len(unknown), "most": MOST_LOOKED_UP}
        )
    for number, line in unknown:
        try:
            found = look_up(line).record
            records.append(formats.Record(number, found.fields, standing=found.standing))
        except (NotFound, InvalidIdentifier) as error:
            problems.append([number, f"{line}: {error}"])
        except Unavailable as error:
            problems.append([number, f"{line}: {error}"])
    records.sort(key=lambda record: record.line)
    return keep_preview(_("pasted"), "identifiers", records, problems, {}, by=by)


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


def keep_preview(name, kind, records, problems, dropped, *, by):
    known = publications_named_by(records)
    rows = [told(row_of(record, known)) for record in records]
    return Import.objects.create(
        name=name[:200], kind=kind, made_by=by, rows=rows, problems=problems, dropped=dropped
    )


def told(row):
    return {
        "line": row.record.line,
        "fields": row.record.fields,
        "standing": row.record.standing,
        "here": [{"key": found.key, "study": found.study.key} for found in row.here],
        "conflicts": {column: list(both) for column, both in row.conflicts.items()},
    }


@transaction.atomic
def load_import(imported, *, by, designs):
    """Make a study and its main report of each new row that has a design; `designs` is {line: design}. All or nothing."""
    needs(by)
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != ImportState.PREVIEWED:
        raise Refused(_("This list was loaded before."))
    rows = [row for row in imported.rows if not row["here"] and designs.get(row["line"])]
    if not rows:
        raise Refused(_("Choose the design of at least one study."))
    made = []
    for row in rows:
        if publications_named_by([formats.Record(row["line"], row["fields"])]):
            raise Refused(
                _("Line %(line)s came here in the meantime. Bring the list in again.") % {"line": row["line"]}
            )
        made.append(make_study(row, designs[row["line"]], by=by).key)
    imported.state, imported.loaded_at, imported.made = ImportState.LOADED, timezone.now(), made
    imported.save(update_fields=["state", "loaded_at", "made"])
    return imported


def make_study(row, design, *, by):
    fields = row["fields"]
    label = label_of(fields)
    key = free_key(slug(label))
    try:
        study = save_record(Study(key=key, label=label, design=design), by=by)
        save_record(Publication(key=key, study=study, **fields), by=by)
    except ValidationError as error:
        words = "; ".join(error.messages)
        raise Refused(_("Line %(line)s: %(words)s") % {"line": row["line"], "words": words}) from error
    return study


@transaction.atomic
def undo_import(imported, *, by):
    """Take away what loading made, unless something leans on it by now."""
    needs(by)
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != ImportState.LOADED:
        raise Refused(_("There is nothing to undo."))
    with pghistory.context(user=by.pk):
        for study in Study.objects.filter(key__in=imported.made):
            try:
                study.publications.filter(key=study.key).delete()
                study.delete()
            except ProtectedError as error:
                raise Refused(
                    _("%(study)s is in use by now, so nothing was undone.") % {"study": study.label}
                ) from error
    imported.state, imported.undone_at = ImportState.UNDONE, timezone.now()
    imported.save(update_fields=["state", "undone_at"])
    return imported


def needs(by):
    if not by.has_perm(ADD):
        raise PermissionDenied(_("Your account may not do this."))


def label_of(fields):
    """Such as Abbasi 2012: the first author, or else the first words of the title, and the year."""
    first = (fields.get("authors") or [{}])[0]
    name = first.get("family") or first.get("literal") or " ".join(fields["title"].split()[:4])
    return f"{name} {fields['year']}"[:120] if fields.get("year") else name[:120]


def slug(label):
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:70] or "study"


def free_key(wanted):
    """The key itself, or the first of key-2, key-3 that no study and no publication has."""
    taken = {
        *Study.objects.filter(key__startswith=wanted).values_list("key", flat=True),
        *Publication.objects.filter(key__startswith=wanted).values_list("key", flat=True),
    }
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
