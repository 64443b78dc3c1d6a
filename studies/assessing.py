"""Judging a study's risk of bias at the desk: a fieldset for each domain of the tool that fits its design."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studies.actions import assess_study
from studies.bias import TOOLS, tools_for
from studies.models import Study

CHOOSE = ("", gettext_lazy("Choose"))
AS_TOOL = "as-the-tool-says"
NONE = "none"
LONGEST = 2000


def reason_field(words, language):
    widget = forms.Textarea(attrs={"rows": 2, "lang": language})
    return forms.CharField(label=words, required=False, max_length=LONGEST, widget=widget)


class AssessmentForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("Outcome"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty where it is about the whole study."),
    )

    def __init__(self, tool, *args, **options):
        super().__init__(*args, **options)
        self.tool = TOOLS[tool]
        for domain in self.tool.domains:
            self.fields[f"{domain}-judgement"] = forms.ChoiceField(
                label=gettext_lazy("Judgement"),
                choices=[CHOOSE, *self.tool.allowed(domain).items()],
                error_messages={"required": gettext_lazy("Judge this domain.")},
            )
            self.fields[f"{domain}-reason_en"] = reason_field(gettext_lazy("Reason (English)"), "en")
            self.fields[f"{domain}-reason_nl"] = reason_field(gettext_lazy("Reason (Dutch)"), "nl")
        overalls = [(code or NONE, words) for code, words in self.tool.overall_words.items()]
        self.fields["overall"] = forms.ChoiceField(
            label=gettext_lazy("Overall"),
            choices=[(AS_TOOL, gettext_lazy("What the rule of the tool gives")), *overalls],
        )
        self.fields["reason_en"] = reason_field(gettext_lazy("Why it differs from the tool (English)"), "en")
        self.fields["reason_nl"] = reason_field(gettext_lazy("Why it differs from the tool (Dutch)"), "nl")

    def domains(self):
        """(name, its fields) for each domain."""
        for domain, words in self.tool.domains.items():
            yield words, [self[f"{domain}-{part}"] for part in ("judgement", "reason_en", "reason_nl")]

    def closing(self):
        return [self["overall"], self["reason_en"], self["reason_nl"]]

    def judgements(self):
        given = self.cleaned_data
        return {
            domain: tuple(given[f"{domain}-{part}"] for part in ("judgement", "reason_en", "reason_nl"))
            for domain in self.tool.domains
        }

    def overall(self):
        """None for what the tool gives."""
        return {AS_TOOL: None, NONE: ""}.get(self.cleaned_data["overall"], self.cleaned_data["overall"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request, key):
    """Of the whole study, or of what ?outcome= names."""
    if not request.user.has_perm("studies.change_study"):
        raise Http404
    study = get_object_or_404(Study.objects.select_related("merged_into"), key=key)
    if study.merged_into:
        return redirect("assess-study", study.merged_into.key)
    before = list(study.bias_assessments.prefetch_related("judgements"))
    tool = next(iter(tools_for(study.design)), None)
    context = {"study": study, "before": before}
    if tool is None:
        return render(request, "studies/assess.html", context)
    asked = request.GET.get("outcome", "")
    shown = next((each for each in before if (each.tool, each.outcome) == (tool, asked)), None)
    form = AssessmentForm(
        tool, request.POST if request.method == "POST" else None, initial=judged(shown) if shown else {}
    )
    if form.is_valid() and is_kept(form, study, tool, request.user):
        messages.success(request, _("The risk of bias was kept."))
        return redirect("study", key=study.key)
    context |= {"tool": TOOLS[tool], "form": form, "shown": shown}
    return render(request, "studies/assess.html", context, status=400 if form.errors else 200)


def judged(before):
    """What was judged before, as the form shows it."""
    shown = {"outcome": before.outcome, "reason_en": before.reason_en, "reason_nl": before.reason_nl}
    if before.overall != before.suggested:
        shown["overall"] = before.overall or NONE
    for row in before.judgements.all():
        shown |= {
            f"{row.code}-{part}": getattr(row, part) for part in ("judgement", "reason_en", "reason_nl")
        }
    return shown


def is_kept(form, study, tool, by):
    given = form.cleaned_data
    try:
        assess_study(
            study,
            by=by,
            tool=tool,
            judgements=form.judgements(),
            outcome=given["outcome"],
            overall=form.overall(),
            reason=(given["reason_en"], given["reason_nl"]),
        )
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error({"reason": "reason_en", "overall": "overall"}.get(name), sentences)
        return False
    return True
