"""What statsmodels and scipy make of made-up numbers, for the tests of meta-analysis."""

import warnings
from itertools import product

import numpy
from scipy import optimize, stats
from statsmodels.api import OLS, add_constant
from statsmodels.stats.meta_analysis import combine_effects

SETS = 40


def restricted(values, variances):
    """tau2 by a fine grid over the restricted likelihood and Brent's method on its derivative, written with matrices."""
    ones = numpy.ones((len(values), 1))

    def parts(tau2):
        inverse = numpy.diag(1 / (variances + tau2))
        information = ones.T @ inverse @ ones
        projection = inverse - inverse @ ones @ numpy.linalg.inv(information) @ ones.T @ inverse
        determinants = -numpy.linalg.slogdet(inverse)[1] + numpy.linalg.slogdet(information)[1]
        return determinants + values @ projection @ values, projection

    def slope(tau2):
        projection = parts(tau2)[1]
        return values @ projection @ projection @ values - numpy.trace(projection)

    grid = numpy.concatenate([[0], numpy.geomspace(1e-8, 2, 400) * numpy.ptp(values) ** 2])
    best = int(numpy.argmin([parts(point)[0] for point in grid]))
    if best == 0 and slope(0) <= 0:
        return 0.0
    return optimize.brentq(slope, grid[max(best - 1, 0)], grid[best + 1], xtol=1e-15, rtol=1e-14)


def opinion(values, variances):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # statsmodels takes the root of a negative tau2
        chi2 = combine_effects(values, variances, method_re="chi2", use_t=False)
        iterated = combine_effects(values, variances, method_re="iterated", atol=1e-12, maxiter=10_000)
        wald, widened = chi2.conf_int(use_t=False), chi2.conf_int(use_t=True)
    errors = numpy.sqrt(variances)
    answer = {  # statsmodels lets tau2 fall below 0, and gives 0 where its Paule-Mandel steps fail: both left out
        "values": list(values),
        "variances": list(variances),
        "q": chi2.q,
        "q_p": chi2.test_homogeneity().pvalue,
        "i2_from_q": 100 * max(0.0, chi2.i2),
        "fixed": [chi2.mean_effect_fe, chi2.sd_eff_w_fe, *wald[0]],
        "reml_tau2": restricted(values, variances),
    }
    if chi2.tau2 >= 0:
        answer["dersimonian_laird"] = [chi2.tau2, chi2.mean_effect_re, chi2.sd_eff_w_re, *wald[1]]
        answer["hartung_knapp"] = [chi2.sd_eff_w_re_hksj, *widened[3]]
    if iterated.tau2 > 0:
        answer["paule_mandel"] = [iterated.tau2, iterated.mean_effect_re, iterated.sd_eff_w_re]
    if len(values) >= 10:
        line = OLS(values / errors, add_constant(1 / errors)).fit()
        answer["egger"] = [line.params[0], line.bse[0], line.pvalues[0], line.params[1]]
    return answer


def pools():
    numbers = numpy.random.default_rng(20090)
    for index in range(SETS):
        k = int(numbers.integers(2, 21))
        variances = numpy.round(numbers.gamma(2, 0.05, k) + 0.002, 4)
        between = (0, 0.05, 0.4)[index % 3]
        values = numpy.round(numbers.normal(0.3, numpy.sqrt(variances + between)), 3)
        yield opinion(values, variances)


def quantiles():
    shares = (0.0005, 0.005, 0.025, 0.1, 0.4, 0.6, 0.9, 0.975, 0.995, 0.9995)
    for df, p in product((1, 2, 3, 4, 5, 8, 12, 30, 99, 500), shares):
        yield [df, p, float(stats.t.ppf(p, df)), float(stats.chi2.ppf(p, df))]
