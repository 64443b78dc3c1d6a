"""How much a pool leans on one study, on one kind of study, and on small ones: the usual looks at a meta-analysis."""

from collections import defaultdict
from dataclasses import dataclass

from claims.pools import contributions_of
from claims.synthesis import Asymmetry, Refusal, Subgroups, compare_groups, cumulative, egger, leave_one_out

UNDATED = 9999


@dataclass(frozen=True)
class Looked:
    """Looks at one pool that was pooled. `without` and `upto` are (label, pooled or refusal); `upto` goes by year of publication."""

    outcome: tuple
    without: tuple
    upto: tuple
    designs: Subgroups
    asymmetry: Asymmetry | Refusal


def looked_at(pool):
    """Looked, by the methods that the pool was made with."""
    methods = {"estimator": pool.pooled.estimator, "interval": pool.pooled.interval_method}
    members = sorted(pool.results, key=lambda each: (each.year or UNDATED, each.label))
    labels = {each.study: each.label for each in members}
    by_design = defaultdict(list)
    for each in members:
        by_design[each.design].append(each)
    groups = {design: contributions_of(some) for design, some in sorted(by_design.items())}
    contributions = contributions_of(members)
    return Looked(
        pool.outcome,
        tuple((labels[each.study], each.pooled) for each in leave_one_out(contributions, **methods)),
        tuple((labels[each.study], each.pooled) for each in cumulative(contributions, **methods)),
        compare_groups(groups, **methods),
        egger(contributions),
    )
