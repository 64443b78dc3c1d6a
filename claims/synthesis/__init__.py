"""Meta-analysis in plain Python: numbers in, an estimate and its reasons out, or a refusal with a sentence.

Effects (`effects`, `designs`, `reported`) go into a Contribution each; `pool` makes one estimate of them by methods
that the caller names and the result repeats. Checked against metafor and statsmodels in tests/claims/test_synthesis*.py.
"""

from claims.synthesis.asymmetry import Asymmetry, egger
from claims.synthesis.designs import (
    allow_for_clusters,
    paired_mean_difference,
    paired_standardised_mean_difference,
)
from claims.synthesis.effects import (
    CountArm,
    Effect,
    MeanArm,
    fisher_z,
    log_odds_ratio,
    log_risk_ratio,
    mean_difference,
    risk_difference,
    standardised_mean_difference,
)
from claims.synthesis.methods import Correction, Estimator, IntervalMethod
from claims.synthesis.pooling import Pooled, Prediction, Weight, pool
from claims.synthesis.remarks import NOTES, REFUSALS, Note, Refusal, Remark
from claims.synthesis.reported import effect_from_interval, effect_from_p, effect_from_se
from claims.synthesis.scales import POOLABLE, pooled_scale, printed_scale
from claims.synthesis.sense import Contribution, why_not_pooled
from claims.synthesis.sensitivity import Upto, Without, cumulative, leave_one_out
from claims.synthesis.spread import Heterogeneity
from claims.synthesis.subgroups import Difference, Group, Subgroups, compare_groups

__all__ = (
    "NOTES",
    "POOLABLE",
    "REFUSALS",
    "Asymmetry",
    "Contribution",
    "Correction",
    "CountArm",
    "Difference",
    "Effect",
    "Estimator",
    "Group",
    "Heterogeneity",
    "IntervalMethod",
    "MeanArm",
    "Note",
    "Pooled",
    "Prediction",
    "Refusal",
    "Remark",
    "Subgroups",
    "Upto",
    "Weight",
    "Without",
    "allow_for_clusters",
    "compare_groups",
    "cumulative",
    "effect_from_interval",
    "effect_from_p",
    "effect_from_se",
    "egger",
    "fisher_z",
    "leave_one_out",
    "log_odds_ratio",
    "log_risk_ratio",
    "mean_difference",
    "paired_mean_difference",
    "paired_standardised_mean_difference",
    "pool",
    "pooled_scale",
    "printed_scale",
    "risk_difference",
    "standardised_mean_difference",
    "why_not_pooled",
)
