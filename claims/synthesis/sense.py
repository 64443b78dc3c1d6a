"""What goes into a pool, and when pooling it makes no sense."""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from claims.synthesis.effects import Effect
from claims.synthesis.remarks import Refusal
from claims.synthesis.scales import POOLABLE

HUMAN = "human"


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One study's effect in a pool. `study` names it and is what a refusal calls it by.

    `species` is "human" or an animal; `trials` are the names of the studies a review pooled, empty for a trial.
    `one_with` names the study that this one went up in, empty where it stands by itself; `trials` hold that name too.
    """

    study: str
    effect: Effect
    species: str = HUMAN
    trials: frozenset[str] = frozenset()
    one_with: str = ""

    def __post_init__(self):
        if not isinstance(self.effect, Effect):
            raise ValueError(f"{self.study} has no effect to pool.")
        object.__setattr__(self, "trials", frozenset(self.trials))

    @property
    def people(self):
        """The name under which its people are counted once."""
        return self.one_with or self.study


def why_not_pooled(contributions):
    """The first Refusal that applies to these contributions, or None where pooling them makes sense."""
    checks = (
        _too_few,
        _mixed_measures,
        _not_poolable,
        _mixed_units,
        _human_and_animal,
        _same_study_twice,
        _merged_studies,
        _review_and_its_trials,
        _reviews_share_trials,
        _zero_variance,
    )
    return next((refusal for check in checks if (refusal := check(contributions))), None)


def _too_few(contributions):
    return Refusal.of("too-few") if len(contributions) < 2 else None


def _mixed_measures(contributions):
    measures = {each.effect.measure.value for each in contributions}
    return Refusal.of("mixed-measures", measures=", ".join(sorted(measures))) if len(measures) > 1 else None


def _not_poolable(contributions):
    measure = contributions[0].effect.measure
    return None if measure in POOLABLE else Refusal.of("not-poolable", measure=measure.value)


def _mixed_units(contributions):
    units = {each.effect.unit for each in contributions}
    return (
        Refusal.of("mixed-units", units=", ".join(sorted(unit or "?" for unit in units)))
        if len(units) > 1
        else None
    )


def _human_and_animal(contributions):
    are_human = {each.species == HUMAN for each in contributions}
    return Refusal.of("human-and-animal") if len(are_human) > 1 else None


def _same_study_twice(contributions):
    times = Counter(each.study for each in contributions)
    again = sorted(study for study, count in times.items() if count > 1)
    return Refusal.of("same-study-twice", study=again[0]) if again else None


def _merged_studies(contributions):
    times = Counter(each.people for each in contributions)
    again = sorted(each.study for each in contributions if times[each.people] > 1)
    if not again:
        return None
    (first, *_others) = (each.people for each in contributions if each.study == again[0])
    together = sorted(each.study for each in contributions if each.people == first)
    return Refusal.of("merged-studies", studies=", ".join(together))


def _review_and_its_trials(contributions):
    people = {each.people for each in contributions}
    for review in sorted(contributions, key=lambda each: each.study):
        if shared := sorted((review.trials & people) - {review.people}):
            return Refusal.of("review-and-its-trials", review=review.study, trials=", ".join(shared))
    return None


def _reviews_share_trials(contributions):
    reviews = sorted((each for each in contributions if each.trials), key=lambda each: each.study)
    for one, other in combinations(reviews, 2):
        if shared := sorted(one.trials & other.trials):
            return Refusal.of(
                "reviews-share-trials", review=one.study, other=other.study, trials=", ".join(shared)
            )
    return None


def _zero_variance(contributions):
    certain = sorted(each.study for each in contributions if each.effect.variance == 0)
    return Refusal.of("zero-variance", study=certain[0]) if certain else None
