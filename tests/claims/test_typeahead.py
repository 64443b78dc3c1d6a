"""Suggestions while somebody types: what begins so, in the language of the page, and nothing that is not published."""

import pytest

from claims import actions
from claims.models import Claim
from tests.factories import draft, person


@pytest.fixture
def suggested(client, db):
    def ask(words, language="en"):
        response = client.get(f"/{language}/claims/suggestions/", {"q": words})
        assert response.status_code == 200
        return response.json()

    return ask


def labels(found):
    return [each["label"] for each in found["suggestions"]]


@pytest.mark.parametrize(
    ("language", "words", "first", "address"),
    [
        ("nl", "magn", "Magnesium", "/nl/topics/magnesium/"),
        ("en", "magn", "Magnesium", "/en/topics/magnesium/"),
        ("nl", "inslaapt", "Inslaaptijd", "/nl/topics/sleep-onset-latency/"),
        ("nl", "sleep ons", "Inslaaptijd", "/nl/topics/sleep-onset-latency/"),
        ("en", "sleep ons", "Sleep onset latency", "/en/topics/sleep-onset-latency/"),
    ],
)
def test_a_topic_comes_first_by_any_of_its_names(suggested, language, words, first, address):
    found = suggested(words, language)["suggestions"][0]
    assert (found["label"].casefold(), found["address"]) == (first.casefold(), address)


def test_claims_follow_with_their_number_and_strength(suggested):
    found = suggested("ashwagandha cort")["suggestions"]
    assert found[0]["address"] == "/en/claims/KB000044/"
    assert found[0]["note"] == "KB000044, Low"


def test_every_word_must_be_there_and_only_the_last_may_go_on(suggested):
    assert "KB000044" in str(suggested("cortisol ashw"))
    assert "KB000044" not in str(suggested("ashw cortisol"))


@pytest.mark.parametrize(
    "words", ["", " ", "m", "de", "\x00", "!!!", "':*", "a" * 5000, "magn & | ! <-> (", "%"]
)
def test_any_text_is_answered(suggested, words):
    assert len(suggested(words)["suggestions"]) <= 10


def test_it_says_how_many_there_are(suggested):
    assert suggested("ashwagandha cort")["said"] == "1 suggestion. Use the arrow keys."
    assert suggested("zzzzz", "nl")["said"] == "Geen suggesties."
    assert suggested("")["said"] == ""


def test_a_draft_its_topics_and_what_was_withdrawn_are_in_none(suggested):
    hidden = draft(statement_en="Quokkas calm.")
    assert labels(suggested("quokkas")) == []
    assert labels(suggested(hidden.claim.intervention.name_en)) == []
    claim = Claim.objects.get(accession="KB000044")
    actions.withdraw_claim(claim, by=person("reviewer"), reason_en="a", reason_nl="b")
    assert "KB000044" not in str(suggested("ashwagandha cort"))


def test_a_copy_that_holds_is_not_sent_again(client, db, django_assert_num_queries):
    first = client.get("/en/claims/suggestions/?q=magn")
    with django_assert_num_queries(1):
        again = client.get("/en/claims/suggestions/?q=magn", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    draft()
    assert client.get("/en/claims/suggestions/?q=magn")["Cache-Control"] == "public, no-cache"


def test_it_asks_the_database_little(client, db, django_assert_num_queries):
    client.get("/en/claims/suggestions/?q=magn")
    with django_assert_num_queries(2):
        client.get("/en/claims/suggestions/?q=magne")
