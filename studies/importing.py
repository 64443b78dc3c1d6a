"""Deeds on a list of references that was looked at: load it as one, undo it as one."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add, save_record
from studies.choices import ImportState
from studies.chosen import NEW, REPORT, SAME, candidates, is_offered
from studies.imports import lacking_in, publications_named_by, twins_in
from studies.making import free_keys, label_of, line_says, make_studies, slug
from studies.models import Import, Publication, Study

ASKING = ("loading_asked_at", "loading_by", "loading_trouble")


def load_import(imported, *, by, choices):
    """Do what was chosen for each row, all or nothing: `choices` is {place of the row in the list, from 1: Choice}.

    A new study gets the record as its main report; another report goes under the study it is about; in what is the same,
    what was empty here is filled, and what was chosen is taken over.
    """
    needs_to_add(by)
    try:
        return load_rows(imported, by, choices)
    except (IntegrityError, DataError) as error:
        raise Refused(
            _("Somebody else wrote the same studies at this moment; nothing was loaded. Try once more.")
        ) from error


@transaction.atomic
def load_rows(imported, by, choices):
    with connection.cursor() as cursor:  # two loads at once take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('load an import'))")
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != ImportState.PREVIEWED:
        raise Refused(_("This list was loaded before."))
    if imported.waiting:
        raise Refused(_("Look up the lines that wait, or leave them out, before loading."))
    chosen = [(row, choices[number]) for number, row in enumerate(imported.rows, 1) if choices.get(number)]
    if not chosen:
        raise Refused(_("Choose what becomes of at least one row."))
    check_rows([row for row, choice in chosen if choice.deed != SAME])
    for row, choice in chosen:
        if not is_offered(choice, row):
            raise Refused(line_says(row, _("this choice is not offered.")))
    made = make_studies([(row, choice.of) for row, choice in chosen if choice.deed == NEW], by=by)
    imported.made = [study.key for study in made]
    for row, choice in chosen:
        try:
            add_to_what_is_here(imported, row, choice, by)
        except ValidationError as error:
            raise Refused(line_says(row, "; ".join(error.messages))) from error
    imported.state, imported.loaded_at = ImportState.LOADED, timezone.now()
    imported.loading_asked_at, imported.loading_by, imported.loading_trouble = None, None, ""
    imported.save(update_fields=["state", "loaded_at", "made", "reports", "changed", *ASKING])
    return imported


def add_to_what_is_here(imported, row, choice, by):
    """Raises ValidationError and Refused."""
    if choice.deed == REPORT:
        imported.reports.append(make_report(row, choice, by=by).key)
    elif choice.deed == SAME:
        changes = change_publication(row, choice, by=by)
        if changes:
            imported.changed[choice.of] = changes


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


def make_report(row, choice, *, by):
    fields = row["fields"] | {"role": choice.role}
    study = Study.objects.select_for_update().filter(key=choice.of).first()
    if study is None:
        raise Refused(line_says(row, _("its study is not here any more.")))
    (key,) = free_keys([slug(label_of(fields))])
    return save_record(Publication(key=key, study=study, **fields), by=by)


def change_publication(row, choice, *, by):
    """{column: [before, after]} of what the record fills or replaces in the publication that it is."""
    publication = Publication.objects.select_for_update().filter(key=choice.of).first()
    (seen,) = (each for each in candidates(row) if each["key"] == choice.of)
    if (
        publication is None
        or publication.merged_into_id
        or any(getattr(publication, column) != seen["conflicts"][column][0] for column in choice.take)
    ):
        raise Refused(
            line_says(
                row, _("%(key)s was changed in the meantime. Bring the list in again.") % {"key": choice.of}
            )
        )
    changes = {
        column: [getattr(publication, column), row["fields"][column]]
        for column in (*lacking_in(publication, row["fields"]), *choice.take)
    }
    for column, (_before, after) in changes.items():
        setattr(publication, column, after)
    if changes:
        publication.validate_constraints()
        save_record(publication, by=by)
    return changes


def undo_import(imported, *, by):
    """Take away what loading made and put back what it changed, unless something leans on it or changed it by now."""
    needs_to_add(by)
    try:
        return take_back(imported, by)
    except IntegrityError as error:  # somebody leaned on it at this very moment
        raise Refused(_("Part of it is in use by now, so nothing was undone.")) from error


@transaction.atomic
def take_back(imported, by):
    imported = Import.objects.select_for_update().get(pk=imported.pk)
    if imported.state != ImportState.LOADED:
        raise Refused(_("There is nothing to undo."))
    for key, changes in imported.changed.items():
        put_back(key, changes, by)
    reports = Publication.objects.filter(key__in=[*imported.reports, *imported.made])
    studies = Study.objects.filter(key__in=imported.made)
    with pghistory.context(user=by.pk):
        try:
            reports.delete()
            studies.delete()
        except ProtectedError as error:
            raise Refused(
                _("%(study)s is in use by now, so nothing was undone.")
                % {"study": first_in_use(reports, studies)}
            ) from error
    imported.state, imported.undone_at = ImportState.UNDONE, timezone.now()
    imported.save(update_fields=["state", "undone_at"])
    return imported


def first_in_use(*every):
    """The key of the first of these records that cannot be taken away. What it takes away is put back by whoever asked."""
    for record in (record for records in every for record in records):
        try:
            record.delete()
        except ProtectedError:
            return record.key


def put_back(key, changes, by):
    publication = Publication.objects.select_for_update().filter(key=key).first()
    if (
        publication is None
        or publication.merged_into_id
        or any(getattr(publication, column) != after for column, (_before, after) in changes.items())
    ):
        raise Refused(_("%(key)s was changed since, so nothing was undone.") % {"key": key})
    for column, (before, _after) in changes.items():
        setattr(publication, column, before)
    save_record(publication, by=by)
