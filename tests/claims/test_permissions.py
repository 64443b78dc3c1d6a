"""The permission matrix: every deed by every role, at every door. docs/permissions.md shows the same table.

What a refusal is told as differs by door; what is tested here is that nothing was written and that nobody saw a draft.
"""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from claims import actions, reviewing, webhooks
from claims.actions import Refused
from claims.models import Claim, ClaimVersion, Flag, InterestStatement, SecondRating, StaleMark
from studies.actions import add_notice, assess_study
from studies.bias import TOOLS
from studies.chosen import NEW, Choice
from studies.importing import load_import, undo_import
from studies.merging import merge_publications, merge_studies, unmerge_publication, unmerge_study
from studies.models import Import, IntegrityNotice, LikelyPair
from studies.pairing import dismiss_pair
from studies.previewing import preview_file
from tests.claims.typed import typed
from tests.factories import (
    claim,
    draft,
    in_review,
    judgement,
    notice,
    person,
    publication,
    published,
    study,
    topic,
)

ROLES = ("stranger", "reader", "editor", "reviewer", "admin")
EDITORS, REVIEWERS, NOBODY = {"editor", "reviewer", "admin"}, {"reviewer", "admin"}, set()

RIS = b"TY  - JOUR\nTI  - A made-up record for this test\nER  - \n"


def brought():
    return preview_file("a.ris", RIS, by=person("editor"))


def loaded():
    return load_import(brought(), by=person("editor"), choices={1: Choice(NEW, "rct")})


def likely_pair():
    first, second = sorted((publication(), publication()), key=lambda paper: paper.pk)
    return LikelyPair.objects.create(first=first, second=second, score=1, title=1, found_at=timezone.now())


def merged_study():
    return merge_studies(study(), study(), by=person("editor"), reason="The same trial, told twice.")


def entered_twice():
    """A publication, and another entry of the same paper."""
    kept = publication()
    return kept, publication(kept.study, key=f"{kept.key}-again", role="secondary")


def merged_publication():
    return merge_publications(*entered_twice(), by=person("editor"), reason="Entered twice.")


# What is done, in words as in docs/permissions.md; who may; how it is done to a thing made by the editor.
DEEDS = {
    "start a claim": (
        EDITORS,
        topic,
        lambda made, by: actions.start_claim(
            by=by, slug="brand-new", kind="efficacy", direction="improves", intervention=made, outcome=made
        ),
    ),
    "start a draft": (EDITORS, lambda: published().claim, lambda made, by: actions.start_draft(made, by=by)),
    "write in a draft": (EDITORS, draft, lambda made, by: actions.edit_draft(made, by=by, statement_en="Other.")),
    "submit a draft": (EDITORS, draft, lambda made, by: actions.submit_version(made, by=by)),
    "discard a draft": (EDITORS, draft, lambda made, by: actions.discard_version(made, by=by)),
    "choose topics": (EDITORS, claim, lambda made, by: actions.link_topics(made, [topic()], by=by)),
    "comment": (EDITORS, draft, lambda made, by: reviewing.comment_on(made, by=by, text="Which scale?")),
    "ask for a second rating": (
        EDITORS,
        draft,
        lambda made, by: reviewing.ask_second_rating(made, by=by, rater=person("admin")),
    ),
    "answer a flag": (
        EDITORS,
        lambda: reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose."),
        lambda made, by: reviewing.answer_flag(made, by=by, outcome="acted-on", answer_en="Yes.", answer_nl="Ja."),
    ),
    "judge a study's risk of bias": (
        EDITORS,
        lambda: published().evidence.get().study,
        lambda made, by: assess_study(
            made, by=by, tool="rob-2", judgements=dict.fromkeys(TOOLS["rob-2"].domains, ("low", "", ""))
        ),
    ),
    "record a notice": (
        EDITORS,
        lambda: published().evidence.get().publication,
        lambda made, by: add_notice(
            IntegrityNotice(publication=made, kind="retraction", source="test", source_record_id="x"), by=by
        ),
    ),
    "keep webhooks of one's own": (
        EDITORS,
        topic,
        lambda made, by: webhooks.register_webhook(by=by, address="https://example.org/in", topics=[made]),
    ),
    "bring sources in": (
        EDITORS, topic, lambda made, by: preview_file("a.ris", RIS, by=by)
    ),
    "load what was brought in": (
        EDITORS, brought, lambda made, by: load_import(made, by=by, choices={1: Choice(NEW, "rct")})
    ),
    "undo what was loaded": (EDITORS, loaded, lambda made, by: undo_import(made, by=by)),
    "dismiss a likely duplicate": (EDITORS, likely_pair, lambda made, by: dismiss_pair(made, by=by)),
    "merge two studies": (
        EDITORS, study, lambda made, by: merge_studies(study(), made, by=by, reason="The same trial, told twice.")
    ),
    "take a merged study out again": (EDITORS, merged_study, lambda made, by: unmerge_study(made, by=by)),
    "merge two publications": (
        EDITORS,
        lambda: entered_twice()[1],
        lambda made, by: merge_publications(made.study.publications.first(), made, by=by, reason="Entered twice."),
    ),
    "take a merged publication out again": (
        EDITORS, merged_publication, lambda made, by: unmerge_publication(made, by=by)
    ),
    "ask for changes": (REVIEWERS, in_review, lambda made, by: actions.request_changes(made, by=by, note="Shorter.")),
    "publish what another wrote": (REVIEWERS, in_review, lambda made, by: actions.publish_version(made, by=by)),
    "withdraw a claim": (
        REVIEWERS,
        lambda: published().claim,
        lambda made, by: actions.withdraw_claim(made, by=by, reason_en="Twice.", reason_nl="Dubbel."),
    ),
    "reinstate a claim": (
        REVIEWERS,
        lambda: actions.withdraw_claim(published().claim, by=person("reviewer"), reason_en="a", reason_nl="b"),
        lambda made, by: actions.reinstate_claim(made, by=by),
    ),
    "merge a claim into another": (
        REVIEWERS,
        lambda: published().claim,
        lambda made, by: actions.merge_claims(made, into=Claim.objects.get(accession="KB000001"), by=by),
    ),
    "dismiss a stale mark": (
        REVIEWERS,
        lambda: marked(),
        lambda made, by: actions.dismiss_mark(made, by=by, resolution="Its rows did not count."),
    ),
    "declare interests": (
        REVIEWERS,
        claim,
        lambda made, by: reviewing.declare_interests(by=by, text="None.", has_conflict=False),
    ),
}  # fmt: skip
OF_SOURCES = {
    *("bring sources in", "load what was brought in", "undo what was loaded"),
    *("dismiss a likely duplicate", "merge two studies", "take a merged study out again"),
    *("merge two publications", "take a merged publication out again"),
}
CELLS = [(deed, role, role in DEEDS[deed][0]) for deed in DEEDS for role in ROLES]


def marked():
    version = published()
    notice(version.evidence.get().publication)
    return StaleMark.objects.get(claim=version.claim)


def somebody(role):
    return AnonymousUser() if role == "stranger" else person(role)


def attempt(act, made, by):
    """Whether it was done; a refusal leaves nothing behind."""
    try:
        with transaction.atomic():
            act(made, by)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize(("deed", "role", "may"), CELLS)
def test_the_actions_keep_the_matrix(db, deed, role, may):
    _who, make, act = DEEDS[deed]
    assert attempt(act, make(), somebody(role)) == may


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_nobody_publishes_what_they_wrote(db, role):
    made = actions.start_draft(published().claim, by=person(role))
    actions.submit_version(made, by=person(role))
    with pytest.raises(Refused) as refusal:
        actions.publish_version(made, by=person(role))
    assert refusal.value.rule == "self-review"


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_nobody_publishes_what_they_helped_to_write(db, role):
    made = draft()
    judgement(made, domain="inconsistency")
    actions.edit_draft(made, by=person(role), caveats_en="One site.", caveats_nl="Op een plaats.")
    actions.submit_version(made, by=person("editor"))
    with pytest.raises(Refused) as refusal:
        actions.publish_version(made, by=person(role))
    assert refusal.value.rule == "self-review"


def test_nobody_reviews_without_a_statement_of_interests(db):
    made, newcomer = in_review(), person("editor")
    newcomer = type(newcomer).objects.create_user("newcomer")
    newcomer.groups.add(*person("reviewer").groups.all())
    for act in (
        lambda: actions.publish_version(made, by=newcomer),
        lambda: actions.request_changes(made, by=newcomer, note="Shorter."),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.rule == "interests-undeclared"


# The admin's door: the address that a button posts to, and how to see that it was done.
BUTTONS = {
    "start a draft": ("start-draft", {}, lambda made: made.versions.filter(state="draft").exists()),
    "discard a draft": ("discard", {}, lambda made: state_of(made) == "discarded"),
    "ask for changes": ("request-changes", {"note": "Shorter."}, lambda made: state_of(made) == "changes-requested"),
    "publish what another wrote": ("publish", {}, lambda made: state_of(made) == "published"),
    "withdraw a claim": (
        "withdraw", {"reason_en": "Twice.", "reason_nl": "Dubbel."}, lambda made: fresh(made).withdrawn_at is not None
    ),
    "reinstate a claim": ("reinstate", {}, lambda made: fresh(made).withdrawn_at is None),
    "merge a claim into another": ("merge", {"into": "KB000001"}, lambda made: fresh(made).merged_into is not None),
    "answer a flag": (
        "answer",
        {"outcome": "acted-on", "answer_en": "Yes.", "answer_nl": "Ja."},
        lambda made: fresh(made).outcome == "acted-on",
    ),
    "dismiss a stale mark": (
        "dismiss", {"resolution": "Its rows did not count."}, lambda made: fresh(made).resolved_at is not None
    ),
}  # fmt: skip


def fresh(made):
    return type(made).objects.get(pk=made.pk)


def state_of(made):
    return ClaimVersion.objects.get(pk=made.pk).state


@pytest.mark.parametrize(("deed", "role", "may"), [cell for cell in CELLS if cell[0] in BUTTONS])
def test_the_admin_keeps_the_matrix(client, db, deed, role, may):
    made = DEEDS[deed][1]()
    name, words, is_done = BUTTONS[deed]
    meta = made._meta
    if role != "stranger":
        client.force_login(person(role))
    client.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_deed", args=[made.pk, name]), words)
    assert is_done(made) == may


# What is written in a form of the admin: its page, the form, what is typed, and how to see that it was done.
FORMS = {
    "start a claim": (
        lambda made: "/admin/claims/claim/add/",
        "claim_form",
        lambda made: {
            "slug": "brand-new", "kind": "efficacy", "direction": "improves", "intervention": str(made.pk),
            "outcome": str(made.pk), "topics": str(made.pk),
        },
        lambda made: Claim.objects.filter(slug="brand-new").exists(),
    ),
    "choose topics": (
        lambda made: f"/admin/claims/claim/{made.pk}/change/",
        "claim_form",
        lambda made: {"topics": str(topic(slug="chosen").pk)},
        lambda made: made.topics.filter(slug="chosen").exists(),
    ),
    "write in a draft": (
        lambda made: f"/admin/claims/claimversion/{made.pk}/change/",
        "claimversion_form",
        lambda made: {"statement_en": "Other."},
        lambda made: fresh(made).statement_en == "Other.",
    ),
    "submit a draft": (
        lambda made: f"/admin/claims/claimversion/{made.pk}/change/",
        "claimversion_form",
        lambda made: {"_submit": "1"},
        lambda made: state_of(made) == "in-review",
    ),
    "record a notice": (
        lambda made: "/admin/studies/integritynotice/add/",
        "integritynotice_form",
        lambda made: {
            "publication": str(made.pk), "kind": "retraction", "source": "by hand", "source_record_id": "by-hand-1",
        },
        lambda made: made.notices.filter(source_record_id="by-hand-1").exists(),
    ),
    "keep webhooks of one's own": (
        lambda made: "/admin/claims/webhook/add/",
        "webhook_form",
        lambda made: {"address": "https://example.org/in", "topics": str(made.pk)},
        lambda made: made.webhooks.exists(),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("deed", "role", "may"), [cell for cell in CELLS if cell[0] in FORMS])
def test_the_forms_of_the_admin_keep_the_matrix(client, db, deed, role, may):
    """Everybody sends what an editor's browser would send."""
    made = DEEDS[deed][1]()
    address, form, words, is_done = FORMS[deed]
    client.force_login(person("editor"))
    sent = typed(client.get(address(made)), form, **words(made))
    client.logout()
    if role != "stranger":
        client.force_login(person(role))
    client.post(address(made), sent)
    assert is_done(made) == may


def test_each_deed_has_a_door_in_the_admin_but_those_in_a_thread():
    known = {*BUTTONS, *FORMS, "declare interests"}
    assert set(DEEDS) - known == {
        "comment",
        "ask for a second rating",
        "judge a study's risk of bias",
        *OF_SOURCES,
    }, "which the desk and the actions have"


# The desk's door: the page that a form posts to, what it sends, and how to see that it was done.
def at(made, rest=""):
    return f"/en/desk/versions/{made.pk}/{rest}"


PAGES = {
    "start a claim": (
        lambda made: "/en/desk/claims/new/",
        lambda made: {
            "slug": "brand-new", "kind": "efficacy", "direction": "improves", "intervention": made.slug,
            "outcome": made.slug, "topics": made.pk,
        },
        lambda made: Claim.objects.filter(slug="brand-new").exists(),
    ),
    "start a draft": (
        lambda made: f"/en/desk/claims/{made.pk}/do/start-draft/",
        lambda made: {},
        lambda made: made.versions.filter(state="draft").exists(),
    ),
    "write in a draft": (
        lambda made: at(made, "edit/"),
        lambda made: {
            "revision": made.revision, "statement_en": "Other.", "statement_nl": "Anders.", "scheme": "grade",
            "evidence_state": "found", "start": "4", "strength": "computed", "verdict": "supported", "effect_size": "small",
        },
        lambda made: fresh(made).statement_en == "Other.",
    ),
    "submit a draft": (
        lambda made: at(made, "do/submit/"), lambda made: {}, lambda made: state_of(made) == "in-review"
    ),
    "discard a draft": (
        lambda made: at(made, "do/discard/"), lambda made: {}, lambda made: state_of(made) == "discarded"
    ),
    "choose topics": (
        lambda made: f"/en/desk/claims/{made.pk}/topics/",
        lambda made: {"topics": topic(slug="chosen").pk},
        lambda made: made.topics.filter(slug="chosen").exists(),
    ),
    "comment": (
        lambda made: at(made, "comments/"), lambda made: {"text": "Which scale?"}, lambda made: made.comments.exists()
    ),
    "ask for a second rating": (
        lambda made: at(made, "do/ask-second-rating/"),
        lambda made: {"rater": rater().pk},
        lambda made: SecondRating.objects.filter(version=made).exists(),
    ),
    "answer a flag": (
        lambda made: f"/en/desk/flags/{made.pk}/",
        lambda made: {"outcome": "acted-on", "answer_en": "Yes.", "answer_nl": "Ja."},
        lambda made: fresh(made).outcome == "acted-on",
    ),
    "ask for changes": (
        lambda made: at(made, "do/request-changes/"),
        lambda made: {"note": "Shorter.", "revision": made.revision},
        lambda made: state_of(made) == "changes-requested",
    ),
    "publish what another wrote": (
        lambda made: at(made, "do/publish/"),
        lambda made: {"revision": made.revision},
        lambda made: state_of(made) == "published",
    ),
    "withdraw a claim": (
        lambda made: f"/en/desk/claims/{made.pk}/do/withdraw/",
        lambda made: {"reason_en": "Twice.", "reason_nl": "Dubbel."},
        lambda made: fresh(made).withdrawn_at is not None,
    ),
    "reinstate a claim": (
        lambda made: f"/en/desk/claims/{made.pk}/do/reinstate/",
        lambda made: {},
        lambda made: fresh(made).withdrawn_at is None,
    ),
    "merge a claim into another": (
        lambda made: f"/en/desk/claims/{made.pk}/do/merge/",
        lambda made: {"into": "KB000001"},
        lambda made: fresh(made).merged_into is not None,
    ),
    "dismiss a stale mark": (
        lambda made: f"/en/desk/marks/{made.pk}/",
        lambda made: {"resolution": "Its rows did not count."},
        lambda made: fresh(made).resolved_at is not None,
    ),
    "bring sources in": (
        lambda made: "/en/desk/sources/",
        lambda made: {"text": RIS.decode()},
        lambda made: Import.objects.exists(),
    ),
    "load what was brought in": (
        lambda made: f"/en/desk/sources/{made.pk}/",
        lambda made: {"row-1": "new:rct"},
        lambda made: fresh(made).state == "loaded",
    ),
    "undo what was loaded": (
        lambda made: f"/en/desk/sources/{made.pk}/",
        lambda made: {"undo": "1"},
        lambda made: fresh(made).state == "undone",
    ),
    "dismiss a likely duplicate": (
        lambda made: "/en/desk/duplicates/",
        lambda made: {"dismiss": made.pk},
        lambda made: fresh(made).dismissed_at is not None,
    ),
    "merge two studies": (
        lambda made: f"/en/desk/merge/{study().key}/{made.key}/",
        lambda made: {"reason": "The same trial, told twice."},
        lambda made: fresh(made).merged_into is not None,
    ),
    "take a merged study out again": (
        lambda made: f"/en/desk/merge/{made.merged_into.key}/{made.key}/",
        lambda made: {"unmerge": "1"},
        lambda made: fresh(made).merged_into is None,
    ),
    "merge two publications": (
        lambda made: f"/en/desk/merge-publications/{made.study.publications.first().key}/{made.key}/",
        lambda made: {"reason": "Entered twice."},
        lambda made: fresh(made).merged_into is not None,
    ),
    "take a merged publication out again": (
        lambda made: f"/en/desk/merge-publications/{made.merged_into.key}/{made.key}/",
        lambda made: {"unmerge": "1"},
        lambda made: fresh(made).merged_into is None,
    ),
    "declare interests": (
        lambda made: "/en/desk/interests/",
        lambda made: {"text": "I sold magnesium until 2019."},
        lambda made: InterestStatement.objects.filter(text="I sold magnesium until 2019.").exists(),
    ),
}  # fmt: skip


def rater():
    somebody_else = get_user_model().objects.create_user("a-rater")
    somebody_else.groups.add(Group.objects.get(name="editor"))
    return somebody_else


@pytest.mark.parametrize(("deed", "role", "may"), [cell for cell in CELLS if cell[0] in PAGES])
def test_the_desk_keeps_the_matrix(client, db, deed, role, may):
    made = DEEDS[deed][1]()
    address, words, is_done = PAGES[deed]
    if role != "stranger":
        client.force_login(person(role))
    answer = client.post(address(made), words(made))
    assert is_done(made) == may
    refusal = {"stranger": 302, "reader": 404}.get(role, 403)
    assert answer.status_code == (302 if may else refusal)


def test_each_deed_has_its_place_at_the_desk():
    assert set(DEEDS) - set(PAGES) == {
        "record a notice",
        "keep webhooks of one's own",
        "judge a study's risk of bias",
    }, (
        "a notice is recorded where the publication is kept, a study is judged at its own page (test_assessing), "
        "and webhooks are no work on claims"
    )


@pytest.mark.parametrize(("deed", "role", "may"), [cell for cell in CELLS if cell[0] == "declare interests"])
def test_interests_are_declared_in_the_admin(client, db, deed, role, may):
    if role != "stranger":
        client.force_login(person(role))
    text = "I sold magnesium until 2019."
    client.post(reverse("admin:claims_intereststatement_add"), {"has_conflict": "on", "text": text})
    found = InterestStatement.objects.filter(text=text)
    assert found.exists() == may
    assert not may or found.get().person == person(role)


def test_a_reviewer_who_declared_in_the_admin_can_publish(client, db):
    newcomer = get_user_model().objects.create_user("newcomer", is_staff=True)
    newcomer.groups.add(Group.objects.get(name="reviewer"))
    client.force_login(newcomer)
    made = in_review()
    publish = reverse("admin:claims_claimversion_deed", args=[made.pk, "publish"])
    page = client.post(publish, follow=True).content.decode()
    assert "Declare your interests first" in page
    client.post(reverse("admin:claims_intereststatement_add"), {"text": "Nothing to declare."})
    client.post(publish)
    assert state_of(made) == "published"
    assert ClaimVersion.objects.get(pk=made.pk).reviewer_interests == "Nothing to declare."


def test_the_document_shows_this_matrix():
    text = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text()
    shown = {}
    for line in re.findall(r"^\| (.+) \|$", text, re.MULTILINE):
        deed, *cells = [cell.strip() for cell in line.split("|")]
        shown[deed] = {role for role, cell in zip(ROLES, cells, strict=False) if cell == "yes"}
    assert {deed: shown.get(deed) for deed in DEEDS} == {
        deed: who for deed, (who, _make, _act) in DEEDS.items()
    }


class TestReaders:
    """What is not published leaks to nobody without a role, and readers may tell us things without one."""

    def test_anybody_may_raise_a_flag(self, db):
        assert reviewing.raise_flag(published().claim, kind="seems-wrong", text="The dose.").pk

    def test_nobody_flags_what_is_not_published(self, db):
        with pytest.raises(Claim.DoesNotExist):
            reviewing.raise_flag(draft().claim, kind="seems-wrong", text="The dose.")
        assert not Flag.objects.exists()
