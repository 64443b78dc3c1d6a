"""What was said around versions, and how they stood: to look at, to declare one's interests, and to answer readers."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims import deeds, reviewing
from claims.admin.deeds import DeedsAdmin
from claims.admin.record import RecordAdmin
from claims.models import Change, ClaimVersion, Comment, Flag, InterestStatement, SecondRating, Standing
from studies.admin.record import OnlyAdded, OnlyShown


@admin.register(Comment)
class CommentAdmin(OnlyShown, RecordAdmin):
    list_display = ("version", "field", "text", "author", "created_at", "settled_at")
    list_select_related = ("version__claim", "author")
    search_fields = ("text", "version__claim__accession", "version__claim__slug")
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).filter(version__in=ClaimVersion.objects.seen_by(request.user))


@admin.register(InterestStatement)
class InterestStatementAdmin(OnlyAdded, RecordAdmin):
    """A reviewer adds a statement once a year, for themselves."""

    fields = ("has_conflict", "text")
    list_display = ("person", "has_conflict", "text", "made_at", "valid_until")
    list_filter = ("has_conflict",)
    list_select_related = ("person",)
    search_fields = ("person__username", "text")

    def save_record(self, record, *, by):
        made = reviewing.declare_interests(by=by, text=record.text, has_conflict=record.has_conflict)
        record.pk = made.pk
        return made


@admin.register(SecondRating)
class SecondRatingAdmin(OnlyShown, RecordAdmin):
    """Who was asked and how it ended; the judgements are not shown here, so that a first rater cannot see them early."""

    list_display = ("version", "rater", "asked_by", "asked_at", "given_at", "outcome")
    list_select_related = ("version__claim", "rater", "asked_by")
    fields = ("version", "rater", "asked_by", "asked_at", "given_at", "outcome", "note_en", "note_nl")


@admin.register(Flag)
class FlagAdmin(OnlyShown, DeedsAdmin):
    deeds = (deeds.ANSWER,)
    list_display = ("claim", "kind", "text", "doi", "pmid", "created_at", "outcome", "answered_by")
    list_filter = ("kind", "outcome")
    list_select_related = ("claim", "answered_by")
    search_fields = ("claim__accession", "text", "doi", "pmid")
    date_hierarchy = "created_at"


@admin.register(Standing)
class StandingAdmin(OnlyShown, RecordAdmin):
    list_display = ("version", "since", "until")
    list_select_related = ("version__claim",)
    search_fields = ("version__claim__accession",)


@admin.register(Change)
class ChangeAdmin(OnlyShown, RecordAdmin):
    list_display = ("seq", "at", "kind", "accession", "version")
    list_filter = ("kind",)
    list_select_related = ("claim", "version__claim")
    search_fields = ("claim__accession",)
    date_hierarchy = "at"

    @admin.display(description=_("accession"), ordering="claim__accession")
    def accession(self, change):
        return change.claim.accession
