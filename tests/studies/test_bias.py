"""Each tool's overall as its own publication gives it."""

import pytest

from studies.bias import AMSTAR_CRITICAL, TOOLS, suggest, tools_for
from studies.choices import Design, RiskOfBias

BEST = {
    "rob-2": "low",
    "rob-2-crossover": "low",
    "robins-i": "low",
    "syrcle": "low",
    "amstar-2": "yes",
}


def judged(tool, **worse):
    """Every domain at its best but those named, their hyphens written as underscores."""
    changed = {domain.replace("_", "-"): judgement for domain, judgement in worse.items()}
    return dict.fromkeys(TOOLS[tool].domains, BEST[tool]) | changed


@pytest.mark.parametrize(
    ("tool", "worse", "overall", "open_to"),
    [
        ("rob-2", {}, "low", ""),
        ("rob-2", {"measurement": "some-concerns"}, "some-concerns", ""),
        ("rob-2", {"measurement": "some-concerns", "reporting": "some-concerns"}, "some-concerns", "high"),
        ("rob-2", {"measurement": "some-concerns", "reporting": "high"}, "high", ""),
        ("rob-2-crossover", {"carryover": "high"}, "high", ""),
        ("robins-i", {}, "low", ""),
        ("robins-i", {"confounding": "moderate"}, "moderate", ""),
        ("robins-i", {"confounding": "moderate", "selection": "no-information"}, "no-information", ""),
        ("robins-i", {"confounding": "serious", "selection": "no-information"}, "serious", ""),
        ("robins-i", {"confounding": "serious", "selection": "critical"}, "critical", ""),
        ("syrcle", {"housing": "high"}, "", ""),
        ("amstar-2", {}, "high", ""),
        ("amstar-2", {"item_1": "no"}, "high", ""),
        ("amstar-2", {"item_1": "no", "item_3": "no"}, "moderate", "low"),
        ("amstar-2", {"item_2": "no"}, "low", ""),
        ("amstar-2", {"item_2": "no", "item_1": "no", "item_3": "no"}, "low", ""),
        ("amstar-2", {"item_2": "no", "item_4": "no"}, "critically-low", ""),
        ("amstar-2", {"item_2": "partial-yes", "item_4": "partial-yes"}, "high", ""),
        ("amstar-2", {"item_11": "no-meta-analysis", "item_15": "no-meta-analysis"}, "high", ""),
    ],
)
def test_the_overall_is_what_the_tool_says(tool, worse, overall, open_to):
    verdict = suggest(tool, judged(tool, **worse))
    assert (verdict.overall, verdict.open_to) == (overall, open_to)
    assert str(verdict.why)


@pytest.mark.parametrize(
    ("tool", "worse"),
    [
        ("rob-2", {"measurement": "serious"}),
        ("rob-2", {"carryover": "low"}),
        ("amstar-2", {"item_1": "partial-yes"}),
        ("amstar-2", {"item_2": "no-meta-analysis"}),
    ],
)
def test_what_the_tool_does_not_know_is_refused(tool, worse):
    with pytest.raises(ValueError, match="domain"):
        suggest(tool, judged(tool, **worse))


def test_a_domain_left_out_is_refused():
    judgements = judged("rob-2")
    del judgements["measurement"]
    with pytest.raises(ValueError, match="Every domain"):
        suggest("rob-2", judgements)


def test_every_overall_is_a_risk_of_bias_of_a_study():
    for tool in TOOLS.values():
        assert set(tool.overalls.values()) <= {"", *RiskOfBias.values}


def test_a_tool_fits_the_designs_it_was_made_for():
    assert tools_for(Design.RCT) == ["rob-2"]
    assert tools_for(Design.CROSSOVER_RCT) == ["rob-2-crossover"]
    assert tools_for(Design.COHORT) == ["robins-i"]
    assert tools_for(Design.ANIMAL) == ["syrcle"]
    assert tools_for(Design.META_ANALYSIS) == ["amstar-2"]
    assert tools_for(Design.NARRATIVE_REVIEW) == []


def test_amstar_has_sixteen_items_of_which_seven_are_critical():
    assert len(TOOLS["amstar-2"].domains) == 16
    assert len(AMSTAR_CRITICAL) == 7
