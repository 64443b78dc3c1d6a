"""Taking everything: walks that nothing slips through while others write, many at once, lines from one moment."""

import json
import threading
import time

import pytest
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from claims import actions, streaming
from claims.asked import WHOLE, Shape
from claims.models import ClaimVersion
from claims.records import with_standing
from kb.lib import copying, pages
from tests.factories import draft, notice, person, publication, published, study, topic, version_again

API = "/api/v1"
LIST = f"{API}/claims/"
LINES = f"{API}/claims.jsonl"


def lines_of(response):
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def names(body):
    return [record["accession"] for record in body["results"]]


@pytest.fixture
def walk(client, db):
    """Yields the body of each stretch of a walk."""

    def walk(address, **parameters):
        body = client.get(address, {"cursor": "*", **parameters}).json()
        yield body
        while body["next"]:
            body = client.get(body["next"]).json()
            yield body

    return walk


class TestWalks:
    @pytest.mark.parametrize(
        "parameters", [{}, {"kind": ["efficacy", "harm"]}, {"q": "slaap"}, {"lang": "nl"}]
    )
    def test_brings_what_the_pages_bring_by_accession(self, client, walk, parameters):
        found = [name for body in walk(LIST, page_size=7, **parameters) for name in names(body)]
        pages_ = client.get(LIST, {"ordering": "accession", "page_size": 200, **parameters}).json()
        assert found == names(pages_) and len(found) > 7

    def test_misses_nothing_and_brings_nothing_twice_while_others_publish(self, walk):
        again, gone = published(), published()
        there = set(ClaimVersion.objects.current().values_list("claim__accession", flat=True))
        found, fresh = [], []
        for number, body in enumerate(walk(LIST, page_size=7)):
            found += names(body)
            if body["next"]:
                fresh.append(published().claim.accession)
                again = version_again(again, verdict=["mixed", "supported"][number % 2])
                notice(again.evidence.first().publication, "correction")
            if number == 1:
                actions.withdraw_claim(gone.claim, by=person("reviewer"), reason_en="No.", reason_nl="Nee.")
        assert len(fresh) > 10
        assert len(found) == len(set(found))
        assert there - {gone.claim.accession} <= set(found)
        assert set(fresh) <= set(found)

    def test_the_last_stretch_says_that_it_is_the_last(self, walk):
        bodies = list(walk(LIST, page_size=50))
        assert [body["next"] is None for body in bodies] == [False, True]
        assert {(body["count"], body["page"], body["previous"]) for body in bodies} == {(None, None, None)}

    @pytest.mark.parametrize(
        ("address", "key", "add"),
        [
            ("studies", "key", lambda: study(key="aaa-first")),
            ("publications", "key", lambda: publication(study(key="aaa-first"))),
            ("topics", "slug", lambda: published().claim.intervention),
        ],
    )
    def test_every_list_can_be_walked_while_it_grows(self, walk, address, key, add):
        found, made = [], None
        for number, body in enumerate(walk(f"{API}/{address}/", page_size=40)):
            found += [record[key] for record in body["results"]]
            made = add() if number == 0 else made
        assert len(found) == len(set(found)) > 40
        assert getattr(made, key) in found

    def test_link_headers_lead_the_same_way(self, client, db):
        first = client.get(LIST, {"cursor": "*"})
        assert f'<{first.json()["next"]}>; rel="next"' in first["Link"]
        assert 'cursor=%2A>; rel="first"' in first["Link"] and 'rel="prev"' not in first["Link"]

    def test_asks_two_questions_wherever_it_is(self, client, walk, django_assert_num_queries):
        with django_assert_num_queries(2):
            first = next(walk(LIST))
        with django_assert_num_queries(2):
            assert client.get(first["next"]).status_code == 200

    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({"cursor": "KB000003"}, "cursor"),
            ({"cursor": ""}, "cursor"),
            ({"cursor": "*" * 301}, "cursor"),
            ({"cursor": signing.dumps("KB000003", salt="another")}, "cursor"),
            (
                {
                    "cursor": signing.dumps("KB000003", salt="cursor claims.ClaimVersion claim__accession")[
                        :-1
                    ]
                },
                "cursor",
            ),
            ({"cursor": "*", "page": "2"}, "page"),
            ({"cursor": "*", "page_size": "201"}, "page_size"),
            ({"cursor": "*", "ordering": "-strength"}, "ordering"),
            ({"cursor": ["*", "*"]}, "cursor"),
        ],
    )
    def test_a_bad_cursor_is_named(self, client, db, parameters, named):
        answer = client.get(LIST, parameters)
        assert answer.status_code == 400 and answer.json()["errors"][0]["parameter"] == named

    def test_a_cursor_of_one_list_is_none_of_another(self, client, walk):
        cursor = next(walk(f"{API}/topics/"))["next"].split("cursor=")[1]
        assert client.get(f"{API}/topics/?cursor={cursor}").status_code == 200
        assert client.get(f"{API}/studies/?cursor={cursor}").status_code == 400

    def test_pages_stop_where_a_walk_is_better_and_say_so(self, client, db, monkeypatch):
        monkeypatch.setattr(pages, "DEEPEST", 50)
        monkeypatch.setattr("claims.quick.DEEPEST", 50)
        answer = client.get(LIST, {"page": 3}).json()
        assert (
            answer["status"] == 400 and "cursor=*" in answer["detail"] and "claims.jsonl" in answer["detail"]
        )
        assert client.get(LIST, {"page": 2}).status_code == 200


class TestManyAtOnce:
    def test_come_in_the_order_asked_for_and_what_is_not_there_is_named(self, client, db):
        asked = ["KB000007", "KB999999", "KB000002", "KB000007", "KB000001", "KB888888"]
        body = client.get(LIST, {"accession": asked}).json()
        assert names(body) == ["KB000007", "KB000002", "KB000001"]
        assert body["missing"] == ["KB999999", "KB888888"] and body["count"] == 3
        assert client.get(f"{LIST}?accession={','.join(asked)}").json() == body

    def test_each_is_what_the_record_says(self, client, db):
        body = client.get(LIST, {"accession": "KB000007,KB000002", "include": "document"}).json()
        assert body["results"] == [client.get(f"{LIST}{name}/").json() for name in ("KB000007", "KB000002")]

    def test_a_withdrawn_claim_and_a_draft_are_missing(self, client, db):
        version = published()
        draft()
        actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="No.", reason_nl="Nee.")
        body = client.get(LIST, {"accession": version.claim.accession}).json()
        assert body["missing"] == [version.claim.accession] and body["results"] == []

    def test_five_hundred_and_no_more_with_few_questions(self, client, db, django_assert_num_queries):
        every = [f"KB{number:06}" for number in range(1, 502)]
        with django_assert_num_queries(2):
            body = client.get(LIST, {"accession": every[:500]}).json()
        assert body["count"] == ClaimVersion.objects.current().count()
        assert client.get(LIST, {"accession": every}).status_code == 400

    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({"accession": "magnesium"}, "accession"),
            ({"accession": ""}, "accession"),
            ({"accession": "KB000001.1"}, "accession"),
            ({"accession": "KB000001", "kind": "harm"}, "kind"),
            ({"accession": "KB000001", "page": "1"}, "page"),
            ({"accession": "KB000001", "cursor": "*"}, "cursor"),
            ({"accession": "KB000001", "lang": "fr"}, "lang"),
            ({"accession": "KB000001", "as_of": "2999-01-01"}, "as_of"),
        ],
    )
    def test_a_bad_parameter_is_named(self, client, db, parameters, named):
        answer = client.get(LIST, parameters)
        assert answer.status_code == 400 and answer.json()["errors"][0]["parameter"] == named

    def test_as_it_was(self, client, db):
        version = published()
        name, then = version.claim.accession, version.published_at.isoformat()
        before = client.get(LIST, {"accession": name}).json()
        version_again(version, verdict="mixed")
        assert client.get(LIST, {"accession": name, "as_of": then}).json() == before
        assert client.get(LIST, {"accession": name}).json() != before


class TestMembers:
    def test_keeps_those_asked_for_in_their_own_order(self, client, db):
        asked = "rating.strength,accession,statement.nl,standing.under_review"
        record = client.get(LIST, {"fields": asked, "page_size": 1}).json()["results"][0]
        assert list(record) == ["standing", "accession", "statement", "rating"]
        assert list(record["rating"]) == ["strength"] and list(record["statement"]) == ["nl"]
        assert record["standing"] == {"under_review": False}

    def test_a_whole_member_goes_before_a_part_of_it(self, client, db):
        whole = client.get(f"{LIST}KB000001/").json()
        for asked in ("rating,rating.verdict", "rating.verdict,rating"):
            assert client.get(f"{LIST}KB000001/", {"fields": asked}).json() == {"rating": whole["rating"]}

    def test_of_each_row_of_a_member(self, client, db):
        record = client.get(f"{LIST}KB000001/", {"fields": "evidence.study"}).json()
        assert record["evidence"] and {tuple(row) for row in record["evidence"]} == {("study",)}

    def test_goes_with_one_language(self, client, db):
        record = client.get(f"{LIST}KB000001/", {"fields": "statement,about", "lang": "nl"}).json()
        assert isinstance(record["statement"], str) and list(record) == ["statement", "about"]

    @pytest.mark.parametrize(
        ("address", "asked"),
        [
            ("studies/", "key,publications.doi"),
            ("studies/asemi-2015/", "key,publications.doi"),
            ("publications/asemi-2015/", "key,notices.kind"),
            ("topics/sleep/", "slug,name.en"),
            ("topics/", "slug,name.en"),
        ],
    )
    def test_of_every_kind_of_record(self, client, db, address, asked):
        body = client.get(f"{API}/{address}", {"fields": asked}).json()
        for record in body.get("results", [body]):
            assert list(record) == [name.partition(".")[0] for name in asked.split(",")]

    @pytest.mark.parametrize(
        ("address", "asked", "told"),
        [
            ("claims/", "acession", "accession"),
            ("claims/", "rating.stength", "rating.strength"),
            ("claims/", "rating.strength.code", "rating.strength"),
            ("claims/", "evidence", "statement"),
            ("claims/", "accession.x", "none"),
            ("claims/", "", "accession"),
            ("claims/", "accession,,", "accession"),
            ("claims/KB000001/", "sha256", "evidence"),
            ("claims/KB000001/?lang=nl", "statement.nl", "none"),
            ("claims.jsonl", "sha256", "evidence"),
            ("studies/", "doi", "publications"),
            ("topics/sleep/", "title", "synonyms"),
        ],
    )
    def test_one_that_is_unknown_is_refused_with_those_that_are_known(self, client, db, address, asked, told):
        answer = client.get(f"{API}/{address}{'&' if '?' in address else '?'}fields={asked}")
        problem = answer.json()["errors"][0]
        assert answer.status_code == 400 and problem["parameter"] == "fields"
        assert told in problem["detail"].partition("Known are")[2]


class TestInclude:
    def test_the_whole_document(self, client, db):
        for record in client.get(LIST, {"include": "document", "page_size": 3}).json()["results"]:
            assert record == client.get(f"{LIST}{record['accession']}/").json()

    def test_parts_of_it_beside_the_card(self, client, db):
        card = client.get(LIST, {"page_size": 1}).json()["results"][0]
        whole = client.get(f"{LIST}{card['accession']}/").json()
        body = client.get(LIST, {"page_size": 1, "include": "evidence,judgements"}).json()
        judged = card["rating"] | {"judgements": whole["rating"]["judgements"]}
        assert body["results"][0] == card | {"rating": judged, "evidence": whole["evidence"]}

    def test_asks_no_more_of_the_database(self, client, db, django_assert_num_queries):
        with django_assert_num_queries(2):
            client.get(LIST, {"page_size": 200})
        for parameters in ({"include": "document"}, {"include": "evidence", "fields": "evidence.n"}):
            with django_assert_num_queries(3):
                client.get(LIST, parameters | {"page_size": 200})

    @pytest.mark.parametrize("include", ["all", "", "evidence,", "document,x"])
    def test_a_part_that_is_none_is_refused(self, client, db, include):
        problem = client.get(LIST, {"include": include}).json()["errors"][0]
        assert problem["parameter"] == "include" and "document, evidence, judgements" in problem["detail"]


class TestLines:
    def test_every_claim_is_there_as_its_record_says(self, client, db):
        notice(published().evidence.get().publication)
        found = lines_of(client.get(LINES))
        assert len(found) == ClaimVersion.objects.current().count()
        assert [record["accession"] for record in found] == sorted(record["accession"] for record in found)
        with override_settings(API_LIMIT=0):
            for record in found:
                assert record == client.get(f"{LIST}{record['accession']}/").json()

    @pytest.mark.parametrize(
        "parameters",
        [{"kind": "harm"}, {"q": "slaap", "strength_min": "low"}, {"topic": "sleep", "lang": "en"}],
    )
    def test_takes_the_filters_of_the_list(self, client, db, parameters):
        listed = client.get(LIST, parameters | {"page_size": 200}).json()
        assert sorted(names(listed)) == [
            record["accession"] for record in lines_of(client.get(LINES, parameters))
        ]

    def test_as_it_was(self, client, db):
        version = published()
        before = lines_of(client.get(LINES))
        then = version.published_at.isoformat()
        version_again(version, verdict="mixed")
        assert lines_of(client.get(LINES, {"as_of": then})) == before

    def test_what_is_published_meanwhile_is_not_in_it(self, client, db, monkeypatch):
        monkeypatch.setattr(streaming, "AT_A_TIME", 5)
        version = published()
        pieces = client.get(LINES, {"fields": "accession,version"}).streaming_content
        found = next(pieces).splitlines()
        assert len(found) == 1
        version_again(version, verdict="mixed")
        published()
        for piece in pieces:
            found += piece.splitlines()
        numbers = {record["accession"]: record["version"] for record in map(json.loads, found)}
        assert len(numbers) == ClaimVersion.objects.current().count() - 1
        assert numbers[version.claim.accession] == 1

    def test_a_shape_of_ones_own_comes_a_few_at_a_time_from_a_cursor_of_the_server(self, db, monkeypatch):
        monkeypatch.setattr(streaming, "AT_A_TIME", 5)
        pieces = streaming.lines_of(
            with_standing(ClaimVersion.objects.current()), Shape(language="en", parts=WHOLE)
        )
        assert cursors() == 0
        assert next(pieces).count(b"\n") == 1
        assert cursors() == 1
        pieces.close()  # what happens where a client hangs up
        assert cursors() == 0

    def test_whole_records_are_copied_a_piece_at_a_time(self, db, monkeypatch):
        monkeypatch.setattr(copying, "PIECE", 1)
        threads = threading.active_count()
        pieces = streaming.lines_of(with_standing(ClaimVersion.objects.current()), Shape(parts=WHOLE))
        first = next(pieces)
        assert first.count(b"\n") == 1 and json.loads(first)["accession"] == "KB000001"
        pieces.close()
        assert cursors() == 0  # the connection goes on
        assert threading.active_count() == threads

    def test_a_reader_who_stops_reading_ends_the_copy(self, db, monkeypatch):
        monkeypatch.setattr(copying, "PIECE", 1)
        monkeypatch.setattr(copying, "PATIENCE", 0.1)
        pieces = streaming.lines_of(with_standing(ClaimVersion.objects.current()), Shape(parts=WHOLE))
        next(pieces)
        time.sleep(0.5)
        with pytest.raises(TimeoutError):
            list(pieces)

    def test_trouble_in_the_database_is_not_an_end(self, db):
        with pytest.raises(DatabaseError), transaction.atomic():
            list(copied("SELECT 'x', (1 / (3 - n))::text FROM generate_series(1, 5) n"))

    def test_trouble_with_a_line_is_not_an_end(self, db):
        def line(_first, _second):
            raise ValueError("no line")

        with pytest.raises(ValueError, match="no line"):
            list(copying.copied("SELECT 'x', 'y'", [], line))
        assert cursors() == 0

    def test_copies_every_row_as_the_base_has_it(self, db):
        assert b"".join(copied("SELECT 'x', 'y' WHERE false")) == b""
        assert b"".join(copied("SELECT '', '' FROM generate_series(1, 2)")) == b"|\n|\n"
        long = 'é\\"\t' * 100_000
        for first, second in (("", long), (long, ""), ("x", long), (long, long)):
            lines = b"".join(copied("SELECT %s, %s FROM generate_series(1, 9)", [first, second]))
            assert lines == f"{first}|{second}\n".encode() * 9

    def test_is_json_lines_whatever_the_client_accepts(self, client, db):
        for accepted in ("application/jsonl", "application/x-ndjson", "application/json", "text/html"):
            response = client.get(LINES, {"kind": "harm"}, headers={"accept": accepted})
            assert (response.status_code, response["Content-Type"]) == (200, "application/jsonl")

    def test_a_head_reads_nothing(self, client, db, django_assert_num_queries):
        with django_assert_num_queries(1):
            response = client.head(LINES)
        assert response.status_code == 200 and "Content-Length" not in response

    @pytest.mark.parametrize(
        "name", ["page", "cursor", "ordering", "page_size", "accession", "include", "no"]
    )
    def test_what_makes_no_sense_here_is_refused(self, client, db, name):
        answer = client.get(LINES, {name: "accession" if name == "ordering" else "1"})
        assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"][0]["parameter"] == name


def copied(query, values=()):
    """The pieces of lines that have both columns with a stroke between."""
    return copying.copied(query, values, lambda first, second: (first, b"|", second))


def cursors():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        return cursor.fetchone()[0]


def test_a_new_topic_of_a_draft_is_on_no_walk(walk):
    hidden = topic()
    assert hidden.slug not in [
        record["slug"] for body in walk(f"{API}/topics/") for record in body["results"]
    ]


def test_a_cursor_reads_the_same_at_any_time(client, db, monkeypatch):
    address = "/api/v1/claims/?page_size=2&cursor=*"
    now = client.get(address).content
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert client.get(address).content == now
