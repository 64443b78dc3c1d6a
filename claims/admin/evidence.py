"""Evidence and judgements: written inside their version, listed and searched on their own."""

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.utils.translation import gettext_lazy as _

from claims.admin.record import RecordAdmin
from claims.models import ClaimVersion, Evidence, Judgement
from studies.admin.record import OnlyShown

SMALL = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 34})}}


class JudgementInline(admin.TabularInline):
    model = Judgement
    extra = 0
    formfield_overrides = SMALL


class EvidenceInline(admin.StackedInline):
    model = Evidence
    extra = 0
    autocomplete_fields = ("study", "publication")
    formfield_overrides = SMALL
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("study", "publication"),
                    ("direction", "directness", "counts_in_synthesis", "position"),
                    ("outcome_measure_en", "outcome_measure_nl"),
                    ("finding_en", "finding_nl"),
                    ("measure", "estimate", "ci_low", "ci_high", "ci_level", "standard_error"),
                    ("p_value", "p_text", "n"),
                )
            },
        ),
        (
            _("Details and where it was seen"),
            {
                "classes": ("collapse",),
                "fields": (
                    ("measure_label_en", "measure_label_nl"),
                    ("unit_en", "unit_nl"),
                    "arms",
                    "locator",
                    ("note_en", "note_nl"),
                    "risk_of_bias",
                    ("risk_of_bias_reason_en", "risk_of_bias_reason_nl"),
                    ("verified_from", "is_secondary"),
                    ("quote", "quote_role"),
                ),
            },
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("study", "publication")


class PartAdmin(OnlyShown, RecordAdmin):
    list_select_related = ("version__claim",)
    search_fields = ("version__claim__accession", "version__claim__slug")

    def get_queryset(self, request):
        parts = super().get_queryset(request).defer("version__document", "version__card")
        return parts.filter(version__in=ClaimVersion.objects.seen_by(request.user))


@admin.register(Evidence)
class EvidenceAdmin(PartAdmin):
    list_display = (
        "version", "study", "outcome_measure_en", "direction", "directness", "measure", "estimate", "n", "counts_in_synthesis",
    )  # fmt: skip
    list_filter = (
        "direction",
        "directness",
        "measure",
        "counts_in_synthesis",
        "version__state",
        "study__design",
    )
    list_select_related = ("version__claim", "study")
    search_fields = (*PartAdmin.search_fields, "study__label", "outcome_measure_en", "outcome_measure_nl")


@admin.register(Judgement)
class JudgementAdmin(PartAdmin):
    list_display = ("version", "domain", "step", "reason_en")
    list_filter = ("domain", "step", "version__state")
    search_fields = (*PartAdmin.search_fields, "reason_en", "reason_nl")
