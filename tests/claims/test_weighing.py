"""What if a study falls: the preview is what really leaving the study out gives, and says no more than it may."""

import json

import pytest
from django.db import transaction

from claims import actions
from claims.choices import Domain, Strength
from claims.grading import Step, grade
from claims.models import ClaimVersion
from claims.synthesis import Estimator, IntervalMethod, Pooled
from claims.weighing import WORDED, weigh
from tests.factories import claim, draft, evidence, judgement, person, publication, study

TRIALS = ((-9, -14, -4), (-6, -12, 0), (-15, -22, -8), (-2, -9, 5))


def current():
    return ClaimVersion.objects.current().select_related(*WORDED).order_by("claim__accession")


def state(weighed):
    """All that may depend on which studies are left; results that do not weigh are drawn and nothing else."""
    pools = [pool for scale in weighed.scales for pool in scale.pools if pool.results]
    return (
        weighed.studies,
        weighed.counted,
        weighed.tally,
        sorted(pools, key=repr),
        weighed.leading,
        weighed.steps,
        weighed.ending,
        weighed.strength,
        weighed.sentence,
    )


def differences(version):
    """Studies of a version whose preview is not what a draft without their rows comes to."""
    made = actions.start_draft(version.claim, by=person("editor"))
    for key in sorted(set(version.evidence.values_list("study__key", flat=True))):
        with transaction.atomic():
            made.evidence.filter(study__key=key).delete()
            really = state(weigh(made))
            transaction.set_rollback(True)
        if state(weigh(version, without={key})) != really:
            yield key


def with_trials(trials=TRIALS, **words):
    """A draft, high and one step down for imprecision, on these trials in minutes and nothing else."""
    made = draft(**words)
    made.evidence.all().delete()
    for number, (estimate, low, high) in enumerate(trials, start=1):
        evidence(
            made,
            publication=publication(study(key=f"trial-{number}", label=f"Trial {number}")),
            position=number,
            measure="MD",
            unit_en="min",
            unit_nl="min",
            estimate=estimate,
            ci_low=low,
            ci_high=high,
            n=150,
        )
    return made


class TestThePreviewIsWhatLeavingOutReallyGives:
    def test_for_every_study_of_every_claim_of_the_base(self, db):
        wrong = {version.claim.accession: list(differences(version)) for version in current()}

        assert len(wrong) > 70 and not any(wrong.values()), wrong

    def test_for_studies_that_are_pooled(self, db):
        made = actions.submit_version(with_trials(), by=person("editor"))
        version = actions.publish_version(made, by=person("reviewer"))

        assert isinstance(weigh(version, without={"trial-1"}).leading.pooled, Pooled)
        assert list(differences(version)) == []


class TestTheBaseAsItIs:
    def test_no_suggestion_moves_a_published_rating_where_nothing_can_be_pooled(self, db):
        for version in current():
            weighed = weigh(version)
            if weighed.leading is None and weighed.ending == "rated":
                assert weighed.strength == version.strength
                assert weighed.sentence["en"] == version_sentence(version)

    def test_the_published_verdicts_are_borne_by_what_counts(self, db):
        assert not [version for version in current() if weigh(version).ending == "verdict-open"]

    def test_three_questions_to_the_database_whatever_the_number_of_rows(self, db, django_assert_num_queries):
        version = current().get(claim__accession="KB000016")
        with django_assert_num_queries(3):
            weigh(version)


def version_sentence(version):
    return json.loads(version.document)["plain_sentence"]["en"]


class TestSteps:
    def test_the_suggested_ones_take_the_place_of_the_published_ones(self, db):
        made = with_trials(trials=((-9, -10, -8), (-9.5, -10.5, -8.5), (-9.25, -10.25, -8.25)))
        weighed = weigh(made)
        steps = {step.domain: step for step in weighed.steps}

        assert (steps["imprecision"].published, steps["imprecision"].suggested) == (-1, 0)
        assert [reason.code for reason in steps["imprecision"].reasons] == [
            "excludes-no-effect",
            "enough-people",
        ]
        assert (steps["inconsistency"].published, steps["inconsistency"].suggested) == (0, 0)
        assert weighed.strength == Strength.HIGH

    def test_they_add_up_as_a_rating_does(self, db):
        made = with_trials()
        judgement(made, "risk-of-bias", -1)
        weighed = weigh(made)
        steps = {step.domain: step for step in weighed.steps}

        assert (steps["risk-of-bias"].published, steps["risk-of-bias"].suggested) == (-1, None)
        taken = [
            Step(Domain(step.domain), step.published if step.suggested is None else step.suggested, "so")
            for step in weighed.steps
        ]
        assert weighed.strength == grade(Strength.HIGH, taken).strength

    def test_few_people_and_an_interval_over_no_effect_are_two_steps(self, db):
        made = with_trials(trials=((-9, -20, 2), (-1, -14, 12)))
        steps = {step.domain: step for step in weigh(made).steps}

        assert steps["imprecision"].suggested == -2
        assert [reason.code for reason in steps["imprecision"].reasons] == ["holds-no-effect", "few-people"]

    def test_an_interval_over_no_effect_does_not_lower_a_claim_of_no_difference(self, db):
        made = with_trials(trials=((-1, -4, 2), (1, -2, 4), (0, -3, 3)), of=claim(direction="no-difference"))
        steps = {step.domain: step for step in weigh(made).steps}

        assert steps["imprecision"].suggested == 0
        assert steps["imprecision"].reasons[0].code == "no-effect-is-the-finding"

    def test_results_far_apart_are_inconsistent(self, db):
        made = with_trials(trials=((-19, -20, -18), (-9, -10, -8), (-1, -2, 0), (-12, -13, -11)))
        steps = {step.domain: step for step in weigh(made, interval=IntervalMethod.WALD).steps}

        assert steps["inconsistency"].suggested == -2
        assert [reason.code for reason in steps["inconsistency"].reasons] == [
            "considerable",
            "next-may-differ",
        ]

    def test_an_unknown_number_of_people_is_no_reason(self, db):
        made = with_trials()
        made.evidence.filter(position=1).update(n=None)
        steps = {step.domain: step for step in weigh(made).steps}

        assert steps["imprecision"].reasons[1].code == "size-unknown"


class TestWhatIsLeft:
    def test_no_evidence(self, db):
        weighed = weigh(with_trials(trials=TRIALS[:1]), without={"trial-1"})

        assert (weighed.ending, weighed.strength, weighed.sentence) == ("none-left", None, None)
        assert weighed.studies == weighed.counted == 0

    def test_a_retracted_study_weighs_no_more(self, db):
        weighed = weigh(with_trials(), fallen={"trial-3"})

        assert weighed.counted == 3 and weighed.studies == 4
        assert [result.left_out for result in weighed.results] == ["", "", "fallen", ""]
        assert weighed.leading.pooled.k == 3

    def test_only_results_that_do_not_count(self, db):
        made = with_trials()
        made.evidence.exclude(position=1).update(counts_in_synthesis=False)

        assert weigh(made, without={"trial-1"}).ending == "none-counts"

    def test_no_result_for_the_verdict(self, db):
        made = with_trials()
        made.evidence.exclude(position=1).update(direction="no-difference")

        assert weigh(made).ending == "rated"
        assert weigh(made, without={"trial-1"}).ending == "verdict-open"

    def test_the_methods_are_those_asked_for_and_named(self, db):
        made = with_trials()
        weighed = weigh(made, estimator="dersimonian-laird", interval="wald")

        assert (weighed.estimator, weighed.interval) == (Estimator.DERSIMONIAN_LAIRD, IntervalMethod.WALD)
        with pytest.raises(ValueError, match="random effects"):
            weigh(made, estimator="fixed", interval="hartung-knapp")
