"""Deeds on what becomes of the rows of a list, before it is loaded: choices are kept page by page, and made for many at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from studies.actions import Refused, needs_to_add
from studies.choices import Design, ImportState
from studies.chosen import NEW, Choice, choices_kept
from studies.importing import ASKING, load_import
from studies.imports import twins_in
from studies.models import Import

MOST_AT_ONCE = 1000  # rows that are loaded within one request


@transaction.atomic
def keep_choices(imported, choices, *, by, among):
    """Put {number: Choice} in place of what was kept for the rows of these numbers; a row without one is left out."""
    needs_to_add(by)
    kept = still_open(imported)
    others = {number: choice for number, choice in choices_kept(kept).items() if number not in set(among)}
    kept.choices = {number: list(choice) for number, choice in sorted((others | choices).items())}
    kept.save(update_fields=["choices"])
    return kept


@transaction.atomic
def choose_for_all_new(imported, design, *, by):
    """A new study of this design of each row that is plainly new, or none where it is ""; the list, and how many they are."""
    needs_to_add(by)
    if design and design not in Design.values:
        raise Refused(_("This is not a study design we know."))
    kept = still_open(imported)
    numbers = plainly_new(kept.rows)
    choices = {number: Choice(NEW, design) for number in numbers} if design else {}
    return keep_choices(kept, choices, by=by, among=numbers), len(numbers)


def plainly_new(rows):
    """The places, from 1, of rows that are not here, have no flaw, look like nothing here and name no paper before them."""
    twins = twins_in(enumerate((row["fields"] for row in rows), 1))
    return [
        number
        for number, row in enumerate(rows, 1)
        if not (row["here"] or row["flaws"] or row["alike"] or number in twins)
    ]


@transaction.atomic
def ask_to_load(imported, *, by):
    """Leave the loading of what was chosen to `load_lists`."""
    needs_to_add(by)
    kept = still_open(imported)
    if kept.waiting:
        raise Refused(_("Look up the lines that wait, or leave them out, before loading."))
    kept.loading_by, kept.loading_asked_at, kept.loading_trouble = by, timezone.now(), ""
    kept.save(update_fields=ASKING)
    return kept


@transaction.atomic
def stop_asking(imported, *, by):
    """Do not load it yet after all. Raises Refused where that was done by now."""
    needs_to_add(by)
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if kept.state != ImportState.PREVIEWED or not kept.loading_asked_at:
        raise Refused(_("This list does not wait to be loaded any more."))
    return no_longer_asked(kept, "")


@transaction.atomic
def load_asked(imported):
    """Load a list that waits for it, if it still does; where it cannot be, it says why and waits no more."""
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if not kept.loading_asked_at:
        return kept
    try:
        return load_import(kept, by=kept.loading_by, choices=choices_kept(kept))
    except (Refused, PermissionDenied) as error:
        return no_longer_asked(kept, str(error))


def no_longer_asked(imported, trouble):
    imported.loading_by, imported.loading_asked_at, imported.loading_trouble = None, None, trouble
    imported.save(update_fields=ASKING)
    return imported


def still_open(imported):
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if kept.state != ImportState.PREVIEWED:
        raise Refused(_("This list was loaded before."))
    if kept.loading_asked_at:
        raise Refused(_("This list waits to be loaded; take that back before you change it."))
    return kept
