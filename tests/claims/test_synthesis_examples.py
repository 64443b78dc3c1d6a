"""The same answers as published examples and the tables of published reviews."""

from itertools import pairwise

import pytest

from claims.choices import EffectMeasure
from claims.synthesis import (
    Contribution,
    Estimator,
    IntervalMethod,
    MeanArm,
    effect_from_interval,
    effect_from_se,
    egger,
    log_odds_ratio,
    mean_difference,
    pool,
)
from claims.synthesis.distributions import (
    normal_two_sided,
)
from tests.claims.golden.meta_analyses import (
    BUSCEMI,
    COLLINS,
    KACKER,
    META_OR,
    NORMAND,
    RAUDENBUSH,
    THIRD_WAVE,
    VIECHTBAUER_1,
    VIECHTBAUER_2,
)
from tests.claims.pooled import RANDOM_EFFECTS, arms, hartung_knapp, plain, printed, studies, wald


class TestOtherPublishedExamples:
    def test_estimators_of_viechtbauer_2005_example_1(self):
        # Page 271: tau2, I2 and H2 by DL, EB and REML.
        found = [wald(plain(*VIECHTBAUER_1), estimator).heterogeneity for estimator in RANDOM_EFFECTS]

        assert [one.tau2 for one in found] == printed(0.277, 0.192, 0.223, digits=3)
        assert [one.i2 for one in found] == printed(80.44, 74.05, 76.84, digits=2)
        assert [one.h2 for one in found] == printed(5.11, 3.85, 4.32, digits=2)

    def test_estimators_of_viechtbauer_2005_example_2(self):
        # Page 272.
        found = [wald(plain(*VIECHTBAUER_2), estimator).heterogeneity for estimator in RANDOM_EFFECTS]

        assert [one.tau2 for one in found] == printed(0.013, 0.010, 0.016, digits=3)
        assert [one.i2 for one in found] == printed(27.53, 23.72, 32.02, digits=2)
        assert [one.h2 for one in found] == printed(1.38, 1.31, 1.47, digits=2)

    def test_tau2_and_its_interval_of_viechtbauer_2007(self):
        # Stat Med 26:37-52, table II; metafor's test_analysis_example_viechtbauer2007a.r.
        odds = studies(log_odds_ratio(*arms(*row)) for row in COLLINS)
        moments, likelihood = (
            wald(odds, estimator).heterogeneity for estimator in (Estimator.DERSIMONIAN_LAIRD, Estimator.REML)
        )

        assert (moments.tau2, likelihood.tau2) == printed(0.230, 0.301, digits=3)
        assert (moments.tau2_low, moments.tau2_high) == printed(0.072, 2.203, digits=3)

    def test_stroke_units_of_normand_1999(self):
        # Table IX, by metafor's test_analysis_example_normand1999.r, which puts the pooled sd in both arms as he did.
        effects = []
        for n1, m1, sd1, n2, m2, sd2 in NORMAND:
            sd = (((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2)) ** 0.5
            effects.append(
                mean_difference(MeanArm(n=n1, mean=m1, sd=sd), MeanArm(n=n2, mean=m2, sd=sd), unit="days")
            )
        fixed, moments, likelihood = (
            wald(studies(effects), estimator)
            for estimator in (Estimator.FIXED, Estimator.DERSIMONIAN_LAIRD, Estimator.REML)
        )

        assert [one.variance for one in effects] == printed(
            40.59, 2.05, 15.28, 150.22, 20.19, 1.22, 95.38, 8.03, 20.69, digits=2
        )
        assert fixed.printed == printed(-3.49, -5.03, -1.96, digits=2)
        assert moments.printed == printed(-14.10, -24.45, -3.75, digits=2)
        assert moments.heterogeneity.tau2 == pytest.approx(218.72, abs=0.005)
        assert likelihood.printed == printed(-15.12, -32.67, 2.43, digits=2)
        assert likelihood.heterogeneity.tau2 == pytest.approx(685.20, abs=0.005)

    def test_teachers_of_raudenbush_1985(self):
        # metafor's test_analysis_example_raudenbush1985.r, REML.
        result = wald(plain(*RAUDENBUSH, EffectMeasure.SMD), Estimator.REML)

        assert (result.heterogeneity.tau2, result.value) == printed(0.0188, 0.0837)
        assert (result.heterogeneity.q, result.statistic) == printed(35.8295, 1.6208)

    def test_third_wave_of_harrer_2021(self):
        # Doing Meta-Analysis with R, section 4.2.1: metagen(..., method.tau="REML", hakn=TRUE).
        trials = studies(
            effect_from_se(EffectMeasure.SMD, estimate=value, se=se)
            for value, se in zip(*THIRD_WAVE, strict=True)
        )
        result = hartung_knapp(trials, Estimator.REML)
        found = result.heterogeneity

        assert (result.value, result.low, result.high) == printed(0.5771, 0.3782, 0.7760)
        assert result.statistic == pytest.approx(6.12, abs=0.005)
        assert (found.tau2, found.tau2_low, found.tau2_high) == printed(0.0820, 0.0295, 0.3533)
        assert (found.q, found.i2_from_q, found.p) == (
            pytest.approx(45.50, abs=0.005),
            pytest.approx(62.6, abs=0.05),
            pytest.approx(0.0002, abs=5e-5),
        )
        # m.gen$TE.fixed and, with Paule-Mandel, TE.random and tau2, where meta stops searching at about 1e-5.
        assert wald(trials, Estimator.FIXED).value == pytest.approx(0.4805045, abs=1e-7)
        paule_mandel = wald(trials, Estimator.PAULE_MANDEL)
        assert (paule_mandel.value, paule_mandel.heterogeneity.tau2) == pytest.approx(
            (0.5873544, 0.1104957), abs=2e-5
        )

    def test_egger_of_the_third_wave(self):
        # dmetar.protectlab.org/reference/eggers.test.html: 4.111, t 4.677, interval 2.39 to 5.83. That interval is
        # normal, though the test is t; by t with 16 degrees of freedom, as here, it is wider.
        trials = plain(THIRD_WAVE[0], [se**2 for se in THIRD_WAVE[1]], EffectMeasure.SMD)
        result = egger(trials)

        assert (result.intercept, result.statistic) == printed(4.111, 4.677, digits=3)
        assert (result.df, result.p) == (16, pytest.approx(0.00025, abs=5e-6))
        assert (result.intercept - 1.96 * result.se, result.intercept + 1.96 * result.se) == printed(
            2.39, 5.83, digits=2
        )
        assert result.low < 2.39 and result.high > 5.83

    @pytest.mark.parametrize(
        ("estimator", "interval", "expected"),
        # b, se, ci.lb, ci.ub, tau2, I2, H2 as metafor gives them (statsmodels, results_meta.py: exk1_fe, exk1_dl,
        # exk1_dl_hksj, exk1_metafor).
        [
            (Estimator.FIXED, IntervalMethod.WALD, (62.5833970939982, 0.107845705498231, 62.3720233953344, 62.7947707926621, None, 67.744403741711, 3.10023721772938)),
            (Estimator.DERSIMONIAN_LAIRD, IntervalMethod.WALD, (62.3901386044504, 0.245749668040304, 61.9084781058787, 62.8717991030221, 0.288049246973751, 67.744403741711, 3.10023721772938)),
            (Estimator.DERSIMONIAN_LAIRD, IntervalMethod.HARTUNG_KNAPP, (62.3901386044504, 0.29477605699879, 61.710383798052, 63.0698934108488, 0.288049246973751, 67.744403741711, 3.10023721772938)),
            (Estimator.PAULE_MANDEL, IntervalMethod.WALD, (62.4076199113286, 0.338030602684471, 61.7450921043947, 63.0701477182625, 0.705395309224248, 83.7218626490482, 6.14320900751909)),
        ],
    )  # fmt: skip
    def test_laboratories_of_kacker_2004(self, estimator, interval, expected):
        result = pool(plain(*KACKER), estimator=estimator, interval=interval)
        found = result.heterogeneity
        numbers = (result.value, result.se, result.low, result.high, found.tau2, found.i2, found.h2)

        assert [n for n in numbers if n is not None] == pytest.approx(
            [n for n in expected if n is not None], rel=1e-9
        )
        assert (found.q, found.p) == pytest.approx((24.801897741835, 0.00167935146372742), rel=1e-10)

    def test_odds_ratios_with_their_prediction_by_the_r_package_meta(self):
        # results_or_dl_hk in the same file: TE, seTE, lower, upper, pval, predict, tau2, Q and weights.
        result = hartung_knapp(
            studies(log_odds_ratio(*arms(*row)) for row in zip(*META_OR, strict=True)),
            Estimator.DERSIMONIAN_LAIRD,
        )

        assert (result.value, result.se, result.low, result.high, result.p) == pytest.approx(
            (
                0.429520368698268,
                0.0915952752397692,
                0.235347059333852,
                0.623693678062684,
                0.000246175101510513,
            ),
            rel=1e-9,
        )
        assert (result.prediction.low, result.prediction.high) == pytest.approx(
            (0.215650965184522, 0.643389772212014), rel=1e-9
        )
        assert (result.heterogeneity.tau2, result.heterogeneity.q, result.heterogeneity.p) == pytest.approx(
            (0.0016783981912744, 16.181374262823, 0.440375456698129), rel=1e-9
        )
        weights = [weight.percent for weight in result.weights[:3]]
        meta = (0.806082838403413, 3.8868480814364, 6.47501150011912)  # w_random
        assert [weights[0] / weights[1], weights[1] / weights[2]] == pytest.approx(
            [one / next_one for one, next_one in pairwise(meta)], rel=1e-9
        )


class TestReviewsOnSleep:
    """The pooled tables gathered with the evidence on sleep, from their rows where those are printed."""

    @staticmethod
    def melatonin(*names):
        return [
            Contribution(
                study=name,
                effect=effect_from_interval(
                    EffectMeasure.MD, estimate=estimate, low=low, high=high, unit="min"
                ),
            )
            for name in names
            for estimate, low, high in [BUSCEMI[name]]
        ]

    @pytest.mark.parametrize(
        ("names", "pooled"),
        # Buscemi 2006, table 4, rows children, questionnaire, over 4 weeks, and all secondary disorders.
        [
            (("Rett syndrome", "tuberous sclerosis", "developmental disabilities"), (-18.1, -29.4, -6.8)),
            (("tuberous sclerosis", "developmental disabilities"), (-25.7, -43.3, -8.0)),
            (("Rett syndrome", "depression"), (-13.1, -24.8, -1.5)),
            (tuple(BUSCEMI), (-13.2, -27.3, 0.9)),
        ],
    )
    def test_pools_of_buscemi_2006(self, names, pooled):
        result = wald(self.melatonin(*names), Estimator.DERSIMONIAN_LAIRD)

        assert result.printed == printed(*pooled, digits=1)

    def test_schizophrenia_of_buscemi_2006_but_for_the_row_worked_back(self):
        # Printed -4.6 (-29.8 to 20.6). One of its two trials is not printed and was worked back from another pool, whose
        # rounding it carries; so these agree to half a minute and no closer.
        result = wald(
            self.melatonin("schizophrenia, polysomnography", "schizophrenia, actigraphy"),
            Estimator.DERSIMONIAN_LAIRD,
        )

        assert result.printed == pytest.approx((-4.6, -29.8, 20.6), abs=0.5)

    @pytest.mark.parametrize(
        ("rows", "pooled"),
        # Buscemi 2005, insomnia and delayed sleep phase; Buscemi 2006, table 7, jet lag, shift work and deprivation.
        [
            (((-7.2, -12.0, -2.4), (-38.8, -50.3, -27.3)), -11.7),
            (((-4.7, -12.6, 3.1), (-0.8, -1.9, 0.3), (-9.0, -19.2, 1.2)), -1.0),
        ],
    )
    def test_rows_that_are_pools_themselves_do_not_give_the_pool_of_their_trials(self, rows, pooled):
        # Fourteen and nine trials were pooled; a handful of pools has another variance between them than trials have.
        effects = [
            effect_from_interval(EffectMeasure.MD, estimate=value, low=low, high=high)
            for value, low, high in rows
        ]
        result = wald(studies(effects), Estimator.DERSIMONIAN_LAIRD)

        assert abs(result.value - pooled) > 1

    @pytest.mark.parametrize(
        ("estimate", "low", "high", "p", "digits"),
        # Mah and Pitre 2021 (sleep onset latency, total sleep time); Ferracioli-Oda 2013 by Posadzki 2018 (total
        # sleep time, fixed and random); van Geijlswijk 2010.
        [
            (-17.36, -27.27, -7.44, 0.0006, 4),
            (16.06, -5.99, 38.12, 0.15, 2),
            (8.25, 1.75, 14.75, 0.013, 3),
            (8.48, -4.02, 20.98, 0.184, 3),
            (23.27, 4.83, 41.72, 0.013, 3),
        ],
    )
    def test_intervals_bear_out_the_p_printed_with_them(self, estimate, low, high, p, digits):
        effect = effect_from_interval(EffectMeasure.MD, estimate=estimate, low=low, high=high)

        assert normal_two_sided(effect.value / effect.se) == pytest.approx(p, abs=0.51 * 10**-digits)

    def test_leg_cramps_of_roguin_maor_2017(self):
        # Printed: difference 0.38 without its sign, standard error 0.48, p 0.67. The arms give an error of 0.89, and
        # only that error gives the printed p: 0.48 is not the standard error of the difference.
        effect = mean_difference(MeanArm(n=48, mean=-3.41, sd=4.05), MeanArm(n=46, mean=-3.03, sd=4.53))

        assert (effect.value, effect.se) == printed(-0.38, 0.89, digits=2)
        assert normal_two_sided(effect.value / effect.se) == pytest.approx(0.67, abs=0.005)
        assert normal_two_sided(0.38 / 0.48) == pytest.approx(0.43, abs=0.005)
