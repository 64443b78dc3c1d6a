"""What moves under a rating marks the claims that lean on it, those alone, and says why."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from claims import actions, reviewing
from claims.models import Claim, StaleMark
from claims.standing import overlay_of
from studies.actions import save_record
from studies.models import Publication, ReviewInclusion
from tests.factories import (
    draft,
    evidence,
    notice,
    person,
    publication,
    study,
    topic,
    version_again,
)

CRITICAL, IMPORTANT, NOTICE = 3, 2, 1


@pytest.fixture
def world(db):
    """A trial; a review that includes it; and claims: one that counts the trial, one that only names it, one that
    counts the review, and one that rests on something else."""
    trial, review = (
        publication(study(label="Trial")),
        publication(study(label="Review", design="meta-analysis")),
    )
    other = publication()
    save_record(ReviewInclusion(review=review.study, trial=trial.study), by=person("editor"))
    protocol = publication(trial.study, key=f"{trial.key}-protocol", role="protocol")
    claims = {
        "counting": resting_on(publication=trial),
        "naming": resting_on(publication=trial, counts_in_synthesis=False),
        "reviewing": resting_on(publication=review),
        "unrelated": resting_on(publication=other),
    }
    return {"trial": trial, "review": review, "protocol": protocol, "other": other, "versions": claims}


def resting_on(**words):
    made = draft()
    made.evidence.all().delete()
    evidence(made, **{"measure": "MD", "estimate": -17} | words)
    made = actions.submit_version(made, by=person("editor"))
    return actions.publish_version(made, by=person("reviewer"))


def marks(world):
    """{name of the claim: {(reason, severity)}} of the open marks of this world, and no mark anywhere else."""
    names = {version.claim_id: name for name, version in world["versions"].items()}
    found = {}
    for mark in StaleMark.objects.filter(resolved_at=None):
        found.setdefault(names[mark.claim_id], set()).add((mark.reason, mark.severity))
    return found


def change(thing, **words):
    for name, value in words.items():
        setattr(thing, name, value)
    save_record(thing, by=person("editor"))


def says_otherwise(world):
    """Another claim that gave the same result of the trial corrects the number."""
    world["versions"]["new"] = resting_on(publication=world["trial"])
    made = actions.start_draft(world["versions"]["new"].claim, by=person("editor"))
    row = made.evidence.get()
    row.estimate = -9
    actions.save_part(row, by=person("editor"))
    actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))


def retracted_and_reinstated(world):
    notice(world["trial"])
    for mark in StaleMark.objects.all():
        actions.dismiss_mark(mark, by=person("reviewer"), resolution="Seen.")
    for name in ("counting", "naming", "reviewing"):
        world["versions"][name] = version_again(world["versions"][name], summary_en="Without it.")
    notice(world["trial"], "reinstatement", noticed_on="2025-06-01")


def included_though_retracted(world):
    notice(world["other"])
    StaleMark.objects.all().delete()
    save_record(
        ReviewInclusion(review=world["review"].study, trial=world["other"].study), by=person("editor")
    )


def review_came_due(world):
    made = actions.start_draft(
        world["versions"]["counting"].claim, by=person("editor"), next_review_due="2026-02-01"
    )
    actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))
    actions.check_ratings()


CAUSES = {
    "the trial is retracted": (
        lambda world: notice(world["trial"]),
        {
            "counting": {("study-retracted", CRITICAL)},
            "naming": {("study-retracted", NOTICE)},
            "reviewing": {("review-trial-retracted", IMPORTANT)},
        },
    ),
    "only its protocol is retracted": (
        lambda world: notice(world["protocol"]),
        {
            "counting": {("study-retracted", IMPORTANT)},
            "naming": {("study-retracted", NOTICE)},
            "reviewing": {("review-trial-retracted", IMPORTANT)},
        },
    ),
    "a concern about the trial": (
        lambda world: notice(world["trial"], "concern"),
        {
            "counting": {("study-concern", IMPORTANT)},
            "naming": {("study-concern", NOTICE)},
            "reviewing": {("review-trial-concern", IMPORTANT)},
        },
    ),
    "a correction of the trial": (
        lambda world: notice(world["trial"], "correction"),
        {
            "counting": {("study-corrected", NOTICE)},
            "naming": {("study-corrected", NOTICE)},
            "reviewing": {("review-trial-corrected", NOTICE)},
        },
    ),
    "the trial is reinstated": (
        retracted_and_reinstated,
        {
            "counting": {("study-reinstated", IMPORTANT)},
            "naming": {("study-reinstated", NOTICE)},
            "reviewing": {("review-trial-reinstated", IMPORTANT)},
        },
    ),
    "the review itself is retracted": (
        lambda world: notice(world["review"]),
        {"reviewing": {("study-retracted", CRITICAL)}},
    ),
    "another number of participants": (
        lambda world: change(world["trial"].study, participants=43),
        {
            "counting": {("study-changed", IMPORTANT)},
            "naming": {("study-changed", NOTICE)},
            "reviewing": {("study-changed", IMPORTANT)},
        },
    ),
    "another risk of bias of the review": (
        lambda world: change(world["review"].study, risk_of_bias="high"),
        {"reviewing": {("study-changed", IMPORTANT)}},
    ),
    "another design": (
        lambda world: change(world["other"].study, design="cohort"),
        {"unrelated": {("study-changed", IMPORTANT)}},
    ),
    "another species": (
        lambda world: change(world["other"].study, species="rat"),
        {"unrelated": {("study-changed", IMPORTANT)}},
    ),
    "the same result elsewhere with another number": (
        says_otherwise,
        {"counting": {("result-changed", IMPORTANT)}, "naming": {("result-changed", IMPORTANT)}},
    ),
    "a trial that fell turns out to be in the review": (
        included_though_retracted,
        {"reviewing": {("review-trial-retracted", IMPORTANT)}},
    ),
    "the date for a new review has passed": (review_came_due, {"counting": {("review-overdue", NOTICE)}}),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_marks_exactly_the_claims_that_lean_on_it(world, cause):
    change_it, expected = CAUSES[cause]
    change_it(world)
    assert marks(world) == expected


def say_nothing_new(world):
    notice(world["trial"])
    for mark in StaleMark.objects.all():
        actions.dismiss_mark(mark, by=person("reviewer"), resolution="Seen.")
    notice(world["trial"], source="retraction-watch", noticed_on="2025-03-04")


HARMLESS = {
    "a label": lambda world: change(world["trial"].study, label="Trial 2012"),
    "words on the population": lambda world: change(world["trial"].study, population_en="Older adults."),
    "who paid": lambda world: change(world["trial"].study, funding_en="A foundation."),
    "the country": lambda world: change(world["trial"].study, country="Iran"),
    "the tool of a risk of bias": lambda world: change(world["trial"].study, risk_of_bias_tool="RoB 2"),
    "a typing error in a title": lambda world: change(world["trial"], title="What Trial really found"),
    "a journal and pages": lambda world: change(world["trial"], container_title="J Sleep", pages="1-9"),
    "an address": lambda world: change(world["trial"], url="https://example.org/trial"),
    "a new draft": lambda world: actions.start_draft(
        world["versions"]["counting"].claim, by=person("editor")
    ),
    "a comment": lambda world: reviewing.comment_on(
        actions.start_draft(world["versions"]["counting"].claim, by=person("editor")),
        by=person("editor"),
        text="Hm.",
    ),
    "another topic": lambda world: actions.link_topics(
        world["versions"]["counting"].claim, [topic()], by=person("editor")
    ),
    "other words in a new version": lambda world: version_again(
        world["versions"]["counting"], summary_en="So."
    ),
    "a second list that says the same": say_nothing_new,
    "a trial that stands turns out to be in the review": lambda world: save_record(
        ReviewInclusion(review=world["review"].study, trial=world["other"].study), by=person("editor")
    ),
    "a paper reinstated that was never retracted": lambda world: notice(world["trial"], "reinstatement"),
    "the same result elsewhere with the same number": lambda world: world["versions"].update(
        new=resting_on(publication=world["trial"])
    ),
    "another result of the same study under another claim": lambda world: world["versions"].update(
        new=resting_on(publication=world["trial"], estimate=-9)
    ),
    "a look at a base where nothing moved": lambda world: actions.check_ratings(),
}


@pytest.mark.parametrize("cause", HARMLESS)
def test_what_changes_no_rating_marks_nothing(world, cause):
    HARMLESS[cause](world)
    assert marks(world) == {}


class TestAfterwards:
    def test_a_dismissed_mark_does_not_come_back_and_a_new_change_opens_one(self, world):
        change(world["trial"].study, participants=43)
        for mark in StaleMark.objects.all():
            actions.dismiss_mark(mark, by=person("reviewer"), resolution="The abstract counts drop-outs.")
        actions.check_ratings()
        assert marks(world) == {}
        change(world["trial"].study, participants=12)
        assert set(marks(world)) == {"counting", "naming", "reviewing"}

    def test_a_new_version_settles_them_and_starts_from_the_new_ground(self, world):
        change(world["trial"].study, participants=43)
        version_again(world["versions"]["counting"], summary_en="43 people.")
        actions.check_ratings()
        assert set(marks(world)) == {"naming", "reviewing"}
        mark = StaleMark.objects.get(claim=world["versions"]["counting"].claim)
        assert mark.resolution == f"{mark.claim.accession}.2" and mark.resolved_by == person("reviewer")

    def test_says_from_what_to_what(self, world):
        change(world["trial"].study, participants=43)
        mark = StaleMark.objects.get(claim=world["versions"]["counting"].claim)
        assert mark.detail == {"participants": [46, 43]}

    def test_a_critical_mark_puts_the_rating_under_review_everywhere(self, world, client):
        version = world["versions"]["counting"]
        notice(world["trial"])
        name = version.claim.accession
        assert overlay_of(version)["under_review"]
        assert client.get(f"/api/v1/claims/{name}/").json()["standing"]["under_review"]
        listed = client.get("/api/v1/claims/", {"q": name}).json()["results"]
        assert listed[0]["standing"]["under_review"]
        assert "Rating under review" in client.get(f"/en/claims/{name}/").content.decode()
        assert "Beoordeling wordt herzien" in client.get("/nl/claims/", {"q": name}).content.decode()

    def test_the_command_finds_what_came_past_the_triggers(self, world):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE studies_study SET participants = 5 WHERE id = %s", [world["other"].study_id]
            )
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert marks(world) == {}
        said = StringIO()
        call_command("check_ratings", stdout=said)
        name = world["versions"]["unrelated"].claim.accession
        assert f"{name}: The record of a cited study changed" in said.getvalue()
        assert set(marks(world)) == {"unrelated"}
        again = StringIO()
        call_command("check_ratings", stdout=again)
        assert again.getvalue().startswith("0 marks opened, 1 open")

    def test_a_closed_claim_is_not_marked(self, world):
        claim = world["versions"]["counting"].claim
        actions.withdraw_claim(claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        notice(world["trial"])
        assert "counting" not in marks(world)

    def test_the_real_retracted_studies_stand_as_they_were_published(self, db):
        """Both retracted papers of the evidence were known at publication, so they show and mark nothing."""
        assert Publication.objects.retracted().count() == 2
        assert not StaleMark.objects.exists()
        assert Claim.objects.published().count() == 78
