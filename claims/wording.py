"""The plain sentence of a rating, in English and Dutch, made from its structured parts and nothing else.

Source: GRADE guidelines 26 (Santesso and others 2020): high certainty "improves", moderate "probably improves", low
"may improve", very low "it is very uncertain whether". Mechanisms (EBM+) have openings of their own, so that nobody
reads them as an effect in people. Every combination stands in `tests/claims/golden/plain_sentences.txt`.
"""

import re

from claims.choices import (
    ClaimDirection,
    ClaimKind,
    EffectSize,
    EvidenceState,
    MechanismStatus,
    Scheme,
    Strength,
    Verdict,
)
from claims.clauses import CLAUSES, HARDLY

SHIFTS = (ClaimDirection.INCREASES, ClaimDirection.DECREASES, ClaimDirection.IMPROVES, ClaimDirection.WORSENS)
LINKS = ("associated", "shift", "linked")

NORM = {
    "en": "This is a reference value, not an effect; its certainty is not rated.",
    "nl": "Dit is een referentiewaarde en geen effect; de zekerheid ervan wordt niet beoordeeld.",
}
NORM_NOT_BORNE_OUT = {
    Verdict.CONTRADICTED: {
        "en": "This does not match the published reference values; certainty is not rated.",
        "nl": "Dit komt niet overeen met de gepubliceerde referentiewaarden; de zekerheid wordt niet beoordeeld.",
    },
    Verdict.INSUFFICIENT: {
        "en": "This is put as a reference value, but no published one was found; certainty is not rated.",
        "nl": "Dit wordt als referentiewaarde genoemd, maar is niet gevonden; de zekerheid wordt niet beoordeeld.",
    },
}
UNRATED = {
    "en": "How sure it is that {clause} has not been rated yet.",
    "nl": "Hoe zeker het is dat {clause}, is nog niet beoordeeld.",
}
WITHOUT_EVIDENCE = {
    EvidenceState.NONE_FOUND: {
        "en": "No studies were found that tested whether {clause}.",
        "nl": "Er is geen onderzoek gevonden waarin is nagegaan of {clause}.",
    },
    EvidenceState.NOT_SEARCHED: {
        "en": "There has been no search yet for studies that tested whether {clause}.",
        "nl": "Er is nog niet gezocht naar onderzoek waarin is nagegaan of {clause}.",
    },
}
TOO_LITTLE = {
    "en": "There is too little evidence to say whether {clause}.",
    "nl": "Er is te weinig bewijs om te zeggen of {clause}.",
}
BOTH_WAYS = {
    "en": "Studies point both ways: {opening}.",
    "nl": "De onderzoeken spreken elkaar tegen: {opening}.",
}
NOT_SETTLED = {"en": "it is not settled whether {clause}", "nl": "het staat niet vast of {clause}"}
UNCERTAIN = {
    Scheme.GRADE: {
        Strength.HIGH: NOT_SETTLED,
        Strength.MODERATE: NOT_SETTLED,
        Strength.LOW: {"en": "it is uncertain whether {clause}", "nl": "het is onzeker of {clause}"},
        Strength.VERY_LOW: {
            "en": "it is very uncertain whether {clause}",
            "nl": "het is zeer onzeker of {clause}",
        },
    },
    Scheme.EBM_PLUS: {
        Strength.HIGH: NOT_SETTLED,
        Strength.MODERATE: NOT_SETTLED,
        Strength.LOW: {
            "en": "it is an open question whether {clause}",
            "nl": "het is een open vraag of {clause}",
        },
        Strength.VERY_LOW: {
            "en": "it is speculation so far whether {clause}",
            "nl": "het is tot nu toe speculatie of {clause}",
        },
    },
}
MECHANISM = {
    MechanismStatus.ESTABLISHED: {
        "en": "It is established that {clause}.",
        "nl": "Het staat vast dat {clause}.",
    },
    MechanismStatus.PROVISIONALLY_ESTABLISHED: {
        "en": "There is good but not complete evidence that {clause}.",
        "nl": "Er is goed, maar nog geen volledig bewijs dat {clause}.",
    },
    MechanismStatus.ARGUABLE: {
        "en": "It is arguable that {clause}.",
        "nl": "Het is verdedigbaar dat {clause}.",
    },
    MechanismStatus.SPECULATIVE: {
        "en": "It is speculation so far that {clause}.",
        "nl": "Het is tot nu toe speculatie dat {clause}.",
    },
}
# What very uncertain evidence did show, by what the clause is about.
NOTHING_SEEN = {
    "en": "the studies showed no difference",
    "nl": "de onderzoeken lieten geen verschil zien",
}
NO_LINK_SEEN = {"en": "the studies showed no association", "nl": "de onderzoeken lieten geen verband zien"}
NOT_SEEN = {"en": "the studies did not show this", "nl": "de onderzoeken lieten dat niet zien"}
OTHER_WAY_SEEN = {
    "en": "what was found points the other way",
    "nl": "wat er gevonden is, wijst de andere kant op",
}
SOMETHING_SEEN = {
    "en": "what was found points to a difference",
    "nl": "wat er gevonden is, wijst op een verschil",
}
LINK_SEEN = {
    "en": "what was found points to an association",
    "nl": "wat er gevonden is, wijst op een verband",
}

STRENGTH_WORDS = {
    Scheme.GRADE: {
        Strength.HIGH: {"en": "high certainty", "nl": "hoge zekerheid"},
        Strength.MODERATE: {"en": "moderate certainty", "nl": "redelijke zekerheid"},
        Strength.LOW: {"en": "low certainty", "nl": "lage zekerheid"},
        Strength.VERY_LOW: {"en": "very low certainty", "nl": "zeer lage zekerheid"},
    },
    Scheme.EBM_PLUS: {
        MechanismStatus.ESTABLISHED: {"en": "established", "nl": "vastgesteld"},
        MechanismStatus.PROVISIONALLY_ESTABLISHED: {
            "en": "provisionally established",
            "nl": "voorlopig vastgesteld",
        },
        MechanismStatus.ARGUABLE: {"en": "arguable", "nl": "verdedigbaar"},
        MechanismStatus.SPECULATIVE: {"en": "speculative", "nl": "speculatief"},
    },
}
NOT_RATED = {"en": "not rated", "nl": "niet beoordeeld"}
VERDICT_WORDS = {
    Verdict.SUPPORTED: {"en": "the evidence points this way", "nl": "het bewijs wijst deze kant op"},
    Verdict.MIXED: {"en": "the evidence points both ways", "nl": "het bewijs wijst beide kanten op"},
    Verdict.NOT_SUPPORTED: {
        "en": "studied, no difference shown",
        "nl": "onderzocht, geen verschil aangetoond",
    },
    Verdict.CONTRADICTED: {
        "en": "the evidence points the other way",
        "nl": "het bewijs wijst de andere kant op",
    },
    Verdict.INSUFFICIENT: {"en": "too little evidence to say", "nl": "te weinig bewijs om iets te zeggen"},
}


def plain_sentence(
    language,
    *,
    kind,
    scheme,
    strength,
    verdict,
    effect_size,
    direction,
    intervention,
    outcome,
    population=None,
    comparator=None,
    evidence_state=EvidenceState.FOUND,
    plural=False,
    verb=None,
) -> str:
    """What the rating comes down to, as one sentence with a capital and a full stop.

    `intervention` and `outcome` are noun phrases ready to stand inside a sentence ("de inslaaptijd"), `population` and
    `comparator` likewise, without a preposition. `plural` is about the intervention. `verb` is a pair such as
    ("shortens", "shorten") or ("verkort", "verkorten") that suits the outcome better than the usual one.
    A reference value (scheme none) has a fixed sentence, which depends on the verdict alone. Sizes are worded where an effect is
    supported at low certainty or higher, never for a mechanism.
    """
    if language not in CLAUSES:
        raise ValueError(f"There are plain sentences in {' and '.join(CLAUSES)}, not in {language}.")
    if scheme == Scheme.NONE:
        return NORM_NOT_BORNE_OUT.get(verdict, NORM)[language]
    predicate = predicate_for(kind, direction, outcome)
    clause = CLAUSES[language](
        predicate,
        direction,
        intervention,
        plural,
        outcome,
        population,
        comparator,
        verb,
        kind == ClaimKind.HARM,
    )
    if evidence_state != EvidenceState.FOUND:
        sentence = WITHOUT_EVIDENCE[EvidenceState(evidence_state)][language].format(
            clause=clause.after("whether")
        )
    elif strength is None:
        sentence = UNRATED[language].format(clause=clause.after(claimed(direction)))
    else:
        size = EffectSize.UNKNOWN if scheme == Scheme.EBM_PLUS else effect_size
        sentence = rated_sentence(language, clause, scheme, strength, verdict, size)
    return capitalised(sentence, language)


def predicate_for(kind, direction, outcome):
    """What the clause says of the intervention. An association never gets a verb that makes it a cause."""
    is_association = kind == ClaimKind.ASSOCIATION or direction == ClaimDirection.ASSOCIATED
    if not outcome:
        return "linked" if is_association else "reliable" if kind == ClaimKind.DIAGNOSIS else "effect"
    if is_association:
        return "shift" if direction in SHIFTS else "associated"
    if direction == ClaimDirection.REQUIRES:
        return "needed"
    if direction == ClaimDirection.NO_DIFFERENCE:
        return "difference"
    if not direction:
        return "sign" if kind == ClaimKind.DIAGNOSIS else "affects"
    return "acts"


def claimed(direction):
    """The sense in which a claim is made: most say that something is so, one direction that it is not."""
    return "hardly" if direction == ClaimDirection.NO_DIFFERENCE else "yes"


def rated_sentence(language, clause, scheme, strength, verdict, size):
    if verdict == Verdict.INSUFFICIENT:
        return TOO_LITTLE[language].format(clause=clause.after("whether"))
    opening = UNCERTAIN[Scheme(scheme)][Strength(strength)][language].format(clause=clause.after("whether"))
    if verdict == Verdict.MIXED:
        return BOTH_WAYS[language].format(opening=opening)
    if strength == Strength.VERY_LOW and verdict != Verdict.SUPPORTED:
        return f"{opening}: {seen(clause, verdict)[language]}."
    sense = sense_of(clause, verdict, size)
    if scheme == Scheme.EBM_PLUS:
        return MECHANISM[MechanismStatus(strength)][language].format(clause=clause.after(sense))
    return f"{opening}." if strength == Strength.VERY_LOW else f"{clause.main(sense, strength)}."


def sense_of(clause, verdict, size):
    """Yes, hardly, no, or yes with a size. "Not supported" is no more than hardly; where hardly has no words, no."""
    says_no_difference = claimed(clause.direction) == "hardly"
    has_hardly = clause.predicate in HARDLY
    if verdict == Verdict.CONTRADICTED:
        return "indeed" if says_no_difference else "no"
    if verdict == Verdict.NOT_SUPPORTED:
        return "hardly" if has_hardly else "no"
    if has_hardly and (says_no_difference or size == EffectSize.TRIVIAL):
        return "hardly"
    return size if size in (EffectSize.LARGE, EffectSize.SMALL) else "yes"


def seen(clause, verdict):
    is_link = clause.predicate in LINKS
    if verdict == Verdict.CONTRADICTED and claimed(clause.direction) == "yes":
        return OTHER_WAY_SEEN
    if verdict == Verdict.CONTRADICTED:
        return LINK_SEEN if is_link else SOMETHING_SEEN
    if is_link:
        return NO_LINK_SEEN
    return NOTHING_SEEN if clause.predicate in HARDLY else NOT_SEEN


def capitalised(sentence, language):
    """With a capital, but "pH" and "mRNA" keep their own, Dutch "ij" is one letter and "'s nachts" starts at "nachts"."""
    skipped = re.match(r"'[a-z]\s+", sentence)
    start = skipped.end() if skipped else 0
    first = sentence[start:].split(maxsplit=1)[0]
    if re.match(r"[a-z]+[A-Z]", first):
        return sentence
    length = 2 if language == "nl" and first.startswith("ij") else 1
    return sentence[:start] + sentence[start : start + length].upper() + sentence[start + length :]


def strength_words(scheme, strength, language) -> str:
    """Such as "low certainty", or "arguable" for a mechanism; "not rated" where there is no strength."""
    if strength is None or scheme == Scheme.NONE:
        return NOT_RATED[language]
    return STRENGTH_WORDS[Scheme(scheme)][strength][language]


def verdict_words(verdict, language) -> str:
    return VERDICT_WORDS[Verdict(verdict)][language]
