"""What an editor is told to look at again. The sentences were labelled by hand, before the rule was tried on them."""

import datetime
from dataclasses import replace

import pytest

from claims.choices import Severity
from claims.lint import DraftFacts, RowFacts, StudyFacts, lint, too_strong

VERY_LOW, LOW, MODERATE, HIGH = 1, 2, 3, 4
FINE, TOO_STRONG = False, True

SENTENCES = [
    # English: no evidence bears these words
    ("en", HIGH, TOO_STRONG, "Magnesium cures insomnia."),
    ("en", HIGH, TOO_STRONG, "This proves that magnesium helps."),
    ("en", HIGH, TOO_STRONG, "It is scientifically proven to calm the mind."),
    ("en", MODERATE, TOO_STRONG, "Better sleep is guaranteed."),
    ("en", LOW, TOO_STRONG, "It always works."),
    ("en", HIGH, TOO_STRONG, "The study proved that people sleep longer."),
    # English: a bare effect needs high certainty
    ("en", HIGH, FINE, "Melatonin reduces jet lag."),
    ("en", MODERATE, TOO_STRONG, "Melatonin reduces jet lag."),
    ("en", LOW, TOO_STRONG, "Magnesium lowers blood pressure."),
    ("en", VERY_LOW, TOO_STRONG, "Magnesium shortens the time to fall asleep."),
    ("en", LOW, TOO_STRONG, "Magnesium helps you relax."),
    ("en", VERY_LOW, TOO_STRONG, "It definitely improves sleep."),
    ("en", MODERATE, TOO_STRONG, "It is clear that magnesium prevents cramps."),
    # English: likely needs moderate certainty
    ("en", MODERATE, FINE, "Melatonin probably relieves jet lag."),
    ("en", LOW, TOO_STRONG, "Magnesium probably lowers blood pressure."),
    ("en", VERY_LOW, TOO_STRONG, "It likely improves sleep."),
    # English: hedged, denied, asked
    ("en", LOW, FINE, "Magnesium may lower blood pressure."),
    ("en", VERY_LOW, FINE, "It might help people with a shortage."),
    ("en", VERY_LOW, FINE, "It is very uncertain whether magnesium improves sleep."),
    ("en", VERY_LOW, FINE, "Magnesium does not cure insomnia."),
    ("en", VERY_LOW, FINE, "This does not prove an effect."),
    ("en", VERY_LOW, FINE, "There is no evidence that it cures anything."),
    ("en", VERY_LOW, FINE, "Does magnesium improve sleep?"),
    ("en", LOW, FINE, "It seems that it helps a little."),
    ("en", VERY_LOW, FINE, "Whether it helps in pregnancy is unknown."),
    # English: reports of what was found, definitions
    ("en", VERY_LOW, FINE, "In one trial people fell asleep 17 minutes sooner."),
    ("en", VERY_LOW, FINE, "A review of ten trials says melatonin helps."),
    ("en", VERY_LOW, FINE, "Two meta-analyses find that it lowers blood pressure by 2 mmHg."),
    ("en", VERY_LOW, FINE, "Sleep efficiency is the share of time in bed that people are asleep."),
    ("en", VERY_LOW, FINE, "The trial was stopped early because both groups did equally well."),
    ("en", LOW, FINE, "The effect is small for ordinary insomnia."),
    ("en", VERY_LOW, FINE, "Only selected patients were tested, so the true share is probably lower."),
    # Dutch: no evidence bears these words
    ("nl", HIGH, TOO_STRONG, "Magnesium geneest slapeloosheid."),
    ("nl", HIGH, TOO_STRONG, "Het is bewezen dat magnesium helpt."),
    ("nl", HIGH, TOO_STRONG, "De werking is wetenschappelijk aangetoond."),
    ("nl", MODERATE, TOO_STRONG, "Beter slapen gegarandeerd."),
    ("nl", LOW, TOO_STRONG, "Magnesium helpt altijd."),
    ("nl", HIGH, TOO_STRONG, "Dit onderzoek bewijst dat mensen langer slapen."),
    # Dutch: a bare effect needs high certainty
    ("nl", HIGH, FINE, "Melatonine vermindert jetlag."),
    ("nl", MODERATE, TOO_STRONG, "Melatonine vermindert jetlag."),
    ("nl", LOW, TOO_STRONG, "Magnesium verlaagt de bloeddruk."),
    ("nl", VERY_LOW, TOO_STRONG, "Magnesium verkort de inslaaptijd."),
    ("nl", LOW, TOO_STRONG, "Magnesium helpt u ontspannen."),
    ("nl", VERY_LOW, TOO_STRONG, "Supplementen verbeteren de slaap."),
    ("nl", MODERATE, TOO_STRONG, "Het staat vast dat magnesium de slaap verbetert."),
    # Dutch: likely needs moderate certainty
    ("nl", MODERATE, FINE, "Melatonine vermindert jetlag waarschijnlijk."),
    ("nl", LOW, TOO_STRONG, "Magnesium verlaagt waarschijnlijk de bloeddruk."),
    ("nl", VERY_LOW, TOO_STRONG, "Vermoedelijk verbetert het de slaap."),
    # Dutch: hedged, denied, asked
    ("nl", LOW, FINE, "Magnesium verlaagt mogelijk de bloeddruk."),
    ("nl", VERY_LOW, FINE, "Het zou kunnen helpen bij een tekort."),
    ("nl", VERY_LOW, FINE, "Het is zeer onzeker of magnesium de slaap verbetert."),
    ("nl", VERY_LOW, FINE, "Magnesium geneest geen slapeloosheid."),
    ("nl", VERY_LOW, FINE, "Dat bewijst niet dat extra magnesium helpt."),
    ("nl", VERY_LOW, FINE, "Er is geen bewijs dat het iets geneest."),
    ("nl", VERY_LOW, FINE, "Verbetert magnesium de slaap?"),
    ("nl", LOW, FINE, "Het lijkt een beetje te helpen."),
    # Dutch: reports of what was found, definitions
    ("nl", VERY_LOW, FINE, "In één onderzoek vielen mensen 17 minuten eerder in slaap."),
    ("nl", VERY_LOW, FINE, "Volgens een latere samenvatting helpt melatonine."),
    ("nl", VERY_LOW, FINE, "Twee meta-analyses vinden dat het de bloeddruk met 2 mmHg verlaagt."),
    ("nl", VERY_LOW, FINE, "Slaapefficiëntie is het deel van de tijd in bed dat iemand slaapt."),
    ("nl", LOW, FINE, "Bij gewone slapeloosheid is het effect klein."),
    ("nl", VERY_LOW, FINE, "Alleen geselecteerde patiënten zijn getest, dus het echte aandeel is waarschijnlijk lager."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "strength", "label", "sentence"), SENTENCES)
def test_wording_as_a_person_labelled_it(language, strength, label, sentence):
    assert bool(too_strong(sentence, language, strength)) == label


def test_each_sentence_of_a_text_is_judged_by_itself():
    text = "One trial found a gain. Magnesium improves sleep. Whether it lasts is unknown."
    assert too_strong(text, "en", LOW) == ["improves"]


TRIAL = StudyFacts("abbasi-2012", "Abbasi 2012", "rct")
OTHER = StudyFacts("held-2002", "Held 2002", "crossover-rct")
REVIEW = StudyFacts("mah-2021", "Mah 2021", "meta-analysis", trials=("abbasi-2012",))
RAT = StudyFacts("rat-2007", "Rat 2007", "animal", species="rat")
CELLS = StudyFacts("cells-1990", "Cells 1990", "in-vitro", species="human")
FALLEN = StudyFacts("asemi-2015", "Asemi 2015", "rct", is_fallen=True)
BOTH = {"en": "Some words.", "nl": "Wat woorden."}
NEITHER = {"en": "", "nl": ""}
SAID = (0, "Looked at.", "Bekeken.")
LOWERING = ("risk-of-bias", "inconsistency", "indirectness", "imprecision", "publication-bias")

GOOD = DraftFacts(
    kind="efficacy",
    scheme="grade",
    evidence_state="found",
    strength=3,
    computed=3,
    verdict="supported",
    texts=dict.fromkeys(
        ("statement", "summary", "caveats", "population", "comparator", "rationale", "would_change"), BOTH
    )
    | {"override_reason": NEITHER},
    steps=dict.fromkeys(LOWERING, SAID) | {"imprecision": (-1, "Few people.", "Weinig mensen.")},
    rows=(RowFacts(TRIAL), RowFacts(OTHER)),
    searched_through=datetime.date(2026, 1, 1),
    next_review_due=datetime.date(2027, 1, 1),
    start=4,
)


def text(name, **words):
    return {"texts": GOOD.texts | {name: BOTH | words}}


def step(domain, *judged):
    return {"steps": GOOD.steps | {domain: judged}}


def rows(*studies, **about):
    return {"rows": tuple(RowFacts(study, **about) for study in studies)}


FOUND = [
    ("wording-too-strong", "summary_en", text("summary", en="It improves sleep.")),
    ("wording-too-strong", "summary_nl", text("summary", nl="Het verbetert de slaap.")),
    ("wording-too-strong", "statement_en", text("statement", en="Magnesium cures insomnia.")),
    ("wording-too-strong", "rationale_nl", text("rationale", nl="Dit is bewezen.")),
    ("one-language", "summary_nl", text("summary", nl="")),
    ("one-language", "caveats_en", text("caveats", en=" ")),
    ("text-missing", "summary_en", {"texts": GOOD.texts | {"summary": NEITHER}}),
    ("reason-missing", "judgement:imprecision", step("imprecision", -1, "Few people.", "")),
    ("reason-missing", "judgement:inconsistency", step("inconsistency", 0, "", "")),
    ("unrated", "strength", {"strength": None, "computed": None}),
    ("strength-differs", "override_reason_nl", {"strength": 2, **text("override_reason", nl="")}),
    ("domains-unjudged", "judgements", {"steps": {"imprecision": GOOD.steps["imprecision"]}}),
    ("undated", "searched_through", {"searched_through": None}),
    ("undated", "next_review_due", {"next_review_due": None}),
    ("indirect-animals", "judgement:indirectness", rows(TRIAL, RAT)),
    ("indirect-animals", "judgement:indirectness", rows(TRIAL, CELLS)),
    ("review-with-its-trials", "evidence:mah-2021", rows(REVIEW, TRIAL)),
    ("no-rows", "evidence", {"rows": ()}),
    ("one-study", "evidence", rows(TRIAL)),
    ("fallen-study", "evidence:asemi-2015", rows(TRIAL, FALLEN)),
    ("only-fallen-studies", "evidence", rows(FALLEN)),
    ("result-unseen", "evidence:asemi-2015", rows(FALLEN, rests_on_a_result=False)),
]
NOT_FOUND = [
    ("wording-too-strong", text("summary", en="It probably improves sleep.")),
    ("wording-too-strong", text("statement", en="Magnesium improves sleep.")),
    ("one-language", {"texts": GOOD.texts | {"caveats": NEITHER}}),
    ("strength-differs", {"strength": 2, **text("override_reason")}),
    ("domains-unjudged", {"scheme": "ebm-plus", "steps": {}}),
    ("unrated", {"strength": None, "computed": None, "evidence_state": "none-found", "rows": ()}),
    ("unrated", {"strength": None, "computed": None, "scheme": "none"}),
    ("no-rows", {"strength": None, "computed": None, "evidence_state": "none-found", "rows": ()}),
    ("indirect-animals", rows(TRIAL, RAT) | step("indirectness", -1, "Rats.", "Ratten.")),
    ("indirect-animals", rows(TRIAL, RAT) | {"kind": "mechanism", "scheme": "ebm-plus"}),
    ("indirect-animals", {"rows": (RowFacts(TRIAL), RowFacts(RAT, counts_in_synthesis=False))}),
    ("review-with-its-trials", rows(REVIEW, OTHER)),
    ("review-with-its-trials", {"rows": (RowFacts(REVIEW), RowFacts(TRIAL, counts_in_synthesis=False))}),
    ("fallen-study", {"rows": (RowFacts(TRIAL), RowFacts(FALLEN, counts_in_synthesis=False))}),
    ("only-fallen-studies", rows(TRIAL, FALLEN)),
    ("result-unseen", rows(TRIAL, counts_in_synthesis=False, rests_on_a_result=False)),
]


def test_a_good_draft_has_nothing_to_look_at():
    assert lint(GOOD) == []


@pytest.mark.parametrize(("code", "field", "changes"), FOUND)
def test_is_found_where_it_is(code, field, changes):
    found = [finding for finding in lint(replace(GOOD, **changes)) if finding.code == code]
    assert [finding.field for finding in found] == [field] and found[0].sentence


@pytest.mark.parametrize(("code", "changes"), NOT_FOUND)
def test_is_not_found_where_it_is_not(code, changes):
    assert code not in {finding.code for finding in lint(replace(GOOD, **changes))}


def test_the_gravest_comes_first():
    found = lint(replace(GOOD, **rows(FALLEN), searched_through=None))
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, reverse=True) and severities[0] == Severity.CRITICAL


def test_the_published_base_says_nothing_that_no_evidence_bears(db):
    from claims.models import ClaimVersion

    for version in ClaimVersion.objects.filter(state="published").select_related("claim"):
        for language in ("en", "nl"):
            for name in ("statement", "summary", "rationale", "caveats"):
                words = too_strong(getattr(version, f"{name}_{language}"), language, HIGH)
                assert words == [], (version.claim.accession, name, language)
