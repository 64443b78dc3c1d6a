"""How far the true effects of studies lie apart: Q, I2, H2 and the variance between studies with its interval.

`values` and `variances` are equally long lists, at least two, variances above zero. Sums are exact (`math.fsum`), so
the order of the studies makes no difference.
"""

import math
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

from claims.synthesis.distributions import chi_square_above, chi_square_quantile, tail_of
from claims.synthesis.methods import Estimator
from claims.synthesis.roots import below_zero_from, crossing

GRID = 40  # points at which the restricted likelihood is looked at, since it may have more than one top
FINEST = 1e-9  # of the widest variance between studies that the values allow


@dataclass(frozen=True, kw_only=True)
class Heterogeneity:
    """Cochran's Q with its p, and how much of the variation lies between studies.

    `tau2` is that variance on the pooled scale, squared, with its Q-profile interval; None for a fixed effect, which
    has none. `i2` (per cent) and `h2` follow from tau2 and the typical variance within studies (Higgins and Thompson
    2002, equation 9), with limits from the limits of tau2; for a fixed effect they follow from Q. `i2_from_q` is what
    most papers print: (Q - df) / Q, not below 0.
    """

    q: float
    df: int
    p: float
    i2_from_q: float
    i2: float
    h2: float
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    i2_low: float | None = None
    i2_high: float | None = None


def weights_for(variances, tau2):
    return [1 / (variance + tau2) for variance in variances]


def weighted_mean(values, weights):
    return math.fsum(w * y for w, y in zip(weights, values, strict=True)) / math.fsum(weights)


def weighted_q(values, variances, tau2):
    """Squared distances to the mean, each over its whole variance; Cochran's Q when tau2 is 0."""
    weights = weights_for(variances, tau2)
    mean = weighted_mean(values, weights)
    return math.fsum(w * (y - mean) ** 2 for w, y in zip(weights, values, strict=True))


def heterogeneity(values, variances, *, estimator, level):
    """Raises ValueError for a level off 0.5..0.9999."""
    q, df = weighted_q(values, variances, 0.0), len(values) - 1
    from_q = {
        "q": q,
        "df": df,
        "p": chi_square_above(q, df),
        "i2_from_q": 100 * max(0.0, q - df) / q if q else 0.0,
    }
    if estimator == Estimator.FIXED:
        return Heterogeneity(**from_q, i2=from_q["i2_from_q"], h2=q / df)
    typical = df / own_information(weights_for(variances, 0.0))
    tau2 = TAU2[estimator](values, variances)
    low, high = tau2_interval(values, variances, level)
    return Heterogeneity(
        **from_q,
        tau2=tau2,
        tau2_low=low,
        tau2_high=high,
        i2=100 * tau2 / (tau2 + typical),
        h2=1 + tau2 / typical,
        i2_low=100 * low / (low + typical),
        i2_high=100 * high / (high + typical),
    )


def own_information(weights):
    """Sum w - sum w^2 / sum w, without the loss of subtracting large sums that are almost equal."""
    before = list(accumulate(weights, initial=0.0))
    after = list(accumulate(reversed(weights), initial=0.0))[::-1]
    others = [before[i] + after[i + 1] for i in range(len(weights))]
    return math.fsum(w * rest for w, rest in zip(weights, others, strict=True)) / math.fsum(weights)


def dersimonian_laird(values, variances):
    """(Q - df) over the information in the weights, not below 0 (DerSimonian and Laird 1986; Borenstein 2009, 12.2-12.5)."""
    excess = weighted_q(values, variances, 0.0) - (len(values) - 1)
    return max(0.0, excess) / own_information(weights_for(variances, 0.0))


def paule_mandel(values, variances):
    """The tau2 at which the weighted squared distances equal their degrees of freedom (Paule and Mandel 1982)."""
    return _tau2_where_q_is(len(values) - 1, values, variances)


def tau2_interval(values, variances, level):
    """(low, high) by the Q-profile (Viechtbauer 2007): the tau2 at which Q would lie on either edge of its distribution."""
    tail, df = tail_of(level), len(values) - 1
    edges = (chi_square_quantile(1 - tail, df), chi_square_quantile(tail, df))
    return tuple(_tau2_where_q_is(edge, values, variances) for edge in edges)


def _tau2_where_q_is(wanted, values, variances):
    def surplus(tau2):
        return weighted_q(values, variances, tau2) - wanted

    if surplus(0.0) <= 0:
        return 0.0
    return crossing(surplus, 0.0, below_zero_from(surplus, min(variances)))


def restricted_maximum_likelihood(values, variances):
    """The tau2, not below 0, at which the restricted likelihood is highest (Viechtbauer 2005, equations 5 and 8).

    Every top is looked for, by the slope changing sign on a grid; a climb from one start may stop at a lower top. From
    the squared range of the values on the slope is negative, since no value lies further from the mean than that.
    """
    widest = (max(values) - min(values)) ** 2
    if widest == 0:
        return 0.0

    slope = partial(_slope, values, variances)
    grid = [0.0, *(widest * FINEST ** (1 - step / GRID) for step in range(GRID + 1))]
    slopes = [slope(point) for point in grid]
    tops = [0.0] if slopes[0] <= 0 else []
    for (left, rising), (right, falling) in pairwise(zip(grid, slopes, strict=True)):
        if rising > 0 >= falling:
            tops.append(crossing(slope, left, right))
    return max(tops, key=lambda tau2: _likelihood(values, variances, tau2))


def _slope(values, variances, tau2):
    """Twice the derivative of the restricted log-likelihood."""
    weights = weights_for(variances, tau2)
    mean = weighted_mean(values, weights)
    return math.fsum((w * (y - mean)) ** 2 for w, y in zip(weights, values, strict=True)) - own_information(
        weights
    )


def _likelihood(values, variances, tau2):
    """Twice the restricted log-likelihood, but for a constant."""
    weights = weights_for(variances, tau2)
    mean = weighted_mean(values, weights)
    distances = math.fsum(w * (y - mean) ** 2 for w, y in zip(weights, values, strict=True))
    return math.fsum(math.log(w) for w in weights) - math.log(math.fsum(weights)) - distances


TAU2 = {
    Estimator.DERSIMONIAN_LAIRD: dersimonian_laird,
    Estimator.PAULE_MANDEL: paule_mandel,
    Estimator.REML: restricted_maximum_likelihood,
}
