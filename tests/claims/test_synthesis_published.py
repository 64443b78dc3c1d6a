"""The same answers as others gave: metafor, meta, statsmodels, scipy, and the tables of published reviews."""

import json
from itertools import pairwise
from math import exp
from pathlib import Path

import pytest

from claims.choices import EffectMeasure
from claims.synthesis import (
    Contribution,
    Correction,
    CountArm,
    Effect,
    Estimator,
    IntervalMethod,
    MeanArm,
    compare_groups,
    cumulative,
    effect_from_interval,
    effect_from_se,
    egger,
    fisher_z,
    leave_one_out,
    log_odds_ratio,
    log_risk_ratio,
    mean_difference,
    paired_mean_difference,
    pool,
    risk_difference,
    standardised_mean_difference,
)
from claims.synthesis.distributions import (
    chi_square_above,
    chi_square_quantile,
    normal_two_sided,
    t_quantile,
    t_two_sided,
)
from tests.claims.golden.meta_analyses import (
    BCG,
    BCG_ARMS,
    BORENSTEIN,
    BORENSTEIN_ARMS,
    BUSCEMI,
    COLLINS,
    FINE,
    HINE,
    KACKER,
    META_OR,
    NORMAND,
    RAUDENBUSH,
    THIRD_WAVE,
    VIECHTBAUER_1,
    VIECHTBAUER_2,
)

GOLDEN = Path(__file__).parent / "golden"
POOLS = json.loads((GOLDEN / "pools.json").read_text(encoding="utf-8"))
QUANTILES = json.loads((GOLDEN / "quantiles.json").read_text(encoding="utf-8"))
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


@pytest.fixture(scope="module")
def bcg():
    return studies(log_risk_ratio(*both) for both in BCG_ARMS)


class TestEffects:
    def test_log_risk_ratios_of_bcg_are_those_metafor_prints(self):
        for both, (*_, yi, vi) in zip(BCG_ARMS, BCG, strict=True):
            effect = log_risk_ratio(*both)
            assert (effect.value, effect.variance) == printed(yi, vi)

    @pytest.mark.parametrize("row", FINE)
    def test_counts_agree_with_metafor_to_the_last_digit(self, row):
        both = arms(*row[:4])
        found = [effect(*both) for effect in (log_odds_ratio, log_risk_ratio, risk_difference)]

        assert [number for one in found for number in (one.value, one.variance)] == pytest.approx(
            row[4:], rel=1e-12
        )

    def test_hedges_g_agrees_with_metafor_to_the_last_digit(self):
        for both, (*_, yi, vi) in zip(BORENSTEIN_ARMS, BORENSTEIN, strict=True):
            effect = standardised_mean_difference(*both, correction=Correction.EXACT)
            assert (effect.value, effect.variance) == pytest.approx((yi, vi), rel=1e-12)

    def test_hedges_g_by_approximation_agrees_with_the_r_package_meta(self):
        # rm$TE of metacont(..., sm="SMD"), in statsmodels 0.15.0, stats/tests/test_meta.py, TestEffSmdMeta.
        meta = (
            *(0.09452437336063831, 0.27735640148036095, 0.36654634845797818),
            *(0.66438509989113559, 0.46180797677414176, 0.18516464424648887),
        )
        found = [
            standardised_mean_difference(*both, correction=Correction.APPROXIMATE).value
            for both in BORENSTEIN_ARMS
        ]

        assert found == pytest.approx(meta, rel=1e-12)

    def test_hedges_g_of_stroke_units_is_what_metafor_prints(self):
        # metafor, tests/testthat/test_misc_escalc.r, measure='SMD', first four of dat.normand1999.
        found = [
            standardised_mean_difference(
                MeanArm(n=n1, mean=m1, sd=sd1), MeanArm(n=n2, mean=m2, sd=sd2), correction=Correction.EXACT
            )
            for n1, m1, sd1, n2, m2, sd2 in NORMAND[:4]
        ]

        assert [one.value for one in found] == printed(-0.3552, -0.3479, -2.3176, -1.8880)
        assert [one.variance for one in found] == printed(0.0131, 0.0645, 0.0458, 0.1606)

    def test_risk_differences_of_lidocaine_are_those_of_normand(self):
        # Normand 1999, table III, in per cent; metafor, test_analysis_example_normand1999.r.
        found = [risk_difference(*arms(a, n1, c, n2)) for n1, n2, a, c in HINE]

        assert [100 * one.value for one in found] == printed(2.8026, 0.0, 1.9711, 1.7961, 3.5334, 4.4031)
        assert [1e4 * one.variance for one in found] == printed(
            17.7575, 37.5657, 8.1323, 10.8998, 8.0114, 6.1320
        )
        assert [100 * one.interval()[0] for one in found] == printed(
            -5.5, -12.0, -3.6, -4.7, -2.0, -0.5, digits=1
        )

    def test_paired_means_are_those_of_metafor(self):
        # metafor, test_misc_escalc.r, measure='MC'.
        effect = paired_mean_difference(
            MeanArm(n=60, mean=26, sd=30**0.5), MeanArm(n=60, mean=22, sd=20**0.5), correlation=0.7
        )

        assert (effect.value, effect.variance) == printed(4.0, 0.2618)

    @pytest.mark.parametrize(
        ("r", "n", "yi", "vi"),
        # metafor, test_misc_escalc.r, measure='ZCOR': yi, and n from vi = 1 / (n - 3).
        [(0.62, 15, 0.7250, 0.0833), (0.99, 6, 2.6467, 0.3333), (-0.13, 41, -0.1307, 0.0263)],
    )
    def test_fisher_z_is_that_of_metafor(self, r, n, yi, vi):
        effect = fisher_z(r=r, n=n)

        assert (effect.value, effect.variance) == printed(yi, vi)


class TestBcgAgainstMetafor:
    def test_fixed_effect(self, bcg):
        # metafor, test_misc_metan_vs_rma.uni_with_dat.bcg.r, method="FE"; the same in Stata's metan.
        result = wald(bcg, Estimator.FIXED)

        assert (result.value, result.low, result.high) == printed(-0.4303, -0.5097, -0.3509)
        assert (result.statistic, result.heterogeneity.q) == printed(-10.6247, 152.2330)
        assert result.printed == printed(0.6503, 0.6007, 0.7040)

    def test_dersimonian_laird(self, bcg):
        # The same file, method="DL".
        result = wald(bcg, Estimator.DERSIMONIAN_LAIRD)

        assert (result.value, result.low, result.high) == printed(-0.7141, -1.0644, -0.3638)
        assert (result.statistic, result.heterogeneity.tau2) == printed(-3.9952, 0.3088)
        assert (result.heterogeneity.i2, result.heterogeneity.i2_from_q) == printed(92.1173, 92.1173)
        assert result.printed == printed(0.4896, 0.3449, 0.6950)

    def test_odds_ratios(self):
        # The same file, measure='OR'.
        odds = studies(log_odds_ratio(*both) for both in BCG_ARMS)
        fixed, random = wald(odds, Estimator.FIXED), wald(odds, Estimator.DERSIMONIAN_LAIRD)

        assert (fixed.value, fixed.statistic, fixed.heterogeneity.q) == printed(-0.4361, -10.3190, 163.1649)
        assert (random.value, random.low, random.high) == printed(-0.7474, -1.1242, -0.3706)
        assert (random.heterogeneity.tau2, random.heterogeneity.i2) == printed(0.3663, 92.6455)

    def test_risk_differences(self):
        # The same file, measure='RD'.
        differences = studies(risk_difference(*both) for both in BCG_ARMS)
        fixed, random = wald(differences, Estimator.FIXED), wald(differences, Estimator.DERSIMONIAN_LAIRD)

        assert (fixed.value, fixed.statistic, fixed.heterogeneity.q) == printed(-0.0009, -4.0448, 276.4737)
        assert (random.value, random.low, random.high) == printed(-0.0071, -0.0101, -0.0040)
        assert (random.statistic, random.heterogeneity.i2) == printed(-4.5128, 95.6596)

    def test_reml_with_hartung_knapp(self, bcg):
        # README of github.com/wviechtb/metafor: rma(yi, vi, data=dat, test="knha").
        result = hartung_knapp(bcg, Estimator.REML)
        found = result.heterogeneity

        assert (found.tau2, found.tau2**0.5) == printed(0.3132, 0.5597)
        assert (found.i2, found.h2) == printed(92.22, 12.86, digits=2)
        assert (found.q, found.df) == printed(152.2330, 12)
        assert (result.value, result.se, result.statistic) == printed(-0.7145, 0.1808, -3.9522)
        assert (result.df, result.p) == printed(12, 0.0019)
        assert (result.low, result.high) == printed(-1.1084, -0.3206)

    def test_that_readme_predicts_with_one_degree_of_freedom_more(self, bcg):
        # predict(res, transf=exp, digits=2) there: 0.14 to 1.76, by t with k - 1 = 12; Higgins 2009 takes k - 2 = 11.
        result = hartung_knapp(bcg, Estimator.REML)
        wider = t_quantile(0.975, 11) / t_quantile(0.975, 12)
        reach = (result.prediction.high - result.value) / wider

        assert result.prediction.df == 11
        assert (exp(result.value - reach), exp(result.value + reach)) == printed(0.14, 1.76, digits=2)

    @pytest.mark.parametrize("estimator", RANDOM_EFFECTS)
    def test_interval_of_tau2(self, bcg, estimator):
        # confint(res) in metafor's test_misc_confint.r, the same whatever the estimator; it searches to 1e-4.
        found = wald(bcg, estimator).heterogeneity

        assert (found.tau2_low, found.tau2_high) == printed(0.1197, 1.1115)
        assert (found.i2_low, found.i2_high) == pytest.approx((81.9177, 97.6781), abs=0.01)

    def test_leave_one_out(self, bcg):
        # leave1out(res)[1] in metafor's test_misc_influence.r (REML, which stops climbing at steps of 1e-5).
        first = leave_one_out(bcg, estimator=Estimator.REML, interval=IntervalMethod.WALD)[0]
        found = first.pooled.heterogeneity

        assert first.study == "study 1"
        assert (first.pooled.value, first.pooled.se) == pytest.approx(
            (-0.707083788031436, 0.189961024702717), abs=1e-6
        )
        assert first.pooled.p == pytest.approx(0.000197449759023198, rel=1e-4)
        assert (found.q, found.p) == pytest.approx((151.582572747109, 7.0778599767807e-27), rel=1e-9)
        assert (found.tau2, found.i2) == pytest.approx((0.336156745300306, 93.2259349111223), abs=1e-4)

    def test_cumulative(self, bcg):
        # cumul(res, order=year)$estimate in metafor's test_misc_cumul.r, by REML that stops climbing at steps of 1e-5; the
        # first there is one study, which is not pooled here.
        metafor = (
            *(-1.325003, -0.97208, -1.001094, -1.101424, -0.973464, -0.901251),
            *(-0.788566, -0.865607, -0.785211, -0.708206, -0.794768, -0.714532),
        )
        by_year = [
            study
            for _, study in sorted(zip((row[0] for row in BCG), bcg, strict=True), key=lambda pair: pair[0])
        ]
        steps = cumulative(by_year, estimator=Estimator.REML, interval=IntervalMethod.WALD)

        assert steps[0].pooled.code == "too-few"
        assert [step.pooled.value for step in steps[1:]] == pytest.approx(metafor, abs=5e-6)

    def test_subgroups(self, bcg):
        # metafor-project.org, tips:comp_two_independent_estimates: REML within each; Q is the Wald test between both.
        groups = {"random": [], "other": []}
        for study, row in zip(bcg, BCG, strict=True):
            groups["random" if row[1] == "random" else "other"].append(study)
        result = compare_groups(groups, estimator=Estimator.REML, interval=IntervalMethod.WALD)
        random, other = (group.pooled for group in result.groups)

        assert (random.value, random.se, random.heterogeneity.tau2) == printed(-0.971, 0.276, 0.393, digits=3)
        assert (other.value, other.se, other.heterogeneity.tau2) == printed(-0.481, 0.217, 0.212, digits=3)
        assert result.difference.q == pytest.approx(
            (random.value - other.value) ** 2 / (random.se**2 + other.se**2), rel=1e-12
        )


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


class TestSecondOpinion:
    """Against statsmodels 0.15.0 and scipy 1.17.1 on made-up numbers; golden/second_opinion.py asked them."""

    @pytest.mark.parametrize("answer", POOLS)
    def test_pools(self, answer):
        trials = plain(answer["values"], answer["variances"])
        fixed, reml = wald(trials, Estimator.FIXED), wald(trials, Estimator.REML)
        found = fixed.heterogeneity

        assert (fixed.value, fixed.se, fixed.low, fixed.high) == pytest.approx(answer["fixed"], rel=1e-9)
        assert (found.q, found.p, found.i2_from_q) == pytest.approx(
            (answer["q"], answer["q_p"], answer["i2_from_q"]), rel=1e-9
        )
        assert reml.heterogeneity.tau2 == pytest.approx(answer["reml_tau2"], rel=1e-9, abs=1e-12)

    @pytest.mark.parametrize("answer", [answer for answer in POOLS if "dersimonian_laird" in answer])
    def test_dersimonian_laird_and_hartung_knapp(self, answer):
        trials = plain(answer["values"], answer["variances"])
        plainly, widened = (ask(trials, Estimator.DERSIMONIAN_LAIRD) for ask in (wald, hartung_knapp))

        assert (
            *(plainly.heterogeneity.tau2, plainly.value, plainly.se, plainly.low, plainly.high),
        ) == pytest.approx(answer["dersimonian_laird"], rel=1e-9)
        assert (widened.se, widened.low, widened.high) == pytest.approx(answer["hartung_knapp"], rel=1e-9)

    @pytest.mark.parametrize("answer", [answer for answer in POOLS if "paule_mandel" in answer])
    def test_paule_mandel(self, answer):
        result = wald(plain(answer["values"], answer["variances"]), Estimator.PAULE_MANDEL)

        assert (result.heterogeneity.tau2, result.value, result.se) == pytest.approx(
            answer["paule_mandel"], rel=1e-9
        )

    @pytest.mark.parametrize("answer", [answer for answer in POOLS if "egger" in answer])
    def test_egger(self, answer):
        result = egger(plain(answer["values"], answer["variances"]))

        assert (result.intercept, result.se, result.p, result.limit) == pytest.approx(
            answer["egger"], rel=1e-9
        )

    def test_quantiles_and_tails(self):
        for df, p, t, chi_square in QUANTILES:
            assert (t_quantile(p, df), chi_square_quantile(p, df)) == pytest.approx((t, chi_square), rel=1e-9)
            assert t_two_sided(t, df) == pytest.approx(2 * min(p, 1 - p), rel=1e-9)
            assert chi_square_above(chi_square, df) == pytest.approx(1 - p, rel=1e-9)
