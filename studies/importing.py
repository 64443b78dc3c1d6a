"""Deeds on a list of references that was looked at: load it as one, undo it as one."""

import re
import unicodedata

import pghistory
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add, save_record
from studies.choices import ImportState
from studies.imports import publications_named_by, twins_in
from studies.models import Import, Publication, Study


def load_import(imported, *, by, designs):
    """Make a study and its main report of each new row that has a design. All or nothing.

    `designs` is {place of the row in the list, from 1: design}.
    """
    needs_to_add(by)
    try:
        return load_rows(imported, by, designs)
    except (IntegrityError, DataError) as error:
        raise Refused(
            _("Somebody else wrote the same studies at this moment; nothing was loaded. Try once more.")
        ) from error


@transaction.atomic
def load_rows(imported, by, designs):
    with connection.cursor() as cursor:  # two loads at once take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load an import'))")
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != ImportState.PREVIEWED:
        raise Refused(_("This list was loaded before."))
    if imported.waiting:
        raise Refused(_("Look up the lines that wait, or leave them out, before loading."))
    chosen = [
        (row, designs[number])
        for number, row in enumerate(imported.rows, 1)
        if not row["here"] and designs.get(number)
    ]
    if not chosen:
        raise Refused(_("Choose the design of at least one study."))
    check_rows([row for row, _design in chosen])
    imported.made = [make_study(row, design, by=by).key for row, design in chosen]
    imported.state, imported.loaded_at = ImportState.LOADED, timezone.now()
    imported.save(update_fields=["state", "loaded_at", "made"])
    return imported


def check_rows(rows):
    """Raises Refused where one of these cannot be loaded, with its line."""
    twins = twins_in(enumerate(row["fields"] for row in rows))
    known = publications_named_by([formats.Record(row["line"], row["fields"]) for row in rows])
    for place, row in enumerate(rows):
        if row["flaws"]:
            raise Refused(line_says(row, row["flaws"][0]))
        if place in twins:
            raise Refused(
                line_says(row, _("the same paper as line %(line)s.") % {"line": rows[twins[place]]["line"]})
            )
        if any((kind, row["fields"].get(kind)) in known for kind in ("doi", "pmid", "pmcid")):
            raise Refused(
                _("Line %(line)s came here in the meantime. Bring the list in again.") % {"line": row["line"]}
            )


def line_says(row, words):
    return _("Line %(line)s: %(words)s") % {"line": row["line"], "words": words}


def make_study(row, design, *, by):
    fields = row["fields"]
    label = label_of(fields)
    key = free_key(slug(label))
    try:
        study = save_record(Study(key=key, label=label, design=design), by=by)
        save_record(Publication(key=key, study=study, **fields), by=by)
    except ValidationError as error:
        raise Refused(line_says(row, "; ".join(error.messages))) from error
    return study


@transaction.atomic
def undo_import(imported, *, by):
    """Take away what loading made, unless something leans on it by now."""
    needs_to_add(by)
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
