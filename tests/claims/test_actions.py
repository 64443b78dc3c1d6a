"""The deeds on claims: who may do what, in which state, and what each leaves behind."""

import json

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from claims import actions
from claims.models import ClaimVersion
from tests.factories import claim, draft, evidence, in_review, judgement, person, published, version_again


def refused(rule):
    return pytest.raises(actions.Refused, check=lambda refusal: refusal.rule == rule)


class TestPublishVersion:
    def test_gives_the_claim_its_accession_and_the_version_its_number(self, db):
        version = published()
        assert version.claim.accession > "KB000078"
        assert (version.number, version.change_kind) == (1, "first")
        assert json.loads(version.document)["accession"] == version.claim.accession

    def test_author_may_not_publish_their_own_draft(self, db):
        made = actions.start_draft(claim(), by=person("reviewer"), statement_en="x")
        actions.submit_version(made, by=person("reviewer"))
        with refused("self-review"):
            actions.publish_version(made, by=person("reviewer"))

    def test_whoever_wrote_in_it_may_not_publish_it(self, db):
        made = draft()
        actions.edit_draft(made, by=person("reviewer"), summary_en="My words.")
        actions.submit_version(made, by=person("editor"))
        with refused("self-review"):
            actions.publish_version(made, by=person("reviewer"))

    def test_an_editor_may_not_publish(self, db):
        made = in_review()
        with pytest.raises(PermissionDenied):
            actions.publish_version(made, by=person("editor"))

    def test_a_draft_is_reviewed_first(self, db):
        with refused("wrong-state"):
            actions.publish_version(draft(), by=person("reviewer"))

    def test_the_dates_are_never_made_up(self, db):
        made = in_review(searched_through=None, next_review_due=None)
        with refused("undated"):
            actions.publish_version(made, by=person("reviewer"))

    def test_a_draft_from_an_outdated_base_is_refused(self, db):
        first = published()
        late = actions.submit_version(
            actions.start_draft(first.claim, by=person("editor")), by=person("editor")
        )
        held = ("version_in_review_is_frozen", "version_keeps_claim_and_author")
        with (
            pgtrigger.ignore(*(f"claims.ClaimVersion:{name}" for name in held)),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE claims_claimversion SET base_id = NULL WHERE id = %s", [late.pk])
        with refused("outdated-base"):
            actions.publish_version(late, by=person("reviewer"))

    def test_leaves_one_published_version_and_the_old_one_superseded(self, db):
        first = published()
        second = version_again(first, summary_en="New words.")
        first.refresh_from_db()
        assert (first.state, second.state, second.number) == ("superseded", "published", 2)
        assert first.superseded_at == second.published_at

    @pytest.mark.parametrize(
        ("words", "kind"),
        [
            ({"summary_en": "New words."}, "wording-only"),
            ({"verdict": "mixed"}, "verdict-changed"),
            ({"strength": 2, "override_reason_en": "a", "override_reason_nl": "b"}, "strength-down"),
            ({"strength": 4, "override_reason_en": "a", "override_reason_nl": "b"}, "strength-up"),
        ],
    )
    def test_says_what_changed(self, db, words, kind):
        assert version_again(published(), **words).change_kind == kind

    def test_says_that_evidence_changed(self, db):
        made = actions.start_draft(published().claim, by=person("editor"))
        evidence(made, outcome_measure_en="another score", outcome_measure_nl="een andere score")
        actions.submit_version(made, by=person("editor"))
        assert actions.publish_version(made, by=person("reviewer")).change_kind == "evidence-changed"


class TestStartDraft:
    def test_is_a_full_copy_of_the_published_version(self, db):
        first = published()
        made = actions.start_draft(first.claim, by=person("editor"))
        assert made.base == first
        assert all(getattr(made, name) == getattr(first, name) for name in actions.WRITTEN)
        assert made.evidence.get().finding_en == first.evidence.get().finding_en
        assert made.judgements.get().reason_nl == first.judgements.get().reason_nl

    def test_there_is_one_open_draft_at_a_time(self, db):
        first = published()
        actions.start_draft(first.claim, by=person("editor"))
        with refused("draft-open"):
            actions.start_draft(first.claim, by=person("reviewer"))

    def test_a_mechanism_starts_on_ebm_plus(self, db):
        assert actions.start_draft(claim(kind="mechanism"), by=person("editor")).scheme == "ebm-plus"

    def test_a_reader_may_not(self, db):
        with pytest.raises(PermissionDenied):
            actions.start_draft(claim(), by=person("reader"))


class TestWhatIsOpen:
    def test_changes_can_be_asked_for_and_made(self, db):
        made = actions.request_changes(in_review(), by=person("reviewer"), note="Say more.")
        actions.edit_draft(made, by=person("editor"), summary_en="More.")
        assert actions.submit_version(made, by=person("editor")).state == "in-review"

    def test_nothing_is_edited_while_in_review(self, db):
        made = in_review()
        with refused("wrong-state"):
            actions.edit_draft(made, by=person("editor"), summary_en="x")
        with refused("wrong-state"):
            judgement(made, "inconsistency")

    def test_a_discarded_draft_makes_room_for_another(self, db):
        made = draft()
        actions.discard_version(made, by=person("editor"))
        assert draft(of=made.claim).state == "draft"

    def test_every_write_is_in_the_history_with_who_did_it(self, db):
        made = draft()
        actions.edit_draft(made, by=person("reviewer"), summary_en="Other words.")
        last = made.events.order_by("pgh_id").last()
        assert last.summary_en == "Other words."
        assert last.pgh_context.metadata["user"] == person("reviewer").pk

    def test_a_past_it_cannot_skip_even_by_bulk_update(self, db):
        made = draft()
        ClaimVersion.objects.filter(pk=made.pk).update(summary_en="Slipped in.")
        assert made.events.order_by("pgh_id").last().summary_en == "Slipped in."
