"""Normal, Student t and chi-square: tails and quantiles, in plain Python.

Sources: continued fractions and series of the incomplete beta and gamma functions as in DLMF 8.17, 8.7 and 8.9
(dlmf.nist.gov), evaluated by Lentz's method. Within 1e-9 of the true value, relatively; degrees of freedom run from
1 to a million, whole or not.
"""

import math
from statistics import NormalDist
from sys import float_info

from claims.synthesis.roots import below_zero_from, crossing

TINY = float_info.min / float_info.epsilon
TERMS = 100_000
MOST_DF = 1_000_000  # beyond it the logarithms of gamma functions lose too many digits


def tail_of(level):
    """What lies beyond a two-sided interval on one side: 0.025 for a level of 0.95. Raises ValueError off 0.5..0.9999."""
    if not 0.5 <= level <= 0.9999:
        raise ValueError(f"The level of an interval lies between 0.5 and 0.9999, not {level}.")
    return (1 - level) / 2


def normal_quantile(p):
    return NormalDist().inv_cdf(p)


def normal_two_sided(z):
    """The chance of a standard normal at least this far from zero, on either side."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_two_sided(t, df):
    """The chance of a Student t at least this far from zero, on either side."""
    _refuse_df(df)
    square = t * t
    if not math.isfinite(square):
        return 0.0
    return _beta_share(df / (df + square), square / (df + square), df / 2, 0.5)


def t_quantile(p, df):
    _refuse_df(df)
    _refuse_share(p)
    if p == 0.5:
        return 0.0
    tails = 2 * min(p, 1 - p)

    def surplus(t):
        return t_two_sided(t, df) - tails

    high = below_zero_from(surplus, 1.0)
    size = crossing(surplus, 0.0, high)
    return size if p > 0.5 else -size


def chi_square_above(x, df):
    """The chance of a chi-square above x."""
    _refuse_df(df)
    return 1.0 if x <= 0 else _gamma_tails(df / 2, x / 2)[1]


def chi_square_quantile(p, df):
    _refuse_df(df)
    _refuse_share(p)
    side = 0 if p < 0.5 else 1  # the smaller tail keeps its digits
    wanted = (p, 1 - p)[side]

    def surplus(x):
        reached = _gamma_tails(df / 2, x / 2)[side] if x else float(side)
        return wanted - reached if side == 0 else reached - wanted

    return crossing(surplus, 0.0, below_zero_from(surplus, float(df)))


def _refuse_df(df):
    if not 1 <= df <= MOST_DF:
        raise ValueError(f"Degrees of freedom run from 1 to a million, not {df}.")


def _refuse_share(p):
    if not 0 < p < 1:
        raise ValueError(f"A share lies between 0 and 1, not {p}.")


def _beta_share(x, rest, a, b):
    """The regularised incomplete beta function (DLMF 8.17.22) at x, which with `rest` makes 1; where its fraction is fast."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(rest, x, b, a)
    front = a * math.log(x) + b * math.log(rest) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def terms():
        yield 1.0
        for m in range(1, TERMS):
            n = m - 1
            yield -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    return math.exp(front) / a * _fraction(terms(), lambda: 1.0)


def _gamma_tails(a, x):
    """(below, above): the regularised incomplete gamma functions, series below a + 1 and fraction above it."""
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, TERMS):
            term *= x / (a + n)
            total += term
            if term < total * float_info.epsilon:
                break
        below = front * total
        return below, 1 - below

    bottoms = iter(x + 1 - a + 2 * n for n in range(TERMS))

    def terms():
        yield 1.0
        for n in range(1, TERMS):
            yield n * (a - n)

    above = front * _fraction(terms(), lambda: next(bottoms))
    return 1 - above, above


def _fraction(tops, bottom):
    """t1/(b1 + t2/(b2 + ...)) by the modified method of Lentz; `bottom` is called for each b in turn."""
    value, up, down = TINY, TINY, 0.0
    for top in tops:
        below = bottom()
        down = 1 / (below + top * down or TINY)
        up = below + top / up or TINY
        value *= up * down
        if abs(up * down - 1) < float_info.epsilon:
            break
    return value
