"""Trials and the answers others gave for them, each with its source; the tests of meta-analysis must come to the same."""

from claims.synthesis import CountArm, MeanArm

# BCG vaccine against tuberculosis (Colditz and others 1994), `dat.bcg` of the R package metadat: year, allocation,
# cases and others among the vaccinated, cases and others among the controls, and yi and vi (log risk ratios) as the
# README of github.com/wviechtb/metafor prints them.
BCG = (
    (1948, "random", 4, 119, 11, 128, -0.8893, 0.3256),
    (1949, "random", 6, 300, 29, 274, -1.5854, 0.1946),
    (1960, "random", 3, 228, 11, 209, -1.3481, 0.4154),
    (1977, "random", 62, 13536, 248, 12619, -1.4416, 0.0200),
    (1973, "alternate", 33, 5036, 47, 5761, -0.2175, 0.0512),
    (1953, "alternate", 180, 1361, 372, 1079, -0.7861, 0.0069),
    (1973, "random", 8, 2537, 10, 619, -1.6209, 0.2230),
    (1980, "random", 505, 87886, 499, 87892, 0.0120, 0.0040),
    (1968, "random", 29, 7470, 45, 7232, -0.4694, 0.0564),
    (1961, "systematic", 17, 1699, 65, 1600, -1.3713, 0.0730),
    (1974, "systematic", 186, 50448, 141, 27197, -0.3394, 0.0124),
    (1969, "systematic", 5, 2493, 3, 2338, 0.4459, 0.5325),
    (1976, "systematic", 27, 16886, 29, 17825, -0.0173, 0.0714),
)
BCG_ARMS = tuple((CountArm(events=a, n=a + b), CountArm(events=c, n=c + d)) for _, _, a, b, c, d, _, _ in BCG)

# Diuretics in pregnancy (Collins and others 1985), `dat.collins1985b` of metadat: pre-eclampsia, xti, nti, xci, nci.
COLLINS = (
    (14, 131, 14, 136),
    (21, 385, 17, 134),
    (14, 57, 24, 48),
    (6, 38, 18, 40),
    (12, 1011, 35, 760),
    (138, 1370, 175, 1336),
    (15, 506, 20, 524),
    (6, 108, 2, 103),
    (65, 153, 40, 102),
)

# Days in hospital after stroke (Normand 1999), `dat.normand1999` of metadat: n, mean, sd of specialist and routine care.
NORMAND = (
    (155, 55, 47, 156, 75, 64),
    (31, 27, 7, 32, 29, 4),
    (75, 64, 17, 71, 119, 29),
    (18, 66, 20, 18, 137, 48),
    (8, 14, 8, 13, 18, 11),
    (57, 19, 7, 52, 18, 4),
    (34, 52, 45, 33, 41, 34),
    (110, 21, 16, 183, 31, 27),
    (60, 30, 27, 52, 23, 20),
)

# Lidocaine after a heart attack (Hine and others 1989), `dat.hine1989` of metadat: n1, n2, deaths 1, deaths 2.
HINE = (
    (39, 43, 2, 1),
    (44, 44, 4, 4),
    (107, 110, 6, 4),
    (103, 100, 7, 5),
    (110, 106, 7, 3),
    (154, 146, 11, 4),
)

# Six studies of Borenstein 2009, table 14.1: mean, sd, n twice; then yi and the large-sample vi of metafor's escalc,
# as statsmodels 0.15.0 holds them in stats/tests/test_meta.py, TestEffSmdMeta.
BORENSTEIN = (
    (94, 22, 60, 92, 20, 60, 0.09452415852032972, 0.03337056173559990),
    (98, 21, 65, 92, 22, 65, 0.27735586626551018, 0.03106510106366112),
    (98, 28, 40, 88, 26, 40, 0.36654442951591998, 0.05083971761755720),
    (94, 19, 200, 82, 17, 200, 0.66438496832691396, 0.01055175923267344),
    (98, 21, 50, 88, 22, 45, 0.46180628128769841, 0.04334466980873156),
    (96, 21, 85, 92, 22, 85, 0.18516443739910043, 0.02363025255552155),
)
BORENSTEIN_ARMS = tuple(
    (MeanArm(mean=m1, sd=sd1, n=n1), MeanArm(mean=m2, sd=sd2, n=n2))
    for m1, sd1, n1, m2, sd2, n2, _, _ in BORENSTEIN
)

# Radiation and chemotherapy (Fine and others 1993), the first six studies at two years: events and n twice, and from
# metafor's escalc log odds ratio, log risk ratio and risk difference, each with its variance, as statsmodels 0.15.0
# holds them in stats/tests/results/results_meta.py.
FINE = (
    (11, 19, 12, 22, 0.13613217432458, 0.399242424242424, 0.0595920972022457, 0.0761562998405104, 0.0334928229665072, 0.0240995805934916),
    (18, 34, 12, 35, 0.768370601797533, 0.244867149758454, 0.434452644981417, 0.080905695611578, 0.186554621848739, 0.0137648162576944),
    (21, 72, 15, 68, 0.374938517449009, 0.152761481951271, 0.279313822781264, 0.0856909430438842, 0.071078431372549, 0.00539777447807907),
    (14, 22, 5, 20, 1.65822807660353, 0.463095238095238, 0.934309237376833, 0.175974025974026, 0.386363636363636, 0.0198934072126221),
    (42, 70, 13, 32, 0.784954729813068, 0.189078465394255, 0.389960921572199, 0.0551968864468864, 0.19375, 0.0109664132254464),
    (80, 183, 33, 94, 0.361663949151077, 0.0689052107900588, 0.219327702635984, 0.0267002515563729, 0.0860946401581211, 0.00376813659489987),
)  # fmt: skip

# The same trials as the R package meta 4.11-0 pooled them (metabin: odds ratios, DerSimonian-Laird, Hartung-Knapp),
# results_or_dl_hk in the same file of statsmodels: events and n of both arms.
META_OR = (
    (18, 22, 21, 14, 42, 80, 13, 37, 23, 19, 106, 170, 34, 18, 13, 12, 42),
    (19, 34, 72, 22, 70, 183, 26, 61, 36, 45, 246, 386, 59, 45, 14, 26, 74),
    (12, 12, 15, 5, 13, 33, 18, 30, 12, 14, 76, 46, 17, 3, 14, 10, 40),
    (22, 35, 68, 20, 32, 94, 50, 55, 25, 35, 208, 141, 32, 15, 18, 19, 75),
)

# Nine laboratories (Kacker 2004), pooled by metafor with a tolerance of 1e-9; exk1 in the same file of statsmodels.
KACKER = (
    (61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9),
    (0.2025, 1.21, 0.09, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225),
)

# Examples 1 and 2 of Viechtbauer 2005, J Educ Behav Stat 30(3):261-293, as in metafor's test_analysis_example_
# viechtbauer2005.r; EB in that file is the empirical Bayes estimator, which is Paule and Mandel's.
VIECHTBAUER_1 = (
    (-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232),
    (0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040),
)
VIECHTBAUER_2 = (
    (0.100, -0.162, -0.090, -0.049, -0.046, -0.010, -0.431, -0.261, 0.134, 0.019, 0.175, 0.056, 0.045, 0.103, 0.121, -0.482, 0.290, 0.342),
    (0.016, 0.015, 0.050, 0.050, 0.032, 0.052, 0.036, 0.024, 0.034, 0.033, 0.031, 0.034, 0.039, 0.167, 0.134, 0.096, 0.016, 0.035),
)  # fmt: skip

# What teachers expect and pupils' IQ (Raudenbush 1985), `dat.raudenbush1985` of metadat: yi and vi.
RAUDENBUSH = (
    (0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80, 0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.30, 0.07, -0.07),
    (0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630, 0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303),
)  # fmt: skip

# Third-wave psychotherapies, `ThirdWave` of the R package dmetar (Harrer and others 2021, Doing Meta-Analysis with R):
# effects and standard errors.
THIRD_WAVE = (
    (0.7091362, 0.3548641, 1.7911700, 0.1824552, 0.4218509, 0.6300000, 0.7248838, 0.5286638, 0.2840000, 1.2750682, 0.1036082, 0.3883906, 0.5407398, 0.4261593, 0.5153969, 1.4797260, 0.6125782, 0.6000000),
    (0.2608202, 0.1963624, 0.3455692, 0.1177874, 0.1448128, 0.1960000, 0.2246641, 0.2104609, 0.1680000, 0.3371997, 0.1947275, 0.2307689, 0.2443133, 0.2579379, 0.3512737, 0.3152817, 0.2266834, 0.2490000),
)  # fmt: skip

# Melatonin in secondary sleep disorders, minutes until sleep, with 95% intervals (Buscemi and others 2006, table 4,
# pmc.ncbi.nlm.nih.gov/articles/PMC1370968/table/tbl4).
BUSCEMI = {
    "Rett syndrome": (-12.9, -27.6, 1.8),
    "tuberous sclerosis": (-23.4, -45.2, -1.6),
    "developmental disabilities": (-30.0, -60.2, 0.2),
    "depression": (-13.5, -32.5, 5.5),
    "schizophrenia, polysomnography": (5.8, 2.5, 9.1),
    # Not printed: worked back from the pooled actigraphy row, -14.5 (-25.0 to -4.1).
    "schizophrenia, actigraphy": (-20.3, -44.1, 3.6),
}
