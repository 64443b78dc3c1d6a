"""Studies, and the trials that reviews include."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from studies.admin.publication import PublicationInline
from studies.admin.record import Kept, RecordAdmin, read_identifier
from studies.identifiers import normalise_registry_id
from studies.models import ReviewInclusion, Study

FOLLOW_THE_DOMAINS = ("risk_of_bias_tool", "risk_of_bias")


class StudyForm(forms.ModelForm):
    def clean_registry_ids(self):
        numbers = self.cleaned_data["registry_ids"]
        if "registry_ids" not in self.changed_data:
            return numbers
        return [read_identifier(number, normalise_registry_id) for number in numbers]


class InclusionInline(admin.TabularInline):
    model = ReviewInclusion
    fk_name = "review"
    extra = 0
    autocomplete_fields = ("trial",)
    verbose_name_plural = _("trials in this review")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("review", "trial")


@admin.register(Study)
class StudyAdmin(Kept, RecordAdmin):
    form = StudyForm
    list_display = (
        "label",
        "design",
        "species",
        "participants",
        "country",
        "risk_of_bias",
        "stands",
        "updated_at",
    )
    list_filter = ("design", "risk_of_bias", "species")
    search_fields = (
        "label",
        "key",
        "registry_ids",
        "publications__title",
        "publications__doi",
        "publications__pmid",
    )
    date_hierarchy = "updated_at"
    readonly_fields = ("judged_by_domain", "merged_into", "merged_reason", "updated_at")
    exclude = ("merge_changed",)
    given_once = ("key",)
    prepopulated_fields = {"key": ("label",)}
    inlines = (PublicationInline, InclusionInline)

    def get_queryset(self, request):
        return super().get_queryset(request).with_standing()

    def get_readonly_fields(self, request, obj=None):
        """What was judged domain by domain is changed there, so that the study never says otherwise."""
        is_judged = obj and obj.bias_assessments.filter(outcome="").exists()
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *FOLLOW_THE_DOMAINS) if is_judged else fields

    @admin.display(description=_("risk of bias by domain"))
    def judged_by_domain(self, study):
        if not study.pk:
            return ""
        address = reverse("assess-study", args=[study.key])
        return format_html('<a href="{}">{}</a>', address, gettext("Judge the risk of bias"))

    @admin.display(description=_("main report stands"), boolean=True)
    def stands(self, study):
        return not study.has_fallen


@admin.register(ReviewInclusion)
class ReviewInclusionAdmin(RecordAdmin):
    list_display = ("review", "trial", "basis")
    list_select_related = ("review", "trial")
    search_fields = ("review__label", "trial__label", "basis")
    autocomplete_fields = ("review", "trial")
