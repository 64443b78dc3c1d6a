"""What an editor should look at again in a draft. It warns; what is not allowed at all is refused elsewhere.

The wording part follows GRADE guidelines 26 (Santesso and others 2020): a conclusion says "improves" at high certainty,
"probably improves" at moderate, "may improve" below that. It looks at one sentence at a time. A sentence that reports what
somebody found, that asks, denies or hedges, is no conclusion. Plain values in, findings out.
"""

import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.choices import (
    LOWERING_DOMAINS,
    ClaimKind,
    Domain,
    EvidenceState,
    Scheme,
    Severity,
    Strength,
)

NOT_PEOPLE = ("animal", "in-vitro")
ABOUT_PEOPLE = (ClaimKind.EFFICACY, ClaimKind.HARM, ClaimKind.ASSOCIATION, ClaimKind.INTERACTION)
LANGUAGES = ("en", "nl")

# Words that no certainty bears.
NEVER = {
    "en": r"prov(?:e|es|ed|en|ing)(?! (?:deficien|shortage|safe))|cures?|cured|curing|guarantee[ds]?|miracle|undisputed|"
    r"scientifically (?:shown|established)|always (?:works?|helps?)|works? for everyone|without (?:any )?doubt",
    "nl": r"bewijst|bewijzen dat|bewezen(?! tekort)|geneest|genezen|garandeert|gegarandeerd|garantie|wonder(?:middel)?|"
    r"onomstotelijk|wetenschappelijk aangetoond|(?:werkt|helpt) altijd|altijd (?:werkt|helpt)|zonder (?:enige )?twijfel",
}
# Words that only high certainty bears.
CERTAIN = {
    "en": r"certainly|definitely|clearly (?:works|helps|improves|reduces)|demonstrably|it is (?:clear|certain|established) that",
    "nl": r"zeker weten|beslist|aantoonbaar|duidelijk (?:werkt|helpt)|het (?:is|staat) (?:duidelijk|zeker|vast) dat",
}
# Words that moderate certainty bears.
LIKELY = {
    "en": r"probably|likely",
    "nl": r"waarschijnlijk|waarschijnlijkheid|vermoedelijk",
}
# A bare effect, in the present: what only high certainty bears.
EFFECT = {
    "en": r"improves?|reduces?|increases?|decreases?|lowers|raises?|shortens?|lengthens?|prevents?|relieves?|helps?|works?|"
    r"boosts?|restores?|calms|promotes?|stimulates?|protects?|eases?|strengthens?|treats?|causes?",
    "nl": r"verbetert|verbeteren|verlaagt|verlagen|verhoogt|verhogen|vermindert|verminderen|verkort|verkorten|verlengt|verlengen|"
    r"verlicht|verlichten|helpt|helpen|werkt|werken|bevordert|bevorderen|stimuleert|stimuleren|herstelt|"
    r"herstellen|kalmeert|kalmeren|beschermt|beschermen|versterkt|versterken|remt|remmen|veroorzaakt|veroorzaken|behandelt",
}
HEDGED = {
    "en": r"may|might|could|can|cannot|seems?|appears?|possibly|perhaps|suggests?|suggested|uncertain|unclear|unknown|would|if|"
    r"plausible|thought to|said to|supposed|maybe|hints?|points?|question|doubt(?:ful)?|idea|hypothesis",
    "nl": r"kan|kunnen|kon|zou|zouden|mogelijk|misschien|wellicht|lijkt|lijken|leek|onzeker|onduidelijk|onbekend|wijst|wijzen|"
    r"aannemelijk|suggereert|suggereren|als|indien|vraag|twijfel|twijfelachtig|idee|hypothese|denkbaar",
}
DENIED = {
    "en": r"not|no|none|nor|never|without|neither|nothing|n't|whether|how|lack|rule out",
    "nl": r"niet|geen|nooit|zonder|noch|niets|of|hoe|evenmin|ontbreekt|nergens",
}
REPORTED = {
    "en": r"found|finds?|reported|reports?|showed|shows?|shown|saw|seen|observed|concluded|concludes?|says?|said|calls?|rates?|"
    r"rated|names?|trials?|stud(?:y|ies)|meta-analys[ie]s|analys[ie]s|reviews?|cohorts?|authors?|cochrane|efsa|guidelines?|"
    r"participants|mice|rats|slices|cells|according|opinion|placebo",
    "nl": r"vond|vonden|vindt|vinden|meldde|meldden|meldt|melden|liet|lieten|laat|laten|zag|zagen|gezien|besloot|concludeert|"
    r"concludeerde|zegt|zeggen|noemt|noemen|onderzoek(?:en)?|\w*onderzoek|meta-analyses?|analyses?|overzicht(?:en)?|auteurs?|"
    r"cochrane|efsa|richtlijn(?:en)?|deelnemers|muizen|ratten|\w*plakjes|cellen|volgens|advies|proef|placebo",
}
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Finding:
    """`field` is where it is shown: a field, "judgement:<domain>", "evidence" or "evidence:<key of the study>"."""

    field: str
    code: str
    sentence: str
    severity: Severity


@dataclass(frozen=True)
class StudyFacts:
    """`trials` are the keys of the trials that a review includes; `is_fallen` that its main report is retracted."""

    key: str
    label: str
    design: str
    species: str = "human"
    is_fallen: bool = False
    trials: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowFacts:
    """`doubts` are sentences about numbers of the row that hardly stand together (`claims.synthesis.contradictions`)."""

    study: StudyFacts
    outcome_measure_en: str = ""
    outcome_measure_nl: str = ""
    counts_in_synthesis: bool = True
    directness: str = "direct"
    rests_on_a_result: bool = True
    doubts: tuple = ()


@dataclass(frozen=True)
class DraftFacts:
    """`texts` is {name: {language: text}}, `steps` {domain: (step, reason_en, reason_nl)} of the domains that are judged."""

    kind: str
    scheme: str
    evidence_state: str
    strength: int | None
    computed: int | None
    verdict: str
    texts: dict
    steps: dict
    rows: tuple[RowFacts, ...]
    searched_through: datetime.date | None
    next_review_due: datetime.date | None
    start: int | None


def lint(draft):
    """Everything to look at, the gravest first."""
    found = [
        finding
        for look in (
            wording,
            languages,
            reasons,
            rating,
            domains,
            dates,
            animals,
            reviews,
            studies,
            results,
            numbers,
        )
        for finding in look(draft)
    ]
    return sorted(found, key=lambda finding: -finding.severity)


def too_strong(text, language, strength):
    """The words of a text that say more than this strength bears; without a strength, those that none bears."""
    return [
        word
        for sentence in SENTENCE.split(text)
        if not sentence.rstrip().endswith("?")
        for word in beyond(sentence, language, strength or Strength.VERY_LOW)
    ]


def beyond(sentence, language, strength):
    if says(DENIED, sentence, language):
        return []
    if never := says(NEVER, sentence, language):
        return never
    if strength >= Strength.HIGH:
        return []
    if certain := says(CERTAIN, sentence, language):
        return certain
    if says(REPORTED, sentence, language) or says(HEDGED, sentence, language):
        return []
    effect = says(EFFECT, sentence, language)
    likely = effect and says(LIKELY, sentence, language)
    if likely and strength >= Strength.MODERATE:
        return []
    return likely or effect


def says(words, sentence, language):
    return re.findall(rf"\b(?:{words[language]})\b", sentence, re.IGNORECASE)


def wording(draft):
    for language in LANGUAGES:
        if words := too_strong(draft.texts["summary"][language], language, draft.strength):
            yield Finding(
                f"summary_{language}",
                "wording-too-strong",
                _("Says more than this strength bears: %(words)s.") % {"words": ", ".join(words)},
                Severity.IMPORTANT,
            )
        for name in ("statement", "caveats", "rationale"):
            text = draft.texts[name][language]
            if words := too_strong(text, language, Strength.HIGH):
                yield Finding(
                    f"{name}_{language}",
                    "wording-too-strong",
                    _("No evidence bears these words: %(words)s.") % {"words": ", ".join(words)},
                    Severity.IMPORTANT,
                )


def languages(draft):
    for name, texts in draft.texts.items():
        for language, other in (("en", "nl"), ("nl", "en")):
            if texts[other].strip() and not texts[language].strip():
                sentence = (
                    _("There is no English text.") if language == "en" else _("There is no Dutch text.")
                )
                yield Finding(f"{name}_{language}", "one-language", sentence, Severity.IMPORTANT)
    for name in ("statement", "summary"):
        if not any(text.strip() for text in draft.texts[name].values()):
            yield Finding(f"{name}_en", "text-missing", _("Nothing is written yet."), Severity.IMPORTANT)


def reasons(draft):
    for domain, (step, reason_en, reason_nl) in draft.steps.items():
        if step and not (reason_en.strip() and reason_nl.strip()):
            yield Finding(
                f"judgement:{domain}",
                "reason-missing",
                _("A step up or down gives its reason in both languages."),
                Severity.IMPORTANT,
            )
        elif not step and not (reason_en.strip() or reason_nl.strip()):
            yield Finding(
                f"judgement:{domain}", "reason-missing", _("Say why this changes nothing."), Severity.NOTICE
            )


def rating(draft):
    is_found = draft.evidence_state == EvidenceState.FOUND
    if is_found and draft.scheme != Scheme.NONE and draft.strength is None:
        yield Finding("strength", "unrated", _("There is evidence, but no strength yet."), Severity.IMPORTANT)
    if draft.computed and draft.strength and draft.computed != draft.strength:
        why = draft.texts["override_reason"]
        missing = [language for language in LANGUAGES if not why[language].strip()]
        for language in missing:
            yield Finding(
                f"override_reason_{language}",
                "strength-differs",
                _("The steps give another strength; say why you chose this one."),
                Severity.IMPORTANT,
            )


def domains(draft):
    if draft.scheme != Scheme.GRADE or not draft.strength:
        return
    missing = [Domain(domain).label for domain in LOWERING_DOMAINS if domain not in draft.steps]
    if missing:
        yield Finding(
            "judgements",
            "domains-unjudged",
            _("Not judged yet: %(domains)s.") % {"domains": ", ".join(str(name) for name in missing)},
            Severity.NOTICE,
        )


def dates(draft):
    for field in ("searched_through", "next_review_due"):
        if getattr(draft, field) is None:
            yield Finding(field, "undated", _("Needed before this can be published."), Severity.IMPORTANT)


def animals(draft):
    """An animal or laboratory study that counts behind a claim about people, while nothing was taken off for it."""
    if draft.kind not in ABOUT_PEOPLE or draft.steps.get(Domain.INDIRECTNESS, (0,))[0] < 0:
        return
    labels = [row.study.label for row in counted(draft) if is_not_in_people(row.study)]
    if labels:
        yield Finding(
            f"judgement:{Domain.INDIRECTNESS}",
            "indirect-animals",
            _("Not done in people, and nothing taken off for it: %(studies)s.") % {"studies": listed(labels)},
            Severity.IMPORTANT,
        )


def is_not_in_people(study):
    return study.design in NOT_PEOPLE or study.species not in ("", "human")


def reviews(draft):
    """A review counted together with trials that it includes counts them twice."""
    here = {row.study.key: row.study for row in counted(draft)}
    for study in here.values():
        twice = [here[key].label for key in study.trials if key in here]
        if twice:
            yield Finding(
                f"evidence:{study.key}",
                "review-with-its-trials",
                _("%(review)s includes %(trials)s; counting both counts the same people twice.")
                % {"review": study.label, "trials": listed(twice)},
                Severity.IMPORTANT,
            )


def studies(draft):
    if draft.evidence_state != EvidenceState.FOUND:
        return
    if not draft.rows:
        yield Finding(
            "evidence",
            "no-rows",
            _("Evidence that was found stands in at least one row."),
            Severity.IMPORTANT,
        )
        return
    here = {row.study.key: row.study for row in counted(draft)}
    fallen = [study for study in here.values() if study.is_fallen]
    if here and len(fallen) == len(here):
        sentence = _("Every study that counts here was retracted.")
        yield Finding("evidence", "only-fallen-studies", sentence, Severity.CRITICAL)
    for study in fallen:
        yield Finding(
            f"evidence:{study.key}",
            "fallen-study",
            _("%(study)s was retracted and still counts.") % {"study": study.label},
            Severity.CRITICAL,
        )
    if len({row.study.key for row in draft.rows}) == 1:
        yield Finding("evidence", "one-study", _("This rests on one study."), Severity.NOTICE)


def counted(draft):
    return [row for row in draft.rows if row.counts_in_synthesis]


def listed(labels):
    return ", ".join(dict.fromkeys(labels))


def results(draft):
    for row in draft.rows:
        if row.counts_in_synthesis and not row.rests_on_a_result:
            sentence = _(
                "This counts, and nothing shows its result: neither a place where it was seen nor a quote of it."
            )
            yield Finding(f"evidence:{row.study.key}", "result-unseen", sentence, Severity.IMPORTANT)


def numbers(draft):
    for row in draft.rows:
        for sentence in row.doubts:
            yield Finding(f"evidence:{row.study.key}", "numbers-differ", str(sentence), Severity.NOTICE)
