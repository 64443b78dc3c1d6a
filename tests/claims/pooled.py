"""Studies made of bare numbers, and pools of them, for the tests of meta-analysis."""

import pytest

from claims.choices import EffectMeasure
from claims.synthesis import Contribution, CountArm, Effect, Estimator, IntervalMethod, pool

RANDOM_EFFECTS = (Estimator.DERSIMONIAN_LAIRD, Estimator.PAULE_MANDEL, Estimator.REML)


def studies(effects):
    return [
        Contribution(study=f"study {place}", effect=effect) for place, effect in enumerate(effects, start=1)
    ]


def plain(values, variances, measure=EffectMeasure.MD):
    return studies(
        Effect(measure=measure, value=value, variance=variance)
        for value, variance in zip(values, variances, strict=True)
    )


def arms(a, n1, c, n2):
    return CountArm(events=a, n=n1), CountArm(events=c, n=n2)


def wald(contributions, estimator):
    return pool(contributions, estimator=estimator, interval=IntervalMethod.WALD)


def hartung_knapp(contributions, estimator):
    return pool(contributions, estimator=estimator, interval=IntervalMethod.HARTUNG_KNAPP)


def printed(*numbers, digits=4):
    """As a table prints them: half of the last digit either way."""
    return pytest.approx(numbers, abs=0.5000001 * 10**-digits)
