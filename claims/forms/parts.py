"""What a draft rests on: one form for each GRADE domain and one for each row of evidence."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.arms import ARMS, NAMES, problems_of
from claims.choices import Domain
from claims.forms.seen import SeenForm, Text
from claims.grading import STEPS_ALLOWED, Step
from claims.models import Evidence, Judgement
from claims.models.evidence import OWN_RISK_NEEDS_REASON, QUOTE_NEEDS_ROLE
from studies.identifiers import InvalidIdentifier, normalise_doi
from studies.models import Publication

NEAREST = 8
OWN_RISK = ("risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl")
PROSE = tuple(
    f"{name}_{language}" for name in ("finding", "note", "risk_of_bias_reason") for language in ("en", "nl")
)
ARM_FIELDS = tuple(f"{arm}_{name}" for arm in ARMS for name in NAMES)


class StepForm(SeenForm, forms.ModelForm):
    step = forms.TypedChoiceField(label=_("Step"), required=False, coerce=int, empty_value=None)

    class Meta:
        model = Judgement
        fields = ("step", "reason_en", "reason_nl")
        field_classes = {"reason_en": Text, "reason_nl": Text}
        widgets = {
            f"reason_{language}": forms.Textarea({"rows": 2, "lang": language}) for language in ("en", "nl")
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.domain = Domain(self.instance.domain)
        allowed = sorted(STEPS_ALLOWED[self.domain], key=abs)
        signed = [(step, f"{step:+d}".replace("-", "\N{MINUS SIGN}") if step else "0") for step in allowed]
        self.fields["step"].choices = [("", _("Not judged")), *signed]
        if self.instance.pk is None:
            self.initial["step"] = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("step") is None and (cleaned.get("reason_en") or cleaned.get("reason_nl")):
            self.add_error("step", _("Choose a step; 0 says that this was looked at and changes nothing."))
        return cleaned

    @property
    def is_judged(self):
        if self.is_bound and self.is_valid():
            return self.cleaned_data["step"] is not None
        return self.instance.pk is not None

    def taken(self):
        """The step as it stands on the page, for a sum that is worked out before all reasons are given."""
        step = self.instance.step if self.is_judged else 0
        return Step(self.domain, step, self.instance.reason_en or "not given yet")


def arms_typed(values):
    """The numbers per arm among these fields, or None where there are none; what is whole is an integer."""
    arms = {
        arm: {name: tidy(values[f"{arm}_{name}"]) for name in NAMES if values[f"{arm}_{name}"] is not None}
        for arm in ARMS
    }
    return arms if any(arms.values()) else None


def tidy(number):
    return int(number) if number == int(number) else number


class SourceField(forms.CharField):
    """A publication by its key, DOI or PMID, or by words that only one has."""

    def clean(self, value):
        words = super().clean(value)
        if not words:
            return None
        found = by_identifier(words) or list(by_words(words)[: NEAREST + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(gettext("There is no such publication here yet; add it first."))
        nearest = "; ".join(f"{each.key} ({each.study.label}, {each.year})" for each in found[:NEAREST])
        raise ValidationError(
            gettext("Several fit; give the key of one: %(nearest)s.") % {"nearest": nearest}
        )

    def has_changed(self, initial, data):
        return (getattr(initial, "key", initial) or "") != (data or "").strip()


def by_identifier(words):
    """The publications that this identifies; of a paper that has several entries the one that stays."""
    try:
        doi = normalise_doi(words)
    except InvalidIdentifier:
        doi = None
    exactly = Q(key=words) | Q(pmid=words) | (Q(doi=doi) if doi else Q())
    found = Publication.objects.filter(exactly).select_related("study", "merged_into__study").order_by("key")
    return list({each.leads_to.pk: each.leads_to for each in found}.values())


def by_words(words):
    return Publication.objects.unmerged().matching(words).select_related("study").order_by("key")


def arm_field(label):
    return forms.FloatField(label=label, required=False)


class RowForm(SeenForm, forms.ModelForm):
    source = SourceField(
        label=_("Reported in"),
        help_text=_("Key, DOI or PMID of a publication, or words of its title."),
        max_length=300,
    )
    remove = forms.BooleanField(label=_("Take this row out"), required=False)
    treated_n = arm_field(_("treated: n"))
    treated_mean = arm_field(_("treated: mean"))
    treated_sd = arm_field(_("treated: standard deviation"))
    treated_se = arm_field(_("treated: standard error of the mean"))
    treated_events = arm_field(_("treated: events"))
    control_n = arm_field(_("control: n"))
    control_mean = arm_field(_("control: mean"))
    control_sd = arm_field(_("control: standard deviation"))
    control_se = arm_field(_("control: standard error of the mean"))
    control_events = arm_field(_("control: events"))

    class Meta:
        model = Evidence
        fields = (
            "source", "direction", "directness", "outcome_measure_en", "outcome_measure_nl", "finding_en", "finding_nl",
            "measure", "estimate", "ci_low", "ci_high", "ci_level", "standard_error", "unit_en", "unit_nl",
            "measure_label_en", "measure_label_nl", "p_value", "p_text", "n", "locator", "verified_from", "is_secondary",
            "counts_in_synthesis", "quote", "quote_role", "note_en", "note_nl", "risk_of_bias", "risk_of_bias_reason_en",
            "risk_of_bias_reason_nl", "position", "remove",
        )  # fmt: skip
        field_classes = dict.fromkeys(PROSE, Text)
        widgets = {name: forms.Textarea({"rows": 3, "lang": name[-2:]}) for name in PROSE} | {
            "quote": forms.Textarea({"rows": 2})
        }

    def __init__(self, *args, key, **options):
        super().__init__(*args, prefix=f"row-{key}", **options)
        self.key = key
        self.empty_permitted = self.instance.pk is None
        if self.instance.pk:
            self.initial["source"] = self.instance.publication.leads_to.key
        for arm, numbers in (self.instance.arms or {}).items():
            self.initial |= {f"{arm}_{name}": value for name, value in numbers.items()}

    def clean_source(self):
        publication = self.cleaned_data["source"]
        self.instance.publication, self.instance.study = publication, publication.study
        return publication

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("quote")) != bool(cleaned.get("quote_role")) and not self.errors:
            self.add_error("quote_role" if cleaned.get("quote") else "quote", QUOTE_NEEDS_ROLE)
        missing = [name for name in OWN_RISK if not cleaned.get(name)]
        if 0 < len(missing) < len(OWN_RISK) and missing[0] not in self.errors:
            self.add_error(missing[0], OWN_RISK_NEEDS_REASON)
        if not any(name in self.errors for name in (*ARM_FIELDS, "measure")):
            self.instance.arms = arms_typed(cleaned)
            for (arm, name), sentence in problems_of(self.instance.arms, cleaned["measure"]).items():
                self.add_error(f"{arm}_{name}" if arm else "treated_n", sentence)
        return cleaned

    def groups(self):
        """The fields as the page shows them: what it says and where, the number, and the rest, which is seldom needed."""
        said = "source position direction directness outcome_measure_en outcome_measure_nl finding_en finding_nl "
        said += "locator verified_from quote quote_role"
        number = "measure estimate ci_low ci_high ci_level standard_error n p_value p_text unit_en unit_nl"
        rest = "measure_label_en measure_label_nl note_en note_nl "
        rest += "risk_of_bias risk_of_bias_reason_en risk_of_bias_reason_nl"
        return [[self[name] for name in names.split()] for names in (said, number, rest)]

    @property
    def report(self):
        """The publication that the row is from, once it is known."""
        return self.instance.publication.leads_to if self.instance.publication_id else None

    def arms(self):
        return [self[name] for name in ARM_FIELDS]

    @property
    def has_arms(self):
        return any(field.value() not in (None, "") or field.errors for field in self.arms())

    def ticks(self):
        names = ["counts_in_synthesis", "is_secondary", *([] if self.is_new else ["remove"])]
        return [self[name] for name in names]

    @property
    def place(self):
        """How findings name the row."""
        return f"evidence:{self.instance.study.key}" if self.instance.study_id else ""

    @property
    def is_new(self):
        return self.instance.pk is None

    @property
    def is_idle(self):
        """A new row in which nothing was written, or one that was taken out before it was kept."""
        return self.is_new and (not self.has_changed() or self["remove"].value() in (True, "on"))

    @property
    def is_removed(self):
        return self["remove"].value() in (True, "on")
