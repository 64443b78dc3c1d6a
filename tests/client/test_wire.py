"""How the client behaves when things go wrong, and what it does not ask twice."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice

import pytest
from onderbouwd import BadRequest, Client, Problem, TooManyRequests, Unavailable, Unreachable
from onderbouwd.copies import Copies

from tests.client.doorman import HANG_UP, Doorman, Said
from tests.site import free_port

pytestmark = pytest.mark.xdist_group("site")

BUSY = b'{"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "The database is away."}'


LINE = b'{"accession": "KB000001"}\n'


def refusal(status, after=None):
    headers = {"Content-Type": "application/problem+json"} | ({"Retry-After": after} if after else {})
    return Said(status, headers, BUSY)


class TestAskingAgain:
    @pytest.mark.parametrize("status", [429, 503])
    def test_waits_as_long_as_it_is_told(self, base, door, pauses, status):
        door.instead += [refusal(status, "7"), refusal(status, "2")]
        assert base.topic("sleep")["slug"] == "sleep"
        assert pauses == [7, 2]
        assert [asked.status for asked in door.asked] == [status, status, 200]

    def test_waits_until_a_date(self, base, door, pauses):
        moment = datetime.now(UTC) + timedelta(seconds=30)
        door.instead += [refusal(503, format_datetime(moment, usegmt=True))]
        base.topic("sleep")
        assert 25 < pauses[0] <= 30

    @pytest.mark.parametrize("after", ["soon", "-3", ""])
    def test_waits_longer_each_time_where_nobody_says_how_long(self, base, door, pauses, after):
        door.instead += [refusal(503, after), HANG_UP, refusal(503)]
        assert base.topic("sleep")["slug"] == "sleep"
        assert len(pauses) == 3
        assert 0.375 <= pauses[0] <= 0.625 and 0.75 <= pauses[1] <= 1.25 and 1.5 <= pauses[2] <= 2.5

    def test_gives_up_after_its_last_attempt(self, door, pauses):
        door.instead += [refusal(503)] * 3
        with pytest.raises(Unavailable, match="The database is away") as refused:
            Client(door.address, attempts=3).topic("sleep")
        assert len(pauses) == 2 and refused.value.retry_after is None and not door.instead

    def test_gives_up_at_once_where_the_wait_is_longer_than_its_patience(self, door, pauses):
        door.instead += [refusal(429, "3600")]
        with pytest.raises(TooManyRequests) as refused:
            Client(door.address, patience=60).topic("sleep")
        assert refused.value.retry_after == 3600 and pauses == []

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500])
    def test_does_not_ask_again_what_was_refused_for_good(self, base, door, pauses, status):
        door.instead += [refusal(status)]
        with pytest.raises(Problem) as refused:
            base.topic("sleep")
        assert refused.value.status == status and len(door.asked) == 1 and pauses == []

    def test_lines_begin_again_only_before_the_first(self, base, door, pauses):
        door.instead += [refusal(503, "1")]
        assert next(base.all_claims())["accession"] == "KB000001"
        assert pauses == [1]

    def test_an_answer_that_breaks_off_is_asked_for_again(self, base, door, pauses):
        door.instead += [Said(200, {"Content-Type": "application/json"}, b'{"slug": "sl', 500)]
        assert base.topic("sleep")["slug"] == "sleep"
        assert len(pauses) == 1

    @pytest.mark.parametrize(
        ("headers", "body"),
        [
            ({}, LINE),
            ({"Content-Encoding": "gzip"}, gzip.compress(LINE)[:-4]),
            ({"Transfer-Encoding": "chunked"}, b"1a\r\n" + LINE + b"\r\n"),
            ({"Transfer-Encoding": "chunked"}, b"1f\r\n" + LINE),
        ],
        ids=["short of its length", "zipped", "between chunks", "in a chunk"],
    )
    def test_lines_that_break_off_are_no_end(self, base, door, headers, body):
        door.instead += [Said(200, headers, body, 500)]
        with pytest.raises(Unreachable):
            list(base.all_claims())

    def test_nobody_there(self, pauses):
        with pytest.raises(Unreachable, match="refused"):
            Client(f"http://127.0.0.1:{free_port()}").topic("sleep")
        assert len(pauses) == 4

    def test_somebody_else_there(self, base, door, pauses):
        door.instead += [Said(200, {"Content-Type": "text/html"}, b"<p>Welcome to our network.")]
        with pytest.raises(Unreachable, match="Is the base there"):
            base.topic("sleep")
        door.instead += [Said(502, {"Content-Type": "text/html"}, b"<p>Bad gateway")]
        with pytest.raises(Problem, match="502"):
            base.topic("sleep")

    @pytest.mark.parametrize("address", ["example.org", "file:///etc/passwd", "ftp://example.org", "http://"])
    def test_a_base_has_a_web_address(self, address):
        with pytest.raises(ValueError, match="is not an address"):
            Client(address)


class TestCopies:
    def test_what_did_not_change_is_not_sent_again(self, base, door):
        first = base.claim("KB000001")
        assert base.claim("KB000001") == first
        assert [asked.status for asked in door.asked] == [200, 304]

    def test_a_caller_may_do_as_they_like_with_a_record(self, base):
        base.claim("KB000001").clear()
        assert base.claim("KB000001")["accession"] == "KB000001"

    def test_what_changed_is_sent_anew(self, base, door, manage):
        before = base.latest_change()
        manage("shell", "-v0", "-c", ONE_MORE)
        assert base.latest_change() > before
        assert [asked.status for asked in door.asked] == [200, 200]

    def test_whole_walks_are_kept_too(self, base, door):
        first = list(base.studies(page_size=60))
        assert list(base.studies(page_size=60)) == first
        assert [asked.status for asked in door.asked] == [200] * 3 + [304] * 3

    def test_another_language_is_another_copy(self, door):
        copies = Copies()
        dutch, english = (Client(door.address, language=code, copies=copies) for code in ("nl", "en"))
        assert dutch.claim("KB000001")["statement"] != english.claim("KB000001")["statement"]

    def test_never_more_than_so_many_nor_so_large(self):
        copies = Copies(most=2, most_bytes=10)
        copies.keep("a", "1", b"aaaa")
        copies.keep("b", "1", b"bbbb")
        assert copies.get("a")
        copies.keep("c", "1", b"cc")
        assert copies.get("b") is None and copies.get("a") and copies.get("c")
        copies.keep("c", "2", b"ccccccc")
        assert copies.get("a") is None and copies.get("c").tag == "2" and copies.size == 7
        copies.keep("d", "1", b"d" * 11)
        assert len(copies) == 0 and copies.size == 0
        copies.keep("e", "1", b"e")
        copies.keep("e", None, b"f")
        assert copies.get("e") is None and copies.size == 0

    def test_may_be_switched_off(self, door):
        base = Client(door.address, copies=Copies(most=0))
        assert base.topic("sleep") == base.topic("sleep")
        assert [asked.status for asked in door.asked] == [200, 200]


ONE_MORE = """
from itertools import count
from claims import actions
from tests import factories
factories.numbers = count(1_000_000)
claim = factories.published().claim
reviewer = factories.person("reviewer")
actions.withdraw_claim(claim, by=reviewer, reason_en="Made for a test.", reason_nl="Gemaakt voor een test.")
"""


class TestTheToken:
    def test_goes_along_as_the_api_wants_it(self, door):
        with pytest.raises(Problem) as refused:
            Client(door.address, token="kb_nonsense").topic("sleep")
        assert refused.value.status == 401
        assert door.asked[0].headers["Authorization"] == "Token kb_nonsense"

    def test_is_not_shown_to_whom_we_are_sent_on_to(self, door, site):
        with Doorman(site) as elsewhere:
            door.instead += [Said(301, {"Location": f"{elsewhere.address}/api/v1/topics/sleep/"})]
            assert Client(door.address, token="kb_secret").topic("sleep")["slug"] == "sleep"
            assert [asked.headers.get("Authorization") for asked in elsewhere.asked] == [None]

    def test_next_never_leads_away_from_the_base(self, base, door):
        """The site calls itself by its own address, which is not that of the door."""
        assert len(list(islice(base.claims(page_size=20), 50))) == 50
        assert len(door.asked) == 3

    def test_a_redirect_to_a_file_is_not_followed(self, base, door, pauses):
        door.instead += [Said(302, {"Location": "file:///etc/passwd"})] * 5
        with pytest.raises(Unreachable):
            base.topic("sleep")


def test_a_language_is_asked_for_in_words_too(door):
    with pytest.raises(BadRequest, match="Bedoelde u strength"):
        next(Client(door.address, language="nl").claims(strenght="low"))
