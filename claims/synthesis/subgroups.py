"""Do groups of studies differ? Each group pooled by itself, then compared."""

from dataclasses import dataclass

from claims.synthesis.distributions import chi_square_above
from claims.synthesis.pooling import Pooled, agreed_methods, pool
from claims.synthesis.remarks import Refusal
from claims.synthesis.sense import why_not_pooled
from claims.synthesis.spread import weighted_q


@dataclass(frozen=True)
class Group:
    """A group that cannot be pooled carries its Refusal and is not compared."""

    name: str
    pooled: Pooled | Refusal


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Q between the groups that could be pooled, chi-square with one degree of freedom fewer than there are groups."""

    q: float
    df: int
    p: float


@dataclass(frozen=True, kw_only=True)
class Subgroups:
    groups: tuple[Group, ...]
    difference: Difference | Refusal


def compare_groups(groups, *, estimator, interval, level=0.95):
    """Subgroups, or the Refusal of all studies together. `groups` maps a name to its contributions.

    Each group has its own variance between studies; groups are compared by their weights alone (`model_se`), whatever
    the interval (Borenstein 2009, chapter 19, separate estimates of tau2). Raises ValueError as `pool` does.
    """
    groups = {name: tuple(members) for name, members in groups.items()}
    estimator, interval = agreed_methods(estimator, interval, level)
    if refusal := why_not_pooled([each for members in groups.values() for each in members]):
        return refusal
    pooled = tuple(
        Group(name, pool(members, estimator=estimator, interval=interval, level=level))
        for name, members in groups.items()
    )
    return Subgroups(groups=pooled, difference=_difference(pooled))


def _difference(groups):
    compared = [group.pooled for group in groups if isinstance(group.pooled, Pooled)]
    if len(compared) < 2:
        return Refusal.of("one-group")
    q = weighted_q([each.value for each in compared], [each.model_se**2 for each in compared], 0.0)
    return Difference(q=q, df=len(compared) - 1, p=chi_square_above(q, len(compared) - 1))
