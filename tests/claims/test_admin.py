"""The claims room in the admin, as the cast meets it: what each may see, do and not do."""

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import actions, reviewing, webhooks
from claims.actions import submit_version
from claims.choices import VersionState
from claims.models import (
    Article,
    ArticleCitation,
    Claim,
    ClaimVersion,
    Mention,
    RegulatoryStatus,
    Release,
    StaleMark,
    Topic,
)
from studies.models import ReviewInclusion
from tests.factories import (
    claim,
    draft,
    evidence,
    in_review,
    judgement,
    notice,
    person,
    publication,
    published,
    study,
    topic,
)

OURS = [model for model in site._registry if model._meta.app_label in ("claims", "studies")]


def address(thing, view="change"):
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{view}", args=[thing.pk])


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def deed(thing, name):
    meta = thing._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_deed", args=[thing.pk, name])


def filled(response):
    """What a browser would post from this page if nobody touched it."""
    inlines = [inline.formset for inline in response.context["inline_admin_formsets"]]
    forms = [
        response.context["adminform"].form,
        *(f for inline in inlines for f in (inline.management_form, *inline.forms)),
    ]
    values = {bound.html_name: bound.value() for form in forms for bound in form}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def told(response):
    return [str(message) for message in response.context["messages"]]


def offered(response):
    return [entry["deed"].name for entry in response.context["deeds"]]


@pytest.fixture
def as_(client, db):
    """The browser of the one person of this role."""

    def signed_in(role):
        client.force_login(person(role))
        return client

    return signed_in


class TestWhoMayEnter:
    @pytest.mark.parametrize("model", OURS)
    def test_reader_is_sent_to_the_door(self, as_, model):
        assert as_("reader").get(list_of(model)).status_code == 302

    def test_reader_can_press_no_button(self, as_):
        version = in_review()
        response = as_("reader").post(deed(version, "publish"))
        version.refresh_from_db()
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("admin:login"))
        assert version.state == VersionState.IN_REVIEW

    def test_staff_without_a_role_see_nothing(self, client, db):
        client.force_login(get_user_model().objects.create_user("nobody", is_staff=True))
        assert client.get(address(draft())).status_code == 403


class TestEditorWritesAClaim:
    def test_claim_is_started_and_known_by_its_topics(self, as_):
        intervention, outcome = topic(), topic("outcome")
        as_("editor").post(
            reverse("admin:claims_claim_add"),
            {
                "slug": "new-claim", "kind": "efficacy", "direction": "improves", "intervention": intervention.pk,
                "outcome": outcome.pk, "topics": [intervention.pk], "statuses-TOTAL_FORMS": 0, "statuses-INITIAL_FORMS": 0,
                "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0,
            },
        )  # fmt: skip
        made = Claim.objects.get(slug="new-claim")
        assert made.accession is None
        assert list(made.topics.all()) == [intervention]

    def test_draft_is_the_work_of_who_starts_it(self, as_):
        made = claim()
        client = as_("reviewer")
        assert offered(client.get(address(made))) == ["start-draft"]
        page = client.post(deed(made, "start-draft"), follow=True)
        version = made.versions.get()
        assert page.redirect_chain[-1][0] == address(version)
        assert version.author == person("reviewer")
        assert told(page) == ["Draft started."]

    def test_draft_of_a_mechanism_starts_on_its_own_scheme(self, as_):
        made = claim(kind="mechanism")
        as_("editor").post(deed(made, "start-draft"))
        assert made.versions.get().scheme == "ebm-plus"

    def test_second_open_draft_is_refused_in_words(self, as_):
        version = draft()
        client = as_("editor")
        assert offered(client.get(address(version.claim))) == []
        page = client.post(deed(version.claim, "start-draft"), follow=True)
        assert told(page) == ["This claim already has an open draft."]
        assert version.claim.versions.count() == 1

    def test_words_evidence_and_judgement_are_written_on_one_screen_and_handed_in(self, as_):
        client, paper = as_("editor"), publication()
        made = claim()
        page = client.post(deed(made, "start-draft"), follow=True)
        version = made.versions.get()
        words = {
            "statement_en": "It helps.", "statement_nl": "Het helpt.", "start": 4, "strength": 3, "verdict": "supported",
            "judgements-TOTAL_FORMS": 1, "judgements-0-domain": "imprecision", "judgements-0-step": -1,
            "judgements-0-reason_en": "Few.", "judgements-0-reason_nl": "Weinig.", "judgements-0-version": version.pk,
            "evidence-TOTAL_FORMS": 1, "evidence-0-version": version.pk, "evidence-0-study": paper.study_id,
            "evidence-0-publication": paper.pk, "evidence-0-direction": "supports", "evidence-0-directness": "direct",
            "evidence-0-outcome_measure_en": "score", "evidence-0-outcome_measure_nl": "score", "evidence-0-ci_level": 95,
            "evidence-0-position": 0, "evidence-0-verified_from": "https://example.org/report", "evidence-0-counts_in_synthesis": "on", "_submit": "",
        }  # fmt: skip
        page = client.post(address(version), filled(page) | words, follow=True)
        version.refresh_from_db()
        assert told(page) == ["Submitted for review."]
        assert (version.state, version.statement_nl, version.strength) == (
            VersionState.IN_REVIEW,
            "Het helpt.",
            3,
        )
        assert version.evidence.get().study == paper.study
        assert version.judgements.get().step == -1

    def test_sum_of_the_steps_and_both_sentences_stand_beside_them(self, as_):
        page = as_("editor").get(address(draft()))
        for words in (
            "High to start with",
            "-1 Imprecision",
            "= Moderate",
            "probably slightly improves",
            "verbetert",
        ):
            assert words in page.content.decode()

    def test_another_strength_than_the_steps_give_is_pointed_out(self, as_):
        page = as_("editor").get(address(draft(strength=2)))
        assert "Chosen instead: Low. That needs a reason in both languages." in page.content.decode()

    def test_part_can_be_changed_and_taken_out(self, as_):
        version, client = draft(), as_("editor")
        words = {"judgements-0-step": -2, "evidence-0-DELETE": "on"}
        client.post(address(version), filled(client.get(address(version))) | words)
        assert version.judgements.get().step == -2
        assert not version.evidence.exists()

    def test_saving_an_untouched_page_writes_no_history(self, as_):
        version, client = draft(), as_("editor")
        events = version.events.count(), version.evidence.get().events.count()
        client.post(address(version), filled(client.get(address(version))))
        assert (version.events.count(), version.evidence.get().events.count()) == events

    def test_history_names_who_saved(self, as_):
        version, client = draft(), as_("reviewer")
        client.post(
            address(version), filled(client.get(address(version))) | {"statement_en": "It helps a bit."}
        )
        assert version.events.latest("pgh_id").pgh_context.metadata["user"] == person("reviewer").pk


class TestWhatIsWrongIsSaidAndNotWritten:
    def post(self, client, version, **words):
        return client.post(address(version), filled(client.get(address(version))) | words)

    def test_step_up_on_a_domain_that_lowers(self, as_):
        version = draft()
        page = self.post(as_("editor"), version, **{"judgements-0-step": 1, "statement_en": "Changed."})
        version.refresh_from_db()
        assert page.status_code == 200
        assert "The first five domains can only lower, the last three only raise" in page.content.decode()
        assert version.judgements.get().step == -1
        assert version.statement_en == "It helps."

    def test_interval_that_misses_its_estimate(self, as_):
        words = {
            "evidence-0-measure": "MD",
            "evidence-0-estimate": 9,
            "evidence-0-ci_low": 1,
            "evidence-0-ci_high": 2,
        }
        page = self.post(as_("editor"), draft(), **words)
        assert "The interval runs from low to high and holds the estimate." in page.content.decode()

    def test_refusal_of_the_database_keeps_what_was_typed(self, as_):
        """Two judgements that swap their domains pass the form, which looks at each alone, and not the database."""
        version = draft()
        judgement(version, domain="inconsistency")
        swap = {
            "judgements-0-domain": "inconsistency",
            "judgements-1-domain": "imprecision",
            "statement_en": "Typed.",
        }
        page = self.post(as_("editor"), version, **swap)
        version.refresh_from_db()
        assert page.status_code == 200
        assert "This domain is already judged." in page.content.decode()
        assert "Typed." in page.content.decode()
        assert version.statement_en == "It helps."

    def test_page_opened_before_somebody_else_saved_keeps_both_texts(self, as_):
        version, client = draft(), as_("editor")
        opened = filled(client.get(address(version)))
        actions.edit_draft(version, by=person("reviewer"), statement_en="What the reviewer wrote.")
        page = client.post(address(version), opened | {"statement_en": "What the editor typed."})
        version.refresh_from_db()
        assert version.statement_en == "What the reviewer wrote."
        assert "Somebody changed this since you opened it." in page.content.decode()
        assert "What the editor typed." in page.content.decode()
        assert "now reads: What the reviewer wrote." in page.content.decode()
        client.post(address(version), filled(page))  # having seen it, saving again is a decision
        version.refresh_from_db()
        assert version.statement_en == "What the editor typed."

    def test_topic_broader_than_itself(self, as_):
        broad = topic()
        narrow = topic(broader=broad)
        page = self.post(as_("admin"), broad, broader=narrow.pk)
        assert "A topic cannot be broader than itself." in page.content.decode()
        assert Topic.objects.get(pk=broad.pk).broader is None

    @pytest.mark.parametrize(
        "verbs", ['["x"]', '{"decreases": {"en": "shortens"}}', '{"sideways": {}}', '{"decreases": 1}']
    )
    def test_verbs_of_another_shape(self, as_, verbs):
        page = self.post(as_("admin"), topic("outcome"), verbs=verbs)
        assert "Verbs come by direction and language" in page.content.decode()


class TestIdentityOfAClaim:
    def test_stays_once_it_has_an_accession(self, as_):
        made, client = published().claim, as_("editor")
        page = client.get(address(made))
        assert set(page.context["adminform"].form.fields) == {"topics"}
        client.post(
            address(made), filled(page) | {"direction": "worsens", "slug": "other", "accession": "KB999999"}
        )
        assert Claim.objects.values("direction", "slug", "accession").get(pk=made.pk) == {
            "direction": "improves", "slug": made.slug, "accession": made.accession,
        }  # fmt: skip

    def test_topics_may_still_be_linked(self, as_):
        made, other, client = published().claim, topic(), as_("editor")
        client.post(address(made), filled(client.get(address(made))) | {"topics": [other.pk]})
        assert list(made.topics.all()) == [other]

    def test_may_still_be_put_right_before_that(self, as_):
        made, client = claim(), as_("editor")
        client.post(address(made), filled(client.get(address(made))) | {"direction": "worsens"})
        made.refresh_from_db()
        assert made.direction == "worsens"


class TestReview:
    def test_author_is_offered_no_publishing_and_cannot_force_it(self, as_):
        words = {name: getattr(draft(), name) for name in actions.WRITTEN}
        version = actions.start_draft(claim(), by=person("reviewer"), **words)
        judgement(version)
        client = as_("reviewer")
        client.post(address(version), filled(client.get(address(version))) | {"_submit": ""})
        assert offered(client.get(address(version))) == ["discard"]
        page = client.post(deed(version, "publish"), follow=True)
        version.refresh_from_db()
        assert told(page)[-1] == "Nobody publishes their own work."
        assert version.state == VersionState.IN_REVIEW

    def test_editor_cannot_publish_at_all(self, as_):
        version = in_review()
        assert offered(as_("editor").get(address(version))) == ["discard"]
        page = as_("editor").post(deed(version, "publish"), follow=True)
        assert told(page) == ["Your account may not do this."]
        assert not ClaimVersion.objects.get(pk=version.pk).is_public

    def test_reviewer_publishes_with_a_note(self, as_):
        version = in_review()
        client = as_("reviewer")
        assert offered(client.get(address(version))) == ["publish", "request-changes", "discard"]
        page = client.post(deed(version, "publish"), {"note": "Fine."}, follow=True)
        version.refresh_from_db()
        assert told(page) == ["Published."]
        assert offered(page) == []
        assert (version.state, version.change_note, version.reviewer) == (
            "published",
            "Fine.",
            person("reviewer"),
        )

    def test_reviewer_asks_for_changes_and_says_which(self, as_):
        version, client = in_review(), as_("reviewer")
        assert told(client.post(deed(version, "request-changes"), follow=True)) == ["This field is required."]
        client.post(deed(version, "request-changes"), {"note": "Say for whom."})
        version.refresh_from_db()
        assert (version.state, version.change_note) == ("changes-requested", "Say for whom.")
        assert "_submit" in as_("editor").get(address(version)).content.decode()

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (
                {"strength": 4},
                "The steps give strength 3, not 4; another value needs a reason in both languages.",
            ),
            (
                {"summary_nl": ""},
                "A published version has a reviewer, both languages, the date searched through",
            ),
            ({"strength": None}, "Only a claim without evidence, or a reference value, has no strength."),
        ],
    )
    def test_what_is_not_finished_is_refused_in_words(self, as_, words, sentence):
        version = in_review(**words)
        page = as_("reviewer").post(deed(version, "publish"), follow=True)
        assert told(page)[0].startswith(sentence)
        assert Claim.objects.get(pk=version.claim_id).accession is None

    def test_draft_is_discarded_and_closed(self, as_):
        version, client = draft(), as_("editor")
        page = client.post(deed(version, "discard"), follow=True)
        assert offered(page) == []
        assert "_save" not in page.content.decode()

    @pytest.mark.parametrize("name", ["publish", "request-changes", "discard"])
    def test_buttons_only_answer_to_a_post(self, as_, name):
        assert as_("reviewer").get(deed(in_review(), name)).status_code == 405

    def test_unknown_button_or_version_is_not_found(self, as_):
        version = draft()
        assert as_("editor").post(deed(version, "delete")).status_code == 404
        version.pk = 2**40
        assert as_("editor").post(deed(version, "discard")).status_code == 404

    def test_button_of_a_stranger_site_is_refused(self, as_, client):
        version = in_review()
        as_("reviewer")
        client.handler.enforce_csrf_checks = True
        assert client.post(deed(version, "publish")).status_code == 403


class TestWhatIsClosedIsReadOnly:
    @pytest.mark.parametrize("make", [published, in_review])
    @pytest.mark.parametrize("role", ["editor", "reviewer", "admin"])
    def test_no_field_is_open_and_a_forced_save_changes_nothing(self, as_, make, role):
        version, client = make(), as_(role)
        page = client.get(address(version))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert not any(inline.has_change_permission for inline in page.context["inline_admin_formsets"])
        forced = {
            "statement_en": "Forced.", "judgements-TOTAL_FORMS": 1, "judgements-INITIAL_FORMS": 1, "judgements-0-step": 0,
            "judgements-0-id": version.judgements.get().pk, "judgements-0-DELETE": "on", "evidence-TOTAL_FORMS": 0,
            "evidence-INITIAL_FORMS": 0,
        }  # fmt: skip
        assert client.post(address(version), forced).status_code == 403
        version.refresh_from_db()
        assert version.statement_en == "It helps."
        assert version.judgements.get().step == -1

    def test_nothing_published_can_be_deleted_not_even_by_a_superuser(self, client, db):
        client.force_login(get_user_model().objects.create_superuser("root"))
        version = published()
        parts = (
            version,
            version.claim,
            version.evidence.get(),
            version.judgements.get(),
            version.evidence.get().study,
        )
        for thing in parts:
            assert client.post(address(thing, "delete"), {"post": "yes"}).status_code == 403
            assert "delete_selected" not in client.get(list_of(thing)).content.decode()

    @pytest.mark.parametrize("model", ["claimversion", "evidence", "judgement", "stalemark"])
    def test_what_is_made_elsewhere_has_no_add_page(self, as_, model):
        assert as_("admin").get(reverse(f"admin:claims_{model}_add")).status_code == 403


class TestLists:
    def fill(self):
        """One more row for every list."""
        version = published()
        row = version.evidence.get()
        notice(row.publication, kind="correction")
        ReviewInclusion.objects.create(review=row.study, trial=study())
        StaleMark.objects.create(
            claim=version.claim, version=version, reason="study-concern", object_key=row.study.key, severity=1
        )
        Release.objects.create(day=f"2026-01-{Release.objects.count() + 1:02}")
        RegulatoryStatus.objects.create(claim=version.claim, status="none", reference=row.publication)
        article = Article.objects.create(
            slug=row.study.key,
            title="A",
            publisher="P",
            language="nl",
            url=f"https://example.org/{row.study.key}",
            sha256="a" * 64,
        )
        citation = ArticleCitation.objects.create(
            article=article, number=1, named_en="x", named_nl="y", state="found", study=row.study
        )
        Mention.objects.create(
            article=article, number=1, claim=version.claim, citation=citation, says_en="x", says_nl="y", start=0, end=4,
            sha256="a" * 64, hedge="asserted", attribution="none",
        )  # fmt: skip
        topic(broader=version.claim.intervention)
        opened = draft()
        reviewing.comment_on(opened, by=person("editor"), text="Which scale?", field="statement_en")
        reviewing.ask_second_rating(opened, by=person("editor"), rater=person("reviewer"))
        reviewing.raise_flag(version.claim, kind="seems-wrong", text="The dose is not right.")
        webhooks.register_webhook(by=person("editor"), address="https://example.org/in")

    def queries(self, client, page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    @pytest.mark.parametrize("model", OURS)
    def test_answers_an_admin_with_as_many_queries_for_more_rows(self, as_, model):
        page, client = list_of(model), as_("admin")
        self.fill()
        few = self.queries(client, page)
        for _again in range(3):
            self.fill()
        assert self.queries(client, page) == few <= 16

    @pytest.mark.parametrize("model", OURS)
    def test_search_takes_any_words(self, as_, model):
        self.fill()
        assert as_("admin").get(list_of(model), {"q": "kb000 'x \" %"}).status_code == 200

    @pytest.mark.parametrize("model", OURS)
    def test_form_of_each_model_opens(self, as_, model):
        self.fill()
        assert as_("admin").get(address(model.objects.last())).status_code == 200

    def test_page_of_a_closed_version_asks_as_much_for_more_evidence(self, as_):
        client = as_("admin")
        few, many = draft(), draft()
        for number in range(4):
            evidence(many, outcome_measure_en=str(number))
        for version in (few, many):
            submit_version(version, by=person("editor"))
        client.get(address(few))
        assert self.queries(client, address(few)) == self.queries(client, address(many))

    def test_claim_is_found_by_its_accession_and_by_its_words(self, as_):
        version, _other = published(statement_en="Unheard of."), published()
        client = as_("editor")
        page = list_of(Claim)
        for words in (version.claim.accession, "unheard"):
            assert [found.pk for found in client.get(page, {"q": words}).context["cl"].result_list] == [
                version.claim_id
            ]

    def test_topic_is_completed_from_its_first_letters(self, as_):
        wanted = topic(name_en="Zebrafish oil")
        asked = {"app_label": "claims", "model_name": "claim", "field_name": "intervention", "term": "zebraf"}
        found = as_("editor").get(reverse("admin:autocomplete"), asked).json()["results"]
        assert [entry["id"] for entry in found] == [str(wanted.pk)]
