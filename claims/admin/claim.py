from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from claims import actions, deeds
from claims.admin.deeds import DeedsAdmin
from claims.admin.record import RecordAdmin
from claims.choices import Strength, VersionState
from claims.models import Claim, ClaimVersion, RegulatoryStatus, StaleMark
from claims.models.version import OPEN
from studies.admin.record import Kept, OnlyShown

IDENTITY = ("slug", "kind", "intervention", "direction", "outcome", "comparator", "population", "condition")


class VersionInline(OnlyShown, admin.TabularInline):
    model = ClaimVersion
    fields = ("state", "scheme", "strength", "verdict", "author", "reviewer", "published_at")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .seen_by(request.user)
            .select_related("claim", "author", "reviewer")
            .defer("document", "card")
        )


class RegulatoryStatusInline(Kept, admin.StackedInline):
    model = RegulatoryStatus
    extra = 0
    autocomplete_fields = ("reference",)


@admin.register(Claim)
class ClaimAdmin(Kept, DeedsAdmin):
    list_display = (
        "slug",
        "accession",
        "kind",
        "published_strength",
        "open_draft",
        "intervention",
        "outcome",
    )
    list_filter = ("kind", "direction", "versions__state")
    list_select_related = ("intervention", "outcome")
    search_fields = ("accession", "slug", "versions__statement_en", "versions__statement_nl", "topics__slug")
    date_hierarchy = "created_at"
    autocomplete_fields = ("intervention", "outcome", "comparator", "population", "condition", "topics")
    # Merging and withdrawing are no edits: see the buttons.
    readonly_fields = (
        "accession",
        "created_at",
        "merged_into",
        "withdrawn_at",
        "withdrawn_reason_en",
        "withdrawn_reason_nl",
    )
    fields = ("accession", *IDENTITY, "topics", *readonly_fields[1:])
    inlines = (VersionInline, RegulatoryStatusInline)
    deeds = deeds.OF_A_CLAIM

    def get_queryset(self, request):
        versions = ClaimVersion.objects.filter(claim=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                strength_shown=Subquery(versions.filter(state=VersionState.PUBLISHED).values("strength")[:1]),
                open_state=Subquery(versions.filter(state__in=OPEN).values("state")[:1]),
            )
        )

    def get_readonly_fields(self, request, obj=None):
        """A claim with an accession keeps what it is about; its slug names it in files."""
        return (*super().get_readonly_fields(request, obj), *(IDENTITY if obj and obj.accession else ()))

    def save_model(self, request, obj, form, change):
        if not change:
            identity = {name: form.cleaned_data[name] for name in IDENTITY}
            obj.pk = actions.start_claim(by=request.user, topics=form.cleaned_data["topics"], **identity).pk
        elif set(form.changed_data) - {"topics"}:
            actions.save_record(obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        if change and "topics" in form.changed_data:
            actions.link_topics(form.instance, form.cleaned_data["topics"], by=request.user)
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    @admin.display(description=_("strength"), ordering="strength_shown")
    def published_strength(self, claim):
        return Strength(claim.strength_shown).label if claim.strength_shown else None

    @admin.display(description=_("open draft"), ordering="open_state")
    def open_draft(self, claim):
        return VersionState(claim.open_state).label if claim.open_state else None


@admin.register(StaleMark)
class StaleMarkAdmin(OnlyShown, DeedsAdmin):
    deeds = (deeds.DISMISS,)
    list_display = ("claim", "reason", "object_key", "severity", "detected_at", "resolved_at", "resolved_by")
    list_filter = ("severity", "reason", ("resolved_at", admin.EmptyFieldListFilter))
    list_select_related = ("claim", "resolved_by")
    search_fields = ("claim__accession", "claim__slug", "object_key")
    date_hierarchy = "detected_at"


@admin.register(RegulatoryStatus)
class RegulatoryStatusAdmin(Kept, RecordAdmin):
    list_display = ("claim", "jurisdiction", "status", "wording_en")
    list_filter = ("jurisdiction", "status")
    list_select_related = ("claim",)
    search_fields = ("claim__accession", "claim__slug", "wording_en", "wording_nl")
    autocomplete_fields = ("claim", "reference")
