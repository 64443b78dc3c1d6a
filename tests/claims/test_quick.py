"""The quick way of reading gives what the long way gives, to the byte and the header, and never anything stale."""

import random
import re
from datetime import UTC, datetime

import pytest
from django.db import InterfaceError
from django.test import override_settings

from claims.asked import STRENGTHS
from claims.choices import ClaimKind, Verdict
from claims.filters import ORDERS
from claims.models import Topic
from kb import quick
from kb.lib.endings import Ending
from kb.lib.kept import Answer, Kept
from kb.lib.state import state_of_base
from studies.choices import Design
from tests.claims.test_as_of import DEEDS
from tests.claims.test_listing import merged, withdrawn
from tests.factories import claim, published, topic

API = "/api/v1/claims/"
TOPICS = ("sleep", "magnesium", "melatonin", "stress", "no-such-topic")
PLAIN = (
    "", "page=2", "page_size=3&page=4", "strength=low", "strength=none&strength=high", "strength_min=low&verdict=mixed",
    "topic=sleep", "topic=sleep&topic=magnesium", "topic=sleep&design=rct", "design=rct&design=animal", "kind=harm&topic=magnesium",
    "q=slaap", "q=slaap&page=2&page_size=4", "q=magnesium&kind=harm&strength_min=low", "q=cortizol", "q=xylofoonconcert", "q=...",
    "q=melatonine+xylofoonconcert", "q=%22inslaaptijd+bij%22", "q=magnesium+-slaap&topic=magnesium&design=rct",
    *(f"ordering={order}&page_size=7" for order in ORDERS), *(f"topic=sleep&ordering={order}" for order in ORDERS),
)  # fmt: skip


@pytest.fixture
def both(client, monkeypatch):
    """Asks the quick way, the quick way again, and the long way: three responses."""

    def ask(address, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        quick.answers.clear()
        first, again = (client.get(address, headers=headers) for _ in range(2))
        with monkeypatch.context() as patched:
            patched.setattr(
                quick, "SOMEBODYS", ("HTTP_HOST",)
            )  # every request has one, so that nobody goes quickly
            return first, again, client.get(address, headers={**headers, "Host": "testserver"})

    return ask


def said(response):
    headers = {name: value for name, value in response.headers.items() if not name.startswith("RateLimit")}
    headers["Vary"] = sorted(headers.get("Vary", "").lower().split(", "))
    return response.status_code, headers, response.content


def assert_alike(responses):
    first, again, long = map(said, responses)
    assert first == long
    assert again == long


@pytest.mark.parametrize("asked", PLAIN)
@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_a_page_of_the_list_is_the_same_both_ways(db, both, asked, coding):
    assert_alike(both(f"{API}?{asked}", accept_encoding=coding))


def test_plain_questions_do_go_the_quick_way(client, db, monkeypatch):
    monkeypatch.setattr("claims.api.ClaimViewSet.list", None)
    monkeypatch.setattr("claims.api.ClaimViewSet.retrieve", None)
    for asked in PLAIN:
        assert client.get(f"{API}?{asked}").status_code == 200
    assert client.get(f"{API}KB000001/").status_code == 200


@override_settings(API_LIMIT=0)
def test_random_questions_are_answered_the_same_both_ways(db, both):
    """Right ones and wrong ones: four hundred, always the same."""
    chance = random.Random(20261123)
    values = {
        "strength": [*STRENGTHS, "none", "huge"],
        "strength_min": [*STRENGTHS, "", "none"],
        "verdict": [*Verdict.values, "maybe"],
        "kind": [*ClaimKind.values, ""],
        "design": [*Design.values, "rct "],
        "topic": TOPICS,
        "q": ["slaap", "magnesium bij ouderen", "qqqqqqqq", " ", "\x00", "B6 -slaap", "a" * 301, "a " * 40],
        "ordering": [*ORDERS, "", "random"],
        "page": ["1", "2", "9", "0", "1.5", "²", "99999999"],
        "page_size": ["1", "5", "200", "201", ""],
        "lang": ["en"],
        "colour": ["red"],
    }
    statuses = set()
    for _ in range(400):
        names = chance.choices(list(values), k=chance.randint(0, 4))
        asked = "&".join(f"{name}={chance.choice(values[name])}" for name in names)
        responses = both(f"{API}?{asked}")
        assert_alike(responses)
        statuses.add(responses[0].status_code)
    assert statuses == {200, 400}


@pytest.mark.parametrize(
    "name",
    ["KB000001", "KB000001.1", "KB000001.9", "KB999999", "KB1", "KB000001.0", "kb000001", "KB000001.999999"],
)
def test_one_claim_is_the_same_both_ways(db, both, name):
    assert_alike(both(f"{API}{name}/"))


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/html, */*;q=0.1", "image/png"])
def test_what_a_client_accepts_counts_both_ways(db, both, accept):
    assert_alike(both(f"{API}KB000001/", accept=accept))


def test_closed_claims_answer_the_same_both_ways(db, both):
    for each in (withdrawn(), merged()):
        assert_alike(both(f"{API}{each.accession}/"))
        assert_alike(both(f"{API}{each.accession}.1/"))


@pytest.mark.parametrize("limit", [0, 600])
@pytest.mark.parametrize("deed", dict.fromkeys(DEEDS))
def test_nothing_stale_is_served_after_any_deed(db, client, settings, deed, limit):
    """The same addresses before and after: what was kept before is not given again. Without a limit no state is read first."""
    settings.API_LIMIT = limit
    addresses = (
        API,
        f"{API}?topic=sleep",
        f"{API}KB000001/",
        f"{API}?q=slaap",
        "/api/v1/topics/",
        "/nl/claims/",
    )
    for address in addresses:
        client.get(address)
    before = dict(quick.answers.answers)
    assert len(before) == len(addresses)
    deed([published().claim for _ in range(3)], 1)
    for address in addresses:
        now = client.get(address)
        quick.answers.clear()
        assert client.get(address).content == now.content
        quick.answers.answers.update(before)


def test_a_condition_is_answered_from_what_is_kept(db, client, django_assert_num_queries):
    first = client.get(f"{API}?topic=sleep")
    with django_assert_num_queries(1):
        again = client.get(f"{API}?topic=sleep", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "RateLimit" not in again and "Content-Length" not in again
    with django_assert_num_queries(2):
        other = client.get(f"{API}?topic=sleep", headers={"If-None-Match": '"another"'})
    assert other.content == first.content and "RateLimit" in other


@pytest.mark.parametrize(
    "asked", ["", "?topic=sleep", "?q=slaap&page=2&page_size=4", "KB000001/", "KB000001.1/"]
)
@pytest.mark.parametrize("coding", ["", "br"])
def test_a_condition_that_holds_makes_no_answer(db, client, monkeypatch, asked, coding):
    headers = {"Accept-Encoding": coding}
    headers["If-None-Match"] = client.get(f"{API}{asked}", headers=headers)["ETag"]
    quick.answers.clear()
    with monkeypatch.context() as patched:
        patched.setattr(quick, "quick_answer", None)
        patched.setattr("claims.api.ClaimViewSet.initial", None)
        response = client.get(f"{API}{asked}", headers=headers)
    monkeypatch.setattr(quick, "SOMEBODYS", ("HTTP_HOST",))
    long = client.get(f"{API}{asked}", headers={**headers, "Host": "testserver"})
    assert said(response) == said(long) and long.status_code == 304
    assert "RateLimit" not in response


@pytest.mark.parametrize("asked", ["?page=99", "?colour=red", "KB999999/", "KB000001/versions/"])
def test_a_condition_about_anything_else_is_the_long_ways(db, both, asked):
    assert_alike(both(f"{API}{asked}", if_none_match='"another"'))


@pytest.mark.parametrize(
    "asked", ["KB000001/", "", "?topic=sleep", "?topic=sleep&page=2&page_size=1", "?q=slaap"]
)
def test_without_a_limit_an_answer_is_kept_with_the_state_it_was_read_in(db, client, settings, asked):
    settings.API_LIMIT = 0
    client.get(f"{API}{asked}")
    ((state, _answer),) = quick.answers.answers.values()
    assert state == state_of_base()


class TestALikelyState:
    """Without a limit a list is read in one statement, as if the base were as it was last seen; the rows tell whether it is."""

    @pytest.fixture(autouse=True)
    def unlimited(self, db, settings):
        settings.API_LIMIT = 0

    @pytest.mark.parametrize("asked", ["", "?topic=sleep", "?q=slaap"])
    def test_one_statement_is_enough(self, client, django_assert_num_queries, asked):
        client.get(f"{API}{asked}")
        quick.answers.clear()
        with django_assert_num_queries(1):
            assert client.get(f"{API}{asked}").status_code == 200

    @pytest.mark.parametrize(
        "asked", ["", "?topic=sleep", "?q=slaap", "?topic=sleep&verdict=contradicted&design=animal"]
    )
    def test_after_a_write_it_begins_anew(self, both, asked):
        """Also where no row is left to tell."""
        both(f"{API}{asked}")
        published(of=claim(topics=[Topic.objects.get(slug="sleep")]))
        first, again, long = both(f"{API}{asked}")
        assert_alike([first, again, long])
        assert first["ETag"] == long["ETag"]

    def test_a_topic_that_is_new_is_known_at_once(self, client, both):
        client.get(API)
        new = topic("outcome", slug="zymurgy")
        assert client.get(f"{API}?topic=zymurgy").status_code == 400
        version = published(of=claim(topics=[new]))
        first, again, long = both(f"{API}?topic=zymurgy")
        assert_alike([first, again, long])
        assert [each["accession"] for each in first.json()["results"]] == [version.claim.accession]


@pytest.mark.parametrize("asked", ["", "?topic=sleep&page_size=1", "?q=slaap", "KB000001/"])
def test_an_address_that_will_end_says_so_beside_its_other_links_both_ways(db, both, monkeypatch, asked):
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    ending = Ending(re.compile(r"/api/v1/claims/.*"), moment, moment, "https://onderbouwd.example/changes")
    monkeypatch.setattr("kb.lib.endings.ENDINGS", (ending,))
    responses = both(f"{API}{asked}")
    assert_alike(responses)
    assert 'rel="deprecation"' in responses[0]["Link"] and 'rel="license"' in responses[0]["Link"]


@pytest.mark.parametrize(
    "asked", ["claims/", "claims/?q=slaap", "claims/KB000001/", "topics/", "claims/KB000001/versions/"]
)
def test_a_condition_is_answered_alike_from_what_is_kept(db, client, monkeypatch, asked):
    """Also where the answer comes in a coding."""
    headers = {"Accept-Encoding": "br"}
    headers["If-None-Match"] = client.get(f"/api/v1/{asked}", headers=headers)["ETag"]
    kept = client.get(f"/api/v1/{asked}", headers=headers)
    monkeypatch.setattr(quick, "SOMEBODYS", ("HTTP_HOST",))
    long = client.get(f"/api/v1/{asked}", headers={**headers, "Host": "testserver"})
    assert kept.status_code == 304 and said(kept) == said(long)


def test_two_questions_that_read_alike_are_two(db, client):
    """The bytes of a letter as they are, and what they look like in Latin-1, coded."""
    raw = client.get(API, QUERY_STRING="q=pati\xc3\xabnten").json()
    other = client.get(f"{API}?q=pati%C3%83%C2%ABnten").json()
    assert raw["count"] > 0 == other["count"]


@override_settings(API_LIMIT=3)
def test_every_way_counts_once(db, client):
    left = [client.get(f"{API}KB000001/")["RateLimit-Remaining"] for _ in range(2)]
    left.append(client.get(f"{API}?q=slaap")["RateLimit-Remaining"])
    assert left == ["2", "1", "0"]
    refused = client.get(f"{API}KB000001/")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0


def test_who_signed_in_gets_a_page_of_their_own(db, client, admin_client):
    stranger = client.get("/en/claims/").content
    assert admin_client.get("/en/claims/").content != stranger
    assert client.get("/en/claims/").content == stranger


class TestKept:
    def test_the_one_asked_for_longest_ago_goes_first(self):
        kept = Kept(most=25)
        for name in "abc":
            kept.put(name, 1, Answer(b"x" * 10))
            kept.get("a", 1)
        assert [name for name in "abc" if kept.get(name, 1)] == ["a", "c"]

    def test_another_state_is_not_given(self):
        kept = Kept(most=100)
        kept.put("a", 1, Answer(b"x"))
        assert kept.get("a", 2) is None
        assert kept.get("a", 1).body == b"x"

    def test_room_is_counted_right_when_one_is_replaced(self):
        kept = Kept(most=20)
        for state in range(9):
            kept.put("a", state, Answer(b"x" * 10))
        kept.put("b", 0, Answer(b"x" * 10))
        assert kept.get("a", 8) and kept.get("b", 0)

    def test_none_are_kept_where_there_is_no_room(self):
        kept = Kept(most=0)
        kept.put("a", 1, Answer(b"x"))
        assert kept.get("a", 1) is None


def test_a_connection_that_is_lost_is_made_anew_and_the_question_answered(client, db, monkeypatch):
    closed = []
    monkeypatch.setattr(quick.connection, "close", lambda: closed.append(True))

    def lost(*_statement, **_more):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr("claims.quick.fetch_all", lost)
    assert client.get(f"{API}KB000001/").json()["accession"] == "KB000001"
    assert closed == [True]
