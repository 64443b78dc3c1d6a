"""Five people do two hundred random things, and the life of a claim keeps its promises after each.

Beside the base stands a model of it: the words that were acknowledged last, the states, who wrote. Whatever is refused
must be refused by name, and whatever is acknowledged must be there.
"""

import json
from collections import Counter
from itertools import pairwise

from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from claims import actions, reviewing
from claims.actions import Refused
from claims.models import Change, Claim, ClaimVersion, StaleMark
from claims.models.version import OPEN
from tests.claims.test_listing import assert_listed
from tests.factories import claim, evidence, judgement, notice, publication

ALLOWED = {
    ("draft", "in-review"), ("draft", "discarded"), ("in-review", "changes-requested"), ("in-review", "published"),
    ("in-review", "discarded"), ("changes-requested", "in-review"), ("changes-requested", "discarded"),
    ("published", "superseded"),
}  # fmt: skip
RATED = {
    "statement_en": "It helps.", "statement_nl": "Het helpt.", "summary_en": "It seems to.", "summary_nl": "Het lijkt zo.",
    "start": 4, "strength": 3, "verdict": "supported", "searched_through": "2026-01-01", "next_review_due": "2027-01-01",
}  # fmt: skip
WHICH, WHO, WRITER = st.integers(0, 2), st.integers(0, 4), st.integers(0, 1)


def five_people():
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    for number, role in enumerate(("editor", "editor", "reviewer", "reviewer", "admin")):
        made, is_new = get_user_model().objects.get_or_create(username=f"one-of-five-{number}")
        if is_new:
            made.groups.add(Group.objects.get(name=role))
        made = get_user_model().objects.get(pk=made.pk)
        if made.has_perm("claims.review_version") and not reviewing.statement_of(made):
            reviewing.declare_interests(by=made, text="None.", has_conflict=False)
        yield made


class LifeOfAClaim(RuleBasedStateMachine):
    """`words` are the last acknowledged words of each version; `writers` who wrote in it; `refusals` by name."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.words, self.writers, self.count = {}, {}, 0

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self):
        self.since = Change.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        self.people = list(five_people())
        self.claims = [claim() for _number in range(3)]
        self.papers = [publication() for _number in range(3)]

    def claim(self, which):
        return Claim.objects.get(pk=self.claims[which].pk)

    def open_version(self, which):
        return ClaimVersion.objects.filter(claim=self.claims[which], state__in=OPEN).first()

    def attempt(self, act):
        """What the act made, or None where it was refused by name. Any other failure fails the test."""
        try:
            with transaction.atomic():
                return act()
        except (Refused, PermissionDenied):
            return None

    def wrote(self, version, who, **words):
        self.words.setdefault(version.pk, {}).update(words)
        self.writers.setdefault(version.pk, set()).add(self.people[who].pk)

    @rule(which=WHICH, who=WHO)
    def start(self, which, who):
        made = self.attempt(lambda: actions.start_draft(self.claim(which), by=self.people[who]))
        if made:
            before = self.words.get(made.base_id, {})
            self.wrote(made, who, **before)

    @rule(which=WHICH, who=WHO, is_late=st.booleans())
    def write(self, which, who, is_late):
        version = self.open_version(which)
        if version is None:
            return
        self.count += 1
        words = RATED | {"caveats_en": f"Words {self.count}."}
        seen = version.revision - is_late
        done = self.attempt(lambda: actions.edit_draft(version, by=self.people[who], revision=seen, **words))
        assert not (done and is_late)
        if done:
            self.wrote(version, who, caveats_en=words["caveats_en"])

    @rule(which=WHICH, who=WHO, paper=WHICH)
    def support(self, which, who, paper):
        """A row of evidence and the step that makes high moderate, where there is none yet."""
        version = self.open_version(which)
        if version is None or version.evidence.filter(study=self.papers[paper].study).exists():
            return

        def act():
            actions.edit_draft(version, by=self.people[who])
            version.author = self.people[who]  # the maker of things writes as the author that it finds
            evidence(version, publication=self.papers[paper])
            if not version.judgements.exists():
                judgement(version)
            return version

        if self.attempt(act):
            self.wrote(version, who)

    @rule(which=WHICH, who=WHO)
    def submit(self, which, who):
        version = self.open_version(which)
        if version:
            self.attempt(lambda: actions.submit_version(version, by=self.people[who]))

    @rule(which=WHICH, who=WHO)
    def ask_for_changes(self, which, who):
        version = self.open_version(which)
        if version:
            done = self.attempt(
                lambda: actions.request_changes(version, by=self.people[who], note="Shorter.")
            )
            assert not (done and self.people[who].pk in self.writers[version.pk])

    @rule(which=WHICH, who=WHO)
    def publish(self, which, who):
        version = self.open_version(which)
        ready = (
            version and version.evidence.exists() and version.strength == 3 and version.judgements.exists()
        )
        if not ready:
            return
        done = self.attempt(lambda: actions.publish_version(version, by=self.people[who]))
        if done:
            assert self.people[who].pk not in self.writers[version.pk]

    @rule(which=WHICH, who=WRITER, paper=WHICH, reviewer=st.integers(2, 4))
    def carry_through(self, which, who, paper, reviewer):
        """The common road, by two people; chance alone seldom walks all of it."""
        self.start(which=which, who=who)
        self.write(which=which, who=who, is_late=False)
        self.support(which=which, who=who, paper=paper)
        self.submit(which=which, who=who)
        self.publish(which=which, who=reviewer)

    @rule(which=WHICH, who=WHO, luck=st.integers(0, 4))
    def discard(self, which, who, luck):
        version = self.open_version(which)
        if version and luck == 0:
            self.attempt(lambda: actions.discard_version(version, by=self.people[who]))

    @rule(which=WHICH, who=WHO, luck=st.integers(0, 2))
    def withdraw(self, which, who, luck):
        if luck == 0:
            self.attempt(
                lambda: actions.withdraw_claim(
                    self.claim(which), by=self.people[who], reason_en="a", reason_nl="b"
                )
            )

    @rule(which=WHICH, into=WHICH, who=WHO, luck=st.integers(0, 2))
    def merge(self, which, into, who, luck):
        if luck == 0:
            self.attempt(
                lambda: actions.merge_claims(self.claim(which), into=self.claim(into), by=self.people[who])
            )

    @rule(which=WHICH, who=WHO)
    def reinstate(self, which, who):
        self.attempt(lambda: actions.reinstate_claim(self.claim(which), by=self.people[who]))

    @rule(
        paper=WHICH,
        kind=st.sampled_from(["retraction", "reinstatement", "concern", "correction"]),
        day=st.integers(1, 28),
    )
    def hear_of(self, paper, kind, day):
        notice(self.papers[paper], kind, noticed_on=f"2026-02-{day:02}")

    @rule(who=WHO)
    @precondition(lambda self: StaleMark.objects.filter(resolved_at=None).exists())
    def dismiss(self, who):
        mark = StaleMark.objects.filter(resolved_at=None).first()
        self.attempt(lambda: actions.dismiss_mark(mark, by=self.people[who], resolution="Seen."))

    @invariant()
    def never_leaves_the_diagram(self):
        if not hasattr(self, "claims"):
            return
        for version in ClaimVersion.objects.filter(claim__in=self.claims):
            states = [*version.events.order_by("pgh_id").values_list("state", flat=True)]
            assert states[0] == "draft"
            assert {step for step in pairwise(states) if step[0] != step[1]} <= ALLOWED

    @invariant()
    def loses_no_acknowledged_word(self):
        for version in ClaimVersion.objects.filter(pk__in=self.words):
            for name, words in self.words[version.pk].items():
                assert getattr(version, name) == words

    @invariant()
    def nobody_reviewed_what_they_wrote(self):
        for version in ClaimVersion.objects.public().filter(pk__in=self.words):
            assert version.reviewer_id not in self.writers[version.pk]

    @invariant()
    def the_feed_has_no_gap(self):
        if hasattr(self, "since"):
            numbers = list(
                Change.objects.filter(seq__gt=self.since).order_by("seq").values_list("seq", flat=True)
            )
            assert numbers == list(range(self.since + 1, self.since + 1 + len(numbers)))


def replayed(client, since):
    """{accession: record} as a program builds it from the feed alone."""
    documents, records, address = {}, {}, f"/api/v1/changes/?since={since}&limit=50&include=document"
    while address:
        body = client.get(address).json()
        for entry in body["results"]:
            name = (entry["accession"], entry["version"])
            documents[name] = entry.get("document", documents.get(name))
            records[entry["accession"]] = {
                "permalink": entry["permalink"], "standing": entry["standing"], **documents[name]
            }  # fmt: skip
        address = body["next"]
    return records


def test_two_hundred_things_at_a_time(db, client, monkeypatch):
    """The replay is compared at the end of each run, before it is rolled back."""
    runs = []

    def compare_and_undo(machine):
        runs.append(Counter(Change.objects.filter(seq__gt=machine.since).values_list("kind", flat=True)))
        for accession, record in replayed(client, machine.since).items():
            answer = client.get(f"/api/v1/claims/{accession}/")
            closed = record["standing"]["closed"]
            if closed is None:
                text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                assert answer.content.decode() == text
            else:
                assert answer.status_code == {"merged": 301, "withdrawn": 410}[closed["how"]]
        assert_listed()
        transaction.savepoint_rollback(machine.savepoint)

    monkeypatch.setattr(LifeOfAClaim, "teardown", compare_and_undo)
    run_state_machine_as_test(
        LifeOfAClaim,
        settings=settings(
            max_examples=15,
            stateful_step_count=200,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    told = sum(runs, Counter())
    assert len(runs) >= 15
    assert {"published", "wording-only", "evidence-changed", "standing-changed", "withdrawn"} <= set(told)
