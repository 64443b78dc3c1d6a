"""What is refused with a reason, impossible numbers that never become a result, and what an effect says of itself."""

import math
from itertools import pairwise

import pytest

from claims.choices import EffectMeasure
from claims.synthesis import (
    NOTES,
    REFUSALS,
    Contribution,
    Correction,
    CountArm,
    Effect,
    Estimator,
    IntervalMethod,
    MeanArm,
    Note,
    Pooled,
    Refusal,
    allow_for_clusters,
    compare_groups,
    cumulative,
    effect_from_interval,
    effect_from_p,
    effect_from_se,
    egger,
    fisher_z,
    leave_one_out,
    log_odds_ratio,
    log_risk_ratio,
    mean_difference,
    paired_mean_difference,
    pool,
    printed_scale,
    risk_difference,
    standardised_mean_difference,
)
from tests.claims.pooled import plain, wald


def one(value=1.0, variance=1.0, study="a", **words):
    measure = words.pop("measure", EffectMeasure.MD)
    effect = Effect(measure=measure, value=value, variance=variance, unit=words.pop("unit", ""))
    return Contribution(study=study, effect=effect, **words)


def code(answer):
    assert isinstance(answer, Refusal) and answer.sentence
    return answer.code


class TestRefusals:
    @pytest.mark.parametrize(
        ("contributions", "expected"),
        [
            ([], "too-few"),
            ([one()], "too-few"),
            ([one(), one(study="b", measure=EffectMeasure.SMD)], "mixed-measures"),
            ([one(measure=EffectMeasure.OTHER), one(study="b", measure=EffectMeasure.OTHER)], "not-poolable"),
            ([one(unit="min"), one(study="b", unit="points")], "mixed-units"),
            ([one(), one(study="b", species="mouse")], "human-and-animal"),
            ([one(), one()], "same-study-twice"),
            ([one(), one(study="b", one_with=one().study)], "merged-studies"),
            ([one(one_with="c"), one(study="b", one_with="c")], "merged-studies"),
            ([one(trials={"c"}), one(study="b", one_with="c")], "review-and-its-trials"),
            ([one(trials={"b"}), one(study="b")], "review-and-its-trials"),
            ([one(trials={"t"}), one(study="b", trials={"t"})], "reviews-share-trials"),
            ([one(), one(study="b", variance=0)], "zero-variance"),
        ],
    )
    @pytest.mark.parametrize("way", ["pool", "leave_one_out", "cumulative", "compare_groups", "egger"])
    def test_what_makes_no_sense_is_refused_everywhere(self, contributions, expected, way):
        methods = {"estimator": Estimator.REML, "interval": IntervalMethod.WALD}
        answer = {
            "pool": lambda: pool(contributions, **methods),
            "leave_one_out": lambda: leave_one_out(contributions, **methods),
            "cumulative": lambda: cumulative(contributions, **methods),
            "compare_groups": lambda: compare_groups({"all": contributions}, **methods),
            "egger": lambda: egger(contributions),
        }[way]()

        assert code(answer) == expected

    def test_equal_results_have_no_hartung_knapp_interval(self):
        trials = plain([1.0, 1.0, 1.0], [0.1, 0.2, 0.3])

        assert code(pool(trials, estimator="reml", interval="hartung-knapp")) == "no-spread"
        assert isinstance(pool(trials, estimator="reml", interval="hartung-knapp-widened"), Pooled)

    def test_a_prediction_takes_three_studies_and_random_effects(self):
        two, three = plain([0, 1], [1, 1]), plain([0, 1, 2], [1, 1, 1])

        assert code(wald(two, Estimator.REML).prediction) == "too-few-to-predict"
        assert code(wald(three, Estimator.FIXED).prediction) == "fixed-effect"
        assert wald(three, Estimator.REML).prediction.df == 1

    def test_asymmetry_takes_ten_studies_of_different_precision(self):
        assert code(egger(plain(range(9), range(1, 10)))) == "too-few-for-asymmetry"
        assert code(egger(plain(range(10), [1.0] * 10))) == "same-precision"
        assert code(egger(plain([0.0] * 10, range(1, 11)))) == "no-spread"

    def test_groups_that_cannot_be_pooled_are_not_compared(self):
        trials = plain([0, 1, 2], [1, 1, 1])
        found = compare_groups({"two": trials[:2], "one": trials[2:]}, estimator="reml", interval="wald")

        assert code(found.groups[1].pooled) == "too-few" and code(found.difference) == "one-group"

    @pytest.mark.parametrize(("kind", "known"), [(Note, NOTES), (Refusal, REFUSALS)])
    def test_a_remark_has_a_sentence_that_we_know(self, kind, known):
        names = (
            "study studies review other trials measures units measure species k level size icc factor correlation"
        ).split()
        for each in known:
            assert kind.of(each, **dict.fromkeys(names, "9")).sentence.endswith(".")
        with pytest.raises(ValueError, match="There is no"):
            kind("made-up")


class TestImpossibleNumbers:
    @pytest.mark.parametrize(
        "make",
        [
            lambda: Effect(measure=EffectMeasure.MD, value=math.nan, variance=1),
            lambda: Effect(measure=EffectMeasure.MD, value=math.inf, variance=1),
            lambda: Effect(measure=EffectMeasure.MD, value=1, variance=-1),
            lambda: Effect(measure="made-up", value=1, variance=1),
            lambda: CountArm(events=5, n=4),
            lambda: CountArm(events=-1, n=4),
            lambda: CountArm(events=1.5, n=4),
            lambda: CountArm(events=True, n=4),
            lambda: MeanArm(n=1, mean=1, sd=1),
            lambda: MeanArm(n=5, mean=1, sd=-1),
            lambda: MeanArm(n=5, mean="x", sd=1),
            lambda: fisher_z(r=1, n=10),
            lambda: fisher_z(r=0.5, n=3),
            lambda: effect_from_interval("RR", estimate=-1, low=0.5, high=2),
            lambda: effect_from_interval("RR", estimate=1, low=0, high=2),
            lambda: effect_from_interval("MD", estimate=5, low=0, high=2),
            lambda: effect_from_interval("MD", estimate=1, low=0, high=2, level=1.5),
            lambda: effect_from_se("MD", estimate=1, se=-1),
            lambda: effect_from_p("MD", estimate=0, p=0.5),
            lambda: effect_from_p("MD", estimate=1, p=0),
            lambda: effect_from_p("MD", estimate=1, p=1),
            lambda: effect_from_p("r", estimate=1.2, p=0.5),
            lambda: pool([one(), one(study="b")], estimator="made-up", interval="wald"),
            lambda: pool([one(), one(study="b")], estimator="fixed", interval="hartung-knapp"),
            lambda: pool([one(), one(study="b")], estimator="reml", interval="wald", level=95),
            lambda: allow_for_clusters(one().effect, size=0.5, icc=0.1),
            lambda: allow_for_clusters(one().effect, size=20, icc=1.1),
            lambda: paired_mean_difference(MeanArm(n=5, mean=1, sd=1), MeanArm(n=5, mean=1, sd=1), correlation=2),
            lambda: paired_mean_difference(MeanArm(n=5, mean=1, sd=1), MeanArm(n=6, mean=1, sd=1), correlation=0),
            lambda: standardised_mean_difference(
                MeanArm(n=5, mean=1, sd=0), MeanArm(n=5, mean=2, sd=0), correction=Correction.EXACT
            ),
            lambda: Contribution(study="a", effect=None),
        ],
    )  # fmt: skip
    def test_they_are_a_value_error(self, make):
        with pytest.raises(ValueError, match=r"\S"):
            make()


class TestEffects:
    arms = CountArm(events=0, n=50), CountArm(events=5, n=50)

    def test_an_empty_cell_gets_a_half_and_says_so(self):
        # (0.5 / 51) / (5.5 / 51)
        effect = log_risk_ratio(*self.arms)

        assert effect.printed == pytest.approx(0.5 / 5.5) and effect.notes[0].code == "half-added"
        assert log_odds_ratio(*self.arms).notes[0].code == "half-added"
        assert risk_difference(*self.arms).notes[0].code == "half-added"

    @pytest.mark.parametrize("events", [0, 50])
    def test_nobody_or_everybody_says_nothing_of_a_ratio(self, events):
        both = CountArm(events=events, n=50), CountArm(events=events, n=50)

        assert code(log_risk_ratio(*both)) == code(log_odds_ratio(*both)) == "no-contrast"
        assert risk_difference(*both).value == 0

    def test_an_interval_and_the_p_that_goes_with_it_give_the_same_error(self):
        # A risk ratio of 0.5 (0.25 to 1): z is 1.96, so p is 0.05.
        by_interval = effect_from_interval("RR", estimate=0.5, low=0.25, high=1)
        by_p = effect_from_p("RR", estimate=0.5, p=0.05)

        assert by_interval.se == pytest.approx(by_p.se, rel=1e-9)
        assert by_interval.interval() == pytest.approx((math.log(0.25), 0))

    def test_an_interval_that_is_not_symmetrical_says_so(self):
        codes = [note.code for note in effect_from_interval("MD", estimate=1, low=0.9, high=3).notes]

        assert codes == ["from-interval", "lopsided"]

    def test_degrees_of_freedom_narrow_the_error_behind_an_interval(self):
        normal = effect_from_interval("MD", estimate=1, low=0, high=2)

        assert effect_from_interval("MD", estimate=1, low=0, high=2, df=10).se < normal.se

    def test_clusters_widen(self):
        # Cochrane Handbook 23.1.4: 1 + (M - 1) ICC; for M 9.8 and an ICC of 0.02 it is 1.176.
        effect = mean_difference(MeanArm(n=20, mean=2, sd=1), MeanArm(n=20, mean=1, sd=1))
        widened = allow_for_clusters(effect, size=9.8, icc=0.02)

        assert widened.variance == pytest.approx(1.176 * effect.variance)
        assert widened.value == effect.value and widened.notes[-1].code == "clustered"

    def test_the_printed_scale_undoes_the_pooled_one(self):
        assert printed_scale("RR", math.log(0.8)) == pytest.approx(0.8)
        assert printed_scale("r", math.atanh(0.3)) == pytest.approx(0.3)
        assert printed_scale("OR", 1000.0) is None

    def test_a_pool_names_how_it_was_made(self):
        found = pool(plain([1, 2, 3], [1, 1, 1]), estimator="paule-mandel", interval="hartung-knapp-widened")

        assert (found.estimator, found.interval_method) == (
            Estimator.PAULE_MANDEL,
            IntervalMethod.HARTUNG_KNAPP_WIDENED,
        )
        assert [note.code for study, note in found.notes if not study] == ["few-studies"]

    def test_weights_fall_with_the_variance(self):
        weights = [weight.percent for weight in wald(plain([1, 2, 3], [1, 2, 4]), Estimator.FIXED).weights]

        assert all(heavier > lighter for heavier, lighter in pairwise(weights))
        assert weights == pytest.approx([400 / 7, 200 / 7, 100 / 7])
