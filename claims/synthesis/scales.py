"""The scale a measure is pooled on: ratios by their logarithm, correlations by Fisher's z, the rest as they are."""

import math

from claims.choices import EffectMeasure

RATIOS = frozenset((EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.HR))
POOLABLE = RATIOS | {
    EffectMeasure.MD,
    EffectMeasure.SMD,
    EffectMeasure.RD,
    EffectMeasure.R,
    EffectMeasure.MEAN_CHANGE,
}
LARGEST = (
    1e12  # of a value or a standard error, far past anything measured, so that no square or ratio overflows
)
SMALLEST = 1e-9  # of a standard error above zero, likewise
LARGEST_LOGARITHM = 690.0


def number(value, name, *, largest=LARGEST):
    """The same number as a float. Raises ValueError for what is no finite number or lies past `largest`, either way."""
    try:
        as_float = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"The {name} is a number, not {value!r}.") from None
    if not abs(as_float) <= largest:
        raise ValueError(f"The {name} is a finite number, not {value!r}.")
    return as_float


def pooled_scale(measure, value, name="estimate"):
    """From the scale it is printed on to the one it is pooled on. Raises ValueError for what that scale cannot hold."""
    value = number(value, name)
    if measure in RATIOS:
        if value <= 0:
            raise ValueError(f"The {name} of a ratio is above zero, not {value}.")
        return math.log(value)
    if measure == EffectMeasure.R:
        if not -1 < value < 1:
            raise ValueError(f"The {name} of a correlation lies between -1 and 1, not {value}.")
        return math.atanh(value)
    return value


def printed_scale(measure, value):
    """Back to the scale that people read; None for a ratio too large to write (past 1e299)."""
    if measure in RATIOS:
        return math.exp(value) if value < LARGEST_LOGARITHM else None
    return math.tanh(value) if measure == EffectMeasure.R else value
