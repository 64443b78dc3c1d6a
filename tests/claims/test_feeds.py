"""The feed of changes: every kind, in order, without a gap, and enough to rebuild what the API serves."""

import json
from xml.etree import ElementTree

import pytest
from django.db import connection, transaction

from claims import actions
from claims.models import Change, StaleMark
from tests.factories import claim, draft, notice, person, published, version_again

FEED = "/api/v1/changes/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def since(db):
    return Change.objects.order_by("-seq").values_list("seq", flat=True).first()


@pytest.fixture
def told(client, since):
    """The kinds and accessions of what was told since the test began."""

    def told():
        return [
            (row["kind"], row["accession"]) for row in client.get(FEED, {"since": since}).json()["results"]
        ]

    return told


class TestWhatIsTold:
    def test_a_first_version_and_each_kind_of_next_one(self, told):
        first = published()
        version_again(first, summary_en="Other words.", summary_nl="Andere woorden.")
        name = first.claim.accession
        assert told() == [("published", name), ("wording-only", name)]

    def test_a_retraction_says_both_what_happened_and_what_follows(self, told):
        version = published()
        notice(version.evidence.get().publication)
        name = version.claim.accession
        assert told()[1:] == [("source-retracted", name), ("under-review", name)]

    def test_a_dismissed_mark_ends_the_review(self, told):
        version = published()
        notice(version.evidence.get().publication)
        actions.dismiss_mark(
            StaleMark.objects.get(claim=version.claim), by=person("reviewer"), resolution="Not its rows."
        )
        assert told()[-1] == ("review-settled", version.claim.accession)

    def test_a_new_version_settles_what_was_marked_before_it_is_told(self, told):
        version = published()
        notice(version.evidence.get().publication)
        version_again(version, verdict="mixed")
        assert [kind for kind, _name in told()[3:]] == ["review-settled", "verdict-changed"]

    def test_withdrawn_reinstated_merged(self, told):
        version, other = published(), published()
        actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        actions.reinstate_claim(version.claim, by=person("reviewer"))
        actions.merge_claims(version.claim, into=other.claim, by=person("reviewer"))
        name = version.claim.accession
        assert told()[2:] == [("withdrawn", name), ("reinstated", name), ("merged", name)]

    def test_a_correction_changes_the_standing_alone(self, told):
        version = published()
        notice(version.evidence.get().publication, "correction")
        assert told()[1:] == [("standing-changed", version.claim.accession)]

    def test_drafts_are_not_told(self, told):
        version = published()
        draft(claim())
        actions.start_draft(version.claim, by=person("editor"), summary_en="Secret.")
        assert len(told()) == 1

    def test_the_whole_base_is_in_it_from_zero(self, client, db):
        body = client.get(FEED, {"limit": 1000}).json()
        numbers = [row["seq"] for row in body["results"]]
        assert numbers == list(range(numbers[0], body["latest"] + 1)) and body["next"] is None

    def test_what_is_rolled_back_leaves_no_gap(self, told, since):
        with transaction.atomic():
            published()
            transaction.set_rollback(True)
        published()
        assert Change.objects.latest("seq").seq == since + 1


class TestTheAnswer:
    def test_next_leads_to_the_rest(self, client, db):
        first = client.get(FEED, {"limit": 2}).json()
        rest = client.get(first["next"]).json()
        assert [row["seq"] for row in rest["results"]] == [row["seq"] + 2 for row in first["results"]]

    def test_replayed_with_documents_it_gives_what_the_api_serves(self, client, since):
        version = published()
        notice(version.evidence.get().publication)
        rows = client.get(FEED, {"since": since, "include": "document"}).json()["results"]
        document = rows[0]["document"]
        rebuilt = {"permalink": rows[-1]["permalink"], "standing": rows[-1]["standing"], **document}
        served = client.get(f"/api/v1/claims/{version.claim.accession}/").content.decode()
        assert json.dumps(rebuilt, ensure_ascii=False, separators=(",", ":")) == served

    def test_can_be_narrowed_to_kinds(self, client, since):
        version = published()
        notice(version.evidence.get().publication)
        rows = client.get(FEED, {"since": since, "kind": ["under-review", "merged"]}).json()["results"]
        assert [row["kind"] for row in rows] == ["under-review"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("since", "-1"), ("since", "x"), ("limit", "0"), ("limit", "1001"), ("kind", "gossip"), ("include", "all"), ("sinec", "1")],
    )  # fmt: skip
    def test_a_bad_parameter_is_named(self, client, db, name, value):
        body = client.get(FEED, {name: value})
        assert body.status_code == 400 and body.json()["errors"][0]["parameter"] == name

    def test_asks_the_database_little(self, client, db, django_assert_max_num_queries):
        with django_assert_max_num_queries(3):
            client.get(FEED, {"limit": 1000, "include": "document"})

    def test_is_only_read(self, client, db):
        assert client.post(FEED).status_code == 405


class TestPageAndAtom:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_the_page_and_the_feed_tell_the_latest(self, client, db, language):
        version = published()
        notice(version.evidence.get().publication)
        assert version.claim.accession in client.get(f"/{language}/changes/").content.decode()
        feed = ElementTree.fromstring(client.get(f"/{language}/changes/feed.atom").content)
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) == 50
        assert (
            entries[0]
            .find(f"{ATOM}link")
            .get("href")
            .endswith(f"/{language}/claims/{version.claim.accession}.1/")
        )
        assert len({entry.find(f"{ATOM}id").text for entry in entries}) == 50

    def test_a_topic_has_its_own(self, client, db):
        version = published()
        slug = version.topics.get().slug
        feed = ElementTree.fromstring(client.get(f"/en/topics/{slug}/feed.atom").content)
        assert len(feed.findall(f"{ATOM}entry")) == 1

    def test_a_topic_of_drafts_alone_has_none(self, client, db):
        slug = draft(claim()).claim.topics.get().slug
        assert client.get(f"/en/topics/{slug}/feed.atom").status_code == 404

    def test_a_page_past_the_end_is_refused(self, client, db):
        assert client.get("/en/changes/?page=9999").status_code == 400

    def test_asks_the_database_little(self, client, db, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            client.get("/en/changes/")
        with django_assert_max_num_queries(2):
            client.get("/en/changes/feed.atom")


def test_numbers_follow_the_order_of_commits(db):
    """The lock on the feed's one row is held to the end of the transaction, so a later number commits later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_moment()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation "
            "WHERE relname = 'claims_feed' AND mode = 'RowExclusiveLock' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 1
