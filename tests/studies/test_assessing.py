"""A study's risk of bias is judged with a tool, and what leans on the study is told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import StaleMark
from studies.actions import assess_study
from studies.bias import TOOLS
from studies.merging import merge_studies, unmerge_study
from studies.models import BiasAssessment, DomainJudgement, Study
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


class TestThePageAtTheDesk:
    def address(self, of):
        return f"/en/desk/studies/{of.key}/risk-of-bias/"

    def words(self, **given):
        judgements = {f"{domain}-judgement": "low" for domain in TOOLS["rob-2"].domains}
        return judgements | {"overall": "as-the-tool-says"} | given

    def test_an_editor_judges_and_finds_it_back(self, client):
        of = study()
        client.force_login(person("editor"))
        page = client.get(self.address(of)).content.decode()
        assert page.count("<fieldset") == 6
        answer = client.post(self.address(of), self.words(**{"measurement-judgement": "high"}))
        assert answer.status_code == 302
        assert Study.objects.get(pk=of.pk).risk_of_bias == "high"
        page = client.get(self.address(of)).content.decode()
        assert '<option value="high" selected>' in page

    def test_a_domain_left_open_is_told_beside_it(self, client):
        of = study()
        client.force_login(person("editor"))
        answer = client.post(self.address(of), self.words(**{"measurement-judgement": ""}))
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == ["measurement-judgement"]
        assert answer.content.decode().count("Judge this domain.") == 1
        assert not BiasAssessment.objects.exists()

    def test_another_overall_without_a_reason_is_told_beside_it(self, client):
        of = study()
        client.force_login(person("editor"))
        answer = client.post(self.address(of), self.words(overall="high"))
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == ["reason_en"]

    def test_a_design_without_a_tool_says_so(self, client):
        client.force_login(person("editor"))
        page = client.get(self.address(study(design="guideline"))).content.decode()
        assert "None of our tools" in page and "<fieldset" not in page

    @pytest.mark.parametrize("design", ["animal", "cohort", "meta-analysis", "crossover-rct"])
    def test_each_tool_has_its_form(self, client, design):
        client.force_login(person("editor"))
        assert client.get(self.address(study(design=design))).status_code == 200

    def test_what_was_judged_of_an_outcome_is_shown_at_its_own_address(self, client):
        of = study()
        client.force_login(person("editor"))
        client.post(self.address(of), self.words(outcome="Sleep & rest", **{"reporting-judgement": "high"}))
        assert Study.objects.get(pk=of.pk).risk_of_bias == ""
        page = client.get(self.address(of)).content.decode()
        assert "?outcome=Sleep%20%26%20rest" in page and '<option value="high" selected>' not in page
        page = client.get(self.address(of), {"outcome": "Sleep & rest"}).content.decode()
        assert '<option value="high" selected>' in page and 'value="Sleep &amp; rest"' in page

    def test_of_a_merged_study_leads_to_the_one_that_stands(self, client):
        kept, gone = study(), study()
        merge_studies(kept, gone, by=person("editor"), reason="The same trial.")
        client.force_login(person("editor"))
        assert client.get(self.address(gone))["Location"] == self.address(kept)

    @pytest.mark.parametrize("name", ["outcome", "measurement-reason_en", "overall", "measurement-judgement"])
    def test_nonsense_is_told_beside_its_field(self, client, name):
        client.force_login(person("editor"))
        of = study()
        answer = client.post(self.address(of), self.words(**{name: "a\0b" * 900}))
        assert answer.status_code == 400 and name in answer.context["form"].errors
        assert not BiasAssessment.objects.exists()

    def test_others_find_nothing(self, client):
        of = study()
        assert client.get(self.address(of)).status_code == 302
        client.force_login(person("reader"))
        assert client.get(self.address(of)).status_code == 404
        assert client.post(self.address(of), self.words()).status_code == 404
        client.force_login(person("editor"))
        assert client.get("/en/desk/studies/none/risk-of-bias/").status_code == 404
        assert not BiasAssessment.objects.exists()


class TestTheRecord:
    def test_gives_assessments_with_their_domains_in_the_order_of_the_tool(self, client):
        of = study()
        assess(of, judgements=judged(measurement="high"), outcome="Sleep")
        record = client.get(f"/api/v1/studies/{of.key}/").json()
        (found,) = record["risk_of_bias_assessments"]
        assert record["risk_of_bias"] == ""
        assert (found["tool"], found["outcome"], found["suggested"]) == ("rob-2", "Sleep", "high")
        assert (found["study"], found["assessed_by"]) == (of.key, "Editor")
        assert [row["domain"] for row in found["domains"]] == list(TOOLS["rob-2"].domains)
        high = {"domain": "measurement", "judgement": "high", "reason": {"en": "Seen.", "nl": "Gezien."}}
        assert high in found["domains"]

    def test_is_another_one_after_each_judgement(self, client):
        of = study()
        address = f"/api/v1/studies/{of.key}/"
        before = client.get(address)["ETag"]
        assess(of, outcome="Sleep")
        between = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": between}).status_code == 304
        DomainJudgement.objects.filter(domain="rob-2/reporting").update(judgement="high")
        assert len({before, between, client.get(address)["ETag"]}) == 3

    def test_costs_no_more_questions_for_more_assessments(self, client, django_assert_num_queries):
        first, second = study(), study()
        assess(first)
        with CaptureQueriesContext(connection) as asked:
            client.get("/api/v1/studies/?page_size=100")
        assess(second)
        assess(second, outcome="Sleep")
        with django_assert_num_queries(len(asked)):
            client.get("/api/v1/studies/?page_size=100")


class TestMerging:
    def test_what_was_judged_of_both_stands_and_comes_apart_again(self, client):
        kept, gone = study(), study()
        assess(kept)
        assess(gone, judgements=judged(reporting="high"))
        before = list(BiasAssessment.objects.values()), list(DomainJudgement.objects.values())
        gone.refresh_from_db()
        merge_studies(kept, gone, by=person("editor"), reason="The same trial.", take=["risk_of_bias"])
        record = client.get(f"/api/v1/studies/{kept.key}/").json()
        assert record["risk_of_bias"] == "high"
        assert [(each["study"], each["overall"]) for each in record["risk_of_bias_assessments"]] == [
            (kept.key, "low"), (gone.key, "high"),
        ]  # fmt: skip
        gone.refresh_from_db()
        unmerge_study(gone, by=person("editor"))
        assert (list(BiasAssessment.objects.values()), list(DomainJudgement.objects.values())) == before
        for each, overall in ((kept, "low"), (gone, "high")):
            record = client.get(f"/api/v1/studies/{each.key}/").json()
            assert record["risk_of_bias"] == overall
            assert [found["overall"] for found in record["risk_of_bias_assessments"]] == [overall]
