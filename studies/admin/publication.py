"""Publications and what later happened to them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from studies import actions
from studies.admin.record import FORM_FIELDS, Kept, OnlyAdded, RecordAdmin, read_identifier
from studies.choices import NoticeKind
from studies.identifiers import normalise_doi, normalise_pmcid, normalise_pmid
from studies.models import IntegrityNotice, Publication


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
            raise ValidationError(
                _('Authors are a list of names, such as [{"family": "Abbasi", "given": "B"}].')
            )
        return authors


def is_name(author):
    return (
        isinstance(author, dict) and bool(author) and all(isinstance(part, str) for part in author.values())
    )


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


class NoticeInline(OnlyAdded, admin.StackedInline):
    model = IntegrityNotice
    form = NoticeForm
    extra = 0


@admin.register(Publication)
class PublicationAdmin(Kept, RecordAdmin):
    form = PublicationForm
    list_display = ("short_title", "study", "role", "container_title", "year", "doi", "pmid", "standing")
    list_filter = ("role", "csl_type", "title_is_verified", "year")
    list_select_related = ("study",)
    search_fields = ("title", "key", "doi", "pmid", "pmcid", "container_title", "study__label")
    autocomplete_fields = ("study",)
    readonly_fields = ("merged_into", "merged_reason", "updated_at")
    exclude = ("merge_changed",)
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


@admin.register(IntegrityNotice)
class IntegrityNoticeAdmin(OnlyAdded, RecordAdmin):
    form = NoticeForm
    list_display = ("kind", "paper", "noticed_on", "source", "source_record_id", "recorded_at")
    list_filter = ("kind", "source")
    list_select_related = ("publication",)
    search_fields = (
        "publication__title",
        "publication__doi",
        "notice_doi",
        "notice_pmid",
        "source_record_id",
    )
    date_hierarchy = "noticed_on"
    autocomplete_fields = ("publication",)

    def save_record(self, record, *, by):
        return actions.add_notice(record, by=by)

    @admin.display(description=_("publication"), ordering="publication__title")
    def paper(self, notice):
        return Truncator(notice.publication.title).chars(90)
