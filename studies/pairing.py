"""Deeds on pairs of publications that look alike: find them, say that two are not the same, take that back."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from studies.actions import Refused, needs_to_add
from studies.alike import pairs_of
from studies.models import LikelyPair, Publication

AT_ONCE = 500  # publications that one question is about


@transaction.atomic
def find_pairs():
    """Look through the whole base; how many pairs wait for a word of somebody. What is no longer alike goes away."""
    with connection.cursor() as cursor:  # two at once take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('find likely pairs'))")
    now, found = timezone.now(), set()
    pks = list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        pairs = [
            LikelyPair(first=first, second=second, score=how.score, found_at=now, **how._asdict())
            for first, second, how in pairs_of(pks[start : start + AT_ONCE])
        ]
        LikelyPair.objects.bulk_create(
            pairs,
            update_conflicts=True,
            unique_fields=("first", "second"),
            update_fields=("score", "title", "years", "author"),
        )
        found |= {(pair.first_id, pair.second_id) for pair in pairs}
    waiting = LikelyPair.objects.filter(dismissed_at=None)
    gone = [pk for pk, *both in waiting.values_list("pk", "first", "second") if tuple(both) not in found]
    waiting.filter(pk__in=gone).delete()
    return waiting.count()


@transaction.atomic
def dismiss_pair(pair, *, by):
    """These two are not the same; the list does not name them again."""
    needs_to_add(by)
    pair = LikelyPair.objects.select_for_update().get(pk=pair.pk)
    if pair.dismissed_at:
        raise Refused(_("This was said before."))
    pair.dismissed_by, pair.dismissed_at = by, timezone.now()
    pair.save(update_fields=["dismissed_by", "dismissed_at"])
    return pair


@transaction.atomic
def restore_pair(pair, *, by):
    """Take back that these two are not the same."""
    needs_to_add(by)
    pair = LikelyPair.objects.select_for_update().get(pk=pair.pk)
    if not pair.dismissed_at:
        raise Refused(_("Nobody said that these are not the same."))
    pair.dismissed_by = pair.dismissed_at = None
    pair.save(update_fields=["dismissed_by", "dismissed_at"])
    return pair
