"""How sure a claim is: GRADE for effects in people, EBM+ for mechanisms, and how a text's firmness stands to either.

Sources: GRADE handbook, chapter 5 (Schünemann and others 2013); Parkkinen and others 2018, Evaluating Evidence of
Mechanisms in Medicine, for EBM+.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from claims.choices import (
    LOWERING_DOMAINS,
    RAISING_DOMAINS,
    ClaimKind,
    Domain,
    EvidenceState,
    Hedge,
    MechanismStatus,
    Scheme,
    Stance,
    Strength,
    Verdict,
)

RANDOMISED = Strength.HIGH
OBSERVATIONAL = Strength.LOW
STARTS = (RANDOMISED, OBSERVATIONAL)

STEPS_ALLOWED = {
    **dict.fromkeys(LOWERING_DOMAINS, range(-2, 1)),
    **dict.fromkeys(RAISING_DOMAINS, range(2)),
    Domain.LARGE_EFFECT: range(3),
}

SCHEMES_BY_KIND = {
    **dict.fromkeys(ClaimKind, (Scheme.GRADE,)),
    ClaimKind.INTAKE: (Scheme.NONE, Scheme.GRADE),
    ClaimKind.MECHANISM: (Scheme.EBM_PLUS,),
}

FORCE = {Hedge.ASSERTED: 3, Hedge.PROBABLE: 2, Hedge.POSSIBLE: 1, Hedge.QUESTIONED: 0, Hedge.DENIED: 0}
FORCE_BORNE = {Strength.HIGH: 3, Strength.MODERATE: 2, Strength.LOW: 1, Strength.VERY_LOW: 1}


@dataclass(frozen=True)
class Step:
    """What one GRADE domain does to the certainty, in whole levels. Zero says it was looked at and changes nothing."""

    domain: Domain
    step: int
    reason: str = ""

    def __post_init__(self):
        name = Domain(self.domain).value.replace("-", " ")
        allowed = STEPS_ALLOWED[self.domain]
        if self.step not in allowed:
            raise ValueError(f"A step for {name} runs from {allowed[0]} to {allowed[-1]}, not {self.step}.")
        if self.step and not self.reason.strip():
            raise ValueError(f"The step for {name} needs a reason.")


@dataclass(frozen=True)
class Override:
    """Another strength than the steps give, with the reason for it in both languages."""

    strength: Strength
    reason_en: str
    reason_nl: str

    def __post_init__(self):
        if not (self.reason_en.strip() and self.reason_nl.strip()):
            raise ValueError("Another strength than the steps give needs a reason in English and in Dutch.")


@dataclass(frozen=True)
class Line:
    """One line of the sum as a reader sees it. `value` is a level for start, result and override, else a step."""

    part: str  # start, step, result or override
    value: int
    domain: Domain | None = None
    reason: str = ""


@dataclass(frozen=True)
class Grade:
    """`total` is the bare sum, which may lie off the scale; `computed` is that sum kept within it."""

    strength: Strength
    computed: Strength
    total: int
    explanation: tuple[Line, ...]

    @property
    def is_clamped(self):
        return self.total != self.computed

    @property
    def is_overridden(self):
        return self.strength != self.computed


def grade(start: Strength, steps: Iterable[Step], override: Override | None = None) -> Grade:
    """Certainty of a body of evidence (GRADE): where it starts, plus its steps, kept within the scale.

    Raises ValueError for a start that is neither high (randomised) nor low (other studies), and for a domain named twice.
    """
    if start not in STARTS:
        raise ValueError("Evidence starts at high when it is randomised and at low when it is not.")
    steps = tuple(steps)
    refuse_repeats(steps)
    total = int(start) + sum(step.step for step in steps)
    computed = Strength(min(max(total, Strength.VERY_LOW), Strength.HIGH))
    explanation = [
        Line("start", int(start)),
        *(Line("step", step.step, step.domain, step.reason) for step in steps),
        Line("result", int(computed)),
    ]
    if override is None or override.strength == computed:
        return Grade(computed, computed, total, tuple(explanation))
    explanation.append(Line("override", int(override.strength), reason=override.reason_en))
    return Grade(Strength(override.strength), computed, total, tuple(explanation))


def refuse_repeats(steps):
    seen = set()
    for step in steps:
        if step.domain in seen:
            raise ValueError(
                f"{Domain(step.domain).value.replace('-', ' ').capitalize()} is judged once, not twice."
            )
        seen.add(step.domain)


def schemes_allowed(kind) -> tuple[Scheme, ...]:
    return SCHEMES_BY_KIND[ClaimKind(kind)]


def scheme_for(kind) -> Scheme:
    """The scheme a new claim of this kind starts with."""
    return schemes_allowed(kind)[0]


def strength_label_code(scheme, strength) -> str:
    """The code of a strength in its own scheme, such as "very-low" or "arguable"; "not-rated" where there is none."""
    if strength is None or scheme == Scheme.NONE:
        return "not-rated"
    return (MechanismStatus if scheme == Scheme.EBM_PLUS else Strength)(strength).code


def stance(hedge, strength, scheme, verdict, evidence_state=EvidenceState.FOUND) -> Stance:
    """How what a text says stands to what the evidence bears: fact at high, likely at moderate, possible below that.

    A text that only questions what nobody has tested says no more than we know. Mixed evidence, or too little of it,
    bears "possible" at most, however it is rated. Denying what is well supported goes against the evidence.
    """
    is_claimed = FORCE[hedge] > 0
    if evidence_state == EvidenceState.NONE_FOUND:
        return Stance.IN_LINE if hedge == Hedge.QUESTIONED else Stance.UNSUPPORTED
    if strength is None or scheme == Scheme.NONE:
        return Stance.NOT_RATED
    if verdict == Verdict.CONTRADICTED:
        return Stance.CONTRADICTED if is_claimed else Stance.IN_LINE
    if verdict == Verdict.NOT_SUPPORTED:
        return Stance.OVERSTATED if is_claimed else Stance.IN_LINE
    if verdict in (Verdict.MIXED, Verdict.INSUFFICIENT):
        return Stance.OVERSTATED if FORCE[hedge] > FORCE[Hedge.POSSIBLE] else Stance.IN_LINE
    return stance_on_supported(hedge, strength)


def stance_on_supported(hedge, strength):
    borne = FORCE_BORNE[strength]
    if strength >= Strength.MODERATE and hedge == Hedge.DENIED:
        return Stance.CONTRADICTED
    if strength >= Strength.MODERATE and hedge == Hedge.QUESTIONED:
        return Stance.UNDERSTATED
    if FORCE[hedge] > borne:
        return Stance.OVERSTATED
    return Stance.UNDERSTATED if borne - FORCE[hedge] >= 2 else Stance.IN_LINE
