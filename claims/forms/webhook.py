from django import forms
from django.utils.translation import gettext_lazy as _

from claims.choices import FeedKind
from claims.models import Webhook


class WebhookForm(forms.ModelForm):
    address = forms.CharField(
        label=_("address"),
        max_length=500,
        widget=forms.URLInput({"class": "vLargeTextField"}),
        help_text=_("Such as https://example.org/changes. We post to it whenever something changes."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("kinds of change"),
        choices=FeedKind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None is all."),
    )

    class Meta:
        model = Webhook
        fields = ("address", "kinds", "topics", "has_documents")
        help_texts = {"topics": _("With what is below them. None is all.")}
