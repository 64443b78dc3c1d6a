from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.admin.record import RecordAdmin
from claims.choices import ClaimDirection
from claims.models import Topic
from studies.admin.record import Kept


class TopicForm(forms.ModelForm):
    def clean_verbs(self):
        verbs = self.cleaned_data["verbs"] or {}
        if not (isinstance(verbs, dict) and all(is_entry(*entry) for entry in verbs.items())):
            raise ValidationError(
                _(
                    'Verbs come by direction and language, such as {"decreases": {"en": ["shortens", "shorten"]}}.'
                )
            )
        return verbs


def is_entry(direction, languages):
    """Whether this is a direction with, for each language, the form for one thing and the form for several."""
    return (
        direction in ClaimDirection.values
        and isinstance(languages, dict)
        and languages.keys() <= {"en", "nl"}
        and all(
            isinstance(forms_of, list)
            and len(forms_of) == 2
            and all(isinstance(form, str) and form for form in forms_of)
            for forms_of in languages.values()
        )
    )


@admin.register(Topic)
class TopicAdmin(Kept, RecordAdmin):
    form = TopicForm
    list_display = (
        "slug",
        "name_en",
        "name_nl",
        "kind",
        "broader",
        "linked_claims",
        "mesh_id",
        "wikidata_id",
    )
    list_filter = ("kind",)
    ordering = ("slug",)
    list_select_related = ("broader",)
    search_fields = ("slug", "name_en", "name_nl", "synonyms_en", "synonyms_nl", "mesh_id")
    autocomplete_fields = ("broader",)
    given_once = ("slug",)
    prepopulated_fields = {"slug": ("name_en",)}

    def get_queryset(self, request):
        return super().get_queryset(request).with_claim_counts()

    @admin.display(description=_("published claims"), ordering="claim_count")
    def linked_claims(self, topic):
        return topic.claim_count
