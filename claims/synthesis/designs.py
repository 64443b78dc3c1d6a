"""Effect sizes of trials whose people are not simply two separate groups: crossover, before and after, clusters."""

import math
from dataclasses import replace

from claims.choices import EffectMeasure
from claims.synthesis.effects import Effect, correction_note, small_sample_factor
from claims.synthesis.remarks import Note
from claims.synthesis.scales import number


def paired_mean_difference(first, second, *, correlation, unit=""):
    """MD of the same people measured twice, as in a crossover trial; `first` minus `second`.

    Variance (s1^2 + s2^2 - 2 r s1 s2) / n (Cochrane Handbook 23.2.7), r being the correlation between both
    measurements, which is seldom printed: try a few.
    """
    correlation = _within_one(correlation)
    return Effect(
        measure=EffectMeasure.MD,
        value=first.mean - second.mean,
        variance=_variance_of_change(first, second, correlation) / first.n,
        unit=unit,
        notes=(_paired(correlation),),
    )


def paired_standardised_mean_difference(first, second, *, correlation, correction):
    """Hedges' g of the same people measured twice, in standard deviations between people.

    The standard deviation is that of the changes over sqrt(2 (1 - r)); variance (1/n + d^2 / 2n) 2 (1 - r), times
    J squared with n - 1 degrees of freedom (Borenstein 2009, 4.26-4.28 and 4.22-4.24).
    """
    correlation = _within_one(correlation)
    kept_apart = 2 * (1 - correlation)
    spread = math.sqrt(_variance_of_change(first, second, correlation) / kept_apart)
    if spread == 0:
        raise ValueError("A difference cannot be put in standard deviations of zero.")
    d = (first.mean - second.mean) / spread
    factor = small_sample_factor(first.n - 1, correction)
    return Effect(
        measure=EffectMeasure.SMD,
        value=factor * d,
        variance=factor**2 * (1 / first.n + d * d / (2 * first.n)) * kept_apart,
        notes=(correction_note(correction), _paired(correlation)),
    )


def allow_for_clusters(effect, *, size, icc):
    """The same effect with its variance times 1 + (size - 1) icc: people of one cluster are alike (Cochrane Handbook 23.1.4).

    `size` is the mean number of people in a cluster, `icc` the intraclass correlation. For an effect that was worked
    out as if people had been allocated one by one.
    """
    size, icc = number(size, "size of a cluster"), number(icc, "intraclass correlation")
    if size < 1:
        raise ValueError(f"A cluster holds at least one person, not {size}.")
    if not 0 <= icc <= 1:
        raise ValueError(f"An intraclass correlation lies between 0 and 1, not {icc}.")
    factor = 1 + (size - 1) * icc
    widened = replace(effect, variance=effect.variance * factor)
    return widened.noted(Note.of("clustered", factor=f"{factor:.4g}", size=f"{size:.4g}", icc=f"{icc:.4g}"))


def _variance_of_change(first, second, correlation):
    if first.n != second.n:
        raise ValueError("The same people measured twice are equally many both times.")
    return max(0.0, first.sd**2 + second.sd**2 - 2 * correlation * first.sd * second.sd)


def _within_one(correlation):
    correlation = number(correlation, "correlation")
    if not -1 < correlation < 1:
        raise ValueError(f"A correlation lies between -1 and 1, not {correlation}.")
    return correlation


def _paired(correlation):
    return Note.of("paired", correlation=f"{correlation:.4g}")
