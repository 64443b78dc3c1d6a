"""The form in which a reader without an account tells us something."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.choices import FlagKind
from studies.identifiers import InvalidIdentifier, normalise_doi, normalise_pmid


class FlagForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=FlagKind, widget=forms.RadioSelect, initial=FlagKind.SEEMS_WRONG
    )
    text = forms.CharField(
        label=_("What seems wrong, and why; or why this source matters"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    doi = forms.CharField(label="DOI", max_length=300, required=False)
    pmid = forms.CharField(label="PMID", max_length=20, required=False)
    # People do not see this field; a program that fills in everything does, and is told nothing.
    website = forms.CharField(label=_("Leave this empty"), max_length=300, required=False)

    def clean_doi(self):
        return normalised(self.cleaned_data["doi"], normalise_doi)

    def clean_pmid(self):
        return normalised(self.cleaned_data["pmid"], normalise_pmid)

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(gettext("Leave this empty."))
        return ""

    def words(self):
        """What `raise_flag` wants to know."""
        return {name: self.cleaned_data[name] for name in ("kind", "text", "doi", "pmid")}


def normalised(text, normalise):
    try:
        return normalise(text) if text.strip() else ""
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from error
