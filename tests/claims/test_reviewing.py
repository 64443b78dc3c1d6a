"""Comments, declared interests, blind second ratings and flags."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from claims import actions, reviewing
from claims.actions import Refused
from claims.documents import build_document
from claims.models import InterestStatement
from tests.factories import draft, in_review, judgement, person, published

STEPS = {"imprecision": (-2, "Very few people.", "Heel weinig mensen."), "inconsistency": (0, "", "")}


class RefusedBy:
    def __init__(self, rule):
        self.rule = rule

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert isinstance(error, Refused), f"expected {self.rule}, got {error!r}"
        assert error.rule == self.rule
        return True


class TestComments:
    def test_a_thread_stays_on_its_field(self, db):
        made = draft()
        first = reviewing.comment_on(
            made, by=person("reviewer"), field="judgement:imprecision", text="Why one step?"
        )
        answer = reviewing.comment_on(made, by=person("editor"), reply_to=first, text="46 people.")
        assert answer.field == "judgement:imprecision"
        reviewing.settle_comment(first, by=person("reviewer"))
        with RefusedBy("comment-settled"):
            reviewing.settle_comment(first, by=person("reviewer"))

    def test_an_empty_comment_and_one_on_another_version_are_refused(self, db):
        made, other = draft(), draft()
        said = reviewing.comment_on(other, by=person("editor"), text="x")
        with RefusedBy("text-missing"):
            reviewing.comment_on(made, by=person("editor"), text="  ")
        with RefusedBy("other-version"):
            reviewing.comment_on(made, by=person("editor"), text="y", reply_to=said)

    def test_nothing_is_said_on_what_is_published(self, db):
        with RefusedBy("wrong-state"):
            reviewing.comment_on(published(), by=person("editor"), text="Late.")

    def test_a_comment_is_not_a_change_of_the_version(self, db):
        made = in_review()
        reviewing.comment_on(made, by=person("reviewer"), text="Good.")
        actions.publish_version(made, by=person("reviewer"), revision=made.revision)


class TestInterests:
    def test_a_statement_is_valid_for_a_year_and_kept_with_the_review(self, db):
        version = published()
        assert version.reviewer_interests == "Nothing to declare."
        statement = reviewing.statement_of(person("reviewer"))
        assert timedelta(days=364) < statement.valid_until - timezone.now() < timedelta(days=366)

    def test_an_old_statement_no_longer_counts(self, db, monkeypatch):
        made, later = in_review(), timezone.now() + timedelta(days=366)
        assert reviewing.statement_of(person("reviewer"))
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert InterestStatement.objects.filter(person=person("reviewer")).exists()
        with RefusedBy("interests-undeclared"):
            actions.publish_version(made, by=person("reviewer"))


class TestSecondRating:
    def asked(self):
        made = draft()
        return made, reviewing.ask_second_rating(made, by=person("editor"), rater=person("reviewer"))

    def test_agreement_and_dissent_are_published_with_the_rating(self, db):
        made, second = self.asked()
        reviewing.rate_blind(second, by=person("reviewer"), start=4, judgements=STEPS)
        reviewing.settle_second_rating(
            second, by=person("editor"), outcome="dissent", note_en="On how few.", note_nl="Over hoe weinig."
        )
        actions.submit_version(made, by=person("editor"))
        version = actions.publish_version(made, by=person("admin"))
        entry = build_document(version)["second_rating"]
        assert entry["strength"]["value"] == 2
        assert entry["agreement"] == {"same": 7, "of": 8, "kappa": 0.636}
        assert entry["outcome"]["code"] == "dissent" and entry["note"]["nl"] == "Over hoe weinig."
        steps = {line["domain"]["code"]: line["steps"] for line in entry["domains"]}
        assert steps["imprecision"] == [-1, -2]

    def test_a_version_waits_for_the_rating_that_was_asked_for(self, db):
        made, _second = self.asked()
        actions.submit_version(made, by=person("editor"))
        with RefusedBy("second-rating-open"):
            actions.publish_version(made, by=person("admin"))

    def test_who_wrote_in_it_is_not_asked(self, db):
        made = draft()
        actions.edit_draft(made, by=person("admin"), caveats_en="One site.")
        for rater in (person("editor"), person("admin")):
            with RefusedBy("self-review"):
                reviewing.ask_second_rating(made, by=person("editor"), rater=rater)

    def test_only_who_was_asked_rates_and_only_once(self, db):
        _made, second = self.asked()
        with RefusedBy("not-the-rater"):
            reviewing.rate_blind(second, by=person("admin"), start=4, judgements=STEPS)
        reviewing.rate_blind(second, by=person("reviewer"), start=4, judgements=STEPS)
        with RefusedBy("second-rating-given"):
            reviewing.rate_blind(second, by=person("reviewer"), start=4, judgements=STEPS)

    def test_a_step_that_its_domain_does_not_allow_is_refused(self, db):
        _made, second = self.asked()
        with pytest.raises(ValueError, match="imprecision"):
            reviewing.rate_blind(
                second, by=person("reviewer"), start=4, judgements={"imprecision": (1, "Many.", "Veel.")}
            )

    def test_dissent_says_what_about(self, db):
        made, second = self.asked()
        judgement(made, domain="inconsistency")
        reviewing.rate_blind(second, by=person("reviewer"), start=4, judgements=STEPS)
        with RefusedBy("reason-missing"):
            reviewing.settle_second_rating(second, by=person("editor"), outcome="dissent")


class TestFlags:
    def test_is_answered_once_in_both_languages(self, db):
        flag = reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose is not right.")
        with RefusedBy("answer-missing"):
            reviewing.answer_flag(
                flag, by=person("editor"), outcome="acted-on", answer_en="Yes.", answer_nl=""
            )
        reviewing.answer_flag(
            flag, by=person("editor"), outcome="acted-on", answer_en="Yes.", answer_nl="Ja."
        )
        with RefusedBy("flag-answered"):
            reviewing.answer_flag(
                flag, by=person("editor"), outcome="acted-on", answer_en="No.", answer_nl="Nee."
            )

    def test_a_suggested_source_has_a_number(self, db):
        with RefusedBy("text-missing"):
            reviewing.raise_flag(published().claim, kind="suggested-source", text="Some paper")

    def test_a_reader_answers_no_flag(self, db):
        flag = reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose is not right.")
        with pytest.raises(PermissionDenied):
            reviewing.answer_flag(flag, by=person("reader"), outcome="acted-on", answer_en="a", answer_nl="b")
