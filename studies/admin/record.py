"""What the admins of both rooms share: how they save, how a refusal is told, what is only added or only shown."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models

from kb.lib.refusals import sentence_of
from studies import actions
from studies.identifiers import InvalidIdentifier


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
