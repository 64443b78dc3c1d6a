import re

import pytest

from claims.choices import ClaimDirection, ClaimKind, EvidenceState, MechanismStatus, Strength, Verdict
from claims.wording import capitalised, plain_sentence, strength_words, verdict_words
from tests.claims import golden

PARTS = {
    "kind": "efficacy",
    "scheme": "grade",
    "strength": 3,
    "verdict": "supported",
    "effect_size": "unknown",
    "direction": "decreases",
}


def english(**changes):
    return plain_sentence(
        "en", **PARTS | {"intervention": "magnesium", "outcome": "blood pressure"} | changes
    )


def dutch(**changes):
    return plain_sentence("nl", **PARTS | {"intervention": "magnesium", "outcome": "de bloeddruk"} | changes)


class TestGoldenFile:
    def test_every_combination_reads_as_it_was_reviewed(self):
        assert golden.text() == golden.FILE.read_text(encoding="utf-8"), (
            "Run python -m tests.claims.golden and read it."
        )

    def test_every_sentence_is_whole(self):
        for *_, in_english, in_dutch in golden.rows():
            for sentence in (in_english, in_dutch):
                assert re.fullmatch(r"[A-Z][^{}.]*\S\.|This.*rated\.|Dit.*beoordeeld\.", sentence), sentence
                assert not re.search(r"  | ,", sentence), sentence

    def test_a_mechanism_never_borrows_the_words_for_effects(self):
        for kind, *_, in_english, in_dutch in golden.rows():
            if kind == "mechanism":
                assert not re.search(r"\b(probably|may|uncertain|slightly|large)\b", in_english)
                assert not re.search(r"\b(waarschijnlijk|mogelijk|onzeker|sterk)\b", in_dutch)

    def test_an_association_never_becomes_a_cause(self):
        for kind, *_, in_english, in_dutch in golden.rows():
            if kind == "association":
                assert "associat" in in_english
                assert "hang" in in_dutch or "verband" in in_dutch


class TestPlainSentence:
    def test_a_verb_that_suits_the_outcome_replaces_the_usual_one(self):
        shorter = english(outcome="the time to fall asleep", verb=["shortens", "shorten"], strength=2)
        korter = dutch(
            outcome="de inslaaptijd", verb=["verkort", "verkorten"], strength=2, effect_size="small"
        )

        assert shorter == "Magnesium may shorten the time to fall asleep."
        assert korter == "Magnesium verkort de inslaaptijd mogelijk een beetje."

    def test_a_plural_subject_has_a_plural_verb(self):
        pills = {"plural": True, "intervention": "magnesium supplements"}
        pillen = {"plural": True, "intervention": "magnesiumsupplementen"}

        assert english(**pills) == "Magnesium supplements probably reduce blood pressure."
        assert (
            english(**pills, verdict="contradicted")
            == "Magnesium supplements probably do not reduce blood pressure."
        )
        assert english(**pills, kind="association", direction="associated", strength=4) == (
            "Magnesium supplements are associated with blood pressure."
        )
        assert (
            dutch(**pillen, strength=1)
            == "Het is zeer onzeker of magnesiumsupplementen de bloeddruk verminderen."
        )
        assert dutch(**pillen, direction="associated", strength=1) == (
            "Het is zeer onzeker of magnesiumsupplementen samenhangen met de bloeddruk."
        )
        assert (
            dutch(**pillen, direction="requires")
            == "Magnesiumsupplementen zijn waarschijnlijk nodig voor de bloeddruk."
        )

    def test_population_and_comparison_stand_in_the_sentence(self):
        assert english(population="older adults", comparator="placebo") == (
            "Magnesium probably reduces blood pressure in older adults, compared with placebo."
        )
        assert dutch(population="ouderen", comparator="een placebo", strength=1) == (
            "Het is zeer onzeker of magnesium de bloeddruk bij ouderen vermindert, vergeleken met een placebo."
        )

    def test_a_harm_is_a_risk_unless_its_outcome_says_so_already(self):
        harm = {"kind": "harm", "direction": "increases"}

        assert english(**harm, outcome="diarrhoea") == "Magnesium probably increases the risk of diarrhoea."
        assert (
            english(**harm, outcome="the risk of falls") == "Magnesium probably increases the risk of falls."
        )
        assert dutch(**harm, outcome="diarree") == "Magnesium vergroot waarschijnlijk de kans op diarree."
        assert (
            dutch(**harm, outcome="het risico op vallen")
            == "Magnesium verhoogt waarschijnlijk het risico op vallen."
        )

    def test_an_interaction_and_an_absorption_read_as_an_effect(self):
        for kind in ("interaction", "bioavailability"):
            assert english(kind=kind) == english()
            assert dutch(kind=kind) == dutch()

    def test_a_large_effect_is_named_in_both_languages(self):
        assert (
            english(effect_size="large")
            == "Magnesium probably results in a large reduction in blood pressure."
        )
        assert dutch(effect_size="large") == "Magnesium vermindert de bloeddruk waarschijnlijk sterk."

    def test_an_effect_too_small_to_matter_is_little_to_no_difference(self):
        assert (
            english(effect_size="trivial")
            == "Magnesium probably makes little to no difference to blood pressure."
        )

    def test_a_contradicted_claim_of_no_difference_makes_a_difference(self):
        turned = {"direction": "no-difference", "verdict": "contradicted"}

        assert english(**turned) == "Magnesium probably makes a difference to blood pressure."
        assert dutch(**turned) == "Magnesium maakt waarschijnlijk wel verschil voor de bloeddruk."
        assert dutch(**turned, kind="association", strength=1).endswith(
            "wat er gevonden is, wijst op een verband."
        )

    @pytest.mark.parametrize(
        ("kind", "direction", "in_english", "in_dutch"),
        [
            ("intake", None, "Magnesium probably has an effect.", "Magnesium heeft waarschijnlijk effect."),
            (
                "efficacy",
                "improves",
                "Magnesium probably has an effect.",
                "Magnesium heeft waarschijnlijk effect.",
            ),
            ("diagnosis", "", "Magnesium is probably reliable.", "Magnesium is waarschijnlijk betrouwbaar."),
            (
                "association",
                "associated",
                "Magnesium probably shows an association.",
                "Magnesium vertoont waarschijnlijk een verband.",
            ),
        ],
    )
    def test_a_claim_without_an_outcome_still_makes_a_sentence(self, kind, direction, in_english, in_dutch):
        bare = {"kind": kind, "direction": direction, "outcome": None}

        assert (english(**bare), dutch(**bare)) == (in_english, in_dutch)

    @pytest.mark.parametrize("outcome", [None, "", "de bloeddruk"])
    @pytest.mark.parametrize("kind", ClaimKind)
    @pytest.mark.parametrize("verdict", Verdict)
    def test_every_kind_and_direction_has_words(self, outcome, kind, verdict):
        scheme = "ebm-plus" if kind == "mechanism" else "grade"
        for direction in (None, "", *ClaimDirection):
            for strength in Strength:
                for size in ("large", "small", "trivial"):
                    parts = {"kind": kind, "scheme": scheme, "direction": direction, "outcome": outcome}
                    sentence = dutch(
                        **parts, strength=strength, verdict=verdict, effect_size=size, plural=True
                    )
                    assert sentence.endswith(".")
                    assert english(**parts, strength=strength, verdict=verdict, effect_size=size)

    def test_no_evidence_never_reads_as_no_effect(self):
        nothing = {"strength": None, "verdict": "insufficient", "evidence_state": EvidenceState.NONE_FOUND}

        assert (
            english(**nothing)
            == "No studies were found that tested whether magnesium reduces blood pressure."
        )
        assert "geen verschil" not in dutch(**nothing)

    def test_a_reference_value_has_one_fixed_sentence(self):
        norm = {"kind": "intake", "scheme": "none", "strength": None, "direction": None, "outcome": None}

        assert english(**norm) == english(**norm, evidence_state="not-searched")
        assert dutch(**norm).startswith("Dit is een referentiewaarde")

    def test_a_language_without_words_is_refused(self):
        with pytest.raises(ValueError, match="in en and nl, not in de"):
            plain_sentence("de", **PARTS, intervention="Magnesium", outcome="Blutdruck")


class TestCapitalised:
    @pytest.mark.parametrize(
        ("sentence", "language", "expected"),
        [
            ("magnesium helps.", "en", "Magnesium helps."),
            ("l-theanine helps.", "en", "L-theanine helps."),
            ("GABA helps.", "en", "GABA helps."),
            ("pH-waarde daalt.", "nl", "pH-waarde daalt."),
            ("ijzer helpt.", "nl", "IJzer helpt."),
            ("'s nachts eten helpt.", "nl", "'s Nachts eten helpt."),
            ("5-HTP helpt.", "nl", "5-HTP helpt."),
        ],
    )
    def test_starts_as_its_language_writes_it(self, sentence, language, expected):
        assert capitalised(sentence, language) == expected


class TestStrengthWords:
    @pytest.mark.parametrize(
        ("scheme", "strength", "in_english", "in_dutch"),
        [
            ("grade", Strength.LOW, "low certainty", "lage zekerheid"),
            ("grade", 3, "moderate certainty", "redelijke zekerheid"),
            ("ebm-plus", MechanismStatus.ARGUABLE, "arguable", "verdedigbaar"),
            ("ebm-plus", 1, "speculative", "speculatief"),
            ("grade", None, "not rated", "niet beoordeeld"),
            ("none", None, "not rated", "niet beoordeeld"),
        ],
    )
    def test_each_scheme_has_its_own(self, scheme, strength, in_english, in_dutch):
        assert strength_words(scheme, strength, "en") == in_english
        assert strength_words(scheme, strength, "nl") == in_dutch

    def test_verdicts_have_words_in_both_languages(self):
        assert verdict_words("contradicted", "en") == "the evidence points the other way"
        assert len({verdict_words(verdict, "nl") for verdict in Verdict}) == len(Verdict)
