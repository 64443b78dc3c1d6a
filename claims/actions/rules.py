"""What every action asks first: role, state, revision, two persons; and the locks, always taken in the same order."""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimVersion, InterestStatement

EDIT, REVIEW = "claims.edit_draft", "claims.review_version"


class Refused(Exception):
    """A rule of the base does not allow this now. `rule` is its name, the text says why."""

    def __init__(self, rule, sentence):
        super().__init__(sentence)
        self.rule = rule


class Stale(Refused):
    """Somebody wrote in the version after it was read. `version` is what it is now."""

    def __init__(self, version):
        super().__init__("stale", _("Somebody changed this since you opened it."))
        self.version = version


@transaction.atomic
def save_record(record, *, by):
    """Keep a topic, article, mention or status as it now stands, with who did it in its history."""
    with pghistory.context(user=by.pk):
        record.clean_fields()  # the rest is checked by the form before, and kept by the database
        record.save()
    return record


def needs(person, permission):
    if not person.has_perm(permission):
        raise PermissionDenied(_("Your account may not do this."))


def in_state(version, *states):
    if version.state not in states:
        raise Refused(
            "wrong-state",
            _("This cannot be done to a version that is %(state)s.") % {"state": version.get_state_display()},
        )


def unchanged(version, revision):
    if revision is not None and revision != version.revision:
        raise Stale(version)


def still_stands(claim):
    if claim.merged_into_id or claim.withdrawn_at:
        raise Refused("claim-closed", _("This claim was merged or withdrawn."))


def second_person(version, person):
    if version.author_id == person.pk or version.contributors.filter(pk=person.pk).exists():
        raise Refused("self-review", _("Nobody publishes their own work."))


def statement_needed(person):
    """The words of the reviewer's statement of interests that is valid today."""
    statement = InterestStatement.objects.valid().filter(person=person).first()
    if statement is None:
        raise Refused(
            "interests-undeclared", _("Declare your interests first; a statement is valid for one year.")
        )
    return statement.text


def locked_claim(pk):
    """The claim, which nobody else changes until this transaction ends; others may still refer to it."""
    return Claim.objects.select_for_update(no_key=True).get(pk=pk)


def locked(version):
    return (
        ClaimVersion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("claim", "base", "author")
        .get(pk=version.pk)
    )


def hold_feed():
    """Take the lock of the change feed, always after a claim's and before a mark's, so that no two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_moment()")
