"""The first page: what waits for whom."""

import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.choices import VersionState
from claims.desk.doors import desk_page
from claims.models import ClaimVersion, Flag, SecondRating, StaleMark
from claims.models.version import OPEN
from claims.reviewing import statement_of

SHOWN = 50
SOON = datetime.timedelta(days=60)


@desk_page
@require_safe
def queue(request):
    context = {
        "mine": first_of(drafts_of(request.user)),
        "to_review": first_of(waiting_for_review(request.user)),
        "ratings": first_of(ratings_asked_of(request.user)),
        "marks": first_of(open_marks()),
        "due": first_of(reviews_due(timezone.localdate() + SOON)),
        "flags": first_of(Flag.objects.filter(outcome="").select_related("claim")),
        "today": timezone.localdate(),
        "is_reviewer": request.user.has_perm("claims.review_version"),
        "statement": statement_of(request.user),
    }
    return render(request, "desk/queue.html", context)


def first_of(rows):
    """The first rows of a list, and how many more there are."""
    shown = list(rows[:SHOWN])
    return {"rows": shown, "more": rows.count() - SHOWN if len(shown) == SHOWN else 0}


def versions():
    return ClaimVersion.objects.select_related("claim", "author").defer("document", "card", "ground")


def drafts_of(person):
    """Open versions that this person started or wrote in; what was given back comes first."""
    wrote = ClaimVersion.contributors.through.objects.filter(claimversion=OuterRef("pk"), user=person)
    mine = versions().filter(Q(author=person) | Q(Exists(wrote)), state__in=OPEN)
    given_back = ExpressionWrapper(Q(state=VersionState.CHANGES_REQUESTED), BooleanField())
    return mine.order_by(given_back.desc(), "created_at", "pk")


def waiting_for_review(person):
    """What was handed in, the longest waiting first; `is_own` where this person wrote in it and so cannot review it."""
    wrote = ClaimVersion.contributors.through.objects.filter(claimversion=OuterRef("pk"), user=person)
    event = ClaimVersion.pgh_event_model
    handed_in = event.objects.filter(pgh_obj=OuterRef("pk"), state=VersionState.IN_REVIEW).order_by("-pgh_id")
    return (
        versions()
        .filter(state=VersionState.IN_REVIEW)
        .annotate(
            submitted_at=Subquery(handed_in.values("pgh_created_at")[:1]),
            submitted=Subquery(handed_in.values("pgh_id")[:1]),
            is_own=Q(author=person) | Q(Exists(wrote)),
        )
        .order_by("submitted", "pk")
    )


def ratings_asked_of(person):
    asked = SecondRating.objects.filter(rater=person, given_at=None, version__state__in=OPEN)
    return asked.select_related("version__claim", "asked_by").defer("version__document").order_by("asked_at")


def open_marks():
    """Of claims that stand, the gravest first, then the oldest."""
    standing = {"claim__merged_into": None, "claim__withdrawn_at": None}
    return StaleMark.objects.filter(resolved_at=None, **standing).select_related("claim")


def reviews_due(day):
    """Published versions whose next review is due by this day."""
    return (
        ClaimVersion.objects.current()
        .filter(next_review_due__lte=day)
        .select_related("claim")
        .defer("document", "card", "ground")
        .order_by("next_review_due", "pk")
    )
