"""Deeds on studies and publications. Each is atomic and says who does it."""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

ADD = "studies.add_study"


class Refused(ValueError):
    """The message is for the person who asked."""


def needs_to_add(by):
    if not by.has_perm(ADD):
        raise PermissionDenied(_("Your account may not do this."))


@transaction.atomic
def save_record(record, *, by):
    """Keep a study, a publication or a review's trial as it now stands, with who did it in its history."""
    with pghistory.context(user=by.pk):
        record.clean_fields()  # the rest is checked by the form before, and kept by the database
        record.save()
    return record


@transaction.atomic
def add_notice(notice, *, by):
    """Record what happened to a publication. Notices are never changed or taken away."""
    if not by.has_perm("studies.add_integritynotice"):
        raise PermissionDenied(_("Your account may not do this."))
    if notice.pk is not None:
        raise ValueError("A notice is only ever added.")
    return save_record(notice, by=by)
