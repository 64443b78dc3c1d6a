"""Effect sizes from the numbers per arm, each with its variance, on the scale it is pooled on.

Sources: Borenstein, Hedges, Higgins and Rothstein 2009, Introduction to Meta-Analysis, chapters 4-6; Cochrane
Handbook 6.5, chapters 6, 10 and 23. Impossible numbers raise ValueError; a table that holds no information on a
ratio gives a Refusal.
"""

import math
from dataclasses import dataclass, replace

from claims.choices import EffectMeasure
from claims.synthesis.distributions import normal_quantile, tail_of
from claims.synthesis.methods import Correction
from claims.synthesis.remarks import Note, Refusal
from claims.synthesis.scales import LARGEST, SMALLEST, number, pooled_scale, printed_scale


@dataclass(frozen=True, kw_only=True)
class Effect:
    """`value` and `variance` are on the pooled scale: logarithms for ratios, Fisher's z for a correlation.

    `unit` is what a difference is counted in (minutes, points); results in different units are not pooled.
    A variance of zero may stand here and is refused by the pool.
    """

    measure: EffectMeasure
    value: float
    variance: float
    unit: str = ""
    notes: tuple[Note, ...] = ()

    def __post_init__(self):
        settle(
            self,
            measure=EffectMeasure(self.measure),
            value=number(self.value, "effect"),
            variance=number(self.variance, "variance", largest=LARGEST**2),
        )
        if self.variance < 0:
            raise ValueError(f"A variance is not below zero: {self.variance}.")
        if 0 < self.variance < SMALLEST**2:
            raise ValueError(f"A variance of {self.variance} is smaller than anything measured.")

    @property
    def se(self):
        return math.sqrt(self.variance)

    @property
    def printed(self):
        """The effect on the scale that people read; None for a ratio too large to write."""
        return printed_scale(self.measure, self.value)

    def interval(self, level=0.95):
        """(low, high) on the pooled scale, normal."""
        reach = -normal_quantile(tail_of(level)) * self.se
        return self.value - reach, self.value + reach

    def noted(self, note):
        return replace(self, notes=(*self.notes, note))


@dataclass(frozen=True, kw_only=True)
class MeanArm:
    """One group's measurements: `n` people, their mean and standard deviation (not its standard error)."""

    n: int
    mean: float
    sd: float

    def __post_init__(self):
        refuse_counts(n=self.n)
        settle(self, mean=number(self.mean, "mean"), sd=number(self.sd, "standard deviation"))
        if self.sd < 0:
            raise ValueError(f"A standard deviation is not below zero: {self.sd}.")
        if self.n < 2:
            raise ValueError("A standard deviation takes at least two people.")


@dataclass(frozen=True, kw_only=True)
class CountArm:
    """One group's outcomes: how many of `n` people had the event."""

    events: int
    n: int

    def __post_init__(self):
        refuse_counts(events=self.events, n=self.n)
        if not 0 <= self.events <= self.n or self.n < 1:
            raise ValueError(f"{self.events} of {self.n} people is not possible.")


def settle(frozen, **fields):
    """Put the checked values in a frozen dataclass while it is being made."""
    for name, value in fields.items():
        object.__setattr__(frozen, name, value)


def refuse_counts(**counts):
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or abs(count) > LARGEST:
            raise ValueError(f"{name} is a whole number, not {count!r}.")


def mean_difference(treated, control, *, unit=""):
    """MD = m1 - m2 with variance s1^2/n1 + s2^2/n2, variances not taken to be equal (Borenstein 2009, 4.2 and 4.6)."""
    return Effect(
        measure=EffectMeasure.MD,
        value=treated.mean - control.mean,
        variance=treated.sd**2 / treated.n + control.sd**2 / control.n,
        unit=unit,
    )


def standardised_mean_difference(treated, control, *, correction):
    """Hedges' g: the difference in pooled standard deviations, corrected for small samples.

    g = J (m1 - m2) / s_pooled, variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)) (Hedges and Olkin 1985, chapter 5).
    """
    df = treated.n + control.n - 2
    spread = math.sqrt(((treated.n - 1) * treated.sd**2 + (control.n - 1) * control.sd**2) / df)
    if spread == 0:
        raise ValueError("A difference cannot be put in standard deviations of zero.")
    g = small_sample_factor(df, correction) * (treated.mean - control.mean) / spread
    return Effect(
        measure=EffectMeasure.SMD,
        value=g,
        variance=1 / treated.n + 1 / control.n + g * g / (2 * (treated.n + control.n)),
        notes=(correction_note(correction),),
    )


def small_sample_factor(df, correction):
    """J: exactly by gamma functions (Hedges 1981, 6e), or 1 - 3 / (4 df - 1) (Borenstein 2009, 4.22)."""
    if Correction(correction) == Correction.APPROXIMATE:
        return 1 - 3 / (4 * df - 1)
    if df < 2:
        raise ValueError("The exact correction takes at least two degrees of freedom.")
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def correction_note(correction):
    return Note.of(f"{Correction(correction).value}-correction")


def log_risk_ratio(treated, control):
    """log RR = log(a/n1) - log(c/n2), variance 1/a - 1/n1 + 1/c - 1/n2 (Borenstein 2009, 5.2 and 5.3)."""
    if _holds_no_contrast(treated, control):
        return Refusal.of("no-contrast")
    a, n1, c, n2, notes = _filled(treated, control)
    return Effect(
        measure=EffectMeasure.RR,
        value=math.log(a / n1) - math.log(c / n2),
        variance=1 / a - 1 / n1 + 1 / c - 1 / n2,
        notes=notes,
    )


def log_odds_ratio(treated, control):
    """log OR = log(ad / bc), variance 1/a + 1/b + 1/c + 1/d (Borenstein 2009, 5.9 and 5.10)."""
    if _holds_no_contrast(treated, control):
        return Refusal.of("no-contrast")
    a, n1, c, n2, notes = _filled(treated, control)
    b, d = n1 - a, n2 - c
    return Effect(
        measure=EffectMeasure.OR,
        value=math.log(a) + math.log(d) - math.log(b) - math.log(c),
        variance=1 / a + 1 / b + 1 / c + 1 / d,
        notes=notes,
    )


def risk_difference(treated, control):
    """RD = a/n1 - c/n2, variance ab/n1^3 + cd/n2^3 (Borenstein 2009, 5.15 and 5.16)."""
    a, n1, c, n2, notes = _filled(treated, control)
    return Effect(
        measure=EffectMeasure.RD,
        value=a / n1 - c / n2,
        variance=a * (n1 - a) / n1**3 + c * (n2 - c) / n2**3,
        notes=notes,
    )


def fisher_z(*, r, n):
    """z = artanh r with variance 1 / (n - 3), for `n` pairs (Borenstein 2009, 6.2 and 6.3)."""
    refuse_counts(n=n)
    if n < 4:
        raise ValueError("A correlation takes at least four pairs.")
    value = pooled_scale(EffectMeasure.R, r, "value")
    return Effect(measure=EffectMeasure.R, value=value, variance=1 / (n - 3))


def _holds_no_contrast(treated, control):
    nobody = treated.events == control.events == 0
    return nobody or (treated.events == treated.n and control.events == control.n)


def _filled(treated, control):
    """a, n1, c, n2 and notes; with 0.5 in each of the four cells as soon as one is empty (Cochrane Handbook 10.4.4.1)."""
    cells = (treated.events, treated.n - treated.events, control.events, control.n - control.events)
    if all(cells):
        return treated.events, treated.n, control.events, control.n, ()
    return treated.events + 0.5, treated.n + 1, control.events + 0.5, control.n + 1, (Note.of("half-added"),)
