"""From rows of evidence to studies that can be pooled: which count, what their numbers are, and which are alike.

A row weighs where it counts in the synthesis, its study stands, it measures the outcome of the claim and it has a
number with a known error. Rows are alike in measure, unit and outcome; nothing else is ever pooled.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from claims.choices import Directness
from claims.formats.derived import PAIRED
from claims.synthesis import Contribution, Effect, Pooled, Refusal, pool
from claims.synthesis.derived import derived_of
from claims.synthesis.numbers import IN_A_UNIT, Reported, plain
from claims.synthesis.sources import effect_of
from studies.choices import Design
from studies.models import ReviewInclusion

SECOND_HAND = (
    Design.META_ANALYSIS,
    Design.SYSTEMATIC_REVIEW,
    Design.NARRATIVE_REVIEW,
    Design.GUIDELINE,
    Design.REGULATORY_OPINION,
)
RANDOMISED = (Design.RCT, Design.CROSSOVER_RCT)
NOT_COMPARED = (
    *SECOND_HAND,
    Design.ANIMAL,
    Design.IN_VITRO,
)  # the synthesis looks at their trials and species
UNRECORDED = "not recorded"
USUAL_LEVEL = 95  # per cent
AS_PRINTED = ("standard-error", "interval")  # then the interval that is drawn is the one that was printed
WHY_LEFT_OUT = {
    "switched-off": _("Left out by you"),
    "fallen": _("Retracted"),
    "not-counted": _("Not counted in the rating"),
    "other-outcome": _("Measures another outcome"),
    "no-number": _("No effect with an interval or an exact p-value"),
}
SOURCES = {
    "arms": _("from the numbers per arm"),
    "standard-error": _("from the standard error"),
    "interval": _("from the interval"),
    "p": _("from the p-value"),
}


@dataclass(frozen=True, kw_only=True)
class Result:
    """A row of evidence as a pool sees it. `left_out` is a key of WHY_LEFT_OUT, empty where it weighs.

    `one_with` and `trials` are keys of studies that stand: of a merged one that in which it went up, "" where it did not.
    `made_from` is a key of SOURCES, empty without an effect; `events` is known only from the numbers per arm.
    """

    study: str
    label: str
    year: int | None
    one_with: str
    design: str
    species: str
    trials: frozenset
    direction: str
    outcome: tuple  # English, Dutch
    measure: str
    unit: tuple  # English, Dutch
    n: int | None
    events: int | None
    effect: Effect | None
    made_from: str
    reported: tuple | None  # estimate, low and high at 95%, where the source prints them
    derived: tuple  # a Derived for each number that follows from those
    left_out: str

    @property
    def scale(self):
        return self.measure, plain(self.unit[0])


@dataclass(frozen=True)
class Pool:
    """Results that are alike, pooled or refused. `outcome` is None where they are not alike, which is the refusal."""

    outcome: tuple | None
    results: tuple
    pooled: Pooled | Refusal


@dataclass(frozen=True)
class Scale:
    """All results in one measure and unit, with what of them can be pooled."""

    measure: str
    unit: tuple
    results: tuple
    pools: tuple


def results_of(version, *, without=frozenset(), fallen=frozenset()):
    """The rows of a version in their order. `without` and `fallen` are keys of studies, switched off or retracted."""
    related = ("study__merged_into", "publication")
    rows = list(version.evidence.select_related(*related).order_by("position", "id"))
    trials = defaultdict(set)
    inclusions = ReviewInclusion.objects.filter(review__in={row.study_id for row in rows})
    for review, trial, into in inclusions.values_list("review", "trial__key", "trial__merged_into__key"):
        trials[review].add(into or trial)
    return [result_of(row, frozenset(trials[row.study_id]), without, fallen) for row in rows]


def result_of(row, trials, without, fallen):
    study = row.study
    numbers = Reported.by(row, is_paired=study.design in PAIRED)
    effect, made_from = effect_of(numbers)
    return Result(
        study=study.key,
        label=study.label,
        year=row.publication.year,
        one_with=study.merged_into.key if study.merged_into else "",
        design=study.design,
        species=study.species,
        trials=trials,
        direction=row.direction,
        outcome=(row.outcome_measure_en, row.outcome_measure_nl),
        measure=row.measure,
        unit=(row.unit_en, row.unit_nl) if row.measure in IN_A_UNIT else ("", ""),
        n=row.n,
        events=events_of(row) if made_from == "arms" else None,
        effect=effect,
        made_from=made_from,
        reported=reported_by(row) if made_from in AS_PRINTED and numbers.has_interval else None,
        derived=derived_of(numbers),
        left_out=why_left_out(row, effect, without, fallen),
    )


def reported_by(row):
    figures = (row.estimate, row.ci_low, row.ci_high)
    return tuple(map(float, figures)) if row.ci_level == USUAL_LEVEL else None


def why_left_out(row, effect, without, fallen):
    reasons = {
        "switched-off": row.study.key in without,
        "fallen": row.study.key in fallen,
        "not-counted": not row.counts_in_synthesis,
        "other-outcome": row.directness == Directness.OTHER_OUTCOME,
        "no-number": effect is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def events_of(row):
    arms = row.arms.values()
    return sum(arm["events"] for arm in arms) if all("events" in arm for arm in arms) else None


def scales_of(results, *, estimator, interval):
    """A Scale for each measure and unit that any result has an effect in, in the order of the results."""
    found = defaultdict(list)
    for result in results:
        if result.effect:
            found[result.scale].append(result)
    return [
        Scale(
            members[0].measure,
            members[0].unit,
            tuple(members),
            tuple(pools_of([each for each in members if not each.left_out], estimator, interval)),
        )
        for members in found.values()
    ]


def pools_of(weighing, estimator, interval):
    """Of results in one measure and unit: a Pool for each outcome that two or more share; one refusal where none do."""
    alike = defaultdict(list)
    for result in weighing:
        alike[plain(result.outcome[0])].append(result)
    shared = [members for members in alike.values() if len(members) > 1]
    if shared:
        return [pool_alike(members, estimator, interval) for members in shared]
    if len(weighing) < 2:
        return [Pool(None, tuple(weighing), Refusal.of("too-few"))]
    return [Pool(None, tuple(weighing), Refusal.of("mixed-outcomes"))]


def pool_alike(members, estimator, interval):
    refusal = why_designs_differ(members)
    answer = refusal or pool(contributions_of(members), estimator=estimator, interval=interval)
    labels = {each.one_with: each.label for each in members} | {each.study: each.label for each in members}
    if isinstance(answer, Refusal):
        answer = Refusal(answer.code, tuple((name, labelled(value, labels)) for name, value in answer.values))
    return Pool(members[0].outcome, tuple(members), answer)


def contributions_of(members):
    return [
        Contribution(
            study=each.study,
            effect=each.effect,
            species=each.species or UNRECORDED,
            trials=each.trials,
            one_with=each.one_with,
        )
        for each in members
    ]


def why_designs_differ(members):
    """A Refusal where the designs of these results forbid pooling them, or None."""
    blind = [each for each in members if each.design in SECOND_HAND and not each.trials]
    if blind:
        return Refusal.of("trials-unknown", review=blind[0].study)
    kinds = {each.design in RANDOMISED for each in members if each.design not in NOT_COMPARED}
    return Refusal.of("randomised-and-not") if len(kinds) > 1 else None


def labelled(names, labels):
    """Keys of studies, with commas between, as readers know the studies."""
    return ", ".join(labels.get(name, name) for name in names.split(", "))
