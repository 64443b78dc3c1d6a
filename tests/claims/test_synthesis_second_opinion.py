"""Against statsmodels and scipy on made-up numbers."""

import pytest

from claims.synthesis import (
    Estimator,
    egger,
)
from claims.synthesis.distributions import (
    chi_square_above,
    chi_square_quantile,
    t_quantile,
    t_two_sided,
)
from tests.claims.golden.second_opinion import pools, quantiles
from tests.claims.pooled import hartung_knapp, plain, wald

POOLS = list(pools())


class TestSecondOpinion:
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
        for df, p, t, chi_square in quantiles():
            assert (t_quantile(p, df), chi_square_quantile(p, df)) == pytest.approx((t, chi_square), rel=1e-9)
            assert t_two_sided(t, df) == pytest.approx(2 * min(p, 1 - p), rel=1e-9)
            assert chi_square_above(chi_square, df) == pytest.approx(1 - p, rel=1e-9)
