"""The words that a deed asks for before it is done."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from claims.choices import DissentOutcome, FlagOutcome
from claims.models import Claim


def prose(label, rows=3, **options):
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **options)


class RevisionForm(forms.Form):
    """What is done to a version is done to what one saw of it."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NoteForm(RevisionForm):
    note = prose(_("Note"), max_length=2000, required=False)


class ReasonForm(RevisionForm):
    note = prose(_("What should change"), max_length=2000)


class WithdrawalForm(forms.Form):
    reason_en = prose(_("Reason (English)"), max_length=4000)
    reason_nl = prose(_("Reason (Dutch)"), max_length=4000)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Claim.objects.published(), to_field_name="accession", label=_("Into"), widget=forms.TextInput
    )


class ResolutionForm(forms.Form):
    resolution = prose(_("Why the rating can stay as it is"), max_length=4000)


class ReplayForm(forms.Form):
    since = forms.IntegerField(
        label=_("The last number that need not be sent; 0 sends everything"), min_value=0, max_value=2**62
    )


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=FlagOutcome)
    answer_en = prose(_("Answer (English)"), max_length=4000)
    answer_nl = prose(_("Answer (Dutch)"), max_length=4000)
    text_is_shown = forms.BooleanField(label=_("Show the reader's words"), required=False)


class InterestsForm(forms.Form):
    has_conflict = forms.BooleanField(label=_("has interests to declare"), required=False)
    text = prose(
        _("statement"),
        max_length=4000,
        help_text=_("What could sway your review: money, work, own research. Or that there is nothing."),
    )


class CommentForm(forms.Form):
    field = forms.CharField(max_length=420, required=False, widget=forms.HiddenInput)
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = prose(_("comment"), max_length=20_000)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.get_full_name() or person.get_username()


class RaterForm(forms.Form):
    """`people` are those who may rate: they wrote nothing of the version."""

    rater = PersonChoice(get_user_model().objects.none(), label=_("rater"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        writers = get_user_model().objects.with_perm(
            "claims.edit_draft", backend="django.contrib.auth.backends.ModelBackend"
        )
        self.fields["rater"].queryset = writers.order_by("username")


class SettlementForm(forms.Form):
    outcome = forms.ChoiceField(label=_("how it ended"), choices=DissentOutcome)
    note_en = prose(_("note (English)"), max_length=4000, required=False)
    note_nl = prose(_("note (Dutch)"), max_length=4000, required=False)
