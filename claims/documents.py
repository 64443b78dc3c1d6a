"""The canonical document of a published version: everything readers are told, in both languages, written once.

The API serves it, a release and `?as_of=` rest on it, pages are drawn from it. It names no host, so its bytes and its
SHA-256 are the same wherever the base is loaded. What can change without a new version (a retraction, a withdrawal)
is not in it: see `claims.standing`.
"""

from claims import grading, wording
from claims.agreement import agreement
from claims.choices import (
    ClaimDirection,
    ClaimKind,
    DissentOutcome,
    Domain,
    EffectSize,
    EvidenceDirection,
    EvidenceState,
    MechanismStatus,
    Scheme,
    Strength,
    TopicKind,
    Verdict,
)
from claims.entries import evidence_entry
from claims.formats.terms import LANGUAGES, both, labels, term
from claims.models import SecondRating
from kb.lib.jsonlines import canonical, moment

LICENCE = {"data": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
CARD = (
    "accession",
    "version",
    "path",
    "slug",
    "kind",
    "statement",
    "plain_sentence",
    "summary",
    "about",
    "topics",
    "rating",
    "tallies",
    "searched_through",
    "next_review_due",
    "updated_at",
    "licence",
)


def build_document(version):
    """The document of a version, as a dict in reading order. Of a draft it is what would be published: no number or moment."""
    claim = version.claim
    topics = version.topics.all() if version.number else claim.topics.all()
    evidence = list(version.evidence.select_related("study", "publication__merged_into"))
    judgements = sorted(version.judgements.all(), key=lambda judgement: Domain.values.index(judgement.domain))
    return {
        "accession": claim.accession,
        "version": version.number,
        "path": f"/claims/{claim.accession}.{version.number}/",
        "slug": claim.slug,
        "kind": term(ClaimKind(claim.kind)),
        "statement": both(version, "statement"),
        "plain_sentence": {language: plain_sentence(version, language) for language in LANGUAGES},
        "summary": both(version, "summary"),
        "about": about(claim, version),
        "topics": [topic_entry(topic) for topic in topics],
        "rating": rating(version, judgements),
        "caveats": both(version, "caveats"),
        "evidence": [evidence_entry(row) for row in evidence],
        "tallies": tallies(evidence),
        "rated_by": name_of(version.author),
        "reviewed_by": version.reviewer and name_of(version.reviewer),
        "reviewer_interests": version.reviewer_interests or None,
        "second_rating": second_rating(version),
        "searched_through": version.searched_through and version.searched_through.isoformat(),
        "next_review_due": version.next_review_due and version.next_review_due.isoformat(),
        "updated_at": version.published_at and moment(version.published_at),
        "change": {"kind": version.change_kind, "note": version.change_note},
        "licence": LICENCE,
    }


def card_of(document):
    """The part of a document that lists show, as canonical text."""
    card = {name: document[name] for name in CARD}
    card["rating"] = {
        name: document["rating"][name]
        for name in ("scheme", "evidence_state", "strength", "verdict", "effect_size")
    }
    return canonical(card)


def strength_entry(scheme, value):
    if value is None:
        return None
    word = (MechanismStatus if scheme == Scheme.EBM_PLUS else Strength)(value)
    certainty = {language: wording.strength_words(scheme, value, language) for language in LANGUAGES}
    return {
        "code": Strength(value).code,
        "value": value,
        "status": word.code,
        "label": labels(word.label),
        "words": certainty,
    }


def topic_entry(topic):
    return {
        "slug": topic.slug,
        "kind": term(TopicKind(topic.kind)),
        "name": {"en": topic.name_en, "nl": topic.name_nl},
    }


def about(claim, version):
    """What the claim is about: PICO, and the direction it claims."""
    return {
        "intervention": topic_entry(claim.intervention),
        "direction": term(ClaimDirection(claim.direction)) if claim.direction else None,
        **{
            name: topic_entry(getattr(claim, name)) if getattr(claim, name) else None
            for name in ("outcome", "comparator", "population", "condition")
        },
        "population_words": both(version, "population"),
        "comparator_words": both(version, "comparator"),
    }


def rating(version, judgements):
    scheme = version.scheme
    return {
        "scheme": term(Scheme(scheme)),
        "evidence_state": term(EvidenceState(version.evidence_state)),
        "start": strength_entry(scheme, version.start),
        "strength": strength_entry(scheme, version.strength),
        "strength_in_people": strength_entry(scheme, version.strength_in_people),
        "override_reason": both(version, "override_reason"),
        "verdict": term(Verdict(version.verdict)),
        "effect_size": term(EffectSize(version.effect_size)),
        "rationale": both(version, "rationale"),
        "would_change": both(version, "would_change"),
        "judgements": [
            {
                "domain": term(Domain(judgement.domain)),
                "step": judgement.step,
                "reason": both(judgement, "reason"),
            }
            for judgement in judgements
        ],
    }


def tallies(evidence):
    """How many rows point which way, how many studies there are and how many rows count in the synthesis."""
    return {
        **{code: sum(row.direction == code for row in evidence) for code in EvidenceDirection.values},
        "studies": len({row.study_id for row in evidence}),
        "counted": sum(row.counts_in_synthesis for row in evidence),
    }


def second_rating(version):
    """What a second person judged without seeing the first judgements, beside them; None where nobody was asked."""
    second = SecondRating.objects.filter(version=version, given_at__isnull=False).first()
    if second is None:
        return None
    first = steps_of(version)
    return {
        "rated_by": name_of(second.rater),
        "strength": strength_entry(version.scheme, second.strength),
        "agreement": agreement(both_steps(second, first)),
        "domains": [
            {
                "domain": term(Domain(domain)),
                "steps": list(steps),
                "second_reason": reason_of(second.judgements.get(domain)),
            }
            for domain, steps in zip(first, both_steps(second, first), strict=True)
        ],
        "outcome": term(DissentOutcome(second.outcome)) if second.outcome else None,
        "note": both(second, "note"),
    }


def both_steps(second, first):
    """[(first step, second step)] by domain, in the order of the domains."""
    return [(step, second.judgements.get(domain, {}).get("step", 0)) for domain, step in first.items()]


def reason_of(judged):
    reasons = {language: (judged or {}).get(f"reason_{language}", "") for language in LANGUAGES}
    return reasons if any(reasons.values()) else None


def steps_of(version):
    """{domain: step} for each of the eight domains; a domain nobody judged is a step of 0."""
    judged = dict(version.judgements.values_list("domain", "step"))
    return {domain: judged.get(domain, 0) for domain in Domain.values}


def name_of(person):
    return person.get_full_name() or person.get_username()


def plain_sentence(version, language):
    """What the rating comes down to, in one sentence made from the structure alone."""
    claim = version.claim
    phrase = f"phrase_{language}"
    return wording.plain_sentence(
        language,
        kind=claim.kind,
        scheme=version.scheme,
        strength=version.strength,
        verdict=version.verdict,
        effect_size=version.effect_size,
        direction=claim.direction,
        evidence_state=version.evidence_state,
        intervention=getattr(claim.intervention, phrase),
        plural=getattr(claim.intervention, f"is_plural_{language}"),
        outcome=getattr(claim.outcome, phrase) if claim.outcome else None,
        population=people(claim, language),
        comparator=compared_with(version, language),
        verb=verb_of(claim, language),
    )


def people(claim, language):
    """Who the claim is about, as a phrase: the population, with the condition or the medicine that they have; or None."""
    population, condition = claim.population, claim.condition
    who = (
        getattr(population, f"phrase_{language}")
        if population
        else {"en": "people", "nl": "mensen"}[language]
    )
    if condition is None:
        return who if population else None
    takes = condition.kind == TopicKind.INTERVENTION
    having = {"en": ("with {}", "who take {}"), "nl": ("met {}", "die {} gebruiken")}[language][takes]
    return f"{who} {having.format(getattr(condition, f'phrase_{language}'))}"


def compared_with(version, language):
    """What the claim itself compares with, as a phrase; None where it is only what its studies compared with."""
    claim = version.claim
    if claim.comparator:
        return getattr(claim.comparator, f"phrase_{language}")
    words = getattr(version, f"comparator_{language}")
    return words if words and claim.kind == ClaimKind.BIOAVAILABILITY and "placebo" not in words else None


def verb_of(claim, language):
    """The pair of verb forms (for one, for several) that suits the outcome better than the usual ones, or None."""
    forms = claim.outcome.verbs.get(claim.direction, {}).get(language) if claim.outcome else None
    return tuple(forms) if forms else None


def computed_strength(version):
    """What the start and the steps give, for showing beside what is chosen. None where GRADE does not apply."""
    if version.scheme != Scheme.GRADE or version.start is None:
        return None
    steps = [grading.Step(Domain(j.domain), j.step, j.reason_en) for j in version.judgements.all()]
    return grading.grade(Strength(version.start), steps)
