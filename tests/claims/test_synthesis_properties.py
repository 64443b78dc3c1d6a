"""What must hold for any studies at all."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.synthesis import (
    Estimator,
    IntervalMethod,
    Pooled,
    Refusal,
    cumulative,
    leave_one_out,
    pool,
)
from tests.claims.pooled import RANDOM_EFFECTS, plain

VALUES = st.floats(-50, 50).map(lambda value: round(value, 3))
VARIANCES = st.floats(0.01, 25).map(lambda value: round(value, 3))
ROWS = st.lists(st.tuples(VALUES, VARIANCES), min_size=2, max_size=12)
METHODS = st.sampled_from(
    [(Estimator.FIXED, IntervalMethod.WALD)]
    + [
        (estimator, interval)
        for estimator in RANDOM_EFFECTS
        for interval in (IntervalMethod.WALD, IntervalMethod.HARTUNG_KNAPP_WIDENED)
    ]
)


def studies_of(rows):
    return plain(*zip(*rows, strict=True))


def asked(rows, methods):
    estimator, interval = methods
    return pool(studies_of(rows), estimator=estimator, interval=interval)


def code(answer):
    assert isinstance(answer, Refusal) and answer.sentence
    return answer.code


class TestWhateverTheStudies:
    @given(ROWS, METHODS, st.randoms(use_true_random=False))
    @settings(max_examples=60, deadline=None)
    def test_their_order_makes_no_difference(self, rows, methods, chance):
        shuffled = list(rows)
        chance.shuffle(shuffled)
        first, second = asked(rows, methods), asked(shuffled, methods)

        assert (first.value, first.low, first.high) == pytest.approx(
            (second.value, second.low, second.high), rel=1e-7, abs=1e-9
        )

    @given(ROWS, METHODS)
    @settings(max_examples=60, deadline=None)
    def test_ten_times_the_scale_gives_ten_times_the_pool(self, rows, methods):
        found = asked(rows, methods)
        larger = asked([(10 * value, 100 * variance) for value, variance in rows], methods)

        assert (larger.value, larger.low, larger.high) == pytest.approx(
            (10 * found.value, 10 * found.low, 10 * found.high), rel=1e-5, abs=1e-6
        )

    @given(ROWS, METHODS)
    @settings(max_examples=60, deadline=None)
    def test_the_pool_lies_among_its_studies_with_every_number_finite(self, rows, methods):
        found = asked(rows, methods)
        values = [value for value, _variance in rows]

        assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
        assert found.low <= found.value <= found.high and 0 <= found.p <= 1
        assert math.fsum(weight.percent for weight in found.weights) == pytest.approx(100)
        assert found.heterogeneity.tau2 is None or found.heterogeneity.tau2 >= 0
        assert 0 <= found.heterogeneity.i2 <= 100
        assert all(map(math.isfinite, (found.value, found.se, found.low, found.high, found.heterogeneity.q)))

    @given(ROWS, METHODS)
    @settings(max_examples=40, deadline=None)
    def test_leaving_one_out_is_pooling_the_rest(self, rows, methods):
        estimator, interval = methods
        without = leave_one_out(studies_of(rows), estimator=estimator, interval=interval)

        for place, left in enumerate(without):
            rest = rows[:place] + rows[place + 1 :]
            again = pool(studies_of(rest), estimator=estimator, interval=interval)
            if len(rest) < 2:
                assert code(left.pooled) == code(again) == "too-few"
            else:
                assert (left.pooled.value, left.pooled.se) == (again.value, again.se)

    @given(ROWS)
    @settings(max_examples=40, deadline=None)
    def test_the_last_of_the_cumulative_pools_is_the_pool(self, rows):
        steps = cumulative(studies_of(rows), estimator=Estimator.PAULE_MANDEL, interval=IntervalMethod.WALD)

        assert [step.k for step in steps] == list(range(1, len(rows) + 1))
        assert code(steps[0].pooled) == "too-few"
        assert steps[-1].pooled.value == asked(rows, (Estimator.PAULE_MANDEL, IntervalMethod.WALD)).value

    @given(ROWS, VALUES)
    @settings(max_examples=40, deadline=None)
    def test_one_study_that_dominates_pulls_the_fixed_pool_to_it(self, rows, value):
        found = asked([*rows, (value, 1e-10)], (Estimator.FIXED, IntervalMethod.WALD))

        assert found.value == pytest.approx(value, abs=1e-5)

    @given(ROWS, VALUES)
    @settings(max_examples=40, deadline=None)
    def test_a_study_that_weighs_nothing_changes_nothing_in_the_fixed_pool(self, rows, value):
        methods = (Estimator.FIXED, IntervalMethod.WALD)
        found, again = asked(rows, methods), asked([*rows, (value, 1e18)], methods)

        assert (again.value, again.se) == pytest.approx((found.value, found.se), rel=1e-9, abs=1e-9)

    @given(ROWS)
    @settings(max_examples=40, deadline=None)
    def test_the_widened_interval_is_never_narrower_than_either(self, rows):
        widened = asked(rows, (Estimator.REML, IntervalMethod.HARTUNG_KNAPP_WIDENED))
        normal = asked(rows, (Estimator.REML, IntervalMethod.WALD))
        tested = asked(rows, (Estimator.REML, IntervalMethod.HARTUNG_KNAPP))

        assert widened.high - widened.low >= (normal.high - normal.low) * (1 - 1e-9)
        if isinstance(tested, Pooled):
            assert widened.high - widened.low >= (tested.high - tested.low) * (1 - 1e-9)

    @given(ROWS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
    @settings(max_examples=30, deadline=None)
    def test_the_interval_of_tau2_widens_with_its_level(self, rows, level):
        contributions = studies_of(rows)
        at, higher = (
            pool(contributions, estimator=Estimator.REML, interval=IntervalMethod.WALD, level=each)
            for each in (level, 0.995)
        )

        assert higher.heterogeneity.tau2_low <= at.heterogeneity.tau2_low
        assert higher.heterogeneity.tau2_high >= at.heterogeneity.tau2_high
