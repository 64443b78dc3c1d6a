"""The studies room in the admin. Every save goes through `studies.actions`."""

from functools import cache

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from studies import actions
from studies.choices import NoticeKind
from studies.identifiers import (
    InvalidIdentifier,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
    normalise_registry_id,
)
from studies.models import IntegrityNotice, Publication, ReviewInclusion, Study


@cache
def sentences():
    """What a person reads where a constraint of this name refuses."""
    return {rule.name: rule.violation_error_message for model in apps.get_models() for rule in model._meta.constraints}


def sentence_of(refusal):
    """The words of an action, a form, a constraint or a trigger that refuses; never SQL."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    diagnosis = getattr(refusal.__cause__, "diag", None)
    if diagnosis is None:
        return str(refusal)
    return str(sentences().get(diagnosis.constraint_name, diagnosis.message_primary))


class LinesField(SimpleArrayField):
    """One entry a line, since an address or a sentence may hold a comma."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})

    def __init__(self, base_field, **options):
        super().__init__(base_field, **{"delimiter": "\n", **options})

    def to_python(self, value):
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


FORM_FIELDS = {ArrayField: {"form_class": LinesField}, models.URLField: {"assume_scheme": "https"}}


class Kept:
    """Nothing is deleted here."""

    def has_delete_permission(self, request, obj=None):
        return False


class OnlyAdded(Kept):
    def has_change_permission(self, request, obj=None):
        return False


class OnlyShown(OnlyAdded):
    def has_add_permission(self, request, obj=None):
        return False


class RecordAdmin(admin.ModelAdmin):
    """Saves through the actions. What they or the database refuse is an error of the form, which keeps what was typed."""

    refusals = (ValidationError, IntegrityError, DataError)
    given_once = ()  # addresses and published documents are made of these columns
    formfield_overrides = FORM_FIELDS
    list_per_page = 50
    show_full_result_count = False

    def save_record(self, record, *, by):
        return actions.save_record(record, by=by)

    def remove_record(self, record, *, by):
        record.delete()

    def save_model(self, request, obj, form, change):
        if form.changed_data or not change:
            self.save_record(obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        for record in formset.deleted_objects:
            self.remove_record(record, by=request.user)
        for record in (*formset.new_objects, *(changed for changed, _names in formset.changed_objects)):
            self.save_record(record, by=request.user)

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except self.refusals as refusal:
            request.refusal = sentence_of(refusal)
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if not hasattr(request, "refusal"):
            return form

        class RefusedForm(form):
            def clean(self):
                self.add_error(None, request.refusal)
                return super().clean()

        return RefusedForm

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(self.given_once if obj else ()))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)


def read_identifier(text, normalise):
    try:
        return normalise(text) if text else text
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from error


class StudyForm(forms.ModelForm):
    def clean_registry_ids(self):
        numbers = self.cleaned_data["registry_ids"]
        if "registry_ids" not in self.changed_data:
            return numbers
        return [read_identifier(number, normalise_registry_id) for number in numbers]


class PublicationForm(forms.ModelForm):
    def clean_doi(self):
        return read_identifier(self.cleaned_data["doi"], normalise_doi)

    def clean_pmid(self):
        return read_identifier(self.cleaned_data["pmid"], normalise_pmid)

    def clean_pmcid(self):
        return read_identifier(self.cleaned_data["pmcid"], normalise_pmcid)

    def clean_authors(self):
        authors = self.cleaned_data["authors"] or []
        if not (isinstance(authors, list) and all(map(is_name, authors))):
            raise ValidationError(_('Authors are a list of names, such as [{"family": "Abbasi", "given": "B"}].'))
        return authors


def is_name(author):
    return isinstance(author, dict) and bool(author) and all(isinstance(part, str) for part in author.values())


class NoticeForm(forms.ModelForm):
    def clean_notice_doi(self):
        return read_identifier(self.cleaned_data["notice_doi"], normalise_doi)

    def clean_notice_pmid(self):
        return read_identifier(self.cleaned_data["notice_pmid"], normalise_pmid)


class PublicationInline(Kept, admin.StackedInline):
    model = Publication
    form = PublicationForm
    formfield_overrides = FORM_FIELDS
    extra = 0
    show_change_link = True
    prepopulated_fields = {"key": ("title",)}
    fields = (
        ("key", "role", "csl_type"), "title", "authors", ("container_title", "year"), ("volume", "issue", "pages"),
        ("doi", "pmid", "pmcid"), "url",
    )  # fmt: skip


class InclusionInline(admin.TabularInline):
    model = ReviewInclusion
    fk_name = "review"
    extra = 0
    autocomplete_fields = ("trial",)
    verbose_name_plural = _("trials in this review")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("review", "trial")


class NoticeInline(OnlyAdded, admin.StackedInline):
    model = IntegrityNotice
    form = NoticeForm
    extra = 0


@admin.register(Study)
class StudyAdmin(Kept, RecordAdmin):
    form = StudyForm
    list_display = ("label", "design", "species", "participants", "country", "risk_of_bias", "stands", "updated_at")
    list_filter = ("design", "risk_of_bias", "species")
    search_fields = ("label", "key", "registry_ids", "publications__title", "publications__doi", "publications__pmid")
    date_hierarchy = "updated_at"
    readonly_fields = ("updated_at",)
    given_once = ("key",)
    prepopulated_fields = {"key": ("label",)}
    inlines = (PublicationInline, InclusionInline)

    def get_queryset(self, request):
        return super().get_queryset(request).with_standing()

    @admin.display(description=_("main report stands"), boolean=True)
    def stands(self, study):
        return not study.has_fallen


@admin.register(Publication)
class PublicationAdmin(Kept, RecordAdmin):
    form = PublicationForm
    list_display = ("short_title", "study", "role", "container_title", "year", "doi", "pmid", "standing")
    list_filter = ("role", "csl_type", "title_is_verified", "year")
    list_select_related = ("study",)
    search_fields = ("title", "key", "doi", "pmid", "pmcid", "container_title", "study__label")
    autocomplete_fields = ("study",)
    readonly_fields = ("updated_at",)
    given_once = ("key",)
    inlines = (NoticeInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).with_standing()

    def save_record(self, record, *, by):
        if isinstance(record, IntegrityNotice):
            return actions.add_notice(record, by=by)
        return super().save_record(record, by=by)

    @admin.display(description=_("title"), ordering="title")
    def short_title(self, publication):
        return Truncator(publication.title).chars(90)

    @admin.display(description=_("standing"), ordering="deciding")
    def standing(self, publication):
        return NoticeKind(publication.deciding).label if publication.deciding else None


@admin.register(ReviewInclusion)
class ReviewInclusionAdmin(RecordAdmin):
    list_display = ("review", "trial", "basis")
    list_select_related = ("review", "trial")
    search_fields = ("review__label", "trial__label", "basis")
    autocomplete_fields = ("review", "trial")


@admin.register(IntegrityNotice)
class IntegrityNoticeAdmin(OnlyAdded, RecordAdmin):
    form = NoticeForm
    list_display = ("kind", "paper", "noticed_on", "source", "source_record_id", "recorded_at")
    list_filter = ("kind", "source")
    list_select_related = ("publication",)
    search_fields = ("publication__title", "publication__doi", "notice_doi", "notice_pmid", "source_record_id")
    date_hierarchy = "noticed_on"
    autocomplete_fields = ("publication",)

    def save_record(self, record, *, by):
        return actions.add_notice(record, by=by)

    @admin.display(description=_("publication"), ordering="publication__title")
    def paper(self, notice):
        return Truncator(notice.publication.title).chars(90)
