"""The GRADE steps that pooled numbers suggest, for two domains that numbers can speak of. People decide.

Sources: GRADE guidelines 6, imprecision (Guyatt and others 2011, J Clin Epidemiol 64:1283-1293): an interval that
holds no effect, and fewer people or events than an optimal information size; by its rules of thumb 400 people for a
continuous outcome and 300 events for a count. GRADE guidelines 7, inconsistency (Guyatt and others 2011, 64:1294-1302)
and Cochrane Handbook 10.10.2: from 50 per cent I2 may be substantial, from 75 considerable. The way they are put
together is ours: docs/decisions/0011.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from claims.choices import ClaimDirection, Domain, EffectMeasure, Verdict
from claims.synthesis import Prediction, Remark

ENOUGH_PEOPLE, ENOUGH_EVENTS = 400, 300
SUBSTANTIAL, CONSIDERABLE = 50, 75
CONTINUOUS = (EffectMeasure.MD, EffectMeasure.SMD, EffectMeasure.MEAN_CHANGE)
COUNTS = (EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.RD)
REASONS = {
    "holds-no-effect": _("The interval includes “no effect”."),
    "excludes-no-effect": _("The interval excludes “no effect”."),
    "no-effect-is-the-finding": _(
        "The interval includes “no effect”, which is what the claim or its verdict says; that alone does not lower it."
    ),
    "few-people": _("%(n)s people are fewer than %(enough)s."),
    "enough-people": _("%(n)s people are %(enough)s or more."),
    "few-events": _("%(n)s events are fewer than %(enough)s."),
    "enough-events": _("%(n)s events are %(enough)s or more."),
    "size-unknown": _("How many people or events there were is not recorded for every study."),
    "little": _("I² is %(i2)s%%, below %(limit)s%%."),
    "substantial": _("I² is %(i2)s%%, which may be substantial (%(limit)s%% or more)."),
    "considerable": _("I² is %(i2)s%%, which is considerable (%(limit)s%% or more)."),
    "next-may-differ": _(
        "The prediction interval includes “no effect”, though the interval of the mean does not."
    ),
    "next-may-not-differ": _("The prediction interval adds no reason."),
}


class Reason(Remark):
    """Why a step is suggested, or what was looked at and changes nothing."""

    SENTENCES = MappingProxyType(REASONS)


@dataclass(frozen=True)
class Suggestion:
    domain: Domain
    step: int
    reasons: tuple[Reason, ...]


def suggestions(pooled, *, people, events, direction, verdict):
    """What a Pooled suggests for imprecision and inconsistency. `people` and `events` are totals, None where not known.

    `direction` and `verdict` are those of the claim and its version.
    """
    says_no_effect = direction == ClaimDirection.NO_DIFFERENCE or verdict == Verdict.NOT_SUPPORTED
    return inconsistency(pooled), imprecision(pooled, people, events, says_no_effect)


def imprecision(pooled, people, events, says_no_effect):
    """One step for an interval that holds no effect, one for too little information."""
    looked = [of_interval(pooled, says_no_effect), of_size(pooled.measure, people, events)]
    return Suggestion(
        Domain.IMPRECISION, sum(step for step, _reason in looked), tuple(reason for _step, reason in looked)
    )


def of_interval(pooled, says_no_effect):
    if not holds_no_effect(pooled):
        return 0, Reason.of("excludes-no-effect")
    return (
        (0, Reason.of("no-effect-is-the-finding")) if says_no_effect else (-1, Reason.of("holds-no-effect"))
    )


def of_size(measure, people, events):
    if measure in CONTINUOUS and people is not None:
        code, step = ("few-people", -1) if people < ENOUGH_PEOPLE else ("enough-people", 0)
        return step, Reason.of(code, n=people, enough=ENOUGH_PEOPLE)
    if measure in COUNTS and events is not None:
        code, step = ("few-events", -1) if events < ENOUGH_EVENTS else ("enough-events", 0)
        return step, Reason.of(code, n=events, enough=ENOUGH_EVENTS)
    return 0, Reason.of("size-unknown")


def inconsistency(pooled):
    """One step from 50 per cent I2, two from 75 where a next study may also find no effect while the mean does not."""
    i2 = round(pooled.heterogeneity.i2)
    reasons, step = [], 0
    if i2 < SUBSTANTIAL:
        reasons.append(Reason.of("little", i2=i2, limit=SUBSTANTIAL))
    else:
        is_considerable = i2 >= CONSIDERABLE
        code, limit = ("considerable", CONSIDERABLE) if is_considerable else ("substantial", SUBSTANTIAL)
        reasons.append(Reason.of(code, i2=i2, limit=limit))
        step = -1
    if isinstance(pooled.prediction, Prediction):
        differs = holds_no_effect(pooled.prediction) and not holds_no_effect(pooled)
        reasons.append(Reason.of("next-may-differ" if differs else "next-may-not-differ"))
        step = -2 if differs and i2 >= CONSIDERABLE else step
    return Suggestion(Domain.INCONSISTENCY, step, tuple(reasons))


def holds_no_effect(interval):
    """On the pooled scale no effect is zero, for differences and for the logarithms of ratios alike."""
    return interval.low <= 0 <= interval.high
