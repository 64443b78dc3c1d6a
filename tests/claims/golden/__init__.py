"""The plain sentences in full: `python -m tests.claims.golden` writes them anew, for a person to read before committing."""

from itertools import product
from pathlib import Path

from claims.choices import ClaimDirection, EffectSize, EvidenceState, Strength, Verdict
from claims.wording import plain_sentence

FILE = Path(__file__).parent / "plain_sentences.txt"
HEADING = ("kind", "strength", "size", "direction", "verdict", "evidence", "en", "nl")

ABOUT = {
    "efficacy": {
        "en": {"intervention": "magnesium", "outcome": "sleep quality", "population": "older adults"},
        "nl": {"intervention": "magnesium", "outcome": "de slaapkwaliteit", "population": "ouderen"},
    },
    "harm": {
        "en": {"intervention": "magnesium supplements", "outcome": "diarrhoea", "plural": True},
        "nl": {"intervention": "magnesiumsupplementen", "outcome": "diarree", "plural": True},
    },
    "association": {
        "en": {"intervention": "the intake of magnesium", "outcome": "sleep duration"},
        "nl": {"intervention": "de inname van magnesium", "outcome": "de slaapduur"},
    },
    "mechanism": {
        "en": {"intervention": "magnesium", "outcome": "the activity of GABA receptors"},
        "nl": {"intervention": "magnesium", "outcome": "de activiteit van GABA-receptoren"},
    },
    "diagnosis": {
        "en": {"intervention": "a normal blood value", "outcome": "an adequate magnesium status"},
        "nl": {"intervention": "een normale bloedwaarde", "outcome": "een goede magnesiumstatus"},
    },
    "intake": {
        "en": {"intervention": "magnesium from food", "outcome": "muscle function"},
        "nl": {"intervention": "magnesium uit voeding", "outcome": "de spierfunctie"},
    },
}
RATED = tuple(product(reversed(Strength), Verdict))
SIZED = (EffectSize.LARGE, EffectSize.MODERATE, EffectSize.SMALL, EffectSize.TRIVIAL)


def row(kind, scheme, strength, size, direction, verdict, evidence=EvidenceState.FOUND):
    parts = {
        "kind": kind,
        "scheme": scheme,
        "strength": strength,
        "verdict": verdict,
        "effect_size": size,
        "direction": direction,
        "evidence_state": evidence,
    }
    sentences = [plain_sentence(language, **parts, **ABOUT[kind][language]) for language in ("en", "nl")]
    level = "-" if strength is None else strength.code
    return (
        kind,
        level,
        size.value,
        direction.value if direction else "-",
        verdict.value,
        evidence.value,
        *sentences,
    )


def rows():
    """Effects in every combination; other kinds without a size, which they word as effects do or not at all."""
    unknown = EffectSize.UNKNOWN
    for size, direction, (strength, verdict) in product(EffectSize, ClaimDirection, RATED):
        yield row("efficacy", "grade", strength, size, direction, verdict)
    for kind, direction, (strength, verdict) in product(("harm", "association"), ClaimDirection, RATED):
        yield row(kind, "grade", strength, unknown, direction, verdict)
    for size, direction, strength in product(SIZED, ClaimDirection, reversed(Strength)):
        yield row("association", "grade", strength, size, direction, Verdict.SUPPORTED)
    for direction, (strength, verdict) in product(ClaimDirection, RATED):
        yield row("mechanism", "ebm-plus", strength, unknown, direction, verdict)
    for kind, (strength, verdict) in product(("diagnosis", "intake"), RATED):
        yield row(kind, "grade", strength, unknown, None, verdict)
    for kind, evidence, direction in product(("efficacy", "association"), EvidenceState, ClaimDirection):
        yield row(kind, "grade", None, unknown, direction, Verdict.INSUFFICIENT, evidence)
    yield row("intake", "none", None, unknown, None, Verdict.INSUFFICIENT)


def text():
    return "".join("\t".join(line) + "\n" for line in (HEADING, *rows()))
