"""A study's risk of bias is judged with a tool, and what leans on the study is told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from claims.models import StaleMark
from studies.actions import assess_study
from studies.bias import TOOLS
from studies.models import BiasAssessment, Study
from tests.factories import person, published, study

pytestmark = pytest.mark.django_db


def judged(tool="rob-2", **worse):
    return {
        domain: (worse.get(domain.replace("-", "_"), "low"), "Seen.", "Gezien.")
        for domain in TOOLS[tool].domains
    }


def assess(of, **words):
    given = {"tool": "rob-2", "judgements": judged()} | words
    return assess_study(of, by=person("editor"), **given)


class TestAssessStudy:
    def test_the_study_follows_what_the_tool_gives(self):
        of = study()
        made = assess(of, judgements=judged(measurement="some-concerns"))
        of.refresh_from_db()
        assert (made.suggested, made.overall) == ("some-concerns", "some-concerns")
        assert (of.risk_of_bias_tool, of.risk_of_bias) == ("RoB 2", "some-concerns")
        assert made.judgements.get(domain="rob-2/measurement").judgement == "some-concerns"
        assert made.judgements.count() == 5

    def test_a_second_time_replaces_the_first(self):
        of = study()
        assess(of)
        assess(of, judgements=judged(reporting="high"))
        assert BiasAssessment.objects.get().overall == "high"
        assert BiasAssessment.objects.get().judgements.count() == 5

    def test_one_outcome_leaves_the_study_as_it_was(self):
        of = study(risk_of_bias="low")
        assess(of, outcome="sleep latency", judgements=judged(measurement="high"))
        assert Study.objects.get(pk=of.pk).risk_of_bias == "low"

    def test_a_worse_word_stands_with_a_reason_in_both_languages(self):
        of = study()
        concerns = judged(measurement="some-concerns", reporting="some-concerns")
        with pytest.raises(ValidationError) as refused:
            assess(of, judgements=concerns, overall="high", reason=("Together too much.", " "))
        assert set(refused.value.message_dict) == {"reason"}
        assert not BiasAssessment.objects.exists()
        made = assess(of, judgements=concerns, overall="high", reason=("Too much.", "Te veel."))
        assert (made.suggested, made.overall) == ("some-concerns", "high")
        assert Study.objects.get(pk=of.pk).risk_of_bias == "high"

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"tool": "amstar-2"}, "tool"),
            ({"tool": "no-such-tool"}, "tool"),
            ({"judgements": judged(measurement="serious")}, "judgements"),
            ({"judgements": {}}, "judgements"),
            ({"overall": "critical", "reason": ("So.", "Zo.")}, "overall"),
        ],
    )
    def test_what_does_not_fit_the_tool_is_refused_beside_its_field(self, words, field):
        of = study(risk_of_bias="low")
        with pytest.raises(ValidationError) as refused:
            assess(of, **words)
        assert set(refused.value.message_dict) == {field}
        assert not BiasAssessment.objects.exists()
        assert Study.objects.get(pk=of.pk).risk_of_bias_tool == ""

    def test_syrcle_has_no_overall_of_its_own(self):
        of = study(design="animal", species="rat")
        made = assess(of, tool="syrcle", judgements=judged("syrcle", housing="high"))
        of.refresh_from_db()
        assert (made.overall, of.risk_of_bias, of.risk_of_bias_tool) == ("", "", "SYRCLE")

    def test_a_reader_may_not(self):
        of = study()
        with pytest.raises(PermissionDenied):
            assess_study(of, by=person("reader"), tool="rob-2", judgements=judged())
        assert not BiasAssessment.objects.exists()

    def test_a_changed_overall_marks_the_claims_that_lean_on_the_study(self):
        leaning = published()
        of = leaning.evidence.get().study
        assess(of)
        StaleMark.objects.all().delete()
        assess(of, judgements=judged(measurement="high"))
        mark = StaleMark.objects.get(resolved_at=None)
        assert mark.claim_id == leaning.claim_id
        assert "risk_of_bias" in str(mark.detail)

    def test_the_same_overall_again_marks_nothing(self):
        of = published().evidence.get().study
        assess(of)
        StaleMark.objects.all().delete()
        assess(of)
        assert not StaleMark.objects.exists()
