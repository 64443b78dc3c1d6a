"""The quick page of the list is the page that the templates draw, to the byte and the header."""

import random

import pytest
from django.test import override_settings

from claims.choices import BY_CODE, ClaimKind, Verdict
from claims.filters import ORDERS
from kb import quick
from kb.lib.frames import Frame
from studies.choices import Design
from tests.claims.test_as_of import DEEDS
from tests.claims.test_quick import TOPICS, assert_alike, both  # noqa: F401 (a fixture)
from tests.factories import published

PLAIN = (
    "", "page=2", "page_size=3&page=4", "page_size=200", "strength=low&strength=moderate", "strength=none", "strength_min=low",
    "strength_min=very-low&page=2&page_size=5", "verdict=supported&verdict=mixed", "kind=harm", "topic=sleep", "topic=magnesium&page_size=2&page=2",
    "design=rct", "topic=sleep&design=rct&strength_min=very-low", "q=&strength_min=&topic=sleep", "kind=harm&kind=efficacy&topic=magnesium",
    *(f"ordering={order}&page_size=7" for order in ORDERS),
)  # fmt: skip
LONG = (
    "q=slaap", "tested=people", "updated_since=2020-01-01", "as_of=2100-01-01", "topic=sleep&topic=magnesium", "page=0", "page=99",
    "strength=huge", "topic=no-such-topic", "colour=red", "lang=en", "ordering=",
)  # fmt: skip


@pytest.fixture
def quick_ones(monkeypatch):
    """Of each page asked for, whether it went the quick way."""
    went, made = [], quick.made_page

    def spied(request, state):
        response = made(request, state)
        went.append(response is not None)
        return response

    monkeypatch.setattr(quick, "made_page", spied)
    return went


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("asked", PLAIN)
def test_a_plain_question_goes_quickly_and_is_answered_the_same(db, both, quick_ones, language, asked):  # noqa: F811
    assert_alike(both(f"/{language}/claims/?{asked}"))
    assert quick_ones == [True]


@pytest.mark.parametrize("asked", LONG)
def test_any_other_goes_the_long_way(db, client, quick_ones, asked):
    assert client.get(f"/en/claims/?{asked}").status_code in (200, 400)
    assert quick_ones == [False]


def test_random_questions_are_answered_the_same_both_ways(db, both):  # noqa: F811
    chance = random.Random(20261124)
    values = {
        "strength": [*BY_CODE, "none", "huge"],
        "strength_min": [*BY_CODE, ""],
        "verdict": Verdict.values,
        "kind": ClaimKind.values,
        "design": [*Design.values, "rct "],
        "topic": TOPICS,
        "q": ["", " ", "<b>", "slaap"],
        "ordering": [*ORDERS, ""],
        "page": ["1", "2", "9", "0"],
        "page_size": ["1", "5", "200", "201"],
        "x<y": ["1"],
    }
    for _ in range(150):
        names = chance.choices(list(values)[: chance.choice((9, 10, 11))], k=chance.randint(0, 3))
        asked = "&".join(f"{name}={chance.choice(values[name])}" for name in names)
        assert_alike(both(f"/{chance.choice(('nl', 'en'))}/claims/?{asked}"))


@pytest.mark.parametrize("deed", dict.fromkeys(DEEDS))
def test_a_claim_whose_standing_changed_is_shown_the_same(db, both, deed):  # noqa: F811
    deed([published().claim for _ in range(3)], 1)
    for language in ("nl", "en"):
        assert_alike(both(f"/{language}/claims/?page_size=200"))


def test_a_quick_page_asks_the_database_four_times(db, client, django_assert_num_queries):
    client.get("/nl/claims/?topic=magnesium")
    quick.answers.clear()
    with django_assert_num_queries(4):  # the state, the claims, which rest on mechanisms alone, the counts
        client.get("/nl/claims/?topic=magnesium&page_size=50")


@pytest.mark.parametrize("host", ["evil.example", "testserver:x", ""])
@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_host_that_is_not_ours_is_refused(db, client, host):
    assert client.get("/nl/claims/", headers={"Host": host}).status_code == 400


def test_what_is_in_the_address_is_harmless_on_the_page(db, client):
    page = client.get('/nl/claims/?q=&topic=sleep&strength_min=&kind="><script>alert(1)</script>')
    assert b"<script>alert" not in page.content


class TestFrames:
    def test_fills_each_place_wherever_it_stands(self):
        frame = Frame("a 7 b 77 c 7", {"one": "7", "other": "77"})
        assert frame.filled({"one": "x", "other": "y"}) == "a x b y c x"

    def test_a_stand_in_that_is_nowhere_is_refused(self):
        with pytest.raises(ValueError, match="one"):
            Frame("a b", {"one": "7"})

    def test_two_names_for_one_stand_in_are_refused(self):
        with pytest.raises(ValueError, match="no place"):
            Frame("a 7", {"one": "7", "other": "7"})

    def test_a_text_without_places_stays(self):
        assert Frame("a", {}).filled({}) == "a"
