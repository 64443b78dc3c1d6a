"""The same effects and pools as others gave: metafor on the vaccine BCG, and effect sizes with every digit."""

from math import exp

import pytest

from claims.synthesis import (
    Correction,
    Estimator,
    IntervalMethod,
    MeanArm,
    compare_groups,
    cumulative,
    fisher_z,
    leave_one_out,
    log_odds_ratio,
    log_risk_ratio,
    paired_mean_difference,
    risk_difference,
    standardised_mean_difference,
)
from claims.synthesis.distributions import (
    t_quantile,
)
from tests.claims.golden.meta_analyses import (
    BCG,
    BCG_ARMS,
    BORENSTEIN,
    BORENSTEIN_ARMS,
    FINE,
    HINE,
    NORMAND,
)
from tests.claims.pooled import RANDOM_EFFECTS, arms, hartung_knapp, printed, studies, wald


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
