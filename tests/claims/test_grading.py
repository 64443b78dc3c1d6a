import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import (
    LOWERING_DOMAINS,
    RAISING_DOMAINS,
    ClaimKind,
    Domain,
    EvidenceState,
    Hedge,
    Scheme,
    Stance,
    Strength,
    Verdict,
)
from claims.grading import (
    OBSERVATIONAL,
    RANDOMISED,
    SCHEMES_BY_KIND,
    STEPS_ALLOWED,
    Line,
    Override,
    Step,
    grade,
    scheme_for,
    schemes_allowed,
    stance,
    strength_label_code,
)


def steps(**by_domain):
    return [Step(Domain[name], step, "because") for name, step in by_domain.items()]


class TestGrade:
    @pytest.mark.parametrize(
        ("start", "judged", "strength"),
        [
            (RANDOMISED, {}, Strength.HIGH),
            (RANDOMISED, {"RISK_OF_BIAS": -1}, Strength.MODERATE),
            (RANDOMISED, {"RISK_OF_BIAS": -1, "IMPRECISION": -1}, Strength.LOW),
            (RANDOMISED, {"RISK_OF_BIAS": -1, "IMPRECISION": -2}, Strength.VERY_LOW),
            (OBSERVATIONAL, {}, Strength.LOW),
            (OBSERVATIONAL, {"LARGE_EFFECT": 1}, Strength.MODERATE),
            (OBSERVATIONAL, {"LARGE_EFFECT": 2}, Strength.HIGH),
            (OBSERVATIONAL, {"DOSE_RESPONSE": 1, "INDIRECTNESS": -1}, Strength.LOW),
            (OBSERVATIONAL, {"RISK_OF_BIAS": 0}, Strength.LOW),
        ],
    )
    def test_strength_is_the_start_plus_its_steps(self, start, judged, strength):
        result = grade(start, steps(**judged))

        assert (result.strength, result.computed, result.is_clamped) == (strength, strength, False)

    @pytest.mark.parametrize(
        ("start", "judged", "strength", "total"),
        [
            (OBSERVATIONAL, {"RISK_OF_BIAS": -2, "IMPRECISION": -2}, Strength.VERY_LOW, -2),
            (RANDOMISED, {"LARGE_EFFECT": 2, "DOSE_RESPONSE": 1}, Strength.HIGH, 7),
        ],
    )
    def test_a_sum_off_the_scale_is_kept_within_it_and_says_so(self, start, judged, strength, total):
        result = grade(start, steps(**judged))

        assert (result.strength, result.total, result.is_clamped) == (strength, total, True)

    def test_explanation_reads_start_steps_result(self):
        result = grade(RANDOMISED, [Step(Domain.IMPRECISION, -2, "46 people"), Step(Domain.INDIRECTNESS, 0)])

        assert result.explanation == (
            Line("start", 4),
            Line("step", -2, Domain.IMPRECISION, "46 people"),
            Line("step", 0, Domain.INDIRECTNESS, ""),
            Line("result", 2),
        )

    @pytest.mark.parametrize("start", [Strength.VERY_LOW, Strength.MODERATE, None, 0, 5])
    def test_evidence_starts_high_or_low_only(self, start):
        with pytest.raises(ValueError, match="starts at high when it is randomised"):
            grade(start, [])

    def test_a_domain_is_judged_once(self):
        twice = [Step(Domain.IMPRECISION, -1, "few people"), Step(Domain.IMPRECISION, -1, "wide margin")]

        with pytest.raises(ValueError, match="Imprecision is judged once, not twice"):
            grade(RANDOMISED, twice)

    @given(
        st.sampled_from([RANDOMISED, OBSERVATIONAL]),
        st.fixed_dictionaries({domain: st.sampled_from(STEPS_ALLOWED[domain]) for domain in Domain}),
    )
    def test_strength_never_leaves_the_scale(self, start, judged):
        result = grade(start, [Step(domain, step, "because") for domain, step in judged.items()])

        assert result.strength in Strength
        assert result.is_clamped == (not 1 <= result.total <= 4)


class TestStep:
    @pytest.mark.parametrize("domain", LOWERING_DOMAINS)
    @pytest.mark.parametrize("step", [1, -3])
    def test_lowering_domains_never_raise(self, domain, step):
        with pytest.raises(ValueError, match="runs from -2 to 0"):
            Step(domain, step, "because")

    @pytest.mark.parametrize("domain", RAISING_DOMAINS)
    @pytest.mark.parametrize("step", [-1, 3])
    def test_raising_domains_never_lower(self, domain, step):
        with pytest.raises(ValueError, match="runs from 0 to"):
            Step(domain, step, "because")

    def test_only_a_large_effect_raises_by_two(self):
        assert Step(Domain.LARGE_EFFECT, 2, "halved").step == 2
        for domain in (Domain.DOSE_RESPONSE, Domain.OPPOSING_CONFOUNDING):
            with pytest.raises(ValueError, match="runs from 0 to 1, not 2"):
                Step(domain, 2, "because")

    def test_half_a_level_is_refused(self):
        with pytest.raises(ValueError, match=r"not -0\.5"):
            Step(Domain.IMPRECISION, -0.5, "because")

    def test_a_step_that_counts_needs_a_reason(self):
        with pytest.raises(ValueError, match="The step for risk of bias needs a reason"):
            Step(Domain.RISK_OF_BIAS, -1, "  ")

    def test_an_unknown_domain_is_refused(self):
        with pytest.raises(ValueError, match="luck"):
            Step("luck", 0)


class TestOverride:
    def test_replaces_the_strength_and_keeps_what_was_computed(self):
        result = grade(
            RANDOMISED,
            [],
            Override(Strength.LOW, "One group wrote all trials.", "Alle proeven van één groep."),
        )

        assert (result.strength, result.computed, result.is_overridden) == (Strength.LOW, Strength.HIGH, True)
        assert result.explanation[-1] == Line("override", 2, reason="One group wrote all trials.")

    def test_changes_nothing_where_it_says_what_the_steps_say(self):
        result = grade(RANDOMISED, [], Override(Strength.HIGH, "Same.", "Zelfde."))

        assert not result.is_overridden
        assert result.explanation[-1].part == "result"

    @pytest.mark.parametrize("reasons", [("", "Reden"), ("Reason", " "), ("", "")])
    def test_needs_a_reason_in_both_languages(self, reasons):
        with pytest.raises(ValueError, match="needs a reason in English and in Dutch"):
            Override(Strength.LOW, *reasons)


class TestSchemes:
    def test_every_kind_has_its_schemes(self):
        assert set(SCHEMES_BY_KIND) == set(ClaimKind)

    def test_a_mechanism_is_rated_on_ebm_plus_and_nothing_else_is(self):
        assert schemes_allowed("mechanism") == (Scheme.EBM_PLUS,)
        assert all(Scheme.EBM_PLUS not in schemes_allowed(kind) for kind in ClaimKind if kind != "mechanism")

    def test_an_intake_is_a_norm_unless_it_claims_an_effect(self):
        assert schemes_allowed("intake") == (Scheme.NONE, Scheme.GRADE)
        assert scheme_for("intake") == Scheme.NONE

    @pytest.mark.parametrize(
        "kind", ["efficacy", "harm", "association", "interaction", "bioavailability", "diagnosis"]
    )
    def test_the_rest_is_graded(self, kind):
        assert scheme_for(kind) == Scheme.GRADE

    @pytest.mark.parametrize(
        ("scheme", "strength", "code"),
        [
            ("grade", 4, "high"),
            ("grade", 1, "very-low"),
            ("ebm-plus", 4, "established"),
            ("ebm-plus", 3, "provisionally-established"),
            ("ebm-plus", 2, "arguable"),
            ("ebm-plus", 1, "speculative"),
            ("grade", None, "not-rated"),
            ("none", None, "not-rated"),
        ],
    )
    def test_one_scale_has_words_of_its_own_in_each_scheme(self, scheme, strength, code):
        assert strength_label_code(scheme, strength) == code


class TestStance:
    @pytest.mark.parametrize(
        ("strength", "asserted", "probable", "possible", "questioned", "denied"),
        [
            (Strength.HIGH, "in-line", "in-line", "understated", "understated", "contradicted"),
            (Strength.MODERATE, "overstated", "in-line", "in-line", "understated", "contradicted"),
            (Strength.LOW, "overstated", "overstated", "in-line", "in-line", "in-line"),
            (Strength.VERY_LOW, "overstated", "overstated", "in-line", "in-line", "in-line"),
        ],
    )
    def test_supported_claims_bear_as_much_as_their_strength(
        self, strength, asserted, probable, possible, questioned, denied
    ):
        expected = zip(Hedge, (asserted, probable, possible, questioned, denied), strict=True)
        for hedge, outcome in expected:
            for scheme in (Scheme.GRADE, Scheme.EBM_PLUS):
                assert stance(hedge, strength, scheme, Verdict.SUPPORTED) == outcome, hedge

    @pytest.mark.parametrize("strength", Strength)
    @pytest.mark.parametrize(
        ("verdict", "claimed"),
        [(Verdict.NOT_SUPPORTED, Stance.OVERSTATED), (Verdict.CONTRADICTED, Stance.CONTRADICTED)],
    )
    def test_what_the_evidence_does_not_show_may_be_questioned_and_denied_only(
        self, strength, verdict, claimed
    ):
        for hedge in (Hedge.ASSERTED, Hedge.PROBABLE, Hedge.POSSIBLE):
            assert stance(hedge, strength, Scheme.GRADE, verdict) == claimed
        for hedge in (Hedge.QUESTIONED, Hedge.DENIED):
            assert stance(hedge, strength, Scheme.GRADE, verdict) == Stance.IN_LINE

    @pytest.mark.parametrize("verdict", [Verdict.MIXED, Verdict.INSUFFICIENT])
    @pytest.mark.parametrize("strength", Strength)
    def test_mixed_or_too_little_evidence_bears_possible_at_most(self, verdict, strength):
        assert stance(Hedge.PROBABLE, strength, Scheme.GRADE, verdict) == Stance.OVERSTATED
        assert stance(Hedge.POSSIBLE, strength, Scheme.GRADE, verdict) == Stance.IN_LINE
        assert stance(Hedge.DENIED, strength, Scheme.GRADE, verdict) == Stance.IN_LINE

    @pytest.mark.parametrize("hedge", Hedge)
    def test_what_is_not_rated_gets_no_stance(self, hedge):
        not_searched = EvidenceState.NOT_SEARCHED

        assert stance(hedge, None, Scheme.NONE, Verdict.INSUFFICIENT) == Stance.NOT_RATED
        assert stance(hedge, None, Scheme.GRADE, Verdict.INSUFFICIENT, not_searched) == Stance.NOT_RATED

    @pytest.mark.parametrize("hedge", [Hedge.ASSERTED, Hedge.PROBABLE, Hedge.POSSIBLE, Hedge.DENIED])
    def test_saying_what_nobody_tested_is_unsupported(self, hedge):
        none_found = EvidenceState.NONE_FOUND

        assert stance(hedge, None, Scheme.GRADE, Verdict.INSUFFICIENT, none_found) == Stance.UNSUPPORTED

    def test_questioning_what_nobody_tested_is_in_line(self):
        none_found = EvidenceState.NONE_FOUND

        assert (
            stance(Hedge.QUESTIONED, None, Scheme.GRADE, Verdict.INSUFFICIENT, none_found) == Stance.IN_LINE
        )
