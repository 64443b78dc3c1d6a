"""What moved under a rating: finding it, and saying why it changes nothing."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.rules import REVIEW, Refused, hold_feed, needs, save_record
from claims.models import StaleMark


@transaction.atomic
def dismiss_mark(mark, *, by, resolution):
    """Say why what changed does not change the rating. The mark does not come back for the same change."""
    needs(by, REVIEW)
    hold_feed()
    mark = StaleMark.objects.select_for_update(no_key=True).get(pk=mark.pk)
    if mark.resolved_at:
        raise Refused("mark-resolved", _("This mark was resolved already."))
    if not resolution.strip():
        raise Refused("reason-missing", _("Say why the rating can stay as it is."))
    mark.resolved_at, mark.resolved_by, mark.resolution = timezone.now(), by, resolution
    return save_record(mark, by=by)


def resolve_marks(claim, resolution, *, by):
    """A new version has looked at everything that was marked."""
    open_marks = StaleMark.objects.filter(claim=claim, resolved_at=None)
    open_marks.update(resolved_at=timezone.now(), resolved_by=by, resolution=resolution)


@transaction.atomic
def check_ratings():
    """Compare what every published rating rests on with what it rested on then. Returns the number of marks opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_check_ratings()")
        return cursor.fetchone()[0]
