"""What is worked out from the numbers of a result: as published examples have it, marked as such, and beside what was printed."""

import csv
import io
import json
from math import tanh

import pytest

from claims import actions
from claims.formats.derived import derived_from, derived_in
from claims.models import ClaimVersion
from claims.synthesis import effect_from_interval, effect_from_p, fisher_z
from claims.synthesis.derived import FORMULAS, derived_of
from claims.synthesis.numbers import Reported
from claims.synthesis.reported import sd_from_se
from tests.claims.golden.meta_analyses import BCG, BCG_ARMS, BORENSTEIN, BORENSTEIN_ARMS
from tests.claims.pooled import printed
from tests.claims.test_arms import ERRORS, EVENTS, MEANS, numbers_of, typed
from tests.factories import draft, evidence, person, publication, study


def numbers(measure, **given):
    """{name: Derived} of these numbers."""
    return {each.name: each for each in derived_of(Reported(measure=measure, **given))}


class TestPublishedExamples:
    def test_spread_from_the_interval_of_a_mean_of_few_people(self):
        # Cochrane Handbook 6.5.2.2: n 25, mean 32.1 (30.0 to 34.2) and n 22, mean 28.3 (26.5 to 30.1), by Student's t.
        treated = effect_from_interval("MD", estimate=32.1, low=30.0, high=34.2, df=24)
        control = effect_from_interval("MD", estimate=28.3, low=26.5, high=30.1, df=21)

        assert sd_from_se(se=treated.se, n=25) == pytest.approx(5.09, abs=0.005)
        assert sd_from_se(se=control.se, n=22) == pytest.approx(4.06, abs=0.005)

    def test_error_of_a_difference_from_p(self):
        # Cochrane Handbook 6.5.2.3: MD 3.8, P = 0.008 with 25 + 22 - 2 degrees of freedom: t 2.78, SE 1.37.
        effect = effect_from_p("MD", estimate=3.8, p=0.008, df=45)

        assert (effect.value / effect.se, effect.se) == printed(2.78, 1.37, digits=2)

    def test_error_of_a_risk_difference_from_p(self):
        # Cochrane Handbook 6.3.1: a risk difference of 0.03 with P = 0.008: Z 2.652, SE 0.011.
        found = numbers("RD", estimate=0.03, p_value=0.008)

        assert 0.03 / found["standard_error"].value == pytest.approx(2.652, abs=0.0005)
        assert found["standard_error"].value == pytest.approx(0.011, abs=0.0005)

    def test_interval_of_a_difference_and_of_a_ratio_from_p(self):
        # Altman and Bland, BMJ 2011;343:d2090: 17 with P = 0.032 gives 1.4 to 32.6; RR 0.30 with P = 0.034 gives 0.10 to 0.90.
        # Their formula for z is close to, and not, the quantile.
        difference, ratio = (
            numbers("RD", estimate=17, p_value=0.032),
            numbers("RR", estimate=0.3, p_value=0.034),
        )

        ends = [found[name].value for found in (difference, ratio) for name in ("ci_low", "ci_high")]
        assert ends == pytest.approx([1.4, 32.6, 0.10, 0.90], rel=0.06)

    @pytest.mark.parametrize(("both", "row"), [*zip(BCG_ARMS, BCG, strict=True)])
    def test_risk_ratios_of_bcg_are_those_of_metafor(self, both, row):
        # escalc(measure="RR", data=dat.bcg)
        arms = {
            name: {"n": arm.n, "events": arm.events}
            for name, arm in zip(("treated", "control"), both, strict=True)
        }
        found = numbers("RR", arms=arms)

        assert [found["standard_error"].value ** 2] == printed(row[-1])
        assert found["standard_error"].scale == "logarithm"

    @pytest.mark.parametrize(("both", "row"), [*zip(BORENSTEIN_ARMS, BORENSTEIN, strict=True)])
    def test_standardised_differences_are_those_of_metafor_also_from_errors(self, both, row):
        # escalc(measure="SMD"); the second time each arm gives the standard error of its mean.
        *_, yi, vi = row
        spread = {
            name: {"n": arm.n, "mean": arm.mean, "sd": arm.sd}
            for name, arm in zip(("treated", "control"), both, strict=True)
        }
        errors = {
            name: {"n": arm["n"], "mean": arm["mean"], "se": arm["sd"] / arm["n"] ** 0.5}
            for name, arm in spread.items()
        }
        for arms in (spread, errors):
            found = numbers("SMD", arms=arms)
            assert (found["estimate"].value, found["standard_error"].value ** 2) == pytest.approx(
                (yi, vi), rel=1e-9
            )
        assert numbers("SMD", arms=errors)["treated.sd"].value == pytest.approx(spread["treated"]["sd"])


class TestWhatFollows:
    @pytest.mark.parametrize(
        ("given", "made_from", "names"),
        [
            ({"measure": "MD", "estimate": 1, "standard_error": 0.5}, "standard-error", "ci_low ci_high"),
            ({"measure": "MD", "estimate": 1, "standard_error": 0.5, "ci_low": 0.1}, "standard-error", "ci_high"),
            ({"measure": "MD", "estimate": 1, "standard_error": 0.5, "ci_low": 0, "ci_high": 2}, "", ""),
            ({"measure": "MD", "estimate": 1, "ci_low": 0, "ci_high": 2}, "interval", "standard_error"),
            ({"measure": "MD", "estimate": 1, "p_value": 0.04}, "p", "standard_error ci_low ci_high"),
            ({"measure": "MD", "estimate": 1, "p_value": 0.04, "p_text": "<0.04"}, "", ""),
            ({"measure": "MD", "arms": MEANS}, "arms", "estimate standard_error ci_low ci_high"),
            ({"measure": "MD", "estimate": 3, "ci_low": 2, "ci_high": 4, "arms": MEANS}, "arms", "estimate standard_error ci_low ci_high"),
            ({"measure": "MD", "arms": ERRORS}, "arms", "treated.sd control.sd estimate standard_error ci_low ci_high"),
            ({"measure": "MD", "arms": MEANS, "is_paired": True}, "", ""),
            ({"measure": "RR", "estimate": 0.5, "standard_error": 0.354}, "standard-error", "ci_low ci_high"),
            ({"measure": "other", "estimate": 1, "ci_low": 0, "ci_high": 2}, "", ""),
            ({"measure": ""}, "", ""),
        ],
    )  # fmt: skip
    def test_names_what_is_not_printed_and_from_what(self, given, made_from, names):
        found = derived_of(Reported(**given))
        assert [each.name for each in found] == names.split()
        assert {each.made_from for each in found} == ({made_from} if made_from else set())

    def test_a_ratio_and_a_correlation_are_worked_out_on_their_own_scale(self):
        ratio = numbers("RR", estimate=0.5, standard_error=0.353653)
        assert (ratio["ci_low"].value, ratio["ci_high"].value) == pytest.approx((0.25, 1), abs=1e-5)
        by_z = fisher_z(r=0.5, n=56)
        low, high = map(tanh, by_z.interval())
        correlation = numbers("r", estimate=0.5, ci_low=low, ci_high=high)["standard_error"]
        assert correlation.value == pytest.approx(by_z.se)
        assert correlation.scale == "fisher-z"

    def test_every_formula_is_used_and_has_words_in_both_languages_and_a_source(self):
        measures = ("MD", "SMD", "RR", "OR", "RD", "r")
        arms = {"MD": ERRORS, "SMD": MEANS, "RR": EVENTS, "OR": EVENTS, "RD": EVENTS}
        given = [{"arms": arms}, {"estimate": 0.5, "standard_error": 0.2}, {"estimate": 0.5, "p_value": 0.04}]
        given += [{"estimate": 0.5, "ci_low": 0.2, "ci_high": 0.7}]
        used = set()
        for measure in measures:
            for each in given:
                each = each if "arms" not in each else {"arms": arms.get(measure)}
                for entry in derived_from(Reported(measure=measure, **each)):
                    used.add(entry["formula"]["code"])
                    assert all(entry["formula"]["label"].values()) and entry["source"]
        assert used == set(FORMULAS)

    def test_of_every_published_row_it_can_be_said(self, db):
        rows = [
            row
            for version in ClaimVersion.objects.current()
            for row in json.loads(version.document)["evidence"]
        ]
        assert sum(bool(derived_in(row)) for row in rows) > 40
        assert not any("derived" in row for row in rows)  # their bytes are those of before


pytestmark = pytest.mark.django_db


def published_with(*rows):
    version = draft()
    for number, words in enumerate(rows):
        report = publication(study(key=f"trial-{number}", label=f"Trial {number}"))
        evidence(version, publication=report, **words)
    version.refresh_from_db()
    return actions.publish_version(
        actions.submit_version(version, by=person("editor")), by=person("reviewer")
    )


MINUTES = {"measure": "MD", "unit_en": "min", "unit_nl": "min", "outcome_measure_en": "Minutes"}
ROWS = (
    MINUTES | {"arms": MEANS},
    MINUTES | {"estimate": -5, "standard_error": "1.25"},
    MINUTES | {"estimate": -4, "ci_low": -6, "ci_high": -2},
    MINUTES | {"estimate": -3, "p_value": 0.04},
)


def text_of(response):
    return " ".join(response.content.decode().split())


class TestWhereItIsSeen:
    def test_the_record_has_it_beside_what_was_printed(self, client):
        version = published_with(*ROWS)
        record = client.get(f"/api/v1/claims/{version.claim.accession}/").json()
        rows = {row["study"]["key"]: row for row in record["evidence"]}
        arms, error, interval, p = (rows[f"trial-{number}"] for number in range(4))
        assert arms["arms"] == MEANS and arms["effect"]["estimate"] is None
        assert {each["name"]: each["value"] for each in arms["derived"]}["estimate"] == -1.5
        assert error["effect"]["ci_low"] is None and error["effect"]["standard_error"] == 1.25
        low, high = error["derived"]
        assert (low["name"], low["value"], low["made_from"]) == ("ci_low", -7.44995, "standard-error")
        assert low["formula"]["code"] == "interval-from-se" and low["source"].startswith("Cochrane Handbook")
        assert (high["name"], high["value"]) == ("ci_high", -2.55005)
        assert "derived" not in interval and "derived" not in p

    def test_the_synthesis_has_it_of_every_result(self, client):
        version = published_with(*ROWS)
        record = client.get(f"/api/v1/claims/{version.claim.accession}/synthesis/").json()
        found = {
            row["study"]: (row["made_from"], [each["name"] for each in row["derived"]])
            for row in record["left"]["results"]
        }
        assert found["trial-1"] == ("standard-error", ["ci_low", "ci_high"])
        assert found["trial-2"] == ("interval", ["standard_error"])
        assert found["trial-3"] == ("p", ["standard_error", "ci_low", "ci_high"])

    def test_the_page_of_the_claim_and_of_the_study_mark_it(self, client):
        version = published_with(*ROWS)
        page = text_of(client.get(f"/en/claims/{version.claim.accession}/"))
        assert "treated: n 20, mean 5.5, SD 2" in page
        assert "Worked out by us: −1.5, 95% interval −2.88 to −0.12, from the numbers per arm" in page
        assert "Worked out by us: 95% interval −7.45 to −2.55, from the standard error" in page
        assert "standard error 1.02, from the interval: SE = width of the interval / (2 × z)" in page
        dutch = text_of(client.get(f"/nl/claims/{version.claim.accession}/"))
        assert "Door ons uitgerekend: 95%-interval −7,45 tot −2,55, uit de standaardfout" in dutch
        one = text_of(client.get("/en/studies/trial-1/"))
        assert "Worked out by us: 95% interval −7.45 to −2.55, from the standard error" in one

    def test_the_forest_plot_stars_it_and_its_table_says_how(self, client):
        version = published_with(*ROWS)
        page = text_of(client.get(f"/en/claims/{version.claim.accession}/"))
        assert page.count(" *</text>") == 3 and "* worked out from other numbers" in page
        assert page.count("worked out by us</span>") == 3
        answer = client.get(f"/en/claims/{version.claim.accession}/forest.csv")
        rows = {row["study"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}
        assert [rows[f"trial-{number}"]["is_as_printed"] for number in range(4)] == ["no", "no", "yes", "no"]
        assert rows["trial-3"]["formula"] == "se-from-p;interval-from-se"
        drawing = client.get(f"/en/claims/{version.claim.accession}/forest.svg").content.decode()
        assert "worked out from other numbers" in drawing

    def test_without_anything_worked_out_the_drawing_has_no_star(self, client):
        version = published_with(ROWS[2], ROWS[2] | {"estimate": -5})
        drawing = client.get(f"/en/claims/{version.claim.accession}/forest.svg").content.decode()
        assert "*" not in drawing and "worked out" not in drawing

    def test_the_table_has_columns_of_its_own_for_it(self, client):
        version = published_with(*ROWS)
        answer = client.get(f"/api/v1/claims/{version.claim.accession}.csv")
        text = answer.getvalue().decode().lstrip("\ufeff")
        rows = {row["study"]: row for row in csv.DictReader(io.StringIO(text))}
        arms, error = rows["trial-0"], rows["trial-1"]
        assert (arms["estimate"], arms["derived_estimate"], arms["derived_from"]) == ("", "-1.5", "arms")
        assert json.loads(arms["arms"]) == MEANS
        assert (error["ci_low"], error["derived_ci_low"], error["derived_standard_error"]) == (
            "",
            "-7.44995",
            "",
        )
        assert error["derived_by"] == "interval-from-se"

    def test_the_desk_previews_it(self, client):
        client.force_login(person("editor"))
        version = draft()
        numbers = {"measure": "MD", "unit_en": "min", "unit_nl": "min", **numbers_of(ERRORS)}
        address = f"/en/desk/versions/{version.pk}/preview/"
        page_as_typed = typed(version, **numbers)
        page = text_of(client.post(address, page_as_typed, headers={"X-Part": "preview"}))
        assert "Worked out from the numbers" in page and "Arms 2020: Minutes" in page
        assert "treated: standard deviation 1.79, control: standard deviation 2.29" in page
        page = text_of(client.post(address, page_as_typed | {"row-new1-treated_se": "0"}))
        assert "Arms 2020: Minutes" not in page.split("What it comes down to")[1]
