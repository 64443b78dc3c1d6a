"""Traffic lights: a shape and a letter for every judgement that a tool knows, and a place for each."""

from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from studies.actions import assess_study
from studies.bias import TOOLS
from studies.charts import drawing_of
from studies.choices import RiskOfBias
from studies.lights import LETTERS, LEVELS, all_of, overall_of, risk_light
from tests.factories import person, study

UNKNOWN = {"no-information", "no-meta-analysis"}
DESIGNS = {"rct": "rob-2", "crossover-rct": "rob-2-crossover", "cohort": "robins-i", "animal": "syrcle"}


def assessed(design="rct", outcome="", **worse):
    of = study(design=design, label="Author & Sons 2020")
    tool = DESIGNS.get(design, "amstar-2")
    best = "yes" if tool == "amstar-2" else "low"
    domains = {d: (worse.get(d.replace("-", "_"), best), "Seen.", "Gezien.") for d in TOOLS[tool].domains}
    assess_study(of, by=person("editor"), tool=tool, judgements=domains, outcome=outcome)
    of.refresh_from_db()
    return of


def judged_of(of):
    return all_of(of, list(of.bias_assessments.all()))


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_every_judgement_has_a_letter_and_a_level(tool):
    known = set(tool.judgements) - UNKNOWN
    assert known <= set(LETTERS) and known <= set(LEVELS)
    letters = [str(LETTERS[code]) for code in known]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(
    ("tool", "code", "level", "letter"),
    [
        ("rob-2", "low", "good", "L"),
        ("amstar-2", "low", "bad", "L"),
        ("amstar-2", "high", "good", "H"),
        ("amstar-2", "critically-low", "worst", "C"),
        ("robins-i", "no-information", "unknown", "?"),
        ("syrcle", "", "unknown", "?"),
    ],
)
def test_the_shape_of_an_overall_says_how_bad_it_is_and_its_letter_the_word(tool, code, level, letter):
    light = overall_of(tool, code)
    assert (light.level, light.letter) == (level, letter)


def test_each_risk_of_a_study_has_its_own_shape():
    shapes = {risk_light(risk).level for risk in ["", *RiskOfBias.values]}
    assert len(shapes) == 5


@pytest.mark.django_db
class TestDrawing:
    @pytest.mark.parametrize("design", [*DESIGNS, "meta-analysis"])
    def test_is_a_light_for_the_overall_and_each_domain_within_its_frame(self, design):
        drawing = drawing_of(judged_of(assessed(design)))
        picture = render_to_string("charts/risk_of_bias.svg", {"drawing": drawing})
        root = ElementTree.fromstring(picture)
        lights = root.findall(".//{*}use")
        assert len(lights) == 1 + len(drawing.groups[0].numbers)
        shapes = {f"#{shape.get('id')}" for shape in root.find("{*}defs")}
        for light in lights:
            x, y = float(light.get("x")), float(light.get("y"))
            assert 10 <= x <= drawing.width - 10 and 10 <= y <= drawing.height - 10
            assert light.get("href") in shapes
        assert root.find("{*}title").text == "Risk of bias"
        assert all(
            str(words) in root.find("{*}desc").text
            for words in TOOLS[drawing.groups[0].tool].domains.values()
        )

    def test_without_domains_it_says_that_only_the_overall_is_known(self, client):
        of = study(risk_of_bias="some-concerns", risk_of_bias_tool="Their own list")
        page = client.get(f"/en/studies/{of.key}/").content.decode()
        assert "only an overall judgement is known here" in page
        assert "Some concerns, Their own list" in page

    def test_what_nobody_judged_stands_by_itself_and_last(self):
        judged = [*all_of(study(), []), *all_of(study(risk_of_bias="low"), []), *judged_of(assessed())]
        groups = drawing_of(judged).groups
        assert [(group.tool, group.is_judged) for group in groups] == [
            ("rob-2", True),
            ("", True),
            ("", False),
        ]

    def test_nothing_is_drawn_of_a_study_nobody_judged(self, client):
        assert 'id="bias"' not in client.get(f"/en/studies/{study().key}/").content.decode()

    def test_an_outcome_alone_leaves_the_overall_of_the_study_beside_it(self):
        of = assessed(outcome="Sleep", reporting="high")
        whole, outcome = judged_of(of)
        assert (whole.overall.words, outcome.outcome_en, outcome.overall.words) == (
            "Not judged",
            "Sleep",
            "High",
        )

    def test_the_page_of_the_study_tells_each_domain_with_its_reason(self, client):
        of = assessed(reporting="high")
        page = client.get(f"/en/studies/{of.key}/").content.decode()
        assert page.count("Seen.") == 5 and "5. Selection of the reported result" in page
        assert "only an overall judgement" not in page and "Author &amp; Sons 2020" in page
        assert "Judged by Editor" in page and "At least one domain is at high risk." in page
        assert "/risk-of-bias/" not in page
        assert "Gezien." in client.get(f"/nl/studies/{of.key}/").content.decode()

    def test_editors_find_the_form_from_there(self, client):
        of = study()
        client.force_login(person("editor"))
        assert (
            f"/en/desk/studies/{of.key}/risk-of-bias/"
            in client.get(f"/en/studies/{of.key}/").content.decode()
        )

    def test_costs_no_more_questions_for_more_domains(self, client, django_assert_max_num_queries):
        of = assessed("meta-analysis")
        with django_assert_max_num_queries(14):
            client.get(f"/en/studies/{of.key}/")
