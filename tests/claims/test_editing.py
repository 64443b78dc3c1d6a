"""The API for editors: who may do what, what is refused and how it is told, and that a refusal writes nothing."""

import datetime
import json

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from claims import actions, reviewing
from claims.models import Claim, ClaimVersion, Comment, Evidence, Judgement, SentRequest
from kb.tokens import make_token
from tests.factories import claim, draft, evidence, in_review, person, publication, published, topic

DRAFTS = "/api/v1/drafts/"


def client_of(role):
    client = APIClient()
    if role != "stranger":
        client.force_authenticate(person(role))
    return client


def address(version, *rest):
    return "/".join([f"{DRAFTS}{version.pk}", *rest, ""])


def send(client, method, path, body=None, *, seen=None, **headers):
    """A request as JSON. `seen` is the revision for If-Match, or the header itself."""
    if seen is not None:
        headers["if-match"] = seen if isinstance(seen, str) else f'"{seen}"'
    return getattr(client, method)(path, body, format="json", headers=headers)


def revision(version):
    return ClaimVersion.objects.get(pk=version.pk).revision


def state(version):
    return ClaimVersion.objects.get(pk=version.pk).state


def problem_of(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def pointers(response):
    """The places that a 400 points at, each with a sentence of its own."""
    errors = problem_of(response, 400)["errors"]
    assert all(len(error["detail"]) > 8 for error in errors)
    return {error["pointer"] for error in errors}


@pytest.fixture
def editing(db):
    return client_of("editor")


@pytest.fixture
def reviewing_client(db):
    return client_of("reviewer")


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def identity(**words):
    given = {
        "slug": "brand-new",
        "kind": "efficacy",
        "direction": "improves",
        "intervention": topic().slug,
        "outcome": topic("outcome").slug,
    }
    return {"claim": given | words}


# Deed by deed: who may, how it is made by the editor, the request, and how to see in the base that it was done.
EDITORS, REVIEWERS = {"editor", "reviewer", "admin"}, {"reviewer", "admin"}
DEEDS = {
    "start a claim": (
        EDITORS, topic,
        lambda made: ("post", DRAFTS, identity(intervention=made.slug), None),
        lambda made: Claim.objects.filter(slug="brand-new", versions__state="draft").exists(),
    ),
    "start a draft": (
        EDITORS, lambda: published().claim,
        lambda made: ("post", DRAFTS, {"claim": made.accession}, None),
        lambda made: made.versions.filter(state="draft").exists(),
    ),
    "write in a draft": (
        EDITORS, draft,
        lambda made: ("patch", address(made), {"statement_en": "Other."}, made.revision),
        lambda made: fresh(made).statement_en == "Other.",
    ),
    "submit a draft": (
        EDITORS, draft,
        lambda made: ("post", address(made, "submit"), {}, made.revision),
        lambda made: state(made) == "in-review",
    ),
    "discard a draft": (
        EDITORS, draft,
        lambda made: ("post", address(made, "discard"), {}, made.revision),
        lambda made: state(made) == "discarded",
    ),
    "comment": (
        EDITORS, draft,
        lambda made: ("post", address(made, "comments"), {"text": "Which scale?"}, None),
        lambda made: made.comments.filter(text="Which scale?").exists(),
    ),
    "choose topics": (
        EDITORS, draft,
        lambda made: ("put", address(made, "topics"), {"topics": [topic(slug="chosen").slug]}, None),
        lambda made: made.claim.topics.filter(slug="chosen").exists(),
    ),
    "settle a comment": (
        EDITORS, lambda: reviewing.comment_on(draft(), by=person("editor"), text="Which scale?"),
        lambda made: ("post", address(made.version, f"comments/{made.pk}/settle"), {}, None),
        lambda made: fresh(made).settled_at is not None,
    ),
    "ask for changes": (
        REVIEWERS, in_review,
        lambda made: ("post", address(made, "request-changes"), {"note": "Shorter."}, made.revision),
        lambda made: state(made) == "changes-requested",
    ),
    "publish what another wrote": (
        REVIEWERS, in_review,
        lambda made: ("post", address(made, "publish"), {}, made.revision),
        lambda made: state(made) == "published",
    ),
    "withdraw a claim": (
        REVIEWERS, lambda: published().claim,
        lambda made: (
            "post", f"/api/v1/claims/{made.accession}/withdraw/", {"reason": {"en": "Twice.", "nl": "Dubbel."}}, None
        ),
        lambda made: fresh(made).withdrawn_at is not None,
    ),
    "reinstate a claim": (
        REVIEWERS,
        lambda: actions.withdraw_claim(published().claim, by=person("reviewer"), reason_en="a", reason_nl="b"),
        lambda made: ("post", f"/api/v1/claims/{made.accession}/reinstate/", {}, None),
        lambda made: fresh(made).withdrawn_at is None,
    ),
    "merge a claim into another": (
        REVIEWERS, lambda: published().claim,
        lambda made: ("post", f"/api/v1/claims/{made.accession}/merge/", {"into": "KB000001"}, None),
        lambda made: fresh(made).merged_into is not None,
    ),
}  # fmt: skip
ROLES = ("stranger", "reader", "editor", "reviewer", "admin")
CELLS = [(deed, role, role in DEEDS[deed][0]) for deed in DEEDS for role in ROLES]


def told_of(response):
    """Its headers, but for what is left of the limit."""
    return {name: value for name, value in response.items() if not name.startswith("RateLimit")}


class TestWhoMay:
    @pytest.mark.parametrize(("deed", "role", "may"), CELLS)
    def test_the_api_keeps_the_matrix(self, db, deed, role, may):
        _who, make, ask, is_done = DEEDS[deed]
        made = make()
        method, path, body, seen = ask(made)
        response = send(client_of(role), method, path, body, seen=seen)
        assert is_done(made) == may, response.content
        if may:
            assert response.status_code in (200, 201)
        elif role == "stranger":
            problem_of(response, 401)
            assert response["WWW-Authenticate"]
        else:
            assert problem_of(response, response.status_code)["status"] in (403, 404)

    @pytest.mark.parametrize("role", ["reviewer", "admin"])
    def test_nobody_publishes_what_they_wrote(self, db, role):
        made = actions.start_draft(published().claim, by=person(role))
        actions.submit_version(made, by=person(role))
        answer = send(client_of(role), "post", address(made, "publish"), {}, seen=revision(made))
        assert problem_of(answer, 403)["rule"] == "self-review"
        assert state(made) == "in-review"

    def test_nobody_reviews_without_a_statement_of_interests(self, db):
        made, newcomer = in_review(), person("editor")
        newcomer = type(newcomer).objects.create_user("newcomer")
        newcomer.groups.add(*person("reviewer").groups.all())
        client = APIClient()
        client.force_authenticate(newcomer)
        answer = send(client, "post", address(made, "publish"), {}, seen=made.revision)
        assert problem_of(answer, 403)["rule"] == "interests-undeclared"
        assert state(made) == "in-review"

    def test_comments_are_settled_once_and_only_where_they_were_made(self, db):
        made, other = draft(), draft()
        said = reviewing.comment_on(made, by=person("editor"), text="Which scale?")
        client = client_of("editor")
        assert send(client, "post", address(other, f"comments/{said.pk}/settle"), {}).status_code == 404
        assert send(client, "post", address(made, f"comments/{said.pk}/settle"), {}).status_code == 200
        again = send(client, "post", address(made, f"comments/{said.pk}/settle"), {})
        assert problem_of(again, 409)["rule"] == "comment-settled"

    def test_topics_that_are_not_there_are_pointed_at(self, db):
        answer = send(
            client_of("editor"), "put", address(draft(), "topics"), {"topics": ["sleep", "no-such"]}
        )
        assert [error["pointer"] for error in problem_of(answer, 400)["errors"]] == ["/topics/1"]

    def test_a_draft_that_is_not_for_you_is_one_that_is_not_there(self, db):
        reader, made = client_of("reader"), draft()
        for method, rest in (("get", ()), ("patch", ()), ("post", ("submit",)), ("get", ("comments",))):
            there = send(reader, method, address(made, *rest), {} if method != "get" else None, seen=1)
            nowhere = address(made, *rest).replace(str(made.pk), "999999999")
            not_there = send(reader, method, nowhere, {} if method != "get" else None, seen=1)
            assert there.status_code == not_there.status_code == 404
            assert (there.content, told_of(there)) == (not_there.content, told_of(not_there))

    def test_a_blind_rater_sees_nothing_before_rating(self, db):
        made = draft()
        reviewing.ask_second_rating(made, by=person("editor"), rater=person("reviewer"))
        client = client_of("reviewer")
        for path in (address(made), address(made, "comments")):
            assert problem_of(client.get(path), 403)["rule"] == "rating-first"

    def test_a_session_writes_only_with_its_csrf_token(self, db):
        made = draft()
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(person("editor"))
        problem_of(send(client, "patch", address(made), {"statement_en": "Other."}, seen=made.revision), 403)
        assert fresh(made).statement_en == "It helps."


class TestTokens:
    """How programs sign in; tests/kb/test_accounts.py has the tokens themselves."""

    @pytest.fixture
    def token(self, db):
        def token(scope):
            key = make_token({"name": "script", "scope": scope, "days": 1}, by=person("editor"))
            return {"authorization": f"Token {key}"}

        return token

    def test_one_that_may_write_writes(self, token, client):
        made, headers = draft(), token("write")
        headers["if-match"] = f'"{made.revision}"'
        words = json.dumps({"summary_en": "New."})
        answer = client.patch(address(made), words, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        assert fresh(made).summary_en == "New."

    @pytest.mark.parametrize("rest", [(), ("submit",), ("comments",)])
    def test_one_that_may_read_reads_and_does_not_write(self, token, client, rest):
        made, headers = draft(), token("read")
        assert client.get(address(made), headers=headers).status_code == 200
        headers["if-match"] = f'"{made.revision}"'
        method = client.post if rest else client.patch
        answer = method(address(made, *rest), "{}", content_type="application/json", headers=headers)
        assert problem_of(answer, 403)["rule"] == "read-only-token"
        assert (revision(made), state(made)) == (made.revision, "draft")

    def test_a_wrong_one_is_a_401_that_says_how(self, client, db):
        answer = client.get(address(draft()), headers={"authorization": "Token kb_nonsense"})
        problem_of(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"


class TestRevisions:
    def test_an_answer_carries_the_revision_that_the_next_write_names(self, editing):
        made = draft()
        first = editing.get(address(made))
        assert first["ETag"] == f'"{made.revision}"'
        assert first["Cache-Control"] == "private, no-store"
        for words in ({"summary_en": "One."}, {"summary_en": "Two."}):
            first = send(editing, "patch", address(made), words, seen=first["ETag"])
            assert first.status_code == 200
        assert fresh(made).summary_en == "Two."
        assert first["ETag"] == f'"{revision(made)}"'

    def test_of_two_who_saw_the_same_the_second_is_told_and_loses_nothing(self, editing):
        made, other = draft(), client_of("reviewer")
        seen = editing.get(address(made))["ETag"]
        assert send(editing, "patch", address(made), {"summary_en": "Mine."}, seen=seen).status_code == 200
        answer = send(other, "patch", address(made), {"summary_en": "Theirs."}, seen=seen)
        told = problem_of(answer, 412)
        assert told["rule"] == "stale"
        assert told["current"]["summary_en"] == "Mine." == fresh(made).summary_en
        again = send(other, "patch", address(made), {"summary_en": "Theirs."}, seen=answer["ETag"])
        assert again.status_code == 200

    def test_a_row_of_evidence_is_a_change_of_its_draft(self, editing):
        made = draft()
        row = evidence(made)
        answer = send(editing, "patch", address(made), {"summary_en": "Mine."}, seen=made.revision)
        assert str(row.pk) in [str(each["id"]) for each in problem_of(answer, 412)["current"]["evidence"]]

    @pytest.mark.parametrize(
        ("seen", "status"), [(None, 428), ("*", 400), ("7", 400), ('"x"', 400), ('"1", "2"', 400), ("", 400)]
    )
    @pytest.mark.parametrize(
        ("method", "rest", "body"),
        [
            ("patch", (), {"summary_en": "New."}),
            ("post", ("submit",), {}),
            ("post", ("publish",), {}),
            ("post", ("request-changes",), {"note": "Why?"}),
            ("post", ("discard",), {}),
            ("post", ("evidence",), {}),
            ("put", ("judgements", "imprecision"), {"step": 0}),
            ("delete", ("judgements", "imprecision"), None),
        ],
    )
    def test_every_write_says_which_revision_it_saw(self, reviewing_client, seen, status, method, rest, body):
        made = draft()
        problem_of(send(reviewing_client, method, address(made, *rest), body, seen=seen), status)
        assert revision(made) == made.revision

    def test_a_weak_mark_that_a_proxy_put_there_is_no_other_revision(self, editing):
        made = draft()
        words = {"summary_en": "New."}
        answer = send(editing, "patch", address(made), words, seen=f'W/"{made.revision}"')
        assert answer.status_code == 200

    @pytest.mark.parametrize("rest", ["submit", "discard", "request-changes", "publish"])
    def test_deeds_are_done_to_what_was_seen(self, reviewing_client, rest):
        made = in_review() if rest in ("request-changes", "publish") else draft()
        before, body = state(made), {"note": "Why?"} if rest == "request-changes" else {}
        path = address(made, rest)
        told = problem_of(send(reviewing_client, "post", path, body, seen=made.revision + 1), 412)
        assert told["current"]["state"] == before == state(made)


class TestStarting:
    def test_a_draft_is_a_copy_of_what_is_published(self, editing):
        first = published()
        answer = send(editing, "post", DRAFTS, {"claim": first.claim.accession})
        record = json.loads(answer.content)
        made = ClaimVersion.objects.get(pk=record["id"])
        assert answer.status_code == 201
        assert answer["Location"].endswith(address(made))
        assert answer["ETag"] == f'"{made.revision}"'
        assert record["base"] == first.permanent_name
        assert record["evidence"][0]["finding_en"] == "It went down."
        assert record["judgements"][0]["step"] == -1
        assert record["author"] == "the-editor"

    def test_a_new_claim_comes_with_its_first_draft(self, editing):
        about = identity(population=topic("population").slug, topics=[topic().slug, topic().slug])
        record = json.loads(send(editing, "post", DRAFTS, about).content)
        made = Claim.objects.get(slug="brand-new")
        assert (record["state"], record["claim"]["accession"]) == ("draft", None)
        assert made.population.slug == about["claim"]["population"]
        assert {each.slug for each in made.topics.all()} == set(about["claim"]["topics"])

    def test_a_claim_that_was_never_published_is_named_by_its_slug(self, editing):
        made = draft()
        actions.discard_version(made, by=person("editor"))
        assert send(editing, "post", DRAFTS, {"claim": made.claim.slug}).status_code == 201

    @pytest.mark.parametrize(
        ("words", "pointer"),
        [
            ({"intervention": "no-such-topic"}, "/claim/intervention"),
            ({"intervention": None}, "/claim/intervention"),
            ({"kind": "miracle"}, "/claim/kind"),
            ({"slug": "not a slug"}, "/claim/slug"),
            ({"slug": "x" * 121}, "/claim/slug"),
            ({"slug": 5}, "/claim/slug"),
            ({"accession": "KB999999"}, "/claim/accession"),
            ({"topics": ["no-such-topic"]}, "/claim/topics/0"),
            ({"topics": "sleep"}, "/claim/topics"),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, editing, words, pointer):
        assert pointers(send(editing, "post", DRAFTS, identity(**words))) == {pointer}
        assert not Claim.objects.filter(slug="brand-new").exists()

    @pytest.mark.parametrize(
        "body", [{}, {"claim": "KB999999"}, {"claim": None}, {"claim": 7}, {"claim": []}]
    )
    def test_a_claim_that_is_not_there_is_said_so(self, editing, body):
        assert pointers(send(editing, "post", DRAFTS, body)) == {"/claim"}

    def test_a_second_open_draft_is_refused(self, editing):
        made = draft()
        answer = send(editing, "post", DRAFTS, {"claim": made.claim.slug})
        assert problem_of(answer, 409)["rule"] == "draft-open"

    def test_a_slug_that_is_taken_is_a_conflict(self, editing):
        other = claim()
        answer = send(editing, "post", DRAFTS, identity(slug=other.slug))
        assert problem_of(answer, 409)["rule"].startswith("claims-claim-slug")
        assert "SQL" not in problem_of(answer, 409)["detail"]

    def test_the_same_claim_twice_is_a_conflict_in_the_words_of_the_rule(self, editing):
        other = claim()
        about = {"intervention": other.intervention.slug, "outcome": other.outcome.slug}
        told = problem_of(send(editing, "post", DRAFTS, identity(**about)), 409)
        assert (told["rule"], told["detail"]) == (
            "claim-stated-once",
            "There is already a claim about exactly this.",
        )
        assert not Claim.objects.filter(slug="brand-new").exists()

    def test_a_rule_about_its_own_values_is_a_bad_request(self, editing):
        told = problem_of(send(editing, "post", DRAFTS, identity(direction=None)), 400)
        assert told["rule"] == "claim-has-a-direction"

    def test_a_withdrawn_claim_is_not_drafted(self, editing):
        made = actions.withdraw_claim(published().claim, by=person("reviewer"), reason_en="a", reason_nl="b")
        told = problem_of(send(editing, "post", DRAFTS, {"claim": made.accession}), 409)
        assert told["rule"] == "claim-closed"


class TestList:
    def listed(self, client, **asked):
        return {record["id"] for record in json.loads(client.get(DRAFTS, asked).content)["results"]}

    def test_shows_what_is_mine_and_open_unless_asked_otherwise(self, editing):
        mine, handed_in, out = draft(), in_review(), published()
        theirs = actions.start_draft(published().claim, by=person("reviewer"))
        helped = actions.start_draft(published().claim, by=person("reviewer"))
        actions.edit_draft(helped, by=person("editor"), caveats_en="One site.")
        assert self.listed(editing) == {mine.pk, handed_in.pk, helped.pk}
        assert self.listed(editing, state="in-review") == {handed_in.pk}
        assert self.listed(editing, mine="false") == {mine.pk, handed_in.pk, helped.pk, theirs.pk}
        assert out.pk in self.listed(editing, state="published")

    @pytest.mark.parametrize("asked", [{"state": "lost"}, {"mine": "yes"}, {"page": "0"}, {"stat": "draft"}])
    def test_a_parameter_that_means_nothing_is_refused(self, editing, asked):
        told = problem_of(editing.get(DRAFTS, asked), 400)
        assert told["errors"][0]["parameter"] in asked

    def test_readers_and_strangers_get_no_list(self, db):
        assert problem_of(client_of("reader").get(DRAFTS), 403)["rule"] == "missing-role"
        assert problem_of(client_of("stranger").get(DRAFTS), 401)

    def test_asks_the_base_as_much_for_many_as_for_one(self, editing, django_assert_num_queries):
        for more in range(2):
            for _each in range(1 + more):
                draft()
            with django_assert_num_queries(3):  # the limit, the count, the page
                editing.get(DRAFTS)


class TestWriting:
    def test_what_is_left_out_stays_and_null_empties(self, editing):
        made = draft()
        words = {"summary_en": None, "strength": None, "verdict": "mixed", "searched_through": "2026-02-03"}
        record = json.loads(send(editing, "patch", address(made), words, seen=made.revision).content)
        now = fresh(made)
        assert (now.summary_en, now.strength, now.verdict) == ("", None, "mixed")
        assert now.searched_through.isoformat() == record["searched_through"] == "2026-02-03"
        assert now.summary_nl == "Het lijkt te helpen."

    @pytest.mark.parametrize(
        "words",
        [
            {"number": 3}, {"state": "published"}, {"author": "the-reader"}, {"published_at": "2026-01-01"},
            {"revision": 1}, {"id": 1}, {"claim": "KB000001"}, {"evidence": []}, {"judgements": []}, {"document": ""},
            {"reviewer": "the-editor"}, {"change_note": "x"}, {"statment_en": "It helps."}, {"strength": "3"},
            {"strength": 5}, {"strength": True}, {"strength": 2**70}, {"statement_en": 5}, {"statement_en": ["x"]},
            {"statement_en": {}}, {"verdict": "maybe"}, {"verdict": None}, {"verdict": 1}, {"searched_through": "soon"},
            {"searched_through": 20260101}, {"statement_en": "\x00"}, {"statement_en": "\u200b"}, {"a/b~c": 1},
        ],
        ids=str,
    )  # fmt: skip
    def test_what_is_not_written_here_is_named_and_nothing_is_kept(self, editing, words):
        made = draft()
        answer = send(editing, "patch", address(made), {"summary_en": "New.", **words}, seen=made.revision)
        name = next(iter(words)).replace("~", "~0").replace("/", "~1")
        assert pointers(answer) == {f"/{name}"}
        assert (revision(made), fresh(made).summary_en) == (made.revision, "It seems to help.")

    def test_says_of_each_member_what_is_wrong_with_it(self, editing):
        made = draft()
        words = {"state": "published", "statment_en": "x", "strength": "3"}
        told = problem_of(send(editing, "patch", address(made), words, seen=made.revision), 400)
        assert told["errors"] == [
            {
                "pointer": "/state",
                "detail": "is not written here: it follows from submit, request-changes, publish and discard.",
            },
            {"pointer": "/statment_en", "detail": "is not a member here."},
            {"pointer": "/strength", "detail": "is not a whole number."},
        ]

    def test_a_rule_of_the_base_is_told_in_its_own_words(self, editing):
        made = draft()
        words = {"next_review_due": "2001-01-01"}
        told = problem_of(send(editing, "patch", address(made), words, seen=made.revision), 400)
        assert told["rule"] == "version-review-due-after-search"
        assert told["detail"] == "The next review is due after the date searched through."
        assert revision(made) == made.revision

    def test_a_version_in_review_is_not_written_in(self, editing):
        made = in_review()
        told = problem_of(
            send(editing, "patch", address(made), {"summary_en": "New."}, seen=made.revision), 409
        )
        assert told["rule"] == "wrong-state"
        assert fresh(made).summary_en == "It seems to help."


class TestEvidence:
    def row(self, **words):
        report = publication()
        given = {
            "study": report.study.key,
            "publication": report.key,
            "direction": "supports",
            "outcome_measure_en": "pain",
            "outcome_measure_nl": "pijn",
            "measure": "MD",
            "estimate": -0.35,
            "ci_low": -0.5,
            "ci_high": -0.2,
            "n": 46,
        }
        return given | words

    def test_is_added_changed_and_taken_out_each_with_a_new_revision(self, editing):
        made = draft()
        added = send(editing, "post", address(made, "evidence"), self.row(), seen=made.revision)
        record = json.loads(added.content)
        assert (added.status_code, added["ETag"]) == (201, f'"{revision(made)}"')
        assert added["Location"].endswith(address(made, "evidence", str(record["id"])))
        assert (record["estimate"], record["ci_level"]) == (-0.35, 95)
        path = address(made, "evidence", str(record["id"]))
        words = {"n": None, "locator": "Table 2"}
        changed = send(editing, "patch", path, words, seen=added["ETag"])
        row = Evidence.objects.get(pk=record["id"])
        assert (row.n, row.locator, str(row.estimate)) == (None, "Table 2", "-0.350000")
        removed = send(editing, "delete", path, seen=changed["ETag"])
        assert (removed.status_code, removed["ETag"]) == (204, f'"{revision(made)}"')
        assert not Evidence.objects.filter(pk=row.pk).exists()
        assert int(removed["ETag"].strip('"')) > int(changed["ETag"].strip('"')) > made.revision

    @pytest.mark.parametrize(
        ("words", "pointer"),
        [
            ({"study": "nobody-1900"}, "/study"),
            ({"publication": "nobody-1900"}, "/publication"),
            ({"publication": None}, "/publication"),
            ({"n": 4.5}, "/n"),
            ({"n": 2**40}, "/n"),
            ({"n": "46"}, "/n"),
            ({"estimate": "-0.35"}, "/estimate"),
            ({"estimate": 0.1234567}, "/estimate"),
            ({"is_secondary": "yes"}, "/is_secondary"),
            ({"direction": "up"}, "/direction"),
            ({"version": 1}, "/version"),
            ({"id": 1}, "/id"),
            ({"locator": "x" * 301}, "/locator"),
            ({"arms": {"a": "\x00"}}, "/arms/a"),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, editing, words, pointer):
        made = draft()
        answer = send(editing, "post", address(made, "evidence"), self.row(**words), seen=made.revision)
        assert pointers(answer) == {pointer}
        assert revision(made) == made.revision

    def test_a_publication_reports_its_own_study(self, editing):
        made = draft()
        words = self.row(publication=publication().key)
        assert pointers(send(editing, "post", address(made, "evidence"), words, seen=made.revision)) == {
            "/publication"
        }

    def test_a_rule_of_the_row_is_told(self, editing):
        made = draft()
        words = self.row(ci_low=3)
        told = problem_of(send(editing, "post", address(made, "evidence"), words, seen=made.revision), 400)
        assert told["rule"] == "evidence-interval-holds-the-estimate"

    def test_one_row_for_a_study_and_outcome(self, editing):
        made, words = draft(), self.row()
        first = send(editing, "post", address(made, "evidence"), words, seen=made.revision)
        told = problem_of(send(editing, "post", address(made, "evidence"), words, seen=first["ETag"]), 409)
        assert told["rule"] == "evidence-once-per-outcome"

    def test_a_row_of_another_draft_is_not_there(self, editing):
        made, row = draft(), draft().evidence.get()
        path = address(made, "evidence", str(row.pk))
        problem_of(send(editing, "patch", path, {"n": 1}, seen=made.revision), 404)
        problem_of(send(editing, "delete", path, seen=made.revision), 404)
        assert fresh(row).n == 46

    def test_nothing_is_taken_out_of_what_is_in_review(self, editing):
        made = in_review()
        path = address(made, "evidence", str(made.evidence.get().pk))
        assert problem_of(send(editing, "delete", path, seen=made.revision), 409)["rule"] == "wrong-state"
        assert made.evidence.count() == 1


class TestJudgements:
    def test_is_put_in_place_of_the_one_before_and_taken_out(self, editing):
        made = draft()
        path = address(made, "judgements", "imprecision")
        words = {"step": -2, "reason_en": "Very few.", "reason_nl": "Heel weinig."}
        put = send(editing, "put", path, words, seen=made.revision)
        assert json.loads(put.content) == {"domain": "imprecision", **words}
        assert made.judgements.get().step == -2
        again = send(editing, "put", path, {"step": 0}, seen=put["ETag"])
        assert made.judgements.get().reason_nl == ""
        removed = send(editing, "delete", path, seen=again["ETag"])
        assert (removed.status_code, removed["ETag"]) == (204, f'"{revision(made)}"')
        assert not made.judgements.exists()

    def test_a_domain_judged_for_the_first_time(self, editing):
        made = draft()
        words = {"step": -1, "reason_en": "Open.", "reason_nl": "Open."}
        path = address(made, "judgements", "risk-of-bias")
        assert send(editing, "put", path, words, seen=made.revision).status_code == 200
        assert made.judgements.filter(domain="risk-of-bias", step=-1).exists()

    @pytest.mark.parametrize("words", [{"step": 1}, {"step": -1}])
    def test_the_rules_of_a_step_are_told(self, editing, words):
        made = draft()
        path = address(made, "judgements", "inconsistency")
        told = problem_of(send(editing, "put", path, words, seen=made.revision), 400)
        assert told["rule"].startswith("judgement-step-")
        assert not Judgement.objects.filter(version=made, domain="inconsistency").exists()

    @pytest.mark.parametrize("words", [{}, {"step": 3}, {"step": "0"}, {"step": None}])
    def test_a_step_is_a_whole_number_from_minus_two_to_two(self, editing, words):
        made = draft()
        path = address(made, "judgements", "inconsistency")
        assert pointers(send(editing, "put", path, words, seen=made.revision)) == {"/step"}

    def test_a_domain_that_does_not_exist_is_not_there(self, editing):
        made = draft()
        path = address(made, "judgements", "charm")
        problem_of(send(editing, "put", path, {"step": 0}, seen=made.revision), 404)
        problem_of(send(editing, "delete", path, seen=made.revision), 404)


class TestDeciding:
    def test_from_a_draft_to_what_everybody_reads(self, editing, reviewing_client, client):
        made = draft()
        handed_in = send(editing, "post", address(made, "submit"), seen=made.revision)
        assert json.loads(handed_in.content)["state"] == "in-review"
        back = send(
            reviewing_client, "post", address(made, "request-changes"), {"note": "Shorter."}, seen=handed_in["ETag"]
        )  # fmt: skip
        assert json.loads(back.content)["change_note"] == "Shorter."
        shorter = send(editing, "patch", address(made), {"summary_en": "It may help."}, seen=back["ETag"])
        handed_in = send(editing, "post", address(made, "submit"), seen=shorter["ETag"])
        done = send(
            reviewing_client, "post", address(made, "publish"), {"note": "New."}, seen=handed_in["ETag"]
        )
        told = json.loads(done.content)
        assert done.status_code == 200
        assert done["ETag"] == f'"{revision(made)}"'
        record = json.loads(client.get(f"/api/v1/claims/{told['accession']}/").content)
        assert record["summary"]["en"] == "It may help."
        assert record["permalink"] == told["permalink"]
        assert record["change"] == {"kind": "first", "note": "New."}
        assert told["sha256"] == fresh(made).document_sha256

    @pytest.mark.parametrize(
        ("rest", "make"),
        [("publish", draft), ("request-changes", draft), ("submit", in_review), ("submit", published), ("discard", published)],
    )  # fmt: skip
    def test_a_deed_out_of_its_state_is_a_conflict(self, reviewing_client, rest, make):
        made = make()
        before, body = state(made), {"note": "Why?"} if rest == "request-changes" else {}
        told = problem_of(send(reviewing_client, "post", address(made, rest), body, seen=revision(made)), 409)
        assert told["rule"] == "wrong-state"
        assert state(made) == before

    def test_a_rating_against_its_rules_is_a_conflict_that_names_them(self, reviewing_client):
        made = in_review(strength=2)
        told = problem_of(
            send(reviewing_client, "post", address(made, "publish"), {}, seen=revision(made)), 409
        )
        assert told["rule"] == "version-rated-by-its-rules"
        assert told["detail"].startswith("The steps give strength 3, not 2")
        assert state(made) == "in-review"

    def test_an_undated_version_is_a_conflict(self, reviewing_client):
        made = in_review(searched_through=None, next_review_due=None)
        told = problem_of(
            send(reviewing_client, "post", address(made, "publish"), {}, seen=revision(made)), 409
        )
        assert told["rule"] == "undated"

    @pytest.mark.parametrize("words", [{}, {"note": ""}, {"note": 5}, {"note": " "}])
    def test_whoever_asks_for_changes_says_which(self, reviewing_client, words):
        made = in_review()
        answer = send(reviewing_client, "post", address(made, "request-changes"), words, seen=made.revision)
        assert pointers(answer) == {"/note"}
        assert state(made) == "in-review"

    def test_deeds_without_words_take_none(self, editing):
        made = draft()
        answer = send(editing, "post", address(made, "submit"), {"note": "Ready."}, seen=made.revision)
        assert pointers(answer) == {"/note"}
        assert state(made) == "draft"


class TestClosing:
    def test_withdrawn_and_put_back(self, reviewing_client, client):
        made = published().claim
        path = f"/api/v1/claims/{made.accession}/"
        words = {"reason": {"en": "Twice.", "nl": "Dubbel."}}
        assert send(reviewing_client, "post", f"{path}withdraw/", words).status_code == 200
        assert json.loads(client.get(path).content)["reason"] == words["reason"]
        told = problem_of(send(reviewing_client, "post", f"{path}withdraw/", words), 409)
        assert told["rule"] == "claim-closed"
        assert send(reviewing_client, "post", f"{path}reinstate/").status_code == 200
        assert client.get(path).status_code == 200
        told = problem_of(send(reviewing_client, "post", f"{path}reinstate/"), 409)
        assert told["rule"] == "claim-stands"

    def test_merged_and_led_on(self, reviewing_client, client):
        made = published().claim
        answer = send(
            reviewing_client, "post", f"/api/v1/claims/{made.accession}/merge/", {"into": "KB000001"}
        )
        assert json.loads(answer.content)["merged_into"] == "KB000001"
        assert client.get(f"/api/v1/claims/{made.accession}/")["Location"].endswith("/claims/KB000001/")

    def test_a_claim_is_not_merged_into_itself(self, reviewing_client):
        made = published().claim
        path = f"/api/v1/claims/{made.accession}/merge/"
        told = problem_of(send(reviewing_client, "post", path, {"into": made.accession}), 400)
        assert told["rule"] == "same-claim"

    @pytest.mark.parametrize(
        ("deed", "words", "pointer"),
        [
            ("withdraw", {}, "/reason"),
            ("withdraw", {"reason": "Twice."}, "/reason"),
            ("withdraw", {"reason": {"en": "Twice."}}, "/reason/nl"),
            ("withdraw", {"reason": {"en": "Twice.", "nl": ""}}, "/reason/nl"),
            ("merge", {}, "/into"),
            ("merge", {"into": "KB999999"}, "/into"),
            ("merge", {"into": 1}, "/into"),
            ("reinstate", {"why": "x"}, "/why"),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, reviewing_client, deed, words, pointer):
        made = published().claim
        answer = send(reviewing_client, "post", f"/api/v1/claims/{made.accession}/{deed}/", words)
        assert pointers(answer) == {pointer}

    @pytest.mark.parametrize("name", ["KB999999", "KB000001.1", "draft-slug", "KB000001.0"])
    def test_only_a_published_claim_has_these_addresses(self, reviewing_client, name):
        words = {"reason": {"en": "Twice.", "nl": "Dubbel."}}
        problem_of(send(reviewing_client, "post", f"/api/v1/claims/{name}/withdraw/", words), 404)


class TestComments:
    def test_is_said_answered_and_read(self, editing, reviewing_client):
        made = draft()
        path = address(made, "comments")
        said = send(reviewing_client, "post", path, {"field": "summary_nl", "text": "Which dose?"})
        first = json.loads(said.content)
        assert said.status_code == 201
        answer = send(editing, "post", path, {"text": "500 mg.", "reply_to": first["id"]})
        assert json.loads(answer.content)["field"] == "summary_nl"
        read = json.loads(editing.get(path).content)
        assert [(each["author"], each["text"]) for each in read["results"]] == [
            ("the-reviewer", "Which dose?"),
            ("the-editor", "500 mg."),
        ]
        assert revision(made) == made.revision

    @pytest.mark.parametrize(
        ("words", "pointer"),
        [
            ({}, "/text"),
            ({"text": ""}, "/text"),
            ({"text": "\u200b"}, "/text"),
            ({"text": "x" * 20_001}, "/text"),
            ({"text": "x", "field": "y" * 421}, "/field"),
            ({"text": "x", "reply_to": 10**12}, "/reply_to"),
            ({"text": "x", "reply_to": "1"}, "/reply_to"),
            ({"text": "x", "reply_to": True}, "/reply_to"),
            ({"text": "x", "author": "the-reader"}, "/author"),
            ({"text": "x", "settled_at": "2026-01-01"}, "/settled_at"),
        ],
    )
    def test_what_is_wrong_is_pointed_at(self, editing, words, pointer):
        made = draft()
        assert pointers(send(editing, "post", address(made, "comments"), words)) == {pointer}
        assert not Comment.objects.exists()

    def test_a_comment_on_another_draft_is_not_answered_here(self, editing):
        made, other = draft(), reviewing.comment_on(draft(), by=person("editor"), text="Elsewhere.")
        words = {"text": "x", "reply_to": other.pk}
        assert pointers(send(editing, "post", address(made, "comments"), words)) == {"/reply_to"}

    def test_what_is_published_is_not_commented_on(self, editing):
        told = problem_of(send(editing, "post", address(published(), "comments"), {"text": "x"}), 409)
        assert told["rule"] == "wrong-state"


class TestSendingAgain:
    """A program that heard nothing sends again; with a key of its own that is not doing it again."""

    def test_the_first_answer_comes_again_and_nothing_is_done_twice(self, editing):
        made = draft()
        words = {"text": "Which dose?"}
        first, again = (
            send(editing, "post", address(made, "comments"), words, **{"idempotency-key": "k-1"})
            for _ in "12"
        )
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert Comment.objects.count() == 1

    def test_also_where_the_draft_moved_on_by_it(self, editing):
        made = draft()
        body = TestEvidence().row()
        first, again = (
            send(
                editing,
                "post",
                address(made, "evidence"),
                body,
                seen=made.revision,
                **{"idempotency-key": "k-1"},
            )
            for _ in "12"
        )
        assert again.status_code == 201
        assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
        assert again["Cache-Control"] == "private, no-store"
        assert made.evidence.count() == 2

    def test_another_body_or_address_under_the_same_key_is_refused(self, editing):
        made, other = draft(), draft()
        key = {"idempotency-key": "k-1"}
        assert send(editing, "post", address(made, "comments"), {"text": "a"}, **key).status_code == 201
        problem_of(send(editing, "post", address(made, "comments"), {"text": "b"}, **key), 422)
        problem_of(send(editing, "post", address(other, "comments"), {"text": "a"}, **key), 422)
        assert Comment.objects.count() == 1

    def test_a_key_belongs_to_one_person(self, editing, reviewing_client):
        made, words, key = draft(), {"text": "a"}, {"idempotency-key": "k-1"}
        for client in (editing, reviewing_client):
            assert send(client, "post", address(made, "comments"), words, **key).status_code == 201
        assert {comment.author.username for comment in Comment.objects.all()} == {
            "the-editor",
            "the-reviewer",
        }

    def test_what_was_refused_may_be_sent_again_and_leaves_no_row(self, editing):
        made, key = draft(), {"idempotency-key": "k-1"}
        problem_of(send(editing, "post", address(made, "submit"), {}, seen=made.revision + 1, **key), 412)
        assert not SentRequest.objects.exists()
        assert (
            send(editing, "post", address(made, "submit"), {}, seen=made.revision, **key).status_code == 200
        )

    def test_whoever_lost_the_role_is_told_nothing(self, editing):
        made, key = draft(), {"idempotency-key": "k-1"}
        send(editing, "post", address(made, "comments"), {"text": "a"}, **key)
        somebody = person("editor")
        somebody.groups.clear()
        client = APIClient()
        client.force_authenticate(type(somebody).objects.get(pk=somebody.pk))
        problem_of(send(client, "post", address(made, "comments"), {"text": "a"}, **key), 404)

    @pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201])
    def test_a_key_is_short_and_visible(self, editing, key):
        made = draft()
        problem_of(
            send(editing, "post", address(made, "comments"), {"text": "a"}, **{"idempotency-key": key}), 400
        )
        assert not Comment.objects.exists()

    def test_is_forgotten_after_a_day(self, editing):
        made = draft()
        SentRequest.objects.create(person=person("editor"), key="old", sha256="x")
        SentRequest.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=25))
        key = {"idempotency-key": "new"}
        send(editing, "post", address(made, "comments"), {"text": "a"}, **key)
        assert set(SentRequest.objects.values_list("key", flat=True)) == {"new"}


def rows():
    """Every table of both rooms with its number of rows."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith(("claims_", "studies_"))
        ]
        counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)  # noqa: S608
        cursor.execute(counts)
        return dict(cursor.fetchall())


BODIES = [
    (b'{"summary_en": ', 400, "not JSON"),
    (b'{"summary_en": "a" "b"}', 400, "column"),
    (b"[1, 2]", 400, "JSON object"),
    (b'"x"', 400, "JSON object"),
    (b"null", 400, "JSON object"),
    (b"5", 400, "JSON object"),
    (b'{"strength": NaN}', 400, "NaN"),
    (b'{"strength": Infinity}', 400, "Infinity"),
    (b'{"strength": 1e400}', 400, "1e400"),
    (b'{"strength": 1.5}', 400, ""),
    (b'{"summary_en": "\\u0000"}', 400, ""),
    (b'{"summary_en": "\\ud800"}', 400, ""),
    (b'{"\\ud800": "x"}', 400, ""),
    (b'{"strength": 1180591620717411303424}', 400, ""),
    (b'{"strength": ' + b"9" * 5000 + b"}", 400, "too many digits"),
    (b'{"summary_en": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "nested too deep"),
    (b'{"summary_en": ' + b"[" * 900 + b"]" * 900 + b"}", 400, ""),
    (b'{"summary_en": "a", "summary_en": "b"}', 400, "twice"),
    (b'{"summary_en": "\xff\xfe"}', 400, "utf-8"),
    ('{"summary_en": "x"}'.encode("utf-16"), 400, "utf-8"),
    (b'{"summary_en": "' + b"x" * 3_000_000 + b'"}', 413, "larger"),
    (b" ", 400, "not JSON"),
]


class TestBodies:
    @pytest.mark.parametrize(("body", "status", "words"), BODIES, ids=lambda value: str(value)[:30])
    def test_a_body_that_cannot_be_taken_is_refused_and_writes_nothing(self, editing, body, status, words):
        made, before = draft(), None
        before = rows()
        answer = editing.patch(
            address(made), body, content_type="application/json", headers={"if-match": f'"{made.revision}"'}
        )
        assert words in problem_of(answer, status)["detail"]
        assert (rows(), revision(made)) == (before, made.revision)

    @pytest.mark.parametrize(
        "kind", ["application/xml", "text/plain", "multipart/form-data; boundary=x", "", "nonsense"]
    )
    def test_only_json_is_taken(self, editing, kind):
        made = draft()
        answer = editing.generic(
            "PATCH", address(made), b"{}", content_type=kind, headers={"if-match": f'"{made.revision}"'}
        )
        problem_of(answer, 415)

    def test_another_charset_in_the_content_type_is_not_believed(self, editing):
        made = draft()
        body = '{"summary_en": "Één."}'.encode()
        answer = editing.generic(
            "PATCH",
            address(made),
            body,
            content_type="application/json; charset=rot13",
            headers={"if-match": f'"{made.revision}"'},
        )
        assert answer.status_code == 200
        assert fresh(made).summary_en == "Één."

    def test_a_body_without_its_length_is_refused(self, editing):
        made = draft()
        answer = editing.patch(
            address(made), headers={"if-match": f'"{made.revision}"', "transfer-encoding": "chunked"}
        )
        problem_of(answer, 411)

    @pytest.mark.parametrize(
        ("method", "rest"),
        [
            ("put", ()),
            ("delete", ()),
            ("post", ()),
            ("trace", ()),
            ("get", ("submit",)),
            ("delete", ("publish",)),
            ("get", ("evidence",)),
            ("put", ("evidence", "1")),
            ("post", ("judgements", "imprecision")),
            ("delete", ("comments",)),
        ],
    )
    def test_a_method_that_is_not_there_is_refused(self, editing, method, rest):
        made = draft()
        answer = editing.generic(method.upper(), address(made, *rest))
        problem_of(answer, 405)
        assert answer["Allow"]
        assert (state(made), revision(made)) == ("draft", made.revision)

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_the_list_itself_is_not_written(self, editing, method):
        problem_of(editing.generic(method.upper(), DRAFTS), 405)

    def test_another_method_in_a_header_is_not_believed(self, editing):
        made = draft()
        answer = editing.post(address(made), headers={"x-http-method-override": "PATCH"})
        problem_of(answer, 405)

    @pytest.mark.parametrize("name", ["999999999", "9" * 18, "9" * 30, "abc", "-1", "1.5"])
    def test_a_number_that_no_draft_has_is_not_there(self, editing, name):
        problem_of(editing.get(f"{DRAFTS}{name}/"), 404)

    def test_a_parameter_in_the_address_is_refused(self, editing):
        made = draft()
        answer = send(editing, "patch", f"{address(made)}?force=1", {"summary_en": "x"}, seen=made.revision)
        assert problem_of(answer, 400)["errors"][0]["parameter"] == "force"
        assert revision(made) == made.revision
