"""The API on the real base: what clients get, what is refused, and that drafts leak nowhere."""

import json

import pytest

from claims.models import Claim, ClaimVersion, Topic
from tests.factories import draft, in_review, notice, published, version_again

LIST = "/api/v1/claims/"


@pytest.fixture
def get(client, db):
    def get(address, status=200, **parameters):
        response = client.get(address, parameters)
        assert response.status_code == status, response.content
        return json.loads(response.content)

    return get


class TestList:
    def test_serves_every_published_claim_once(self, get):
        found, page = [], 1
        while page:
            body = get(LIST, page=page, page_size=30)
            found += [record["accession"] for record in body["results"]]
            page = page + 1 if body["next"] else None
        assert len(found) == len(set(found)) == body["count"] == ClaimVersion.objects.current().count() > 70

    def test_each_record_says_what_it_is_and_may_be_used_for(self, get):
        record = get(LIST, page_size=1)["results"][0]
        assert record["accession"].startswith("KB") and record["version"] == 1
        assert record["permalink"].endswith(f"/claims/{record['accession']}.{record['version']}/")
        assert record["licence"]["data"] == "CC-BY-4.0"
        assert record["updated_at"].endswith("Z")
        assert set(record["statement"]) == set(record["plain_sentence"]) == {"en", "nl"}
        assert set(record["rating"]["strength"]) == {"code", "value", "status", "label", "words"}

    def test_at_least_leaves_out_the_weaker_and_the_unrated(self, get):
        values = [
            r["rating"]["strength"]["value"] for r in get(LIST, strength_min="low", page_size=200)["results"]
        ]
        assert values and min(values) >= 2

    def test_exactly_and_not_rated_may_be_asked_for_together(self, get):
        body = get(LIST, strength=["moderate", "none"], page_size=200)
        values = {r["rating"]["strength"] and r["rating"]["strength"]["value"] for r in body["results"]}
        assert values == {3, None}

    def test_repeated_parameter_means_any_of(self, get):
        one, other = get(LIST, kind="harm")["count"], get(LIST, kind="interaction")["count"]
        assert one and other and get(LIST, kind=["harm", "interaction"])["count"] == one + other

    def test_a_broad_topic_finds_the_claims_about_narrower_ones(self, get):
        narrow = {r["accession"] for r in get(LIST, topic="cortisol", page_size=200)["results"]}
        broad = {r["accession"] for r in get(LIST, topic="stress-hormones", page_size=200)["results"]}
        assert narrow and narrow < broad | narrow and narrow <= broad

    def test_design_means_rests_on_at_least_one_such_study(self, get):
        record = get(LIST, design="animal", page_size=1)["results"][0]
        full = get(f"{LIST}{record['accession']}/")
        assert "animal" in {row["study"]["design"]["code"] for row in full["evidence"]}

    @pytest.mark.parametrize("words", ["inslaaptijd", "sleep onset", "slaap -melatonine", '"restless legs"'])
    def test_words_are_found_in_either_language(self, get, words):
        assert get(LIST, q=words)["count"] > 0

    def test_a_minus_leaves_a_word_out(self, get):
        every = {r["accession"] for r in get(LIST, q="magnesium", page_size=200)["results"]}
        without = {r["accession"] for r in get(LIST, q="magnesium -slaap", page_size=200)["results"]}
        asleep = {r["accession"] for r in get(LIST, q="slaap", page_size=200)["results"]}
        assert without == every - asleep
        assert without < every

    def test_words_that_are_nowhere_find_nothing(self, get):
        assert get(LIST, q="xylofoonconcert")["results"] == []

    def test_strange_words_never_break_the_search(self, get):
        for words in ('"a or (b & | !', "a & | b", "%", "'; drop", "x" * 300):
            get(LIST, q=words)

    def test_one_language_gives_plain_texts(self, get):
        record = get(LIST, lang="nl", page_size=1)["results"][0]
        assert isinstance(record["statement"], str) and isinstance(record["rating"]["strength"]["label"], str)

    def test_updated_since_takes_a_day_or_a_moment(self, get):
        assert get(LIST, updated_since="2026-01-01")["count"] > 0
        assert get(LIST, updated_since="2999-01-01T00:00:00Z")["count"] == 0

    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({"strenght": "low"}, "strenght"),
            ({"strength": "huge"}, "strength"),
            ({"strength_min": ["low", "high"]}, "strength_min"),
            ({"topic": "nowhere"}, "topic"),
            ({"page_size": "201"}, "page_size"),
            ({"page": "0"}, "page"),
            ({"page": "-1"}, "page"),
            ({"page": "9" * 20}, "page"),
            ({"page": "5000"}, "page"),
            ({"page": "٣"}, "page"),
            ({"ordering": "author__password"}, "ordering"),
            ({"ordering": "?"}, "ordering"),
            ({"updated_since": "yesterday"}, "updated_since"),
            ({"updated_since": "2026-02-31"}, "updated_since"),
            ({"lang": "fr"}, "lang"),
            ({"q": "a\x00b"}, "q"),
            ({"q": "a" * 301}, "q"),
            ({"as_of": "0001-01-01T00:00:00+23:59"}, "as_of"),
            ({"as_of": "9999-12-31"}, "as_of"),
            ({"updated_since": "9999-12-31T23:59:59-23:59"}, "updated_since"),
            ({"updated_since": "0001-01-01"}, "updated_since"),
            ({"q": "a " * 40}, "q"),
        ],
    )
    def test_a_bad_parameter_is_named(self, get, parameters, named):
        body = get(LIST, 400, **parameters)
        assert body["status"] == 400 and body["errors"][0]["parameter"] == named and body["detail"]

    def test_an_unknown_parameter_gets_a_hint(self, get):
        assert "Did you mean strength?" in get(LIST, 400, strenght="low")["detail"]

    @pytest.mark.parametrize("size", [1, 25, 200])
    def test_asks_the_database_little_whatever_the_page_size(self, get, size, django_assert_max_num_queries):
        with django_assert_max_num_queries(3):  # the limit with the state, the count, the page
            get(LIST, page_size=size)


class TestRecord:
    def test_is_the_document_that_was_written_at_publication(self, get):
        version = published()
        body = get(f"{LIST}{version.claim.accession}/")
        document = json.loads(version.document)
        assert {name: body[name] for name in document} == document
        assert body["standing"] == {
            "under_review": False, "closed": None, "notices": [], "fallen_studies": [], "fallen_trials": [], "stale_marks": [],
        }  # fmt: skip

    def test_a_version_keeps_its_address_when_another_replaces_it(self, get):
        first = published()
        before = get(f"{LIST}{first.claim.accession}.1/")
        second = version_again(first, summary_en="Other words.", summary_nl="Andere woorden.")
        assert get(f"{LIST}{first.claim.accession}.1/") == before
        assert get(f"{LIST}{first.claim.accession}/")["version"] == second.number == 2
        rows = get(f"{LIST}{first.claim.accession}/versions/")["results"]
        assert [(row["version"], row["state"]) for row in rows] == [(2, "published"), (1, "superseded")]

    def test_a_retraction_shows_at_once(self, get):
        version = published()
        notice(version.evidence.get().publication)
        standing = get(f"{LIST}{version.claim.accession}/")["standing"]
        assert standing["fallen_studies"] == [version.evidence.get().study.key]
        assert standing["notices"][0]["kind"] == "retraction"

    def test_asks_the_database_little_whatever_the_evidence(self, get, django_assert_max_num_queries):
        biggest = max(ClaimVersion.objects.current(), key=lambda version: version.evidence.count())
        address = f"{LIST}{biggest.claim.accession}/"
        with django_assert_max_num_queries(2):  # the limit, the record
            get(address)

    @pytest.mark.parametrize(
        "name", ["KB999999", "kb000001", "KB1", "KB000001.99", "KB000001.0", "magnesium", "٣", "KB000001.1.1"]
    )
    def test_what_is_not_there_is_a_404_as_problem(self, client, db, name):
        response = client.get(f"{LIST}{name}/")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"


class TestDraftsLeakNowhere:
    ADDRESSES = (
        LIST, "/api/v1/topics/?page_size=200", "/api/v1/claims/?q=secretly", "/en/", "/nl/", "/en/claims/",
        "/nl/claims/?strength_min=very-low", "/en/claims/?q=secretly", "/en/topics/", "/en/topics/magnesium/",
        "/en/articles/", "/en/method/",
    )  # fmt: skip

    def test_a_draft_changes_no_byte_that_a_stranger_reads(self, client, db):
        topic = Topic.objects.get(slug="magnesium")
        before = {address: client.get(address).content for address in self.ADDRESSES}
        open_draft = draft(statement_en="Secretly good.", statement_nl="Stiekem goed.")
        open_draft.claim.topics.add(topic)
        waiting = in_review(statement_en="Secretly better.", statement_nl="Stiekem beter.")
        waiting.claim.topics.add(topic)
        assert {address: client.get(address).content for address in self.ADDRESSES} == before

    def test_a_claim_without_a_published_version_has_no_address(self, client, db):
        claim = draft().claim
        assert claim.accession is None
        assert client.get(f"{LIST}{claim.slug}/").status_code == 404

    def test_a_newer_draft_of_a_published_claim_stays_unseen(self, get):
        version = published()
        before = get(f"{LIST}{version.claim.accession}/")
        from claims.actions import start_draft
        from tests.factories import person

        start_draft(version.claim, by=person("editor"), summary_en="Newer.")
        assert get(f"{LIST}{version.claim.accession}/") == before


class TestEveryErrorIsAProblem:
    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [
            ("get", "/api/", 404),
            ("get", "/api/v2/claims/", 404),
            ("get", "/api/v1/nothing/", 404),
            ("post", "/api/v1/nothing/", 404),
            ("get", "/api/v1/claims/KB000001/nothing/", 404),
            ("delete", "/api/v1/claims/KB000001/", 405),
            ("put", "/api/v1/studies/", 405),
            ("get", "/api/v1/studies/nobody-1900/", 404),
            ("get", "/api/v1/publications/nobody-1900/", 404),
            ("get", "/api/v1/topics/nothing/", 404),
            ("get", "/api/v1/topics/?q=1", 400),
            ("get", "/api/v1/studies/?year_min=0.5", 400),
            ("get", "/api/v1/studies/?yaer=2012", 400),
            ("get", "/api/v1/publications/?page=99999", 400),
        ],
    )
    def test_problem_json(self, client, db, method, address, status):
        response = getattr(client, method)(address)
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert json.loads(response.content)["status"] == status


class TestMergedAndWithdrawn:
    def test_a_merged_claim_points_to_its_successor(self, client, db):
        old, new = published().claim, published().claim
        Claim.objects.filter(pk=old.pk).update(merged_into=new)
        response = client.get(f"{LIST}{old.accession}/")
        assert response.status_code == 301 and response["Location"].endswith(f"/{new.accession}/")

    def test_a_withdrawn_claim_answers_with_the_reason(self, client, db):
        claim = published().claim
        Claim.objects.filter(pk=claim.pk).update(
            withdrawn_at="2026-11-23T00:00:00Z", withdrawn_reason_en="No.", withdrawn_reason_nl="Nee."
        )
        response = client.get(f"{LIST}{claim.accession}/")
        assert response.status_code == 410
        assert json.loads(response.content)["reason"] == {"en": "No.", "nl": "Nee."}
        assert client.get(f"{LIST}{claim.accession}.1/").status_code == 200
