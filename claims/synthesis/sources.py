"""Which of its numbers the effect of a result is taken from.

In this order: numbers per arm, since nothing was worked out before; the standard error as printed; the interval, for which
nothing has to be taken to be so but its quantile; an exact p, which says least (Cochrane Handbook 6.5, sections 6.3.1 and
6.3.2; metafor's `conv.wald` fills in likewise what is not given).
"""

from claims.choices import EffectMeasure
from claims.synthesis.effects import (
    CountArm,
    Effect,
    MeanArm,
    log_odds_ratio,
    log_risk_ratio,
    mean_difference,
    risk_difference,
    standardised_mean_difference,
)
from claims.synthesis.methods import Correction
from claims.synthesis.remarks import Note
from claims.synthesis.reported import (
    effect_from_interval,
    effect_from_p,
    effect_from_se,
    sd_from_se,
)
from claims.synthesis.scales import POOLABLE

COUNTED = {
    EffectMeasure.RR: log_risk_ratio,
    EffectMeasure.OR: log_odds_ratio,
    EffectMeasure.RD: risk_difference,
}


def effect_of(reported):
    """(Effect, where it came from): a key of MADE_BY, the first that gives one; (None, "") where none does."""
    if reported.measure not in POOLABLE or (reported.arms is None and reported.estimate is None):
        return None, ""
    for made_from, make in MADE_BY.items():
        try:
            effect = make(reported)
        except (KeyError, TypeError, ValueError):
            continue  # numbers that do not fit together give no effect; the row says so
        if isinstance(effect, Effect) and effect.variance > 0:
            is_passed_over = reported.arms is not None and made_from != "arms"
            return effect.noted(Note.of("arms-not-used")) if is_passed_over else effect, made_from
    return None, ""


def from_arms(reported):
    """{"treated": {...}, "control": {...}}, each with n, mean and sd or se, or events and n; None where they cannot be used.

    Those of a paired design are passed over, since the correlation within people is not known, and so is a risk
    difference in a unit of its own.
    """
    if reported.arms is None or reported.is_paired:
        return None
    arms = [reported.arms["treated"], reported.arms["control"]]
    if reported.measure == EffectMeasure.MD:
        return mean_difference(*map(mean_arm, arms), unit=reported.unit)
    if reported.measure == EffectMeasure.SMD:
        return standardised_mean_difference(*map(mean_arm, arms), correction=Correction.EXACT)
    if reported.measure == EffectMeasure.RD and reported.unit_en:
        return None
    return COUNTED[reported.measure](*(CountArm(**arm) for arm in arms))


def mean_arm(arm):
    """A MeanArm, its standard deviation worked out where the source prints a standard error of the mean."""
    if "se" not in arm:
        return MeanArm(**arm)
    return MeanArm(n=arm["n"], mean=arm["mean"], sd=sd_from_se(se=arm["se"], n=arm["n"]))


def from_standard_error(reported):
    if None in (reported.estimate, reported.standard_error):
        return None
    return effect_from_se(
        reported.measure, estimate=reported.estimate, se=reported.standard_error, unit=reported.unit
    )


def from_interval(reported):
    if not reported.has_interval:
        return None
    return effect_from_interval(
        reported.measure,
        estimate=reported.estimate,
        low=reported.ci_low,
        high=reported.ci_high,
        level=reported.ci_level / 100,
        unit=reported.unit,
    )


def from_p(reported):
    """An exact p only; "p < 0.001" says no more than that the error is small."""
    if reported.estimate is None or reported.p_value is None or reported.p_bound:
        return None
    return effect_from_p(reported.measure, estimate=reported.estimate, p=reported.p_value, unit=reported.unit)


MADE_BY = {
    "arms": from_arms,
    "standard-error": from_standard_error,
    "interval": from_interval,
    "p": from_p,
}
