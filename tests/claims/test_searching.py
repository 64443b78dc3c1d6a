"""A reader finds what was meant: the table of searches, misspellings, compounds, topics by any of their names."""

import re
from pathlib import Path

import pytest
from django.db import connection

from claims import found as finding
from claims.choices import TIERS
from claims.filters import ClaimFilter
from claims.models import Listing, SearchWord
from claims.searching import ANYTHING, understood
from claims.templatetags.claims import marked
from claims.words import words_of
from kb.lib.state import state_of_base
from tests.factories import claim, draft, published, topic

LINES = (Path(__file__).parent / "searches.txt").read_text(encoding="utf-8").splitlines()
TABLE = [tuple(cell.strip() for cell in line.split("|")) for line in LINES if not line.startswith("#")]
LIST = "/api/v1/claims/"


def found(client, words, **more):
    return client.get(LIST, {"q": words, **more}).json()


def accessions(answer):
    return [record["accession"] for record in answer["results"]]


def test_the_table_is_long_enough():
    assert len(TABLE) >= 60 and sum(language == "nl" for language, _words, _claim in TABLE) >= 35


@pytest.mark.parametrize(("language", "words", "claim"), TABLE)
def test_the_claim_that_must_come_first_does(client, db, language, words, claim):
    assert accessions(found(client, words))[0] == claim
    page = client.get(f"/{language}/claims/", {"q": words}).content.decode()
    assert re.search(r"claims/(KB[0-9]{6})/", page[page.index('class="cards"') :])[1] == claim


@pytest.mark.parametrize("words", ["magnesum", "melatonie", "cortizol", "stressas", "slaap kwaliteit"])
def test_the_page_and_the_api_find_the_same(client, db, words):
    answer = found(client, words, page_size=200)
    assert answer["count"] == len(answer["results"]) > 0
    page = client.get("/en/claims/", {"q": words}).content.decode()
    assert f"{answer['count']} claim" in page


def test_a_reader_is_told_what_was_looked_for_instead(client, db):
    assert found(client, "cortizol")["searched_for"] == "cortisol"
    assert "searched_for" not in found(client, "cortisol")
    page = client.get("/nl/claims/", {"q": "<b>cortizol"}).content.decode()
    assert "cortisol" in page and "<b>cortizol" not in page


def test_where_all_of_it_finds_nothing_the_topics_in_it_do(client, db):
    answer = found(client, "melatonine xylofoonconcert")
    assert answer["searched_for"] == "melatonine" and answer["count"] > 3


@pytest.mark.parametrize("words", ["xylofoonconcert", "qqqqqqqq", "...."])
def test_what_is_like_nothing_finds_nothing(client, db, words):
    answer = found(client, words)
    assert answer["results"] == [] and "searched_for" not in answer


def test_filters_hold_for_what_is_found(client, db):
    answer = found(client, "sleep", kind="harm", page_size=200)
    assert {record["kind"]["code"] for record in answer["results"]} <= {"harm"}
    everything = found(client, "sleep", page_size=200)
    assert answer["count"] < everything["count"]


@pytest.mark.parametrize("words", ["slaap", "magnesium", "stress"])
def test_pages_of_a_search_hold_everything_once(client, db, words):
    whole = accessions(found(client, words, page_size=200))
    parts = [
        name for number in (1, 2, 3) for name in accessions(found(client, words, page_size=3, page=number))
    ]
    assert parts == whole[:9] and len(set(whole)) == len(whole)


def test_among_equals_the_stronger_comes_first(client, db):
    found_by = accessions(found(client, "cortisol"))
    assert found_by.index("KB000044") < found_by.index("KB000028")


def test_a_draft_gives_no_word_and_is_not_found(client, db):
    version = draft(statement_en="Zymurgite helps.", statement_nl="Zymurgiet helpt.")
    assert not SearchWord.objects.filter(word__startswith="zymurg").exists()
    assert found(client, "zymurgite")["count"] == 0
    assert version.statement_en


def test_a_published_claim_gives_its_words(client, db):
    version = published(statement_en="Zymurgite helps.", statement_nl="Zymurgiet helpt.")
    assert set(SearchWord.objects.filter(word__startswith="zymurg").values_list("word", flat=True)) == {
        "zymurgite",
        "zymurgiet",
    }
    assert accessions(found(client, "zymurgitte")) == [version.claim.accession]


def test_quotes_and_a_minus_are_taken_as_typed(db):
    for typed in ('"inslaaptijd bij ouderen"', "magnesium -slaap"):
        (piece,) = understood(typed, state_of_base()).pieces
        assert (piece.words, piece.topics) == (typed, ())


def test_words_without_meaning_are_left_out():
    assert words_of("Helpt magnesium om sneller in slaap te vallen?") == [
        "magnesium",
        "sneller",
        "slaap",
        "vallen",
    ]
    assert words_of("Slaapefficiëntie, ÉÉN") == ["slaapefficientie"]


def test_the_least_is_asked_of_the_database(client, db, django_assert_max_num_queries):
    client.get(LIST, {"q": "warm"})
    with django_assert_max_num_queries(8):
        client.get(LIST, {"q": "magnesium inslaaptijd"})


def test_marks_touch_words_only(db):
    search = understood("amp class", state_of_base())
    html = '<a class="amp">amp &amp; classes</a><svg><title>amp</title></svg>'
    assert marked(html, search) == (
        '<a class="amp"><mark>amp</mark> &amp; <mark>classes</mark></a><svg><title>amp</title></svg>'
    )


class TestManyMatches:
    """Of more matches than can be weighed the strongest are, and whoever asks is told that there are more."""

    @pytest.fixture(autouse=True)
    def few(self, monkeypatch):
        monkeypatch.setattr(finding, "MOST", 5)

    def test_the_strongest_are_found(self, client, db):
        answer = found(client, "magnesium", page_size=200)
        assert (answer["count"], answer["count_at_least"], len(answer["results"])) == (5, True, 5)
        levels = [record["rating"]["strength"]["value"] or 0 for record in answer["results"]]
        about = Listing.objects.filter(topics__contains=[self.magnesium()]).values_list("strength", flat=True)
        assert sorted(levels) == sorted(level or 0 for level in about)[-5:]

    def magnesium(self):
        return ClaimFilter({"topic": "magnesium"}).topics["magnesium"].pk

    def test_the_page_says_that_there_are_more(self, client, db):
        page = client.get("/en/claims/", {"q": "magnesium"}).content.decode()
        assert "More than 5 claims" in " ".join(page.split())
        assert page.count('class="card"') <= 5

    def test_a_filter_reaches_what_was_left_out(self, client, db):
        harms = found(client, "magnesium", kind="harm", page_size=200)
        assert harms["results"] and {record["kind"]["code"] for record in harms["results"]} == {"harm"}

    def test_the_page_past_the_last_is_refused(self, client, db):
        assert client.get(LIST, {"q": "magnesium", "page": 2, "page_size": 5}).status_code == 400
        assert (
            client.get(
                LIST, {"q": "magnesium", "page": 2, "page_size": 5, "ordering": "accession"}
            ).status_code
            == 400
        )

    def test_a_walk_gives_everything(self, client, db):
        where, names = f"{LIST}?q=magnesium&cursor=*", []
        while where:
            answer = client.get(where).json()
            names += accessions(answer)
            where = answer["next"]
        assert len(names) == len(set(names)) > 5

    def test_few_matches_are_counted_to_the_last(self, client, db):
        version = published(statement_en="Zymurgite helps.", statement_nl="Zymurgiet helpt.")
        answer = found(client, "zymurgite")
        assert answer["count"] == 1 and "count_at_least" not in answer
        assert accessions(answer) == [version.claim.accession]


def test_a_claim_is_found_by_a_topic_that_was_put_above_its_own(client, db):
    below = topic("outcome")
    version = published(of=claim(intervention=topic(), outcome=below, topics=[below]))
    above = topic("outcome", name_en="Zymurgy")
    assert found(client, "zymurgy")["results"] == []
    below.broader = above
    below.save()
    assert accessions(found(client, "zymurgy")) == [version.claim.accession]


@pytest.mark.parametrize(
    "contradiction",
    [{"strength": ["none"], "strength_min": "low"}, {"strength": ["low"], "strength_min": "high"}],
)
def test_filters_that_leave_no_strength_read_nothing(db, contradiction):
    asked = ANYTHING | contradiction
    sql, values = finding.best_statement(understood("slaap", state_of_base()), asked, 0, 25)
    with connection.cursor() as cursor:
        cursor.execute(f"{finding.settings_for()}EXPLAIN {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "One-Time Filter: false" in plan and "on claims_listing" not in plan


def test_the_words_of_each_tier_are_read_from_an_index_of_their_own(db):
    sql, values = finding.found_in(understood("slaap", state_of_base()), ANYTHING | {"kind": ["harm"]})
    with connection.cursor() as cursor:
        cursor.execute(f"{finding.BY_INDEX}EXPLAIN {sql} TABLE found", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for tier in TIERS:
        assert f"Bitmap Index Scan on listing_words_{tier} " in plan
    assert "Seq Scan" not in plan
