"""What the pool would be without a study, and how it grew: leave-one-out and cumulative."""

from dataclasses import dataclass

from claims.synthesis.pooling import Pooled, agreed_methods, pool
from claims.synthesis.remarks import Refusal
from claims.synthesis.sense import why_not_pooled


@dataclass(frozen=True)
class Without:
    """The pool of all studies but `study`; a Refusal where too few are left."""

    study: str
    pooled: Pooled | Refusal


@dataclass(frozen=True)
class Upto:
    """The pool of the first studies, `study` being the last that came in; a Refusal for the first one alone."""

    study: str
    k: int
    pooled: Pooled | Refusal


def leave_one_out(contributions, *, estimator, interval, level=0.95):
    """A Without for each study in turn, or the Refusal of the whole. Raises ValueError as `pool` does."""
    contributions = tuple(contributions)
    estimator, interval = agreed_methods(estimator, interval, level)
    if refusal := why_not_pooled(contributions):
        return refusal
    return tuple(
        Without(
            each.study,
            pool(
                contributions[:place] + contributions[place + 1 :],
                estimator=estimator,
                interval=interval,
                level=level,
            ),
        )
        for place, each in enumerate(contributions)
    )


def cumulative(contributions, *, estimator, interval, level=0.95):
    """An Upto for each study in the order given, or the Refusal of the whole. Raises ValueError as `pool` does."""
    contributions = tuple(contributions)
    estimator, interval = agreed_methods(estimator, interval, level)
    if refusal := why_not_pooled(contributions):
        return refusal
    return tuple(
        Upto(each.study, k, pool(contributions[:k], estimator=estimator, interval=interval, level=level))
        for k, each in enumerate(contributions, start=1)
    )
