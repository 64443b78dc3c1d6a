"""From rows of evidence to what is pooled: where each number comes from, and what is left out with which reason."""

import pytest

from claims.models import ClaimVersion
from claims.pools import results_of, scales_of
from claims.synthesis import CountArm, MeanArm, Pooled, Refusal, log_risk_ratio, mean_difference
from claims.synthesis.numbers import Reported
from claims.synthesis.sources import effect_of
from studies.merging import merge_studies
from studies.models import ReviewInclusion
from tests.factories import draft, evidence, person, publication, study

MEANS = {"treated": {"n": 20, "mean": 5, "sd": 2}, "control": {"n": 22, "mean": 7, "sd": 2.5}}
COUNTS = {"treated": {"n": 50, "events": 5}, "control": {"n": 50, "events": 12}}


def row(**words):
    """The numbers of a row of evidence: those of a mean difference in minutes, unless said."""
    return Reported(**{"measure": "MD", "unit_en": "min"} | words)


class TestWhereTheNumberComesFrom:
    def test_from_the_arms_where_they_are_given(self):
        effect, made_from = effect_of(row(arms=MEANS, estimate=-2, ci_low=-9, ci_high=5))
        by_hand = mean_difference(MeanArm(n=20, mean=5, sd=2), MeanArm(n=22, mean=7, sd=2.5))

        assert (effect.value, effect.variance, made_from) == (by_hand.value, by_hand.variance, "arms")

    def test_from_counts(self):
        effect, made_from = effect_of(row(measure="RR", unit_en="", arms=COUNTS))
        by_hand = log_risk_ratio(CountArm(events=5, n=50), CountArm(events=12, n=50))

        assert (effect, made_from) == (by_hand, "arms")

    def test_else_from_the_interval(self):
        effect, made_from = effect_of(row(estimate=-2, ci_low=-4, ci_high=0, p_value=0.4))

        assert made_from == "interval" and effect.se == pytest.approx(2 / 1.959964, rel=1e-6)

    def test_at_the_level_of_that_interval(self):
        wide, _source = effect_of(row(estimate=-2, ci_low=-4, ci_high=0, ci_level=90))

        assert wide.se == pytest.approx(2 / 1.644854, rel=1e-6)

    def test_else_from_an_exact_p(self):
        effect, made_from = effect_of(row(estimate=-2, p_value=0.05))

        assert made_from == "p" and effect.se == pytest.approx(2 / 1.959964, rel=1e-6)

    @pytest.mark.parametrize(
        "words",
        [
            {"estimate": -2, "p_value": 0.001, "p_text": "<0.001"},
            {"estimate": -2, "ci_low": -4},
            {"estimate": -2},
            {"ci_low": -4, "ci_high": 0, "p_value": 0.05},
            {"measure": "other", "estimate": 2, "ci_low": 1, "ci_high": 3},
            {"measure": "", "p_value": 0.05},
            {"measure": "RR", "estimate": 2, "ci_low": 2, "ci_high": 2},
            {"measure": "r", "estimate": 1, "ci_low": 0.9, "ci_high": 1},
            {"estimate": -2, "ci_low": -4, "ci_high": 0, "ci_level": 40},
        ],
    )
    def test_else_there_is_none(self, words):
        assert effect_of(row(**words)) == (None, "")

    @pytest.mark.parametrize(
        "arms",
        [
            {},
            [],
            "n = 20",
            7,
            {"treated": MEANS["treated"]},
            {"treated": None, "control": None},
            {"treated": {"n": 20}, "control": {"n": 20}},
            {"treated": {"n": 1, "mean": 5, "sd": 2}, "control": MEANS["control"]},
            {"treated": {"n": "20", "mean": 5, "sd": 2}, "control": MEANS["control"]},
            COUNTS,
        ],
    )
    def test_arms_that_cannot_be_read_are_passed_over_and_it_says_so(self, arms):
        effect, made_from = effect_of(row(arms=arms, estimate=-2, ci_low=-4, ci_high=0))

        assert made_from == "interval" and effect.notes[-1].code == "arms-not-used"
        assert effect_of(row(arms=arms)) == (None, "")

    def test_arms_of_a_crossover_trial_are_passed_over(self):
        assert effect_of(row(is_paired=True, arms=MEANS)) == (None, "")

    def test_of_arms_with_standard_errors_of_the_means_the_spread_is_worked_out(self):
        errors = {arm: {"n": 25, "mean": mean, "se": 0.4} for arm, mean in (("treated", 5), ("control", 7))}
        by_hand = mean_difference(*(MeanArm(n=25, mean=mean, sd=2) for mean in (5, 7)), unit="min")

        assert effect_of(row(arms=errors)) == (by_hand, "arms")

    def test_the_standard_error_goes_before_interval_and_p(self):
        effect, made_from = effect_of(
            row(estimate=-2, standard_error=1, ci_low=-4.2, ci_high=0.2, p_value=0.04)
        )

        assert (effect.value, effect.se, made_from) == (-2, 1, "standard-error")

    def test_nobody_with_the_outcome_gives_no_ratio(self):
        nobody = {"treated": {"n": 50, "events": 0}, "control": {"n": 50, "events": 0}}

        assert effect_of(row(measure="OR", unit_en="", arms=nobody)) == (None, "")


def trial(version, key, **words):
    design = words.pop("design", "rct")
    species = words.pop("species", "human")
    given = {"measure": "MD", "unit_en": "min", "unit_nl": "min", "estimate": -5, "ci_low": -9, "ci_high": -1}
    report = publication(study(key=key, label=key.title(), design=design, species=species))
    return evidence(version, publication=report, **given | words)


@pytest.fixture
def version(db):
    made = draft()
    made.evidence.all().delete()
    return made


def pools(version, **words):
    scales = scales_of(results_of(version, **words), estimator="reml", interval="wald")
    return [pool for scale in scales for pool in scale.pools]


def refusals(version, **words):
    return [pool.pooled.code for pool in pools(version, **words) if isinstance(pool.pooled, Refusal)]


class TestWhatIsPooled:
    def test_results_alike_in_measure_unit_and_outcome(self, version):
        trial(version, "a")
        trial(version, "b", unit_en="Min ", outcome_measure_en="SCORE")
        trial(version, "c", outcome_measure_en="another score")
        trial(version, "d", measure="SMD", unit_en="", unit_nl="")
        first, second = pools(version)

        assert isinstance(first.pooled, Pooled) and [each.study for each in first.results] == ["a", "b"]
        assert second.pooled.code == "too-few"

    @pytest.mark.parametrize(
        ("others", "expected"),
        [
            ({"unit_en": "h"}, ["too-few", "too-few"]),
            ({"outcome_measure_en": "another score"}, ["mixed-outcomes"]),
            ({"design": "cohort"}, ["randomised-and-not"]),
            ({"design": "animal", "species": "mouse"}, ["human-and-animal"]),
            ({"species": ""}, ["human-and-animal"]),
            ({"design": "meta-analysis"}, ["trials-unknown"]),
            ({"counts_in_synthesis": False}, ["too-few"]),
            ({"directness": "other-outcome"}, ["too-few"]),
        ],
    )
    def test_others_are_refused_with_the_reason(self, version, others, expected):
        trial(version, "a")
        trial(version, "b", **others)

        assert refusals(version) == expected

    def test_a_review_and_a_trial_in_it_are_refused_by_the_names_that_readers_know(self, version):
        trial(version, "inside")
        review = trial(version, "the-review", design="meta-analysis").study
        ReviewInclusion.objects.create(review=review, trial=study(key="elsewhere"))
        assert refusals(version) == []

        inside = version.evidence.get(study__key="inside").study
        ReviewInclusion.objects.create(review=review, trial=inside)
        (refused,) = (pool.pooled for pool in pools(version))

        assert refused.code == "review-and-its-trials"
        assert refused.sentence.startswith("The-Review includes Inside;")

    def test_two_studies_that_were_merged_are_one(self, version):
        kept, gone = trial(version, "kept").study, trial(version, "gone").study
        trial(version, "third")
        assert refusals(version) == []

        merge_studies(kept, gone, by=person("editor"), reason="The same trial, told twice.")
        (refused,) = (pool.pooled for pool in pools(version))
        assert refused.code == "merged-studies"
        assert refused.sentence.startswith("Gone, Kept are one study;")

    def test_one_that_went_up_elsewhere_pools_with_others_once(self, version):
        trial(version, "third")
        gone = trial(version, "gone").study
        merge_studies(study(key="kept"), gone, by=person("editor"), reason="The same trial, told twice.")
        (pooled,) = (pool.pooled for pool in pools(version))
        assert [weight.study for weight in pooled.weights] == ["third", "gone"]

    def test_a_review_that_includes_what_a_trial_went_up_in_is_refused(self, version):
        gone = trial(version, "gone").study
        kept = study(key="kept")
        review = trial(version, "the-review", design="meta-analysis").study
        ReviewInclusion.objects.create(review=review, trial=kept)
        assert refusals(version) == []

        merge_studies(kept, gone, by=person("editor"), reason="The same trial, told twice.")
        (refused,) = (pool.pooled for pool in pools(version))
        assert refused.code == "review-and-its-trials"
        assert refused.sentence.startswith("The-Review includes Gone;")

    def test_each_result_left_out_says_why(self, version):
        trial(version, "a")
        trial(version, "b", counts_in_synthesis=False)
        trial(version, "c", estimate=None, ci_low=None, ci_high=None)
        trial(version, "d", directness="other-outcome")
        found = results_of(version, without={"a"}, fallen={"d"})

        assert [each.left_out for each in found] == ["switched-off", "not-counted", "no-number", "fallen"]

    def test_people_and_events_are_known_from_the_arms(self, version):
        trial(
            version,
            "a",
            measure="RR",
            unit_en="",
            unit_nl="",
            estimate=None,
            ci_low=None,
            ci_high=None,
            arms=COUNTS,
        )

        assert results_of(version)[0].events == 17


def test_every_row_of_the_base_is_read(db):
    rows = [row for version in ClaimVersion.objects.current() for row in results_of(version)]

    assert len(rows) > 200 and sum(row.made_from == "interval" for row in rows) > 40
