"""The words and the rating of a draft: every column its author may write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceState, MechanismStatus, Scheme, Strength
from claims.forms.seen import Day, SeenForm, Text
from claims.grading import grade, schemes_allowed
from claims.models import ClaimVersion

AS_COMPUTED = "computed"
PAIRS = (
    "statement",
    "summary",
    "caveats",
    "population",
    "comparator",
    "rationale",
    "would_change",
    "override_reason",
)
ROWS = {"statement": 2, "population": 2, "comparator": 2, "summary": 6, "rationale": 5}
ONLY_GRADE = ("start", "override_reason_en", "override_reason_nl")
RATING = (
    "scheme", "evidence_state", "start", "strength", "strength_in_people", "verdict", "effect_size", "searched_through",
    "next_review_due",
)  # fmt: skip
TEXTS = tuple(f"{name}_{language}" for name in PAIRS for language in ("en", "nl"))


class WordsForm(SeenForm, forms.ModelForm):
    """`steps` are the forms of the domains: the strength follows from them unless another one is chosen."""

    strength = forms.TypedChoiceField(label=_("Strength"), required=False, empty_value=None)

    class Meta:
        model = ClaimVersion
        fields = (*TEXTS, *RATING)
        field_classes = dict.fromkeys(TEXTS, Text)
        widgets = {"searched_through": Day(), "next_review_due": Day()}

    def __init__(self, *args, steps=(), **options):
        super().__init__(*args, **options)
        self.steps = steps
        self.computed = None
        for name in TEXTS:
            widget = self.fields[name].widget
            widget.attrs = {"rows": ROWS.get(name[:-3], 3), "lang": name[-2:]}
        schemes = schemes_allowed(self.instance.claim.kind)
        self.fields["scheme"].choices = [(scheme.value, scheme.label) for scheme in schemes]
        self.is_mechanism = schemes == (Scheme.EBM_PLUS,)
        self.offer_strengths()
        for name in ONLY_GRADE if self.is_mechanism else ("strength_in_people",):
            del self.fields[name]

    def offer_strengths(self):
        scale = MechanismStatus if self.is_mechanism else Strength
        field = self.fields["strength"]
        field.coerce = lambda text: text if text == AS_COMPUTED else int(text)
        computed = [] if self.is_mechanism else [(AS_COMPUTED, _("As the steps give"))]
        field.choices = [
            *computed,
            ("", _("Not rated")),
            *((level.value, level.label) for level in reversed(scale)),
        ]
        if self.is_mechanism:
            self.fields["strength_in_people"].choices = field.choices
        elif self.instance.strength in (None, self.sum_of(self.instance.start)):
            self.initial["strength"] = AS_COMPUTED

    def sum_of(self, start):
        """What the start and the steps as they stand come to, or None without a start or with a step that is none."""
        try:
            return grade(Strength(start), [form.taken() for form in self.steps]).computed if start else None
        except ValueError:
            return None

    def clean(self):
        cleaned = super().clean()
        is_rated = (
            cleaned.get("evidence_state") == EvidenceState.FOUND and cleaned.get("scheme") != Scheme.NONE
        )
        self.computed = self.sum_of(cleaned.get("start")) if is_rated else None
        if cleaned.get("strength") == AS_COMPUTED:
            cleaned["strength"] = self.computed
        return cleaned

    def pairs(self):
        """[(name, English field, Dutch field)] of the texts that this kind of claim has."""
        return [
            (name, self[f"{name}_en"], self[f"{name}_nl"]) for name in PAIRS if f"{name}_en" in self.fields
        ]

    def rating(self):
        return [self[name] for name in RATING if name in self.fields]
