"""Numbers of one result that cannot stand together, and those that make one look again.

Refused is only what no rounding, no small sample and no other test can bring about; everything between is told. A number that
is printed as 1.2 may be anything from 1.15 to 1.25. Sources: Cochrane Handbook 6.5, sections 6.3.1 (differences) and
6.3.2 (ratios): an interval reaches a quantile times the standard error to either side, for a ratio on the scale of its
logarithm. metafor's `conv.wald` does the same, and takes a correlation as Fisher's z (`escalc`, measure ZCOR).
"""

import math
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from claims.choices import EffectMeasure
from claims.synthesis.distributions import (
    normal_quantile,
    normal_two_sided,
    t_quantile,
    tail_of,
)
from claims.synthesis.scales import POOLABLE, RATIOS, SMALLEST, pooled_scale

NARROWEST = 0.9  # of a normal interval: what likelihood and bootstrap may take off
FEWEST_DF = 4  # of the t distribution behind the widest interval that is believed
CLEAR, NO_SIGN = 1.96, 1.0  # standard errors from no effect: p 0.05, p 0.32
FAR = 2.576  # p 0.01
TWICE_LOOKED, APART = (
    1.5,
    0.5,
)  # by so many times, and so many standard errors, p and interval differ before it is told
NOUGHT = 0.0005  # what a p printed as 0.000 is below

INTERVAL_RUNS = _("The interval runs from low to high and holds the estimate.")
RATIO_ABOVE_ZERO = _("A ratio and its interval are above zero.")
ERROR_ABOVE_ZERO = _("A standard error is above zero.")
ERROR_OF_AN_ESTIMATE = _("A standard error stands beside the estimate that it is of.")
ERROR_FITS = _(
    "The standard error does not go with the interval. Of a ratio it is that of the logarithm, "
    "of a correlation that of Fisher’s z."
)
REACH = _(
    "The standard error does not go with the interval: that reaches %(found)s standard errors to either side, where "
    "one of %(level)s%% reaches about %(usual)s. Of a ratio give the standard error of the logarithm, of a correlation that "
    "of Fisher’s z."
)
P_FITS = _("p does not go with the numbers beside it: by those it would be about %(p)s.")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `rule` is the constraint of the base that says the same, "" where there is none."""

    sentence: object
    rule: str = ""


def contradictions_of(reported):
    """{field: Problem} of what cannot be."""
    found = {**out_of_order(reported), **not_above_zero(reported), **odd_error(reported)}
    if found or reported.measure not in POOLABLE:
        return found
    try:
        return error_beside_interval(reported) or p_beside_the_rest(reported)
    except ValueError:  # off the scale or at a level that no interval has: another rule says so
        return {}


def out_of_order(reported):
    estimate, low, high = reported.estimate, reported.ci_low, reported.ci_high
    problem = Problem(INTERVAL_RUNS, "evidence_interval_holds_the_estimate")
    found = {}
    if None not in (estimate, low) and low > estimate:
        found["ci_low"] = problem
    if (None not in (estimate, high) and high < estimate) or (None not in (low, high) and low > high):
        found["ci_high"] = problem
    return found


def not_above_zero(reported):
    if reported.measure not in RATIOS:
        return {}
    problem = Problem(RATIO_ABOVE_ZERO, "evidence_ratio_above_zero")
    names = ("estimate", "ci_low", "ci_high")
    return {
        name: problem
        for name in names
        if getattr(reported, name) is not None and getattr(reported, name) <= 0
    }


def odd_error(reported):
    if reported.standard_error is None:
        return {}
    if reported.standard_error <= 0:
        return {"standard_error": Problem(ERROR_ABOVE_ZERO, "evidence_standard_error_above_zero")}
    if reported.estimate is None:
        return {"standard_error": Problem(ERROR_OF_AN_ESTIMATE, "evidence_standard_error_of_an_estimate")}
    return {}


def error_beside_interval(reported):
    if reported.standard_error is None or not reported.has_interval:
        return {}
    tail = tail_of(reported.ci_level / 100)
    usual, widest = -normal_quantile(tail), -t_quantile(tail, FEWEST_DF)
    narrow, wide = half_width(reported)
    small, large = given_error(reported)
    if wide >= NARROWEST * usual * small and narrow <= widest * large:
        return {}
    found = (narrow + wide) / (small + large)
    values = {"found": read(f"{found:.2g}"), "level": reported.ci_level, "usual": read(f"{usual:.2f}")}
    return {"standard_error": Problem(REACH % values, "evidence_standard_error_fits_its_interval")}


def p_beside_the_rest(reported):
    """p and the rest on either side of "is there an effect", both far from it."""
    if not (places := places_of(reported)):
        return {}
    said, least, most = places
    shows_one = said >= CLEAR and reported.p_bound not in (">", "≥") and most < NO_SIGN
    shows_none = said <= NO_SIGN and reported.p_bound not in ("<", "≤") and least > FAR
    return {"p_value": Problem(P_FITS % {"p": p_worked_out(reported)})} if shows_one or shows_none else {}


def doubts_of(reported):
    """Sentences about numbers that may stand together and hardly ever do."""
    if reported.measure not in POOLABLE or contradictions_of(reported):
        return []
    try:
        places = places_of(reported)
    except ValueError:
        return []
    if not places:
        return []
    said, least, most = places
    is_too_small = said > max(TWICE_LOOKED * most, most + APART) and reported.p_bound not in (">", "≥")
    is_too_large = least > max(TWICE_LOOKED * said, said + APART) and reported.p_bound not in ("<", "≤")
    return [P_FITS % {"p": p_worked_out(reported)}] if is_too_small or is_too_large else []


def places_of(reported):
    """How many standard errors from no effect: by p, and at least and at most by the error; None without either."""
    errors = errors_of(reported)
    if reported.p_value is None or errors is None:
        return None
    low, high = about(reported.measure, reported.estimate, decimals_of(reported.estimate))
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    small, large = errors
    said = -normal_quantile((reported.p_value or NOUGHT) / 2)
    return said, nearest / large, max(abs(low), abs(high)) / max(small, SMALLEST)


def p_worked_out(reported):
    """By the numbers as they are printed, for reading."""
    small, large = errors_of(reported)
    z = pooled_scale(reported.measure, reported.estimate) / max((small + large) / 2, SMALLEST)
    p = normal_two_sided(z)
    return read("0.0001" if p < 0.0001 else f"{p:.2g}")


def read(digits):
    """A number with the decimal mark of whoever reads it."""
    return number_format(Decimal(digits))


def errors_of(reported):
    """(smallest, largest) that the standard error may be, as printed or else by the interval; None without either."""
    if reported.estimate is None:
        return None
    if reported.standard_error is not None:
        return given_error(reported)
    if not reported.has_interval:
        return None
    usual = -normal_quantile(tail_of(reported.ci_level / 100))
    return tuple(width / usual for width in half_width(reported))


def given_error(reported):
    slack = 0.5 * 10 ** -decimals_of(reported.standard_error)
    return max(float(reported.standard_error) - slack, 0.0), float(reported.standard_error) + slack


def half_width(reported):
    """(least, most) that half the interval may be on the pooled scale; its numbers are printed with the same decimals."""
    printed = (reported.estimate, reported.ci_low, reported.ci_high)
    decimals = max(map(decimals_of, printed))
    low, high = (about(reported.measure, end, decimals) for end in (reported.ci_low, reported.ci_high))
    return max((high[0] - low[1]) / 2, 0.0), (high[1] - low[0]) / 2


def about(measure, value, decimals):
    """(lowest, highest) on the pooled scale of what is printed so."""
    value, slack = float(value), 0.5 * 10**-decimals
    ends = [value - slack, value + slack]
    if measure in RATIOS:
        ends = [max(end, SMALLEST) for end in ends]
    if measure == EffectMeasure.R:
        ends = [min(max(end, SMALLEST - 1), 1 - SMALLEST) for end in ends]
    return tuple(pooled_scale(measure, end) for end in ends)


def decimals_of(number):
    """How many digits stand behind the point, idle zeros left out."""
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) and math.isfinite(number) else 0
