"""Deeds on a table that was brought in: keep it until its columns are chosen, read it as they were, or throw it away."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add
from studies.choices import ImportState
from studies.models import Import
from studies.previewing import MOST_ROWS, named, told_all

KEPT_FOR = timedelta(days=1)


@transaction.atomic
def keep_table(name, data, table, *, by):
    """An Import of which the columns are still to be chosen. Those that nobody chose for within a day are thrown away."""
    needs_to_add(by)
    if table.rows > MOST_ROWS:
        raise Refused(
            _("This file holds %(count)s references; bring in at most %(most)s at a time.")
            % {"count": table.rows, "most": MOST_ROWS}
        )
    waiting_to_be_chosen().filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
    return Import.objects.create(
        name=named(name), kind=table.kind, state=ImportState.UPLOADED, made_by=by, table=data
    )


@transaction.atomic
def choose_columns(imported, *, by, mapping):
    """Read the table so: `mapping` is {heading: column, "" where it is not kept}. Raises formats.Unreadable and Refused."""
    needs_to_add(by)
    imported = still_to_be_chosen(imported)
    reading = formats.read(imported.kind, bytes(imported.table), mapping)
    imported.rows = told_all(reading.records)
    imported.problems = [[problem.line, problem.sentence] for problem in reading.problems]
    imported.dropped = reading.dropped
    imported.mapping = [list(pair) for pair in mapping.items()]
    imported.state, imported.table = ImportState.PREVIEWED, None
    imported.save(update_fields=["rows", "problems", "dropped", "mapping", "state", "table"])
    return imported


@transaction.atomic
def throw_table_away(imported, *, by):
    needs_to_add(by)
    still_to_be_chosen(imported).delete()


def still_to_be_chosen(imported):
    kept = waiting_to_be_chosen().select_for_update().filter(pk=imported.pk).first()
    if kept is None:
        raise Refused(_("The columns of this table were chosen before, or it was thrown away."))
    return kept


def waiting_to_be_chosen():
    return Import.objects.filter(state=ImportState.UPLOADED)
