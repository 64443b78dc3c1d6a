"""The forest plot: where each result lies, what is drawn of what cannot be pooled, and the files to take along."""

import csv
import io
import math
import xml.etree.ElementTree as ElementTree

import pytest

from claims import actions
from claims.choices import EffectMeasure
from claims.forest import LEFT, RIGHT, forest_of, forests_of, round_step, ticks
from claims.models import ClaimVersion
from claims.weighing import weigh
from tests.claims.test_weighing import with_trials
from tests.factories import evidence, notice, person, publication, study

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def version(db):
    """Four trials of one outcome, published."""
    made = actions.submit_version(with_trials(), by=person("editor"))
    return actions.publish_version(made, by=person("reviewer"))


def charts(version, **words):
    return forests_of(weigh(version, **words).scales)


def at(version, name):
    return f"/en/claims/{version.claim.accession}/{name}"


class TestWhereThingsLie:
    def test_in_the_order_of_their_values(self, version):
        (chart,) = charts(version)
        by_value = sorted(chart.lines, key=lambda line: line.result.effect.value)
        places = [float(line.x) for line in by_value]

        assert places == sorted(places) and len(set(places)) == 4
        assert all(
            LEFT <= float(line.low) < float(line.x) < float(line.high) <= RIGHT for line in chart.lines
        )

    def test_no_effect_lies_between_help_and_harm(self, version):
        (chart,) = charts(version)

        assert max(float(line.x) for line in chart.lines) < float(chart.none_x) <= RIGHT

    def test_a_heavier_result_has_a_larger_square(self, version):
        (chart,) = charts(version)
        weights = {line.weight: float(line.square[2]) for line in chart.lines}

        assert weights[max(weights)] > weights[min(weights)]
        assert sum(line.weight for line in chart.lines) == pytest.approx(100)

    def test_the_numbers_are_those_of_the_source(self, version):
        (chart,) = charts(version)

        assert [line.printed for line in chart.lines] == [
            (-9, -14, -4),
            (-6, -12, 0),
            (-15, -22, -8),
            (-2, -9, 5),
        ]

    def test_an_interval_that_runs_far_off_gets_an_arrow(self, db):
        (chart,) = charts(with_trials(trials=((-9, -14, -4), (-6, -12, 0), (-8, -900, 884))))

        assert [len(line.arrows) for line in chart.lines] == [0, 0, 2]

    def test_a_prediction_that_runs_far_off_gets_arrows_too(self, version):
        (chart,) = charts(version, fallen={"trial-2"})
        (diamond,) = chart.diamonds

        assert diamond.predicted[0] < -80 and len(diamond.arrows) == 2

    def test_a_result_that_does_not_weigh_is_drawn_without_a_weight(self, version):
        (chart,) = charts(version, without={"trial-1"}, fallen={"trial-2"})

        assert [line.state for line in chart.lines] == ["switched-off", "fallen", "weighing", "weighing"]
        assert [line.weight is None for line in chart.lines] == [True, True, False, False]
        assert chart.diamonds[0].pooled.k == 2 and chart.diamonds[0].prediction is None

    def test_a_refused_pool_has_rows_and_no_diamond(self, db):
        version = ClaimVersion.objects.current().get(claim__accession="KB000074")
        (chart,) = charts(version)

        assert len(chart.lines) == 3 and chart.diamonds == ()
        assert [refusal.code for refusal in chart.refusals] == ["trials-unknown"]

    def test_one_result_alone_is_not_drawn(self, db):
        assert charts(with_trials(trials=((-9, -14, -4),))) == []

    def test_results_that_are_all_the_same_can_be_drawn(self, db):
        (chart,) = charts(with_trials(trials=((0, -1, 1), (0, -1, 1))))

        assert {line.x for line in chart.lines} == {chart.none_x}

    def test_every_scale_of_the_base_can_be_drawn(self, db):
        drawn = [
            forest_of(scale) for version in ClaimVersion.objects.current() for scale in weigh(version).scales
        ]

        assert len(drawn) > 30
        for chart in drawn:
            assert 2 <= len(chart.ticks) <= 12
            assert all(LEFT <= float(tick.x) <= RIGHT for tick in chart.ticks)


class TestTicks:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [(-41, 2, [-40, -30, -20, -10, 0]), (-0.5, 0.5, [-0.4, -0.2, 0, 0.2, 0.4]), (0, 5e5, [0, 1e5, 2e5, 3e5, 4e5, 5e5])],
    )  # fmt: skip
    def test_of_a_difference_are_round(self, low, high, expected):
        assert [value for value, _place in ticks(EffectMeasure.MD, low, high)] == pytest.approx(expected)

    def test_of_a_ratio_lie_at_their_logarithms(self):
        found = ticks(EffectMeasure.RR, math.log(0.1), math.log(10))

        assert [value for value, _place in found] == [0.1, 0.2, 0.5, 1, 2, 5, 10]
        assert all(place == pytest.approx(math.log(value)) for value, place in found)

    def test_of_ratios_far_apart_are_fewer_and_keep_no_effect(self):
        values = [value for value, _place in ticks(EffectMeasure.OR, math.log(0.001), math.log(1000))]

        assert 1 in values and len(values) < 9

    def test_of_ratios_close_to_one_are_there_too(self):
        values = [value for value, _place in ticks(EffectMeasure.HR, math.log(0.9), math.log(1.1))]

        assert values == pytest.approx([0.9, 0.95, 1, 1.05, 1.1])

    @pytest.mark.parametrize(("size", "step"), [(1, 1), (1.1, 2), (3, 5), (7, 10), (0.03, 0.05)])
    def test_steps(self, size, step):
        assert round_step(size) == pytest.approx(step)


class TestFiles:
    def test_the_drawing_stands_on_its_own(self, client, version):
        response = client.get(at(version, "forest.svg"))
        drawing = ElementTree.fromstring(response.content)

        assert response["Content-Type"] == "image/svg+xml"
        assert drawing.tag == f"{SVG}svg" and drawing.find(f"{SVG}title").text
        assert "style" not in response.content.decode() and len(drawing.findall(f".//{SVG}g/{SVG}rect")) == 4

    def test_a_retracted_study_is_struck_through(self, client, version):
        notice(version.evidence.get(position=2).publication)
        drawing = ElementTree.fromstring(client.get(at(version, "forest.svg")).content)
        struck = [text.text for text in drawing.iter(f"{SVG}text") if text.get("text-decoration")]

        assert struck == ["Trial 2"]

    def test_the_csv_has_the_numbers_of_the_drawing(self, client, version):
        response = client.get(at(version, "forest.csv"), {"without": "trial-1"})
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))

        assert [row["study"] for row in rows] == ["trial-1", "trial-2", "trial-3", "trial-4"]
        assert [row["left_out"] for row in rows] == ["switched-off", "", "", ""]
        assert rows[0]["weight_percent"] == "" and float(rows[0]["estimate"]) == -9
        assert sum(float(row["weight_percent"]) for row in rows[1:]) == pytest.approx(100)
        assert {row["estimator"] for row in rows} == {"reml"}

    def test_a_text_is_no_formula(self, client, db):
        made = with_trials()
        report = publication(study(key="odd", label="=1+1"))
        evidence(
            made,
            publication=report,
            measure="MD",
            unit_en="min",
            unit_nl="min",
            estimate=1,
            ci_low=0,
            ci_high=2,
        )
        made = actions.publish_version(
            actions.submit_version(made, by=person("editor")), by=person("reviewer")
        )

        assert "'=1+1" in client.get(at(made, "forest.csv")).content.decode()

    @pytest.mark.parametrize("name", ["forest.svg", "forest.csv"])
    def test_what_is_not_there_is_not_found(self, client, version, name):
        assert client.get(f"/en/claims/KB999999/{name}").status_code == 404
        assert client.get(f"/en/claims/KB000001/{name}").status_code == 404
        assert client.get(at(version, name), {"without": "nobody"}).status_code == 400
        assert client.post(at(version, name)).status_code == 405

    def test_there_is_no_third_drawing(self, client, version):
        assert client.get(at(version, "forest.svg"), {"chart": "3"}).status_code == 404
