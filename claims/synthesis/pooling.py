"""One estimate out of several studies, with its interval, its heterogeneity and what a next study may find.

Sources: Borenstein 2009, chapters 11, 12 and 17; Cochrane Handbook 6.5, chapter 10; Hartung and Knapp 2001, IntHout,
Ioannidis and Borm 2014 and Röver, Knapp and Friede 2015 for the t interval; Higgins, Thompson and Spiegelhalter 2009
for the prediction interval.
"""

import math
from dataclasses import dataclass

from claims.choices import EffectMeasure
from claims.synthesis.distributions import (
    normal_quantile,
    normal_two_sided,
    t_quantile,
    t_two_sided,
    tail_of,
)
from claims.synthesis.methods import Estimator, IntervalMethod
from claims.synthesis.remarks import Note, Refusal
from claims.synthesis.scales import printed_scale
from claims.synthesis.sense import why_not_pooled
from claims.synthesis.spread import Heterogeneity, heterogeneity, weighted_mean, weighted_q, weights_for

FEW = 5
NO_SPREAD = 1e-12  # of what Q is expected to be


@dataclass(frozen=True)
class Weight:
    """A study's part in the pooled estimate, in per cent; all together make 100."""

    study: str
    percent: float


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Where the true effect of a next study may lie: value +- t sqrt(tau2 + se^2), t with k - 2 degrees of freedom.

    Higgins, Thompson and Spiegelhalter 2009, section 4.1 (some programs take k - 1); `se` is that of the pool's interval.
    """

    low: float
    high: float
    df: int


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A pooled effect; value, se and limits are on the pooled scale (`scales`), `printed` puts them on the one people read.

    `statistic` is value / se, normal for Wald (`df` None), else t. `model_se` is the standard error by the weights
    alone, which Hartung-Knapp rescales. `notes` holds (study, note) for a study's own remarks, ("", note) for the pool's.
    """

    measure: EffectMeasure
    unit: str
    k: int
    estimator: Estimator
    interval_method: IntervalMethod
    level: float
    value: float
    se: float
    model_se: float
    low: float
    high: float
    statistic: float
    df: int | None
    p: float
    heterogeneity: Heterogeneity
    prediction: Prediction | Refusal
    weights: tuple[Weight, ...]
    notes: tuple[tuple[str, Note], ...]

    @property
    def printed(self):
        """(estimate, low, high) on the scale people read; None for a ratio too large to write."""
        return tuple(printed_scale(self.measure, number) for number in (self.value, self.low, self.high))


def pool(contributions, *, estimator, interval, level=0.95):
    """Pooled, or a Refusal that says why not.

    Raises ValueError for a level off 0.5..0.9999, an unknown method, and Hartung-Knapp with a fixed effect, which it is not for.
    """
    contributions = tuple(contributions)
    estimator, interval = agreed_methods(estimator, interval, level)
    if refusal := why_not_pooled(contributions):
        return refusal
    values = [each.effect.value for each in contributions]
    variances = [each.effect.variance for each in contributions]
    found = heterogeneity(values, variances, estimator=estimator, level=level)
    weights = weights_for(variances, found.tau2 or 0.0)
    total = math.fsum(weights)
    value, model_se, df = weighted_mean(values, weights), 1 / math.sqrt(total), None
    se, quantile = model_se, -normal_quantile(tail_of(level))
    if interval != IntervalMethod.WALD:
        df = len(values) - 1
        scale = weighted_q(values, variances, found.tau2) / df
        if interval == IntervalMethod.HARTUNG_KNAPP_WIDENED:
            scale = max(1.0, scale)
        if scale < NO_SPREAD:
            return Refusal.of("no-spread")
        se, quantile = model_se * math.sqrt(scale), -t_quantile(tail_of(level), df)
    return Pooled(
        measure=contributions[0].effect.measure,
        unit=contributions[0].effect.unit,
        k=len(values),
        estimator=estimator,
        interval_method=interval,
        level=level,
        value=value,
        se=se,
        model_se=model_se,
        low=value - quantile * se,
        high=value + quantile * se,
        statistic=value / se,
        df=df,
        p=normal_two_sided(value / se) if df is None else t_two_sided(value / se, df),
        heterogeneity=found,
        prediction=_prediction(value, se, found, level),
        weights=tuple(
            Weight(each.study, 100 * weight / total)
            for each, weight in zip(contributions, weights, strict=True)
        ),
        notes=_notes(contributions, estimator),
    )


def agreed_methods(estimator, interval, level):
    """Both methods as choices. Raises ValueError as `pool` does."""
    tail_of(level)
    estimator, interval = Estimator(estimator), IntervalMethod(interval)
    if estimator == Estimator.FIXED and interval != IntervalMethod.WALD:
        raise ValueError("Hartung-Knapp is made for random effects.")
    return estimator, interval


def _prediction(value, se, found, level):
    if found.tau2 is None:
        return Refusal.of("fixed-effect")
    df = found.df - 1
    if df < 1:
        return Refusal.of("too-few-to-predict")
    reach = -t_quantile(tail_of(level), df) * math.sqrt(found.tau2 + se**2)
    return Prediction(low=value - reach, high=value + reach, df=df)


def _notes(contributions, estimator):
    own = tuple((each.study, note) for each in contributions for note in each.effect.notes)
    if estimator == Estimator.FIXED or len(contributions) >= FEW:
        return own
    return (*own, ("", Note.of("few-studies")))
