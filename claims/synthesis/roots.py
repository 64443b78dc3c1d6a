"""Where a function crosses zero: the one search that quantiles and variances between studies both need."""

import math
from sys import float_info

STEPS = 200
DOUBLINGS = 2000


def crossing(function, low, high):
    """The point between `low` and `high` where a continuous function crosses zero, to the precision of a float.

    Source: Chandrupatla 1997, Advances in Engineering Software 28(3):145-149: inverse quadratic interpolation where
    the curve allows it, else bisection. Raises ValueError where both ends have the same sign.
    """
    a, b = high, low
    f_a, f_b = function(a), function(b)
    if f_a * f_b > 0:
        raise ValueError("The function does not cross zero between these points.")
    share = 0.5
    for _step in range(STEPS):
        point = a + share * (b - a)
        value = function(point)
        if (value > 0) == (f_a > 0):
            c, f_c = a, f_a
        else:
            c, f_c, b, f_b = b, f_b, a, f_a
        a, f_a = point, value
        best, f_best = (a, f_a) if abs(f_a) < abs(f_b) else (b, f_b)
        nearest = 2 * float_info.epsilon * abs(best) / abs(b - a) if b != a else math.inf
        if f_best == 0 or nearest > 0.5:
            return best
        share = _interpolated(a, f_a, b, f_b, c, f_c)
        share = min(max(share, nearest), 1 - nearest)
    return best


def _interpolated(a, f_a, b, f_b, c, f_c):
    xi = (a - b) / (c - b)
    phi = (f_a - f_b) / (f_c - f_b)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return f_a / (f_b - f_a) * f_c / (f_b - f_c) + (c - a) / (b - a) * f_a / (f_c - f_a) * f_b / (f_c - f_b)


def below_zero_from(function, start):
    """The first of start, 2 start, 4 start, ... at which a function that falls in the end is no longer above zero."""
    point = start
    for _doubling in range(DOUBLINGS):
        if function(point) <= 0:
            return point
        point *= 2
    raise ValueError("The function does not fall below zero.")
