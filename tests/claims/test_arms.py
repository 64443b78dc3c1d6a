"""Numbers per arm: what cannot be is refused beside its field, at every door; what can be is kept and pooled."""

import math

import pytest
from django.core.exceptions import ValidationError

from claims import actions
from claims.arms import problems_of
from claims.choices import EffectMeasure
from claims.models import ClaimVersion
from claims.pools import results_of
from tests.claims.test_editing import address, client_of, fresh, pointers, send
from tests.factories import draft, evidence, in_review, person, publication, study

MEANS = {"treated": {"n": 20, "mean": 5.5, "sd": 2}, "control": {"n": 21, "mean": 7, "sd": 2.5}}
ERRORS = {"treated": {"n": 20, "mean": 5.5, "se": 0.4}, "control": {"n": 21, "mean": 7, "se": 0.5}}
EVENTS = {"treated": {"n": 20, "events": 0}, "control": {"n": 21, "events": 21}}


def changed(arms, arm, **numbers):
    return arms | {arm: arms[arm] | numbers}


class TestWhatCanBe:
    @pytest.mark.parametrize(
        ("arms", "measure"),
        [
            (None, ""),
            (MEANS, "MD"),
            (ERRORS, "SMD"),
            (MEANS | {"treated": ERRORS["treated"]}, "MD"),
            (MEANS, "SMD"),
            (EVENTS, "RR"),
            (EVENTS, "RD"),
        ],
    )
    def test_is_not_refused(self, arms, measure):
        assert problems_of(arms, measure) == {}

    @pytest.mark.parametrize(
        ("arms", "measure", "place", "words"),
        [
            ([], "MD", ("", ""), "two arms"),
            ({"treated": MEANS["treated"]}, "MD", ("", ""), "two arms"),
            ({"treated": 1, "control": 2}, "MD", ("", ""), "two arms"),
            (MEANS, "HR", ("", ""), "go with"),
            (MEANS, "", ("", ""), "go with"),
            (MEANS, "RR", ("", ""), "n, events"),
            (EVENTS, "MD", ("", ""), "n, mean, sd / n, mean, se"),
            (changed(MEANS, "treated", se=1), "MD", ("", ""), "nothing else"),
            (ERRORS | {"treated": {"n": 20, "mean": 5, "se": 0}}, "MD", ("treated", "se"), "above zero"),
            (ERRORS | {"treated": {"n": 1, "mean": 5, "se": 1}}, "MD", ("treated", "n"), "at least 2"),
            (changed(MEANS, "treated", sd=0), "MD", ("treated", "sd"), "above zero"),
            (changed(MEANS, "control", sd=-1), "MD", ("control", "sd"), "above zero"),
            (changed(MEANS, "control", n=1), "MD", ("control", "n"), "at least 2"),
            (changed(MEANS, "control", n=20.5), "MD", ("control", "n"), "whole numbers"),
            (changed(MEANS, "control", mean=math.inf), "MD", ("control", "mean"), "not a number"),
            (changed(MEANS, "control", mean="5"), "MD", ("control", "mean"), "not a number"),
            (changed(MEANS, "control", n=True), "MD", ("control", "n"), "not a number"),
            (changed(EVENTS, "treated", events=21), "OR", ("treated", "events"), "more events than people"),
            (changed(EVENTS, "treated", events=-1), "OR", ("treated", "events"), "fewer events"),
            (changed(EVENTS, "treated", events=1.5), "RD", ("treated", "events"), "whole numbers"),
            (changed(EVENTS, "control", n=0, events=0), "RD", ("control", "n"), "at least 1"),
        ],
    )  # fmt: skip
    def test_anything_else_is_refused_where_it_stands(self, arms, measure, place, words):
        found = problems_of(arms, measure)
        assert words in str(found[place])

    def test_every_published_row_has_numbers_that_can_be(self, db):
        for version in ClaimVersion.objects.current():
            for row in version.evidence.all():
                assert problems_of(row.arms, row.measure) == {}


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def typed(version, **numbers):
    """What the page sends with one new row."""
    report = publication(study(key="arms-2020", label="Arms 2020"))
    values = {
        "source": report.key, "direction": "supports", "directness": "direct", "outcome_measure_en": "Minutes",
        "outcome_measure_nl": "Minuten", "finding_en": "Shorter.", "finding_nl": "Korter.", "ci_level": "95", "position": "9",
    } | numbers  # fmt: skip
    page = {f"row-new1-{name}": value for name, value in values.items()}
    words = {name: getattr(version, name) or "" for name in ("statement_en", "statement_nl", "scheme")}
    return words | page | {"rows": "new1", "revision": str(version.revision)}


def numbers_of(arms):
    return {f"{arm}_{name}": str(value) for arm, values in arms.items() for name, value in values.items()}


class TestAtTheDesk:
    def test_numbers_of_both_arms_are_kept_and_weigh(self, desk):
        version = draft()
        page = desk.get(f"/en/desk/versions/{version.pk}/edit/").content.decode()
        assert "Numbers per arm" in page and "row-new1-treated_sd" in page
        answer = desk.post(
            f"/en/desk/versions/{version.pk}/autosave/", typed(version, measure="MD", unit_en="min", unit_nl="min", **numbers_of(MEANS))
        )  # fmt: skip
        row = version.evidence.get(study__key="arms-2020")
        assert row.arms == MEANS, answer.content
        result = next(each for each in results_of(version) if each.study == "arms-2020")
        assert result.made_from == "arms" and result.effect.value == pytest.approx(-1.5)

    @pytest.mark.parametrize(
        ("measure", "arms", "name", "words"),
        [
            ("MD", changed(MEANS, "control", sd=0), "control_sd", "A standard deviation is above zero."),
            ("RR", changed(EVENTS, "treated", events=30), "treated_events", "There cannot be more events than people."),
            ("RR", MEANS, "treated_n", "Of this measure both arms have n, events, and nothing else."),
            ("HR", EVENTS, "treated_n", "Numbers per arm go with a mean difference"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(
        self, desk, measure, arms, name, words
    ):
        version = draft()
        answer = desk.post(
            f"/en/desk/versions/{version.pk}/edit/", typed(version, measure=measure, **numbers_of(arms))
        )
        page = answer.content.decode()
        assert answer.status_code == 400 and words in page
        assert f'id="id_row-new1-{name}_error"' in page or f"row-new1-{name}" in page
        assert not version.evidence.filter(study__key="arms-2020").exists()

    def test_what_is_there_is_shown_and_can_be_taken_out(self, desk):
        version = draft()
        row = evidence(
            version,
            publication=publication(study(key="there-2020")),
            measure="MD",
            arms=MEANS,
            unit_en="min",
            unit_nl="min",
        )
        page = desk.get(f"/en/desk/versions/{version.pk}/edit/").content.decode()
        assert f'name="row-{row.pk}-control_sd" value="2.5"' in page


def test_an_action_refuses_what_a_form_would_have(db):
    version = draft()
    row = evidence(version, publication=publication(study(key="there-2020")))
    row.measure, row.arms = EffectMeasure.RR, changed(EVENTS, "treated", events=30)
    with pytest.raises(ValidationError) as refusal:
        actions.save_part(row, by=person("editor"))
    assert refusal.value.message_dict == {
        "arms": ["treated.events: There cannot be more events than people."]
    }


class TestFromAStudy:
    ADDRESS = "/en/desk/studies/abbasi-2012/result/"

    def test_only_editors_find_the_way(self, client, db):
        assert "/desk/studies/" not in client.get("/en/studies/abbasi-2012/").content.decode()
        assert client.get(self.ADDRESS).status_code == 302
        client.force_login(person("reader"))
        assert client.get(self.ADDRESS).status_code == 404

    def test_a_claim_is_found_by_number_or_words_and_leads_to_a_row_of_this_study(self, desk):
        assert self.ADDRESS in desk.get("/en/studies/abbasi-2012/").content.decode()
        assert "KB000044" in desk.get(self.ADDRESS, {"q": "kb000044"}).content.decode()
        found = desk.get(self.ADDRESS, {"q": "ashwagandha"}).context["claims"]
        chosen = next(each for each in found if each.accession == "KB000044")
        answer = desk.post(self.ADDRESS, {"claim": chosen.pk})
        version = chosen.versions.get(state="draft")
        assert answer["Location"] == f"/en/desk/versions/{version.pk}/edit/?source=abbasi-2012#evidence"
        page = desk.get(answer["Location"]).content.decode()
        assert 'name="row-new1-source" value="abbasi-2012"' in page
        assert desk.post(self.ADDRESS, {"claim": chosen.pk})["Location"] == answer["Location"]

    @pytest.mark.parametrize("words", ["", "   ", "\x00", "zzzz", "%", "KB999999"])
    def test_any_words_are_answered(self, desk, words):
        assert desk.get(self.ADDRESS, {"q": words}).status_code in (200, 400)

    @pytest.mark.parametrize("chosen", ["", "x", "999999", "9" * 30])
    def test_a_claim_that_is_not_there_is_not_found(self, desk, chosen):
        assert desk.post(self.ADDRESS, {"claim": chosen}).status_code == 404

    def test_a_claim_in_review_says_so(self, desk):
        version = in_review()
        answer = desk.post(self.ADDRESS, {"claim": version.claim_id})
        assert answer.status_code == 409 and "in review" in answer.content.decode()


@pytest.mark.parametrize(
    ("arms", "words"),
    [
        (changed(EVENTS, "treated", events=30), "more events than people"),
        ({"treated": {}}, "two arms"),
        ([1], "two arms"),
        (MEANS, "n, events"),
    ],
)
def test_the_api_refuses_the_same_and_names_the_place(db, arms, words):
    client, version = client_of("editor"), draft()
    row = version.evidence.get()
    answer = send(
        client,
        "patch",
        f"{address(version)}evidence/{row.pk}/",
        {"measure": "RR", "arms": arms},
        seen=version.revision,
    )
    assert pointers(answer) == {"/arms"}
    assert words in answer.content.decode()
    assert fresh(row).arms is None
