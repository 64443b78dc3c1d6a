"""The desk: what waits, writing a draft, two people on one draft, the review, blind ratings, marks and flags."""

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from claims import actions, reviewing
from claims.models import Claim, ClaimVersion, Comment, Flag, InterestStatement, SecondRating, StaleMark
from tests.claims.typed import typed
from tests.factories import (
    draft,
    evidence,
    in_review,
    judgement,
    notice,
    person,
    publication,
    published,
    topic,
    version_again,
)


def fresh(made):
    return type(made).objects.get(pk=made.pk)


def at(made, page=""):
    return f"/en/desk/versions/{made.pk}/{page}"


def signed_in(client, role):
    client.force_login(person(role))
    return client


@pytest.fixture
def desk(client, db):
    """The editor's browser."""
    return signed_in(client, "editor")


@pytest.fixture
def review(client, db):
    """The reviewer's browser."""
    return signed_in(client, "reviewer")


class TestDoors:
    @pytest.fixture
    def addresses(self, db):
        made = draft()
        raised = reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose.")
        notice(published().evidence.get().publication)
        mark = StaleMark.objects.filter(resolved_at=None).last()
        return [
            "/en/desk/", "/en/desk/claims/new/", f"/en/desk/claims/{made.claim_id}/", at(made), at(made, "edit/"),
            f"/en/desk/marks/{mark.pk}/", f"/en/desk/flags/{raised.pk}/", "/en/desk/interests/",
        ]  # fmt: skip

    def test_works_for_editors_in_both_languages_and_no_cache_keeps_it(self, desk, addresses):
        for address in addresses:
            for language in ("en", "nl"):
                answer = desk.get(address.replace("/en/", f"/{language}/"))
                assert answer.status_code == 200, address
                assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]

    def test_a_stranger_signs_in_first(self, client, addresses):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 302 and answer["Location"].startswith("/en/account/login/?next=")

    def test_a_reader_finds_nothing_and_cannot_tell_what_is_there(self, client, addresses):
        signed_in(client, "reader")
        nowhere = client.get("/en/desk/versions/999999999/").content
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 404
            assert without_address(answer.content, address) == without_address(
                nowhere, "/en/desk/versions/999999999/"
            )

    def test_numbers_that_are_nothing_are_not_found(self, desk):
        for kind in ("claims", "versions", "marks", "flags"):
            for number in (0, 999999999, 10**30):
                assert desk.get(f"/en/desk/{kind}/{number}/").status_code == 404
        assert desk.get("/en/desk/versions/999999999/edit/").status_code == 404
        assert desk.get("/en/desk/versions/999999999/second-rating/").status_code == 404

    def test_another_method_is_refused(self, desk):
        made = draft()
        for address in ("/en/desk/", at(made)):
            assert desk.post(address).status_code == 405
        for address in (
            at(made, "preview/"), at(made, "autosave/"), at(made, "comments/"), at(made, "do/submit/"),
            f"/en/desk/claims/{made.claim_id}/topics/", f"/en/desk/claims/{made.claim_id}/do/withdraw/",
        ):  # fmt: skip
            assert desk.get(address).status_code == 405
        assert desk.post(at(made, "do/nothing/")).status_code == 404

    def test_the_page_after_signing_in_is_the_desk(self, client, db):
        user = person("editor")
        user.set_password("a long enough one")
        user.save()
        answer = client.post("/en/account/login/", {"login": user.username, "password": "a long enough one"})
        assert answer["Location"] == "/en/desk/"


def without_address(content, address):
    """The page of 404 names its own address in links to the other language."""
    rest = address.removeprefix("/en/")
    return content.decode().replace(rest, "HERE")


class TestQueue:
    def test_shows_what_waits_for_whom(self, client, db):
        mine = draft()
        handed_in = in_review()
        page = signed_in(client, "editor").get("/en/desk/").context
        assert mine in page["mine"]["rows"]
        assert [row.is_own for row in page["to_review"]["rows"] if row == handed_in] == [True]
        page = signed_in(client, "reviewer").get("/en/desk/").context
        assert mine not in page["mine"]["rows"]
        assert [row.is_own for row in page["to_review"]["rows"] if row == handed_in] == [False]

    def test_the_longest_waiting_comes_first_counted_from_when_it_was_handed_in(self, review):
        first_made, second_made = draft(), draft()
        actions.submit_version(second_made, by=person("editor"))
        actions.submit_version(first_made, by=person("editor"))
        ours = [
            row
            for row in review.get("/en/desk/").context["to_review"]["rows"]
            if row in (first_made, second_made)
        ]
        assert ours == [second_made, first_made]

    def test_marks_come_by_severity_and_closed_claims_have_none(self, review):
        slight, grave, closed = published(), published(), published()
        notice(slight.evidence.get().publication, kind="correction")
        notice(grave.evidence.get().publication)
        notice(closed.evidence.get().publication)
        actions.withdraw_claim(closed.claim, by=person("reviewer"), reason_en="a", reason_nl="b")
        rows = review.get("/en/desk/").context["marks"]["rows"]
        severities = [mark.severity for mark in rows]
        assert severities == sorted(severities, reverse=True)
        claims = [mark.claim for mark in rows]
        assert slight.claim in claims and grave.claim in claims and closed.claim not in claims

    def test_reviews_due_and_open_flags(self, desk):
        today = timezone.localdate()
        soon = published(next_review_due=today + datetime.timedelta(days=59))
        later = published(next_review_due=today + datetime.timedelta(days=70))
        raised = reviewing.raise_flag(soon.claim, kind="seems-wrong", text="The dose.")
        page = desk.get("/en/desk/").context
        assert soon in page["due"]["rows"] and later not in page["due"]["rows"]
        assert raised in page["flags"]["rows"]

    def test_a_reviewer_without_a_statement_is_told(self, client, db):
        newcomer = get_user_model().objects.create_user("newcomer")
        newcomer.groups.add(Group.objects.get(name="reviewer"))
        client.force_login(newcomer)
        assert "declare your interests" in client.get("/en/desk/").content.decode()

    def test_asks_the_database_as_little_for_more_rows(self, review, django_assert_max_num_queries):
        for _ in range(4):
            in_review()
            notice(published().evidence.get().publication)
        with django_assert_max_num_queries(14):
            review.get("/en/desk/")


class TestStart:
    def words(self, **changes):
        made = topic()
        given = {
            "kind": "efficacy", "intervention": made.slug, "outcome": topic("outcome").slug, "direction": "improves",
            "slug": "brand-new", "topics": [str(made.pk)],
        }  # fmt: skip
        return given | changes

    def test_makes_the_claim_and_a_draft_to_write_in(self, desk):
        answer = desk.post("/en/desk/claims/new/", self.words())
        made = ClaimVersion.objects.get(claim__slug="brand-new")
        assert answer["Location"] == at(made, "edit/")
        assert made.author == person("editor") and made.claim.topics.count() == 1

    def test_what_is_missing_is_said_beside_its_field(self, desk):
        answer = desk.post("/en/desk/claims/new/", self.words(intervention="", slug="not a slug"))
        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == {"intervention", "slug"}
        assert not Claim.objects.filter(slug="not a slug").exists()

    def test_the_same_claim_twice_is_pointed_at(self, desk):
        there = published().claim
        words = self.words(intervention=there.intervention.slug, outcome=there.outcome.slug)
        answer = desk.post("/en/desk/claims/new/", words)
        assert answer.status_code == 409 and answer.context["twin"] == there
        assert f"/en/desk/claims/{there.pk}/" in answer.content.decode()

    def test_a_claim_of_nothing_is_a_message_not_an_error(self, desk):
        assert desk.post("/en/desk/claims/new/", {}).status_code == 400
        assert desk.post("/en/desk/claims/new/", {"kind": "\x00", "topics": ["x"]}).status_code == 400


class TestEdit:
    def test_saving_what_is_shown_changes_nothing(self, desk):
        made = draft(summary_en="Two\nlines.")
        answer = desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/"))))
        assert answer.status_code == 302
        assert fresh(made).revision == made.revision and fresh(made).summary_en == "Two\nlines."

    def test_every_published_claim_can_be_opened_and_saved_as_it_is(self, desk):
        for version in ClaimVersion.objects.filter(state="published").select_related("claim"):
            made = fresh(actions.start_draft(version.claim, by=person("editor")))
            answer = desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/"))))
            assert answer.status_code == 302, (version.claim.accession, answer.context["forms"].problems())
            assert fresh(made).revision == made.revision, version.claim.accession

    def test_writes_words_steps_and_rows_at_once(self, desk):
        made = draft()
        row, paper = made.evidence.get(), publication()
        page = desk.get(at(made, "edit/"))
        answer = desk.post(
            at(made, "edit/"),
            typed(
                page,
                **{
                    "summary_nl": "Het lijkt\r\niets te doen.",
                    "step-inconsistency-step": "-1",
                    "step-inconsistency-reason_en": "They differ.",
                    "step-inconsistency-reason_nl": "Ze verschillen.",
                    f"row-{row.pk}-finding_en": "It fell by two.",
                    "row-new1-source": paper.key,
                    "row-new1-direction": "disputes",
                    "row-new1-outcome_measure_en": "hours",
                    "row-new1-outcome_measure_nl": "uren",
                },
            ),
        )
        assert answer["Location"] == at(made, "edit/")
        now = fresh(made)
        assert now.summary_nl == "Het lijkt\niets te doen."
        assert now.strength == 2, "high, one step for imprecision, one for inconsistency: low"
        assert now.evidence.get(pk=row.pk).finding_en == "It fell by two."
        assert now.evidence.get(study=paper.study).direction == "disputes"

    def test_a_chosen_strength_stays_when_steps_change(self, desk):
        made = draft(override_reason_en="Because.", override_reason_nl="Omdat.")
        actions.edit_draft(made, by=person("editor"), strength=1)
        desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/")), **{"step-imprecision-step": "-2"}))
        assert fresh(made).strength == 1 and fresh(made).judgements.get().step == -2

    def test_a_row_and_a_judgement_are_taken_out(self, desk):
        made = draft()
        row = made.evidence.get()
        changes = {
            f"row-{row.pk}-remove": "on",
            "step-imprecision-step": "",
            "step-imprecision-reason_en": "",
            "step-imprecision-reason_nl": "",
        }
        assert desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/")), **changes)).status_code == 302
        assert not fresh(made).evidence.exists() and not fresh(made).judgements.exists()
        assert fresh(made).strength == 4

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("step-indirectness-step", "-1", "reason in both languages"),
            ("step-indirectness-step", "-3", "not one of the available"),
            ("step-large-effect-step", "-1", "not one of the available"),
            ("step-indirectness-reason_en", "Because.", "Choose a step"),
            ("searched_through", "yesterday", "valid date"),
            ("next_review_due", "1999-01-01", "after the date searched"),
            ("verdict", "proven", "not one of the available"),
            ("row-ROW-estimate", "abc", "Enter a number"),
            ("row-ROW-estimate", "3", "says which effect measure"),
            ("row-ROW-source", "no such paper at all", "no such publication"),
            ("row-ROW-source", "", "required"),
            ("row-ROW-n", "-1", "below zero"),
            ("row-ROW-p_value", "2", "between 0 and 1"),
            ("row-new1-direction", "supports", "required"),
            ("summary_en", "nul \x00", "Null characters"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost_or_written(self, desk, field, value, says):
        made = draft()
        field = field.replace("ROW", str(made.evidence.get().pk))
        sent = typed(desk.get(at(made, "edit/")), caveats_en="Typed before.", **{field: value})
        answer = desk.post(at(made, "edit/"), sent)
        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert says.startswith("not one of") or typed(answer)[field] == [value]
        assert typed(answer)["caveats_en"] == ["Typed before."]
        assert fresh(made).revision == made.revision

    def test_a_source_is_found_by_doi_or_words_and_several_are_told_apart(self, desk):
        made = draft()
        paper = publication(doi="10.1234/abc", title="Zebra finches asleep")
        publication(title="Zebra finches awake")
        row = f"row-{made.evidence.get().pk}-source"
        for words in ("10.1234/ABC", "https://doi.org/10.1234/abc", "finches asleep"):
            desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/")), **{row: words}))
            assert fresh(made).evidence.get().publication == paper
        answer = desk.post(at(made, "edit/"), typed(desk.get(at(made, "edit/")), **{row: "zebra finches"}))
        assert answer.status_code == 400 and paper.key in answer.content.decode()

    def test_a_refusal_of_the_base_is_said_at_its_row(self, desk):
        made = draft()
        paper = made.evidence.get().publication
        sent = typed(
            desk.get(at(made, "edit/")),
            **{
                "row-new1-source": paper.key,
                "row-new1-direction": "supports",
                "row-new1-outcome_measure_en": "score",
                "row-new1-outcome_measure_nl": "score",
                "caveats_en": "Also typed.",
            },
        )
        answer = desk.post(at(made, "edit/"), sent)
        assert answer.status_code == 409
        assert "already has a row for this outcome" in answer.content.decode()
        assert fresh(made).caveats_en == "" and fresh(made).revision == made.revision

    def test_preview_writes_nothing_and_says_what_it_comes_down_to(self, desk):
        made = draft()
        sent = typed(
            desk.get(at(made, "edit/")),
            **{"step-imprecision-step": "-2", "summary_en": "This proves that it cures everything."},
        )
        answer = desk.post(at(made, "preview/"), sent)
        preview = answer.context["preview"]
        assert answer.status_code == 200 and preview["level"].code == "low"
        assert (
            "may slightly improve" in preview["sentences"]["en"] and "mogelijk" in preview["sentences"]["nl"]
        )
        assert [finding.code for finding in preview["by_field"]["summary_en"]] == ["wording-too-strong"]
        assert typed(answer)["step-imprecision-step"] == ["-2"]
        assert fresh(made).revision == made.revision
        part = desk.post(at(made, "preview/"), sent, headers={"X-Part": "preview"}).content.decode()
        assert "<html" not in part and "may slightly improve" in part

    def test_one_more_row_keeps_what_was_typed(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), row=["1"], **{"row-new1-source": "half a"})
        answer = typed(desk.post(at(made, "preview/"), sent))
        assert answer["rows"] == [str(made.evidence.get().pk), "new1", "new2"]
        assert answer["row-new1-source"] == ["half a"]

    def test_saving_and_submitting_at_once(self, desk):
        made = draft()
        answer = desk.post(
            at(made, "edit/"), typed(desk.get(at(made, "edit/")), submit="1", caveats_en="One site.")
        )
        assert answer["Location"] == at(made)
        assert fresh(made).state == "in-review" and fresh(made).caveats_en == "One site."
        assert desk.get(at(made, "edit/"))["Location"] == at(made)

    def test_a_hundred_rows_can_be_saved(self, desk):
        made = draft()
        for number in range(60):
            evidence(made, outcome_measure_en=f"score {number}")
        sent = typed(desk.get(at(made, "edit/")), caveats_en="Many rows.")
        assert desk.post(at(made, "edit/"), sent).status_code == 302
        assert fresh(made).caveats_en == "Many rows."

    def test_asks_the_database_as_little_for_more_rows(self, desk, django_assert_max_num_queries):
        made = draft()
        for number in range(5):
            evidence(made, outcome_measure_en=f"score {number}")
        with django_assert_max_num_queries(16):
            desk.get(at(made, "edit/"))


class TestTwoPeople:
    """Nobody overwrites what they have not seen, and nobody types anything twice."""

    def test_both_texts_are_shown_where_both_wrote(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), summary_en="Mine.", caveats_en="Only mine.")
        actions.edit_draft(made, by=person("admin"), summary_en="Theirs.", rationale_en="Only theirs.")
        answer = desk.post(at(made, "edit/"), sent)
        assert answer.status_code == 409
        shown = typed(answer)
        assert shown["summary_en"] == ["Mine."] and "Theirs." in answer.content.decode()
        assert shown["caveats_en"] == ["Only mine."] and shown["rationale_en"] == ["Only theirs."]
        assert fresh(made).summary_en == "Theirs.", "nothing was written"

    def test_saving_again_is_a_decision_that_keeps_what_only_they_wrote(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), summary_en="Mine.")
        actions.edit_draft(made, by=person("admin"), summary_en="Theirs.", rationale_en="Only theirs.")
        again = typed(desk.post(at(made, "edit/"), sent))
        assert desk.post(at(made, "edit/"), again).status_code == 302
        now = fresh(made)
        assert (now.summary_en, now.rationale_en) == ("Mine.", "Only theirs.")

    def test_ticks_numbers_and_choices_are_told_apart_too(self, desk):
        made = draft()
        row = made.evidence.get()
        sent = typed(desk.get(at(made, "edit/")), **{f"row-{row.pk}-n": "50", "verdict": "mixed"})
        row = fresh(row)
        row.version, row.counts_in_synthesis, row.n = made, False, 48
        actions.save_part(row, by=person("admin"))
        answer = desk.post(at(made, "edit/"), sent)
        shown = typed(answer)
        assert answer.status_code == 409 and f"row-{row.pk}-counts_in_synthesis" not in shown
        assert shown[f"row-{row.pk}-n"] == ["50"] and shown["verdict"] == ["mixed"]
        assert "48" in answer.content.decode()

    def test_a_row_somebody_added_stays_and_one_they_took_out_is_not_lost(self, desk):
        made = draft()
        row = made.evidence.get()
        sent = typed(desk.get(at(made, "edit/")), **{f"row-{row.pk}-finding_en": "I wrote this."})
        actions.remove_part(row, by=person("admin"))
        added = evidence(made, outcome_measure_en="hours")
        answer = desk.post(at(made, "edit/"), sent)
        again = typed(answer)
        assert desk.post(at(made, "edit/"), again).status_code == 302
        assert set(fresh(made).evidence.values_list("finding_en", flat=True)) == {
            "I wrote this.",
            added.finding_en,
        }

    def test_a_row_that_was_taken_out_and_not_touched_stays_out(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), caveats_en="Mine.")
        actions.remove_part(made.evidence.get(), by=person("admin"))
        again = typed(desk.post(at(made, "edit/"), sent))
        assert desk.post(at(made, "edit/"), again).status_code == 302
        assert not fresh(made).evidence.exists() and fresh(made).caveats_en == "Mine."

    def test_a_draft_that_was_handed_in_meanwhile_is_not_written(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), caveats_en="Late.")
        actions.submit_version(made, by=person("editor"))
        assert desk.post(at(made, "edit/"), sent)["Location"] == at(made)
        assert fresh(made).caveats_en == ""

    def test_a_form_without_its_revision_is_refused(self, desk):
        made = draft()
        sent = typed(desk.get(at(made, "edit/")), revision=None, caveats_en="Blind.")
        assert desk.post(at(made, "edit/"), sent).status_code == 404
        assert fresh(made).caveats_en == ""


class TestAutosave:
    def test_keeps_what_is_whole_and_names_what_is_not(self, desk):
        made = draft()
        sent = typed(
            desk.get(at(made, "edit/")),
            caveats_en="Kept.",
            **{"step-indirectness-step": "-1", "row-new1-n": "12"},
        )
        told = desk.post(at(made, "autosave/"), sent).json()
        assert "Indirectness" in told["said"] and "a new row of evidence" in told["said"]
        assert fresh(made).caveats_en == "Kept." and fresh(made).judgements.count() == 1
        assert told["revision"] == fresh(made).revision
        assert "" in told["kept"] and "step-indirectness" not in told["kept"]

    def test_a_new_row_is_made_once(self, desk):
        made, paper = draft(), publication()
        sent = typed(
            desk.get(at(made, "edit/")),
            **{
                "row-new1-source": paper.key,
                "row-new1-direction": "supports",
                "row-new1-outcome_measure_en": "hours",
                "row-new1-outcome_measure_nl": "uren",
            },
        )
        told = desk.post(at(made, "autosave/"), sent).json()
        number = fresh(made).evidence.get(study=paper.study).pk
        assert told["rows"]["new1"] == number
        sent |= {"row-new1-id": [str(number)], "revision": [str(told["revision"])], "row-new1-n": ["12"]}
        desk.post(at(made, "autosave/"), sent)
        assert fresh(made).evidence.get(study=paper.study).n == 12

    def test_never_takes_out_a_row_and_never_overwrites(self, desk):
        made = draft()
        row = made.evidence.get()
        sent = typed(desk.get(at(made, "edit/")), **{f"row-{row.pk}-remove": "on", "caveats_en": "Mine."})
        desk.post(at(made, "autosave/"), sent)
        assert fresh(made).evidence.exists()
        answer = desk.post(at(made, "autosave/"), sent | {"caveats_en": ["Again."]})
        assert answer.status_code == 409 and answer.json()["is_stale"] is True
        assert fresh(made).caveats_en == "Mine."


class TestReview:
    def test_shows_both_sides_of_what_changed(self, review):
        made = actions.start_draft(
            published().claim, by=person("editor"), summary_en="It seems to help a little."
        )
        judgement(made, domain="inconsistency")
        actions.submit_version(made, by=person("editor"))
        page = review.get(at(made)).content.decode()
        assert "<ins>help a little.</ins>" in page and "<del>help.</del>" in page
        assert "Inconsistency" in page and "What changed since" in page

    def test_a_first_version_is_shown_whole(self, review):
        assert "A first version" in review.get(at(in_review())).content.decode()

    def test_publishing_with_a_note_leads_to_the_history(self, review):
        made = in_review()
        answer = review.post(at(made, "do/publish/"), {"note": "New trial.", "revision": made.revision})
        made = fresh(made)
        assert (
            made.state == "published"
            and made.change_note == "New trial."
            and made.reviewer == person("reviewer")
        )
        assert answer["Location"] == f"/en/claims/{made.claim.accession}/history/"

    def test_changes_are_asked_for_with_a_reason(self, review):
        made = in_review()
        answer = review.post(at(made, "do/request-changes/"), {"note": "", "revision": made.revision})
        assert answer.status_code == 400 and fresh(made).state == "in-review"
        review.post(at(made, "do/request-changes/"), {"note": "Shorter.", "revision": made.revision})
        assert fresh(made).state == "changes-requested"
        assert "Shorter." in signed_in(review, "editor").get(at(made, "edit/")).content.decode()

    @pytest.mark.parametrize("role", ["reviewer", "admin"])
    def test_own_work_cannot_be_published(self, client, db, role):
        made = actions.start_draft(published().claim, by=person("editor"))
        actions.edit_draft(made, by=person(role), caveats_en="One site.", caveats_nl="Een plaats.")
        made = actions.submit_version(made, by=person("editor"))
        signed_in(client, role)
        answer = client.post(at(made, "do/publish/"), {"note": "", "revision": made.revision})
        assert answer.status_code == 409 and "Nobody publishes their own work" in answer.content.decode()
        assert fresh(made).state == "in-review"

    def test_a_reviewer_without_interests_is_sent_to_declare_them(self, client, db):
        newcomer = get_user_model().objects.create_user("newcomer")
        newcomer.groups.add(Group.objects.get(name="reviewer"))
        client.force_login(newcomer)
        made = in_review()
        answer = client.post(at(made, "do/publish/"), {"revision": made.revision})
        assert answer.status_code == 409 and "/en/desk/interests/" in answer.content.decode()
        client.post("/en/desk/interests/", {"text": "Nothing to declare."})
        assert InterestStatement.objects.get(person=newcomer).text == "Nothing to declare."
        client.post(at(made, "do/publish/"), {"revision": made.revision})
        assert fresh(made).state == "published"

    def test_what_changed_since_it_was_read_is_not_published(self, review):
        made = in_review()
        seen = made.revision
        actions.request_changes(made, by=person("admin"), note="Shorter.")
        actions.edit_draft(fresh(made), by=person("editor"), summary_en="Other.")
        actions.submit_version(fresh(made), by=person("editor"))
        answer = review.post(at(made, "do/publish/"), {"note": "Good.", "revision": seen})
        assert answer.status_code == 409 and "Somebody changed this" in answer.content.decode()
        assert "Good." in answer.content.decode() and fresh(made).state == "in-review"

    def test_discarding(self, desk):
        made = draft()
        assert desk.post(at(made, "do/discard/"), {"revision": made.revision})["Location"] == "/en/desk/"
        assert fresh(made).state == "discarded"
        assert desk.get(at(made)).status_code == 200

    def test_asks_the_database_as_little_for_more_rows(self, review, django_assert_max_num_queries):
        made = draft()
        for number in range(5):
            evidence(made, outcome_measure_en=f"score {number}")
            reviewing.comment_on(made, by=person("editor"), text=f"Remark {number}.")
        with django_assert_max_num_queries(20):
            review.get(at(made))


class TestComments:
    def test_a_thread_on_a_field_is_answered_and_settled(self, review):
        made = in_review()
        answer = review.post(at(made, "comments/"), {"field": "summary_nl", "text": "Te stellig."})
        first = Comment.objects.get(version=made)
        assert answer["Location"] == at(made) + f"#comment-{first.pk}"
        signed_in(review, "editor").post(at(made, "comments/"), {"reply_to": first.pk, "text": "Aangepast."})
        page = review.get(at(made)).content.decode()
        assert page.index("Te stellig.") < page.index("Aangepast.")
        review.post(f"/en/desk/comments/{first.pk}/settle/")
        assert fresh(first).settled_by == person("editor")
        again = review.post(f"/en/desk/comments/{first.pk}/settle/", follow=True)
        assert "settled already" in again.content.decode()

    def test_open_threads_stand_beside_the_field_that_is_written(self, desk):
        made = draft()
        reviewing.comment_on(made, by=person("reviewer"), field="summary_nl", text="Te stellig.")
        reviewing.comment_on(made, by=person("reviewer"), field="judgement:imprecision", text="Why one?")
        page = desk.get(at(made, "edit/")).content.decode()
        assert "Te stellig." in page and "Why one?" in page

    def test_the_form_opens_at_the_line_that_was_chosen(self, review):
        made = in_review()
        page = review.get(at(made) + "?about=judgement:imprecision").content.decode()
        assert 'value="judgement:imprecision"' in page and page.count('id="say"') == 1

    def test_an_empty_one_one_on_nothing_and_one_on_another_version_are_refused(self, desk):
        made, other = draft(), draft()
        said = reviewing.comment_on(other, by=person("editor"), text="x")
        assert desk.post(at(made, "comments/"), {"text": " "}).status_code == 400
        assert desk.post(at(made, "comments/"), {"field": "nothing", "text": "x"}).status_code == 409
        assert desk.post(at(made, "comments/"), {"reply_to": said.pk, "text": "x"}).status_code == 404
        assert not made.comments.exists()


class TestSecondRating:
    @pytest.fixture
    def asked(self, db):
        made = draft(
            summary_en="FIRST-SUMMARY", rationale_en="FIRST-RATIONALE", caveats_en="FIRST-CAVEATS",
            would_change_en="FIRST-WOULD",
        )  # fmt: skip
        judgement(made, domain="inconsistency", reason_en="FIRST-REASON", reason_nl="EERSTE-REDEN")
        reviewing.comment_on(made, by=person("editor"), text="FIRST-COMMENT")
        reviewing.ask_second_rating(made, by=person("editor"), rater=person("reviewer"))
        return made

    def test_the_rater_sees_the_evidence_and_nothing_of_the_first_rating(self, review, asked):
        for page in ("", "edit/"):
            assert review.get(at(asked, page))["Location"] == at(asked, "second-rating/")
        page = review.get(at(asked, "second-rating/")).content.decode()
        assert asked.evidence.get().study.label in page
        for secret in ("FIRST-", "EERSTE-", "Few people", "probably", "Moderate</"):
            assert secret not in page
        assert not re.search(r'value="[^"]+" selected', page.split("<main")[1]), "no step is suggested"

    def test_neither_does_the_admin(self, review, asked):
        row, judged, said = asked.evidence.get(), asked.judgements.first(), asked.comments.get()
        for thing in (asked, row, judged, said):
            meta = thing._meta
            for page in (
                f"/admin/claims/{meta.model_name}/",
                f"/admin/claims/{meta.model_name}/{thing.pk}/change/",
            ):
                shown = review.get(page, follow=True).content.decode()
                assert "FIRST-" not in shown and asked.claim.slug not in shown, page
        inline = review.get(f"/admin/claims/claim/{asked.claim_id}/change/").content.decode()
        assert f"/admin/claims/claimversion/{asked.pk}/" not in inline
        signed_in(review, "editor")
        assert (
            "FIRST-SUMMARY" in review.get(f"/admin/claims/claimversion/{asked.pk}/change/").content.decode()
        )

    def test_neither_do_the_doors_that_write(self, review, asked):
        for page in ("preview/", "autosave/", "comments/", "do/publish/"):
            answer = review.post(at(asked, page), {"text": "x", "revision": asked.revision})
            assert answer["Location"] == at(asked, "second-rating/")
        assert asked.comments.count() == 1

    def test_a_given_rating_is_shown_beside_the_first_with_their_agreement(self, review, asked):
        words = {"start": "4", "step-imprecision-step": "-2"}
        answer = review.post(at(asked, "second-rating/"), words)
        assert answer.status_code == 400, "a step gives its reason"
        words |= {"step-imprecision-reason_en": "Few.", "step-imprecision-reason_nl": "Weinig."}
        assert review.post(at(asked, "second-rating/"), words)["Location"] == at(asked)
        given = SecondRating.objects.get(version=asked)
        assert given.strength == 2 and given.judgements["imprecision"]["step"] == -2
        page = review.get(at(asked)).content.decode()
        assert "FIRST-SUMMARY" in page and "weighted kappa" in page

    def test_nobody_else_gives_it(self, desk, asked):
        assert desk.get(at(asked, "second-rating/")).status_code == 404
        assert desk.post(at(asked, "second-rating/"), {"start": "4"}).status_code == 404

    def test_asking_and_settling_from_the_page(self, desk):
        made = draft()
        rater = person("admin")
        desk.post(at(made, "do/ask-second-rating/"), {"rater": rater.pk})
        second = SecondRating.objects.get(version=made)
        assert second.rater == rater
        reviewing.rate_blind(second, by=rater, start=4, judgements={"imprecision": (-2, "Few.", "Weinig.")})
        answer = desk.post(at(made, "do/settle/"), {"outcome": "dissent"})
        assert answer.status_code == 409 and "both languages" in answer.content.decode()
        desk.post(
            at(made, "do/settle/"), {"outcome": "dissent", "note_en": "On size.", "note_nl": "Over omvang."}
        )
        assert fresh(second).outcome == "dissent"

    def test_a_rater_who_wrote_in_it_is_refused(self, desk):
        made = draft()
        answer = desk.post(at(made, "do/ask-second-rating/"), {"rater": person("editor").pk})
        assert answer.status_code == 409 and not SecondRating.objects.filter(version=made).exists()


class TestMarksAndFlags:
    def test_a_mark_is_dismissed_with_words(self, review):
        version = published()
        notice(version.evidence.get().publication)
        mark = StaleMark.objects.get(claim=version.claim)
        address = f"/en/desk/marks/{mark.pk}/"
        assert review.post(address, {"resolution": ""}).status_code == 400
        assert (
            review.post(address, {"resolution": "It did not count."})["Location"]
            == f"/en/desk/claims/{version.claim_id}/"
        )
        assert fresh(mark).resolution == "It did not count."
        assert "It did not count." in review.get(address).content.decode()

    def test_publishing_a_draft_from_the_mark_resolves_it(self, client, db):
        version = published()
        notice(version.evidence.get().publication)
        mark = StaleMark.objects.get(claim=version.claim)
        answer = signed_in(client, "editor").post(f"/en/desk/claims/{version.claim_id}/do/start-draft/")
        made = ClaimVersion.objects.get(claim=version.claim, state="draft")
        assert answer["Location"] == at(made, "edit/")
        made = actions.submit_version(made, by=person("editor"))
        signed_in(client, "reviewer").post(at(made, "do/publish/"), {"revision": made.revision})
        assert fresh(mark).resolved_at and fresh(mark).resolution == f"{version.claim.accession}.2"

    def test_a_flag_is_answered_in_both_languages(self, desk):
        raised = reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose.")
        address = f"/en/desk/flags/{raised.pk}/"
        assert "The dose." in desk.get(address).content.decode()
        words = {"outcome": "acted-on", "answer_en": "Yes."}
        assert desk.post(address, words).status_code == 400
        desk.post(address, words | {"answer_nl": "Ja."})
        assert Flag.objects.get(pk=raised.pk).answered_by == person("editor")
        assert desk.post(address, words | {"answer_nl": "Ja."}).status_code == 409


class TestClaim:
    def test_its_drafts_versions_and_topics(self, desk):
        version = version_again(published(), summary_en="Second.")
        page = desk.get(f"/en/desk/claims/{version.claim_id}/").content.decode()
        assert f"{version.claim.accession}.1" in page and f"{version.claim.accession}.2" in page
        other = topic()
        desk.post(f"/en/desk/claims/{version.claim_id}/topics/", {"topics": [other.pk]})
        assert list(version.claim.topics.all()) == [other]
        assert desk.post(f"/en/desk/claims/{version.claim_id}/topics/", {"topics": ["x"]}).status_code == 400

    def test_withdrawing_merging_and_reinstating(self, review):
        made, other = published().claim, published().claim
        base = f"/en/desk/claims/{made.pk}/do/"
        assert review.post(base + "withdraw/", {"reason_en": "Twice."}).status_code == 400
        review.post(base + "withdraw/", {"reason_en": "Twice.", "reason_nl": "Dubbel."})
        assert fresh(made).withdrawn_at
        review.post(base + "reinstate/")
        assert fresh(made).withdrawn_at is None
        assert review.post(base + "merge/", {"into": "KB999999"}).status_code == 400
        assert review.post(base + "merge/", {"into": made.accession}).status_code == 409
        review.post(base + "merge/", {"into": other.accession})
        assert fresh(made).merged_into == other

    def test_a_second_draft_is_refused_in_words(self, desk):
        made = draft()
        answer = desk.post(f"/en/desk/claims/{made.claim_id}/do/start-draft/")
        assert answer.status_code == 409 and "already has an open draft" in answer.content.decode()

    def test_only_what_one_may_do_is_offered(self, client, db):
        made = published().claim
        signed_in(client, "editor")
        names = [
            button["deed"].name for button in client.get(f"/en/desk/claims/{made.pk}/").context["buttons"]
        ]
        assert names == ["start-draft"]
        signed_in(client, "reviewer")
        names = [
            button["deed"].name for button in client.get(f"/en/desk/claims/{made.pk}/").context["buttons"]
        ]
        assert names == ["start-draft", "withdraw", "merge"]
