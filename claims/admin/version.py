"""A version with its evidence and judgements on one screen, and what its steps come down to beside them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Textarea
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims import actions, deeds
from claims.admin.deeds import DeedsAdmin
from claims.admin.evidence import EvidenceInline, JudgementInline
from claims.choices import Domain, MechanismStatus, Scheme, Strength
from claims.documents import computed_strength, plain_sentence
from claims.models import ClaimVersion
from studies.admin.record import Kept

SUBMIT = "_submit"


def both(name):
    return (f"{name}_en", f"{name}_nl")


class VersionForm(forms.ModelForm):
    """Carries the revision that was opened. Where somebody wrote meanwhile, nothing is kept and both texts are shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.revision

    def clean(self):
        now = ClaimVersion.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if self.cleaned_data.get("seen") not in (None, now.revision):
            self.data = self.data.copy()
            self.data["seen"] = now.revision  # so that saving again is a decision
            raise ValidationError(
                [gettext("Somebody changed this since you opened it."), *self.now_reads(now)]
            )
        return super().clean()

    def now_reads(self, now):
        for name in self.changed_data:
            if name != "seen":
                yield gettext("%(field)s now reads: %(text)s") % {
                    "field": self.fields[name].label,
                    "text": getattr(now, name),
                }


@admin.register(ClaimVersion)
class ClaimVersionAdmin(Kept, DeedsAdmin):
    form = VersionForm
    list_display = (
        "permanent_name", "state", "statement_en", "scheme", "strength_word", "verdict", "author", "reviewer", "published_at",
        "next_review_due",
    )  # fmt: skip
    list_filter = ("state", "strength", "verdict", "scheme", "evidence_state", "change_kind", "claim__kind")
    list_select_related = ("claim", "author", "reviewer")
    search_fields = ("claim__accession", "claim__slug", "statement_en", "statement_nl")
    date_hierarchy = "published_at"
    readonly_fields = (
        "claim", "state", "author", "reviewer", "base", "published_at", "change_kind", "change_note",
        "sum_of_steps", "sentence_en", "sentence_nl",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("claim", "seen", ("state", "author", "reviewer"), ("base", "published_at", "change_kind"), "change_note")}),
        (_("What we say"), {"fields": (both("statement"), both("summary"), both("caveats"))}),
        (_("Who and compared with what"), {"classes": ("collapse",), "fields": (both("population"), both("comparator"))}),
        (_("Why, and until when"), {"fields": (both("rationale"), both("would_change"), ("searched_through", "next_review_due"))}),
        (
            _("Rating"),
            {
                "description": _("What the steps give and the plain sentences are worked out when you save."),
                "fields": (
                    ("scheme", "evidence_state", "start"), ("strength", "strength_in_people"), ("verdict", "effect_size"),
                    both("override_reason"), "sum_of_steps", "sentence_en", "sentence_nl",
                ),
            },
        ),
    )  # fmt: skip
    inlines = (JudgementInline, EvidenceInline)
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 4, "cols": 50})}}
    deeds = (deeds.PUBLISH, deeds.REQUEST_CHANGES, deeds.DISCARD)

    def has_add_permission(self, request):
        """A version starts as a draft of a claim: see the button there."""
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_editable)

    def get_queryset(self, request):
        return super().get_queryset(request).seen_by(request.user).defer("document", "card")

    def save_model(self, request, obj, form, change):
        if form.changed_data:
            actions.edit_draft(
                obj,
                by=request.user,
                **{name: form.cleaned_data[name] for name in form.changed_data if name != "seen"},
            )

    def save_record(self, record, *, by):
        return actions.save_part(record, by=by)

    def remove_record(self, record, *, by):
        return actions.remove_part(record, by=by)

    def response_change(self, request, obj):
        """What was typed is kept already, also where handing it in is refused."""
        if SUBMIT in request.POST:
            return self.attempt(request, deeds.SUBMIT, obj)
        return super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["submit"] = {
            "name": SUBMIT,
            "label": _("Save and submit for review"),
            "is_shown": self.has_change_permission(request, obj),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("version"), ordering="claim__slug")
    def permanent_name(self, version):
        return version.permanent_name

    @admin.display(description=_("strength"), ordering="strength")
    def strength_word(self, version):
        words = MechanismStatus if version.scheme == Scheme.EBM_PLUS else Strength
        return words(version.strength).label if version.strength else None

    @admin.display(description=_("what the steps give"))
    def sum_of_steps(self, version):
        try:
            grade = computed_strength(version)
        except ValueError as error:
            return str(error)
        if grade is None:
            return _("A GRADE rating with a starting level is worked out from its steps; this is not one.")
        return format_html_join("\n", "<p>{}</p>", ((line,) for line in lines_of(grade, version)))

    @admin.display(description=_("plain sentence (English)"))
    def sentence_en(self, version):
        return plain_sentence(version, "en")

    @admin.display(description=_("plain sentence (Dutch)"))
    def sentence_nl(self, version):
        return plain_sentence(version, "nl")


def lines_of(grade, version):
    """The sum as a person would write it under each other, and a word where another strength was chosen."""
    for line in grade.explanation:
        if line.part == "step":
            yield f"{f'{line.value:+d}' if line.value else 0} {Domain(line.domain).label}"
        elif line.part == "start":
            yield _("%(strength)s to start with") % {"strength": Strength(line.value).label}
        else:
            yield f"= {Strength(line.value).label}"
    if version.strength and version.strength != grade.computed:
        yield _("Chosen instead: %(strength)s. That needs a reason in both languages.") % {
            "strength": Strength(version.strength).label
        }
