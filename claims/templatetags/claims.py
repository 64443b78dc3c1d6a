"""What the pages about claims need to show the sum of a rating, and what later happened to the studies under it."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.choices import ChangeKind, Domain, StaleReason, Strength
from claims.grading import Step, grade
from studies.choices import Design, NoticeKind, RiskOfBias

register = template.Library()


@register.filter
def working(rating):
    """The sum of a GRADE rating: a Grade with its computed strength, total and whether it was clamped; None without a start."""
    if not (rating["start"] and rating["strength"]):
        return None
    steps = [
        Step(Domain(line["domain"]["code"]), line["step"], line["reason"]["en"] if line["reason"] else "")
        for line in rating["judgements"]
    ]
    return grade(Strength(rating["start"]["value"]), steps)


@register.filter
def on_study(notices, key):
    """The notices on the reports of this study."""
    return [notice for notice in notices if notice["study_key"] == key]


@register.filter
def inside_review(trials, key):
    """The fallen trials inside this review, as (key, label)."""
    return [(trial, label) for (review, trial), label in trials.items() if review == key]


@register.filter
def notice_words(code):
    return NoticeKind(code).label


@register.filter
def reason_words(code):
    return StaleReason(code).label


@register.filter
def change_words(code):
    return ChangeKind(code).label if code else ""


@register.filter
def study_of(object_key):
    """The study that a mark names as "study:abbasi-2012", or nothing."""
    kind, _, key = object_key.partition(":")
    return key if kind == "study" else ""


@register.filter
def reason_in_language(closed):
    """Why a claim was withdrawn, in the language of the page."""
    return closed[f"reason_{get_language()}"]


@register.filter
def detail_words(mark):
    """What a mark saw change, from what to what: "participants from 46 to 43"; nothing where its reason says it all."""
    fields = {
        "design": (_("design"), lambda value: Design(value).label),
        "species": (_("species"), str),
        "participants": (_("participants"), str),
        "risk_of_bias": (_("risk of bias"), lambda value: RiskOfBias(value).label),
    }
    unknown = _("not known")
    said = [
        _("%(field)s from %(before)s to %(after)s")
        % {
            "field": words,
            "before": shown(before) if before not in (None, "") else unknown,
            "after": shown(after) if after not in (None, "") else unknown,
        }
        for name, (words, shown) in fields.items()
        if name in mark["detail"]
        for before, after in [mark["detail"][name]]
    ]
    return ", ".join(said)
