"""Effect sizes from what a paper prints: an estimate with its interval, its standard error or its p-value.

Estimates and limits are on the printed scale (a risk ratio of 0.8, a correlation of 0.3). Source: Cochrane Handbook
6.5, sections 6.3.1, 6.3.2, 6.5.2.2 and 6.5.2.3. `df` are the degrees of freedom of the t distribution behind the interval or
the p-value; None takes the normal one, as papers do for ratios and large samples. Impossible numbers raise ValueError.
"""

import math

from claims.choices import EffectMeasure
from claims.synthesis.distributions import normal_quantile, t_quantile, tail_of
from claims.synthesis.effects import Effect
from claims.synthesis.remarks import Note
from claims.synthesis.scales import number, pooled_scale

LOPSIDED = 0.25  # of half the interval's width


def effect_from_interval(measure, *, estimate, low, high, level=0.95, unit="", df=None):
    """se = (high - low) / 2 quantile, on the pooled scale."""
    measure = EffectMeasure(measure)
    value = pooled_scale(measure, estimate)
    bottom, top = pooled_scale(measure, low, "lower limit"), pooled_scale(measure, high, "upper limit")
    if not bottom <= value <= top:
        raise ValueError(f"The interval from {low} to {high} does not hold {estimate}.")
    se = (top - bottom) / (-2 * _quantile(tail_of(level), df))
    effect = Effect(
        measure=measure,
        value=value,
        variance=se**2,
        unit=unit,
        notes=(Note.of("from-interval", level=f"{100 * level:g}"),),
    )
    is_lopsided = abs(value - (bottom + top) / 2) > LOPSIDED * (top - bottom) / 2
    return effect.noted(Note.of("lopsided")) if is_lopsided else effect


def effect_from_se(measure, *, estimate, se, unit=""):
    """`se` is on the pooled scale already: of the logarithm for a ratio, of Fisher's z for a correlation."""
    measure = EffectMeasure(measure)
    se = number(se, "standard error")
    if se < 0:
        raise ValueError(f"A standard error is not below zero: {se}.")
    return Effect(measure=measure, value=pooled_scale(measure, estimate), variance=se**2, unit=unit)


def effect_from_p(measure, *, estimate, p, unit="", df=None):
    """se = |effect| / quantile, for an exact two-sided p of the test that there is no effect; "p < 0.05" is not exact."""
    measure = EffectMeasure(measure)
    value = pooled_scale(measure, estimate)
    p = number(p, "p-value")
    if not 0 < p < 1:
        raise ValueError(f"A p-value to work from lies between 0 and 1, not {p}.")
    quantile = _quantile(p / 2, df)
    if value == 0 or quantile == 0:
        raise ValueError("A p-value says nothing about the error of no effect at all.")
    return Effect(
        measure=measure,
        value=value,
        variance=(value / quantile) ** 2,
        unit=unit,
        notes=(Note.of("from-p"),),
    )


def sd_from_se(*, se, n):
    """The standard deviation of one arm from the standard error of its mean: SD = SE x sqrt(n) (section 6.5.2.2)."""
    return number(se, "standard error") * math.sqrt(n)


def _quantile(share, df):
    return normal_quantile(share) if df is None else t_quantile(share, df)
