"""What a claim is about, said once; and the topics that lead to it."""

from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from claims.choices import ClaimKind, TopicKind
from claims.models import Claim, Topic

ABOUT = ("intervention", "outcome", "comparator", "population", "condition")
IDENTITY = ("slug", "kind", *ABOUT, "direction")


class ByKind(forms.models.ModelChoiceIterator):
    """Topics under the heading of their kind, each by its name in the language of the page."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        topics = sorted(
            self.queryset, key=lambda topic: (TopicKind.values.index(topic.kind), name_of(topic).casefold())
        )
        for kind, group in groupby(topics, key=lambda topic: topic.kind):
            yield (TopicKind(kind).label, [self.choice(topic) for topic in group])


class TopicField(forms.ModelChoiceField):
    iterator = ByKind

    def __init__(self, **options):
        super().__init__(Topic.objects.all(), to_field_name="slug", **options)

    def label_from_instance(self, topic):
        return name_of(topic)


class TopicsField(forms.ModelMultipleChoiceField):
    iterator = ByKind

    def label_from_instance(self, topic):
        return name_of(topic)


def name_of(topic):
    return getattr(topic, f"name_{get_language()}")


class TopicsForm(forms.Form):
    topics = TopicsField(
        Topic.objects.all(),
        label=_("topics"),
        help_text=_("Readers find the claim under these. Choose several by holding Ctrl or Cmd."),
        widget=forms.SelectMultiple({"size": 10}),
    )


class ClaimForm(forms.ModelForm):
    intervention = TopicField(label=_("intervention or exposure"))
    outcome = TopicField(label=_("outcome"), required=False)
    comparator = TopicField(label=_("comparator"), required=False)
    population = TopicField(label=_("population"), required=False)
    condition = TopicField(label=_("condition"), required=False)
    topics = TopicsForm.base_fields["topics"]

    class Meta:
        model = Claim
        fields = (
            "kind",
            "intervention",
            "direction",
            "outcome",
            "population",
            "condition",
            "comparator",
            "slug",
        )
        help_texts = {
            "slug": _(
                "Short name in addresses and files, such as magnesium-sleep-onset; letters, digits, hyphens."
            )
        }

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("outcome") and cleaned.get("kind") == ClaimKind.EFFICACY:
            raise ValidationError({"outcome": gettext("A claim of an effect says on what.")})
        return cleaned

    def identity(self):
        return {name: self.cleaned_data[name] for name in IDENTITY}

    def twin(self):
        """The claim that is about exactly this already, or None."""
        about = {name: getattr(self, "cleaned_data", {}).get(name) for name in ("kind", *ABOUT, "direction")}
        if not about["direction"]:
            return None
        return Claim.objects.filter(**about, merged_into=None, withdrawn_at=None).first()
