"""The client beside what the base of `fixtures/` holds, over HTTP, against the running site."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from onderbouwd import BadRequest, Client, NotFound, Withdrawn, records

from tests.site import ROOT

pytestmark = pytest.mark.xdist_group("site")


def shipped(name):
    lines = (ROOT / "fixtures" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def names(claims):
    return [claim["accession"] for claim in claims]


class TestClaims:
    def test_come_each_once_by_accession_however_they_are_cut(self, base, door):
        expected = sorted(claim["accession"] for claim in shipped("claims"))
        assert names(base.claims(page_size=30)) == expected
        assert len(door.asked) == 3
        assert names(base.claims(page_size=200)) == expected

    def test_pass_filters_that_may_be_repeated(self, base):
        harms = list(base.claims(kind=["harm", "interaction"], strength_min=None))
        wanted = {
            claim["accession"] for claim in shipped("claims") if claim["kind"] in ("harm", "interaction")
        }
        assert harms and set(names(harms)) == wanted

    def test_come_by_rank_where_words_or_an_order_are_given(self, base):
        strengths = [
            (claim["rating"]["strength"] or {"value": 0})["value"]
            for claim in base.claims(ordering="-strength")
        ]
        assert strengths == sorted(strengths, reverse=True) and len(set(strengths)) > 2
        ranked = names(base.claims(q="slaap", page_size=5))
        assert len(ranked) > 5 and ranked != sorted(ranked)

    def test_may_be_cut_to_members(self, base):
        claim = next(base.claims(fields=["accession", "rating.strength"]))
        assert set(claim) == {"accession", "rating"} and set(claim["rating"]) == {"strength"}

    def test_take_dates_as_dates(self, base):
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert list(base.claims(updated_since=tomorrow)) == []
        assert list(base.claims(updated_since=date(2000, 1, 1)))

    def test_by_name_come_in_the_order_asked_for_without_who_is_not_there(self, base, closed):
        asked = ["KB000007", closed["withdrawn"], "KB000002"]
        assert names(base.claims_named(asked)) == ["KB000007", "KB000002"]

    def test_by_name_go_five_hundred_at_a_time(self, base, door):
        asked = [f"KB{number:06}" for number in range(1, 602)]
        assert names(base.claims_named(asked, fields="accession")) == names(base.claims())
        assert sum("accession=" in request.path for request in door.asked) == 2

    def test_in_full_all_at_once_are_the_records_that_each_address_gives(self, base):
        lines = {line["accession"]: line for line in base.all_claims()}
        assert sorted(lines) == names(base.claims())
        assert lines["KB000019"] == base.claim("KB000019")


def test_all_that_has_texts_speaks_the_language_of_the_client(base, door):
    dutch = Client(door.address, language="nl")
    assert dutch.topic("sleep")["name"] == base.topic("sleep")["name"]["nl"]
    assert dutch.study("asemi-2015")["population"] == base.study("asemi-2015")["population"]["nl"]
    assert [row["name"] for row in dutch.topics()] == [row["name"]["nl"] for row in base.topics()]
    assert [row["funding"] for row in dutch.studies()] == [row["funding"]["nl"] for row in base.studies()]
    notices = dutch.publication("asemi-2015")["notices"]
    assert notices and [each["reasons"] for each in notices] == [
        each["reasons"]["nl"] for each in base.publication("asemi-2015")["notices"]
    ]
    documents = [row["document"] for row in dutch.changes(include="document") if "document" in row]
    assert documents and all(isinstance(each["statement"], str) for each in documents)


class TestClaim:
    def test_comes_in_both_languages_or_in_the_one_of_the_client(self, base, door):
        both = base.claim("KB000001")["statement"]
        assert set(both) == {"en", "nl"} and both["en"] != both["nl"]
        for language, text in both.items():
            assert Client(door.address, language=language).claim("KB000001")["statement"] == text

    def test_a_version_has_a_name_of_its_own(self, base):
        assert base.claim("KB000001.1")["permalink"].endswith("/claims/KB000001.1/")
        with pytest.raises(NotFound):
            base.claim("KB000001.9999")

    def test_as_it_was_before_it_was_published_is_not_there(self, base):
        with pytest.raises(NotFound):
            base.claim("KB000001", as_of=date(2001, 1, 1))
        with pytest.raises(BadRequest, match="as_of"):
            base.claim("KB000001", as_of="tomorrow")

    def test_merged_gives_its_successor(self, base, closed):
        assert base.claim(closed["merged"])["accession"] == "KB000001"

    def test_withdrawn_says_why(self, base, closed):
        with pytest.raises(Withdrawn) as refused:
            base.claim(closed["withdrawn"])
        assert refused.value.reason == {"en": "Made for a test.", "nl": "Gemaakt voor een test."}
        assert refused.value.status == 410

    def test_a_name_is_never_part_of_an_address(self, base, door):
        with pytest.raises(NotFound):
            base.claim("../topics/sleep")
        assert "/topics/" not in door.asked[-1].path

    def test_has_versions_with_the_hash_of_each_document(self, base):
        (version,) = base.versions("KB000002")
        assert (version["version"], version["state"]) == (1, "published") and len(version["sha256"]) == 64


class TestOtherRecords:
    def test_studies_publications_and_topics_come_all(self, base):
        assert {study["key"] for study in base.studies(page_size=60)} >= {
            row["key"] for row in shipped("studies")
        }
        assert len(list(base.publications(page_size=200))) >= len(shipped("publications"))
        assert {"sleep", "melatonin"} <= {topic["slug"] for topic in base.topics(page_size=200)}

    def test_one_of_each(self, base):
        study = base.study("asemi-2015")
        assert study["has_fallen"] and base.publication("asemi-2015")["is_retracted"]
        assert base.topic("sleep")["name"] == {"en": "Sleep", "nl": "Slaap"}

    def test_studies_pass_filters(self, base):
        assert [study["key"] for study in base.studies(retracted="yes")] == [
            study["key"] for study in base.studies() if study["has_fallen"]
        ]


def test_a_refusal_names_each_mistake(base):
    with pytest.raises(BadRequest, match="Did you mean strength") as refused:
        next(base.claims(strenght="low"))
    assert refused.value.errors[0]["parameter"] == "strenght"
    assert refused.value.members["status"] == refused.value.status == 400


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (records.Claim, lambda base: next(base.claims())),
        (records.ClaimRecord, lambda base: base.claim("KB000001")),
        (records.Rating, lambda base: base.claim("KB000001")["rating"]),
        (records.Standing, lambda base: base.claim("KB000001")["standing"]),
        (records.About, lambda base: base.claim("KB000001")["about"]),
        (records.Evidence, lambda base: base.claim("KB000001")["evidence"][0]),
        (records.Version, lambda base: base.versions("KB000001")[0]),
        (records.Study, lambda base: base.study("asemi-2015")),
        (records.Publication, lambda base: base.publication("asemi-2015")),
        (records.Topic, lambda base: base.topic("sleep")),
        (records.Change, lambda base: next(iter(base.changes()))),
    ],
)
def test_the_types_name_members_that_are_there(base, kind, ask):
    assert kind.__required_keys__ <= set(ask(base))


class TestChanges:
    def test_come_all_in_order_and_a_second_time_only_what_is_new(self, base, closed):
        feed = base.changes(limit=40)
        seen = [change["seq"] for change in feed]
        assert seen == list(range(1, len(seen) + 1)) and len(seen) > 40
        assert feed.last == seen[-1] == base.latest_change()
        assert list(feed) == []

    def test_go_on_from_where_reading_stopped(self, base):
        feed = base.changes(limit=10)
        for change in feed:
            if change["seq"] == 13:
                break
        assert feed.last == 13
        assert next(iter(feed))["seq"] == 14
        assert next(iter(base.changes(since=13)))["seq"] == 14

    def test_of_one_kind_skip_the_rest_for_good(self, base, closed):
        feed = base.changes(kind="withdrawn")
        assert [change["accession"] for change in feed] == [closed["withdrawn"]]
        assert feed.last == base.latest_change()

    def test_bring_documents_where_asked(self, base):
        assert next(iter(base.changes(include="document", limit=1)))["document"]["accession"] == "KB000001"
