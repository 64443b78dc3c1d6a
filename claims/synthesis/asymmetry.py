"""Do small studies find other effects than large ones? Egger's test."""

import math
from dataclasses import dataclass

from claims.choices import EffectMeasure
from claims.synthesis.distributions import t_quantile, t_two_sided, tail_of
from claims.synthesis.remarks import Note, Refusal
from claims.synthesis.sense import why_not_pooled

ENOUGH = 10  # Cochrane Handbook 13.3.5.4
BOUND_TO_ITS_ERROR = frozenset((EffectMeasure.SMD, EffectMeasure.OR, EffectMeasure.RR))
NO_SPREAD = 1e-12


@dataclass(frozen=True, kw_only=True)
class Asymmetry:
    """`intercept` is how many standard errors effects lie off for being imprecise; 0 is symmetrical.

    `limit` is the effect, on the pooled scale, towards which ever more precise studies tend.
    """

    k: int
    level: float
    intercept: float
    se: float
    low: float
    high: float
    statistic: float
    df: int
    p: float
    limit: float
    notes: tuple[Note, ...]


def egger(contributions, *, level=0.95):
    """Least squares of effect / se on 1 / se; the intercept over its error is t with k - 2 degrees of freedom.

    Source: Egger, Davey Smith, Schneider and Minder 1997, BMJ 315:629-634. A Refusal below ten studies, where all are
    equally precise, where they lie on one line, and where pooling them makes no sense. Raises ValueError for a level
    off 0.5..0.9999.
    """
    contributions = tuple(contributions)
    tail = tail_of(level)
    if refusal := why_not_pooled(contributions):
        return refusal
    k = len(contributions)
    if k < ENOUGH:
        return Refusal.of("too-few-for-asymmetry", k=k)
    precisions = [1 / each.effect.se for each in contributions]
    scores = [each.effect.value / each.effect.se for each in contributions]
    middle, average = math.fsum(precisions) / k, math.fsum(scores) / k
    width = math.fsum((x - middle) ** 2 for x in precisions)
    if width <= NO_SPREAD * middle**2:
        return Refusal.of("same-precision")
    limit = math.fsum((x - middle) * (y - average) for x, y in zip(precisions, scores, strict=True)) / width
    intercept = average - limit * middle
    left = math.fsum((y - intercept - limit * x) ** 2 for x, y in zip(precisions, scores, strict=True))
    if left <= NO_SPREAD * math.fsum(y * y for y in scores):
        return Refusal.of("no-spread")
    df = k - 2
    se = math.sqrt(left / df * (1 / k + middle**2 / width))
    reach = -t_quantile(tail, df) * se
    is_bound = contributions[0].effect.measure in BOUND_TO_ITS_ERROR
    return Asymmetry(
        k=k,
        level=level,
        intercept=intercept,
        se=se,
        low=intercept - reach,
        high=intercept + reach,
        statistic=intercept / se,
        df=df,
        p=t_two_sided(intercept / se, df),
        limit=limit,
        notes=(Note.of("bound-to-its-error"),) if is_bound else (),
    )
