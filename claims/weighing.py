"""What if a study falls: the numbers, the steps they suggest and the sentence that follows, without chosen studies.

A preview only: nothing here writes, and no suggestion changes what was published.
"""

from copy import copy
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from claims.choices import Domain, EvidenceDirection, EvidenceState, Scheme, Strength, Verdict
from claims.documents import LANGUAGES, plain_sentence, strength_entry
from claims.grading import Step, grade
from claims.pools import results_of, scales_of
from claims.suggesting import suggestions
from claims.synthesis import Estimator, IntervalMethod, Pooled, Prediction, Refusal, printed_scale

ESTIMATOR, INTERVAL = Estimator.REML, IntervalMethod.HARTUNG_KNAPP_WIDENED
WORDED = tuple(  # what a sentence is made from, for `select_related`
    f"claim__{name}" for name in ("intervention", "outcome", "population", "comparator", "condition")
)
BORNE_BY = {
    Verdict.SUPPORTED: EvidenceDirection.SUPPORTS,
    Verdict.CONTRADICTED: EvidenceDirection.DISPUTES,
    Verdict.NOT_SUPPORTED: EvidenceDirection.NO_DIFFERENCE,
}
ENDINGS = {
    "rated": _("The rating that follows"),
    "none-left": _("No evidence is left."),
    "none-counts": _("None of the results that are left counts in the rating."),
    "verdict-open": _(
        "No result is left that points the way the published verdict does, so the verdict would have to be judged anew."
    ),
    "not-rated": _("This claim has no rating that numbers could change."),
}


@dataclass(frozen=True)
class StepBeside:
    """A domain with its published step and, where a pool speaks of it, the step that the numbers suggest."""

    domain: Domain
    published: int
    suggested: int | None
    reasons: tuple


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A version as its remaining evidence bears it. `ending` is a key of ENDINGS; without "rated" there is no strength.

    `counted` is the number of studies left that count and stand; `tally` counts their results by direction. `leading`
    is the Pool that the steps rest on, the one with most studies, or None where none could be pooled.
    """

    scheme: str
    estimator: Estimator
    interval: IntervalMethod
    results: tuple
    scales: tuple
    studies: int
    counted: int
    tally: dict
    leading: object
    steps: tuple
    ending: str
    strength: Strength | None
    sentence: dict | None

    @property
    def ending_words(self):
        return ENDINGS[self.ending]

    @property
    def strength_entry(self):
        """The strength as documents have it, or None."""
        return strength_entry(self.scheme, self.strength)

    @property
    def refusals(self):
        """Why results were not pooled, each reason once."""
        pools = [pool.pooled for scale in self.scales for pool in scale.pools if pool.results]
        return list(dict.fromkeys(pooled for pooled in pools if isinstance(pooled, Refusal)))

    @property
    def predicted(self):
        """The ends of the prediction interval of the leading pool as people read them, or None."""
        pooled = self.leading and self.leading.pooled
        if not pooled or not isinstance(pooled.prediction, Prediction):
            return None
        return tuple(
            printed_scale(pooled.measure, end) for end in (pooled.prediction.low, pooled.prediction.high)
        )


def weigh(version, *, without=frozenset(), fallen=frozenset(), estimator=ESTIMATOR, interval=INTERVAL):
    """Weighed. `without` and `fallen` are keys of studies: switched off, and retracted by what is known now.

    Raises ValueError for methods that do not go together.
    """
    results = results_of(version, without=without, fallen=fallen)
    left = [result for result in results if result.study not in without]
    counting = [result for result in left if result.left_out not in ("not-counted", "fallen")]
    scales = tuple(scales_of(results, estimator=estimator, interval=interval))
    leading = leading_pool(scales, results)
    steps = tuple(steps_beside(version, leading))
    ending = ending_of(version, left, counting)
    strength = strength_of(version, steps) if ending == "rated" else None
    return Weighed(
        scheme=version.scheme,
        estimator=Estimator(estimator),
        interval=IntervalMethod(interval),
        results=tuple(results),
        scales=scales,
        studies=len({result.study for result in left}),
        counted=len({result.study for result in counting}),
        tally={
            code: sum(result.direction == code for result in counting) for code in EvidenceDirection.values
        },
        leading=leading,
        steps=steps,
        ending=ending,
        strength=strength,
        sentence=sentence_of(version, strength) if ending == "rated" else None,
    )


def scales_as_usual(version, fallen):
    """Its results by measure and unit, pooled by the usual methods."""
    return scales_of(results_of(version, fallen=fallen), estimator=ESTIMATOR, interval=INTERVAL)


def leading_pool(scales, results):
    """The pool of most studies, of equals the one whose first result comes first; None where nothing could be pooled."""
    pools = [pool for scale in scales for pool in scale.pools if isinstance(pool.pooled, Pooled)]
    return min(pools, key=lambda pool: (-pool.pooled.k, results.index(pool.results[0])), default=None)


def steps_beside(version, leading):
    """A StepBeside for each domain that was judged or that the numbers speak of; none where GRADE does not apply."""
    if version.scheme != Scheme.GRADE or version.start is None:
        return
    judged = {row.domain: row.step for row in version.judgements.all()}
    suggested = {each.domain: each for each in suggested_by(leading, version)}
    for domain in Domain:
        if domain in judged or domain in suggested:
            suggestion = suggested.get(domain)
            yield StepBeside(
                domain,
                judged.get(domain, 0),
                suggestion and suggestion.step,
                suggestion.reasons if suggestion else (),
            )


def suggested_by(leading, version):
    if leading is None:
        return ()
    return suggestions(
        leading.pooled,
        people=total(result.n for result in leading.results),
        events=total(result.events for result in leading.results),
        direction=version.claim.direction,
        verdict=version.verdict,
    )


def total(numbers):
    numbers = list(numbers)
    return None if None in numbers else sum(numbers)


def ending_of(version, left, counting):
    if (
        version.scheme == Scheme.NONE
        or version.strength is None
        or version.evidence_state != EvidenceState.FOUND
    ):
        return "not-rated"
    if not left:
        return "none-left"
    if not counting:
        return "none-counts"
    bearer = BORNE_BY.get(version.verdict)
    is_borne = bearer is None or any(result.direction == bearer for result in counting)
    return "rated" if is_borne else "verdict-open"


def strength_of(version, steps):
    """What the steps give with the suggested ones in their place; as published where no step is another one."""
    if all(step.suggested in (None, step.published) for step in steps):
        return Strength(version.strength)
    taken = [
        Step(step.domain, step.published if step.suggested is None else step.suggested, "suggested")
        for step in steps
    ]
    return grade(Strength(version.start), taken).strength


def sentence_of(version, strength):
    altered = copy(version)
    altered.strength = strength
    return {language: plain_sentence(altered, language) for language in LANGUAGES}


@dataclass(frozen=True)
class Choice:
    """What was asked for: studies to leave out, and the methods."""

    without: frozenset
    estimator: Estimator
    interval: IntervalMethod


def choice_asked(parameters, studies, problems):
    """The Choice that `without`, `estimator` and `interval` ask for; adds {parameter: sentence} to the problems.

    `without` names studies by their key, repeated or with commas between; `studies` are the keys there are.
    """
    named = [key for text in parameters.getlist("without") for key in text.split(",") if key]
    if strangers := [key for key in named if key not in studies]:
        problems["without"] = _("names %(study)s, which is not among the evidence of this claim.") % {
            "study": strangers[0][:80]
        }
    estimator = one_of(Estimator, parameters, "estimator", ESTIMATOR, problems)
    interval = one_of(IntervalMethod, parameters, "interval", INTERVAL, problems)
    if estimator == Estimator.FIXED and interval != IntervalMethod.WALD:
        if "interval" not in parameters:
            interval = IntervalMethod.WALD
        else:
            problems["interval"] = _("is wald with a fixed effect; Hartung-Knapp is made for random effects.")
    return Choice(frozenset(named), estimator, interval)


def one_of(choices, parameters, name, default, problems):
    value = parameters.get(name, default)
    if value in choices.values:
        return choices(value)
    problems[name] = _("is one of %(known)s.") % {"known": ", ".join(choices.values)}
    return default


def studies_of(version):
    """The keys of the studies among the evidence of a version."""
    return set(version.evidence.values_list("study__key", flat=True))
