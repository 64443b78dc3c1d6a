"""How the API answers programs: copies that are still good, codings, the limit, pages of other origins, what will end."""

import gzip
import hashlib
import json
import random
import re
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import brotli
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django.utils.http import http_date
from knox.models import get_token_model

from claims import actions
from claims.models import Standing
from kb import quick
from kb.lib import endings
from kb.lib.files import CLAIM, REFERENCES, SHEETS
from kb.lib.http import code
from kb.lib.quota import spend
from kb.lib.state import state_of_base
from studies.actions import save_record as save_study_record
from studies.models import ReviewInclusion
from tests.claims.test_as_of import DEEDS
from tests.factories import (
    claim,
    in_review,
    notice,
    person,
    publication,
    published,
    study,
    topic,
    version_again,
)

API = "/api/v1"
REFERENCE_SUFFIXES = [each.suffix for each in REFERENCES]
RECORD = f"{API}/claims/KB000001/"
READS = (
    f"{API}/claims/",
    f"{API}/claims/?topic=sleep&design=rct&page_size=5&cursor=*",
    f"{API}/claims/?accession=KB000001,KB000002",
    RECORD,
    f"{API}/claims/KB000001.1/",
    f"{API}/claims/KB000001/versions/",
    f"{API}/claims/KB000001/versions/1/document/",
    f"{API}/claims.jsonl",
    f"{API}/changes/",
    f"{API}/studies/",
    f"{API}/studies/asemi-2015/",
    f"{API}/publications/",
    f"{API}/publications/asemi-2015/",
    f"{API}/topics/",
    f"{API}/topics/sleep/",
    f"{API}/schema/",
)


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def ask(client, address, **headers):
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("address", READS)
class TestEveryOpenAddress:
    def test_gives_a_strong_tag_and_says_304_to_who_has_it(
        self, client, db, address, django_assert_max_num_queries
    ):
        first = client.get(address)
        assert re.fullmatch(r'"[^"]+"', first["ETag"]) and "W/" not in first["ETag"]
        assert body_of(first)
        with django_assert_max_num_queries(1):
            again = ask(client, address, if_none_match=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == first["Cache-Control"] and again["Vary"] == first["Vary"]
        assert "Content-Length" not in again and "Content-Type" not in again

    def test_has_a_tag_and_the_same_bytes_in_each_coding(self, client, db, address):
        plain, zipped, brown = (
            ask(client, address, accept_encoding=coding) for coding in ("", "gzip", "br, gzip")
        )
        assert len({plain["ETag"], zipped["ETag"], brown["ETag"]}) == 3
        assert (zipped["Content-Encoding"], brown["Content-Encoding"]) == ("gzip", "br")
        whole = body_of(plain)
        assert gzip.decompress(body_of(zipped)) == brotli.decompress(body_of(brown)) == whole
        assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in zipped["Vary"]
        assert ask(client, address, accept_encoding="gzip", if_none_match=plain["ETag"]).status_code == 200

    def test_does_not_follow_the_language_of_the_browser(self, client, db, address):
        dutch, english = (ask(client, address, accept_language=language) for language in ("nl", "en"))
        assert body_of(dutch) == body_of(english)
        assert dutch["ETag"] == english["ETag"] and "Accept-Language" not in dutch["Vary"]
        assert dutch["Content-Language"] == english["Content-Language"]

    def test_head_is_get_without_the_body(self, client, db, address):
        get, head = client.get(address), client.head(address)
        counted = ("RateLimit", "RateLimit-Remaining", "RateLimit-Reset")
        assert not body_of(head)
        assert {name: value for name, value in head.items() if name not in counted} == {
            name: value for name, value in get.items() if name not in counted
        }

    def test_options_says_what_may_be_done(self, client, db, address, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.options(address)
        assert (response.status_code, response["Allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")

    def test_refuses_to_be_written_to(self, client, db, address):
        response = client.post(address)
        assert response.status_code == 405 and response["Allow"] == "GET, HEAD, OPTIONS"

    def test_links_to_the_description_and_the_licence(self, client, db, address):
        if "schema" not in address:
            links = client.get(address)["Link"]
            assert 'schema/>; rel="service-desc"' in links and 'rel="license"' in links


class TestTags:
    def test_each_representation_has_its_own(self, client, db):
        asked = ("", "?lang=en", "?lang=nl", "?fields=accession", "?fields=statement")
        assert len({client.get(RECORD + query)["ETag"] for query in asked}) == len(asked)

    def test_a_tag_that_a_proxy_made_weak_and_one_of_several_will_do(self, client, db):
        tag = client.get(RECORD)["ETag"]
        for given in (f"W/{tag}", f'"other", {tag}', f'"a,b", W/"c" , W/{tag}'):
            assert ask(client, RECORD, if_none_match=given).status_code == 304, given
        for given in ('"other"', tag.strip('"'), "", '""', "*"):
            assert ask(client, RECORD, if_none_match=given).status_code == 200, given

    @pytest.mark.parametrize(
        "name", ["claims/?no=1", "claims/KB999999/", "topics/nothing/", "studies/nobody-1900/"]
    )
    def test_a_star_does_not_make_something_of_nothing(self, client, db, name):
        assert ask(client, f"{API}/{name}", if_none_match="*").status_code in (400, 404)

    def test_a_record_keeps_its_tag_when_others_change(self, client, db):
        tag = client.get(RECORD)["ETag"]
        notice(published().evidence.get().publication)
        topic()
        assert ask(client, RECORD, if_none_match=tag).status_code == 304

    def test_a_study_a_publication_and_a_topic_keep_theirs_until_they_show_something_else(self, client, db):
        version = published()
        paper, about = version.evidence.get().publication, version.claim.intervention
        addresses = (
            f"{API}/publications/{paper.key}/", f"{API}/studies/{paper.study.key}/", f"{API}/topics/{about.slug}/",
        )  # fmt: skip
        tags = {address: client.get(address)["ETag"] for address in addresses}
        notice(published().evidence.get().publication)
        for address, tag in tags.items():
            assert ask(client, address, if_none_match=tag).status_code == 304, address
        notice(paper)
        published(of=claim(topics=[about]))
        for address, tag in tags.items():
            assert ask(client, address, if_none_match=tag).status_code == 200, address

    def test_a_draft_changes_the_tag_of_no_list(self, client, db):
        version = published()
        addresses = (f"{API}/claims/", f"{API}/changes/", f"{API}/topics/")
        tags = {address: client.get(address)["ETag"] for address in addresses}
        made = actions.start_draft(version.claim, by=person("editor"))
        actions.edit_draft(made, by=person("editor"), caveats_en="Who knows.")
        assert {address: client.get(address)["ETag"] for address in addresses} == tags

    def test_other_code_or_another_site_gives_another(self, client, db, monkeypatch):
        tag = client.get(RECORD)["ETag"]
        with override_settings(SITE_URL="https://other.example"):
            quick.answers.clear()
            assert client.get(RECORD)["ETag"] != tag
        quick.answers.clear()
        monkeypatch.setattr("kb.lib.http.code", lambda: ("newer", code()[1]))
        assert client.get(RECORD)["ETag"] != tag

    def test_a_refusal_is_never_called_unchanged(self, client, db):
        version = published()
        address = f"{API}/claims/{version.claim.accession}/"
        tag = client.get(address)["ETag"]
        actions.withdraw_claim(version.claim, by=person("reviewer"), reason_en="No.", reason_nl="Nee.")
        for given in (tag, "*"):
            gone = ask(client, address, if_none_match=given)
            assert (gone.status_code, gone["Cache-Control"]) == (410, "no-store") and "ETag" not in gone


def renamed_topic(claims, number):
    about = claims[number % len(claims)].intervention
    about.refresh_from_db()
    about.name_en = about.name_nl = f"Topic {number}"
    actions.save_record(about, by=person("admin"))


def moved_topic(claims, number):
    about, under = (claims[(number + step) % len(claims)].intervention for step in (0, 1))
    about.refresh_from_db()
    about.broader = None if about.broader_id else under
    under.refresh_from_db()
    if about != under and under.broader_id != about.pk:
        actions.save_record(about, by=person("admin"))


def new_study(claims, number):
    publication(study(label=f"Alone {number}"))


def other_title(claims, number):
    report = claims[number % len(claims)].versions.latest("number").evidence.first().publication
    report.title = f"Title {number}"
    save_study_record(report, by=person("editor"))


def included_trial(claims, number):
    review = claims[number % len(claims)].versions.latest("number").evidence.first().study
    save_study_record(ReviewInclusion(review=review, trial=study()), by=person("editor"))


WRITES = (*DEEDS, renamed_topic, moved_topic, new_study, other_title, included_trial)


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("changes/?since=1&since=2", "since"),
        ("publications/?page=1&page=2", "page"),
        ("studies/?page=1&page=2", "page"),
        ("topics/?fields=slug&fields=kind", "fields"),
        ("releases/?cursor=*&cursor=*", "cursor"),
        ("claims/KB000001/?lang=en&lang=nl", "lang"),
        ("claims/KB000001/synthesis/?estimator=DL&estimator=REML", "estimator"),
        ("claims/KB000001/citation.ris?lang=en&lang=nl", "lang"),
        ("claims/?accession=KB000001&lang=en&lang=nl", "lang"),
        ("claims.jsonl?lang=en&lang=nl", "lang"),
    ],
)
def test_what_may_be_given_once_is_refused_twice(client, db, address, named):
    response = client.get(f"{API}/{address}")
    assert response.status_code == 400
    assert named in [error["parameter"] for error in response.json()["errors"]]


def test_what_may_be_repeated_is(client, db):
    for address in (
        "changes/?kind=published&kind=withdrawn",
        "claims/?accession=KB000001&accession=KB000002",
        "claims/KB000016/synthesis/?without=buscemi-2005&without=buscemi-2005",
    ):
        assert client.get(f"{API}/{address}").status_code == 200, address


class TestNoCopyIsCalledGoodTooLong:
    @override_settings(API_LIMIT=0)
    def test_a_304_means_the_same_bytes_whatever_was_written(self, client, db):
        chance = random.Random(11)
        claims = [published().claim for _number in range(4)]
        addresses = [
            address
            for claim in claims
            for address in (
                f"{API}/claims/{claim.accession}/",
                f"{API}/claims/{claim.accession}.1/?lang=nl",
                f"{API}/claims/{claim.accession}/versions/",
                f"{API}/topics/{claim.intervention.slug}/",
                f"{API}/claims/?topic={claim.intervention.slug}&design=rct",
                f"{API}/studies/{claim.versions.get().evidence.get().study.key}/",
                *(f"{API}/claims/{claim.accession}.{suffix}" for suffix in CLAIM),
                f"{API}/claims/{claim.accession}.1.ris",
                f"{API}/claims/{claim.accession}/citation.bib",
                f"{API}/studies/{claim.versions.get().evidence.get().study.key}.csv",
            )
        ] + [
            *(f"{API}/claims.{suffix}?updated_since=2026-01-01" for suffix in SHEETS),
            f"{API}/claims/?ordering=-updated&page_size=10",
            f"{API}/claims/?accession={','.join(claim.accession for claim in claims)}",
            f"{API}/claims.jsonl?updated_since=2026-01-01&fields=accession,version,standing",
            f"{API}/changes/?limit=1000&since=100",
            f"{API}/studies/?q=Alone&page_size=20",
            f"{API}/publications/?page_size=20",
            f"{API}/topics/?page_size=200",
        ]
        kept, good, other = {}, 0, 0
        for number in range(60):
            chance.choice(WRITES)(claims, chance.randrange(1000))
            for address in chance.sample(addresses, 20):
                now = client.get(address)
                now_body = body_of(now)
                if address in kept:
                    tag, before = kept[address]
                    answer = ask(client, address, if_none_match=tag)
                    if answer.status_code == 304:
                        good += 1
                        assert now_body == before, (number, address)
                    else:
                        other += 1
                        assert answer.status_code in (404, 410, 301) or body_of(answer) == now_body
                if now.status_code == 200:
                    kept[address] = now["ETag"], now_body
        assert good > 20 and other > 20

    @pytest.mark.parametrize("suffix", REFERENCE_SUFFIXES)
    @pytest.mark.parametrize("number", ["", ".1"])
    def test_a_changed_reference_changes_the_tag_of_its_claim(self, client, db, suffix, number):
        version = published()
        address = f"{API}/claims/{version.claim.accession}{number}.{suffix}"
        before = client.get(address)
        cited = version.evidence.get().publication
        cited.container_title = "Another journal"
        save_study_record(cited, by=person("editor"))
        after = ask(client, address, if_none_match=before["ETag"])
        assert after.status_code == 200 and "Another journal" in body_of(after).decode()
        assert after["ETag"] != before["ETag"]

    def test_the_state_moves_with_every_table_that_is_read(self, db):
        tables = "claims_standing claims_searchentry claims_topic studies_study studies_publication studies_integritynotice studies_reviewinclusion"
        for table in tables.split():
            before = state_of_base()
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE false")  # noqa: S608 (a name from above)
            assert state_of_base() != before, table

    def test_writers_do_not_wait_for_each_other_and_each_is_seen_when_it_commits(self, django_db_blocker):
        touch = "UPDATE claims_topic SET slug = slug WHERE false"
        holds, may_go = Event(), Event()

        def hold():
            with django_db_blocker.unblock(), connection.cursor() as cursor:
                cursor.execute(f"BEGIN; {touch}")
                holds.set()
                may_go.wait(10)
                cursor.execute("COMMIT")
            connection.close()

        def read(*statements):
            found = []

            def run():
                with django_db_blocker.unblock(), connection.cursor() as cursor:
                    for statement in statements:
                        cursor.execute(statement)
                    found.append(state_of_base())
                connection.close()

            thread = Thread(target=run)
            thread.start()
            thread.join(10)
            return found[0]

        first = read()
        holder = Thread(target=hold)
        holder.start()
        assert holds.wait(10)
        assert read() == first  # not committed yet
        states = [read("SET lock_timeout = '2s'", touch) for _writer in range(8)]
        may_go.set()
        holder.join(10)
        assert len({first, *states, read()}) == 10


class TestDates:
    def test_a_record_says_since_when_it_is_so(self, client, db):
        response = client.get(RECORD)
        began = Standing.objects.get(version__claim__accession="KB000001", until=None).since
        assert response["Last-Modified"] == http_date(max(int(began.timestamp()), code()[1]))
        assert ask(client, RECORD, if_modified_since=response["Last-Modified"]).status_code == 304

    def test_an_older_copy_or_no_date_gets_the_record(self, client, db):
        for given in (http_date(0), "yesterday", ""):
            assert ask(client, RECORD, if_modified_since=given).status_code == 200

    def test_the_tag_goes_before_the_date(self, client, db):
        date = client.get(RECORD)["Last-Modified"]
        assert ask(client, RECORD, if_modified_since=date, if_none_match='"other"').status_code == 200

    def test_two_changes_in_one_second_are_not_taken_for_one(self, client, db, monkeypatch):
        monkeypatch.setattr("kb.lib.http.code", lambda: (code()[0], 0))
        monkeypatch.setattr("kb.lib.http.code", lambda: ("", 0))
        now = timezone.now()
        if now.microsecond > 500_000:  # begin early in a second of our own
            now += timedelta(seconds=1)
        waiting = in_review()
        first = actions.publish_version(waiting, by=person("reviewer"), at=now.replace(microsecond=1))
        address = f"{API}/claims/{first.claim.accession}/"
        before = client.get(address)
        made = actions.submit_version(
            actions.start_draft(first.claim, by=person("editor"), verdict="mixed"), by=person("editor")
        )
        actions.publish_version(made, by=person("reviewer"), at=now.replace(microsecond=2))
        after = ask(client, address, if_modified_since=before["Last-Modified"])
        assert client.get(address)["Last-Modified"] == before["Last-Modified"]
        assert after.status_code == 200 and after.json()["version"] == 2

    def test_a_list_has_none(self, client, db):
        response = client.get(f"{API}/claims/")
        assert "Last-Modified" not in response
        asked = ask(client, f"{API}/claims/", if_modified_since=http_date(datetime.now(UTC).timestamp()))
        assert asked.status_code == 200


class TestTheDocumentItself:
    def test_is_for_ever_and_its_tag_is_its_hash(self, client, db):
        version = published()
        address = f"{API}/claims/{version.claim.accession}/versions/1/document/"
        response = client.get(address)
        digest = hashlib.sha256(response.content).hexdigest()
        assert response["ETag"] == f'"{digest}"' == f'"{version.document_sha256}"'
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        notice(version.evidence.get().publication)
        version_again(version, verdict="mixed")
        assert ask(client, address, if_none_match=response["ETag"]).status_code == 304
        assert client.get(address).content == response.content

    def test_is_named_by_the_list_of_versions(self, client, db):
        row = client.get(f"{API}/claims/KB000001/versions/").json()["results"][0]
        assert hashlib.sha256(client.get(row["document"]).content).hexdigest() == row["sha256"]

    def test_of_a_draft_or_of_nothing_there_is_none(self, client, db):
        version = published()
        actions.start_draft(version.claim, by=person("editor"))
        for name in (f"{version.claim.accession}/versions/2", "KB999999/versions/1", "KB000001.1/versions/1"):
            assert client.get(f"{API}/claims/{name}/document/").status_code == 404

    def test_a_record_with_its_standing_is_asked_after(self, client, db):
        for address in (RECORD, f"{API}/claims/KB000001.1/", f"{API}/claims/"):
            assert client.get(address)["Cache-Control"] == "public, no-cache"


class TestCodings:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("*", "br"),
            ("*;q=0.1, br;q=0", "gzip"),
            ("identity", None),
            ("identity;q=1, gzip;q=0.5", None),
            ("gzip;q=0", None),
            ("zstd", None),
            ("", None),
            (";;,=,q", None),
        ],
    )
    def test_the_one_liked_best(self, client, db, given, expected):
        assert ask(client, RECORD, accept_encoding=given).headers.get("Content-Encoding") == expected

    def test_the_same_request_gives_the_same_bytes(self, client, db):
        for coding in ("gzip", "br"):
            one, other = (ask(client, RECORD, accept_encoding=coding).content for _time in range(2))
            assert one == other

    def test_a_problem_is_not_coded(self, client, db):
        response = ask(client, f"{API}/claims/KB999999/", accept_encoding="gzip")
        assert "Content-Encoding" not in response and response.json()["status"] == 404


@pytest.fixture
def limit_of_three(db):
    with override_settings(API_LIMIT=3):
        yield


@pytest.mark.usefixtures("limit_of_three")
class TestTheLimit:
    def test_beyond_it_comes_429_that_says_how_long_to_wait(self, client):
        answers = [client.get(RECORD) for _time in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        last = answers[-1]
        assert 0 < int(last["Retry-After"]) <= 60 and last["RateLimit-Limit"] == "3"
        assert last["Retry-After"] == last["RateLimit-Reset"]
        assert last["RateLimit-Policy"] == '"api";q=3;w=60'
        assert last["RateLimit"] == f'"api";r=0;t={last["RateLimit-Reset"]}'
        assert last["Content-Type"] == "application/problem+json" and last.json()["status"] == 429
        assert last["Access-Control-Allow-Origin"] == "*" and "ETag" not in last

    def test_a_304_is_free(self, client):
        tags = {address: client.get(address)["ETag"] for address in (RECORD, f"{API}/claims/")}
        for address, tag in [*tags.items()] * 5:
            assert ask(client, address, if_none_match=tag).status_code == 304
        assert client.get(RECORD)["RateLimit-Remaining"] == "0"

    def test_a_copy_that_is_not_good_counts_once(self, client):
        assert ask(client, RECORD, if_none_match='"old"')["RateLimit-Remaining"] == "2"
        assert ask(client, f"{API}/claims/", if_none_match='"old"')["RateLimit-Remaining"] == "1"

    @pytest.mark.parametrize("headers", [{}, {"if_none_match": '"x"'}])
    def test_what_goes_wrong_counts_as_well(self, client, headers):
        wrong = (f"{API}/claims/KB999999/", f"{API}/claims/?no=1", f"{API}/studies/nobody-1900/", RECORD)
        assert [ask(client, address, **headers).status_code for address in wrong] == [404, 400, 404, 429]

    def test_a_bad_token_counts_too(self, client):
        for status in (401, 401, 401, 429):
            assert ask(client, RECORD, authorization="Token nonsense").status_code == status

    @pytest.mark.parametrize(
        ("address", "headers", "status"),
        [
            (f"{API}/drafts/", {"authorization": "Token nonsense"}, 401),
            (f"{API}/drafts/", {}, 401),
            (f"{API}/claims/KB000001/withdraw/", {"authorization": "Token nonsense"}, 401),
            (RECORD, {}, 405),
            (f"{API}/claims.csv", {}, 405),
        ],
    )
    def test_a_write_that_is_refused_counts_and_is_told(self, client, address, headers, status):
        answers = [client.post(address, headers=headers) for _time in range(4)]
        assert [answer.status_code for answer in answers] == [status, status, status, 429]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert 0 < int(answers[-1]["Retry-After"]) <= 60

    def test_a_write_counts_once(self, client, editor):
        client.force_login(editor)
        answers = [client.get(f"{API}/drafts/") for _time in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert client.options(f"{API}/drafts/").headers.get("RateLimit") is None

    def test_another_address_and_a_token_count_for_themselves(self, client, editor):
        for _time in range(4):
            client.get(RECORD)
        assert client.get(RECORD, REMOTE_ADDR="192.0.2.7").status_code == 200
        _kept, token = get_token_model().objects.create(
            user=editor, name="test", scope="read", made_under=editor.get_session_auth_hash(),
            expiry=timedelta(days=1),
        )  # fmt: skip
        assert ask(client, RECORD, authorization=f"Token {token}")["RateLimit-Remaining"] == "2"
        assert client.get(RECORD).status_code == 429

    def test_zero_is_none(self, client):
        with override_settings(API_LIMIT=0):
            answers = [client.get(RECORD) for _time in range(6)]
        assert {answer.status_code for answer in answers} == {200} and "RateLimit" not in answers[0]

    def test_costs_one_small_statement(self, client, django_assert_num_queries):
        with django_assert_num_queries(2):
            client.get(RECORD)
        with django_assert_num_queries(1):
            client.get(RECORD)
        quick.answers.clear()
        with override_settings(API_LIMIT=0), django_assert_num_queries(1):
            client.get(RECORD)
        with override_settings(API_LIMIT=0), django_assert_num_queries(1):
            client.get(RECORD)  # what is kept has no quota to tell, and asks whether it still holds

    def test_a_server_that_only_reads_serves_without_counting(self, rf, django_db_blocker):
        found = []

        def read():
            with django_db_blocker.unblock():
                with connection.cursor() as cursor:
                    cursor.execute("SET default_transaction_read_only = on")
                request = rf.get(RECORD)
                request.auth = None
                found.append(spend(request))
                connection.close()

        thread = Thread(target=read)
        thread.start()
        thread.join(10)
        assert found == [(None, None)]


class TestPagesOfOtherOrigins:
    @pytest.mark.parametrize(
        "address", [RECORD, f"{API}/claims/KB999999/", f"{API}/nothing/", f"{API}/claims/?no=1"]
    )
    def test_may_read_answers_and_refusals(self, client, db, address):
        response = ask(client, address, origin="https://elsewhere.example")
        assert response["Access-Control-Allow-Origin"] == "*"
        wanted = {"ETag", "Link", "RateLimit", "Retry-After", "Last-Modified"}
        assert wanted | {"Content-Disposition", "Allow", "WWW-Authenticate"} <= set(
            response["Access-Control-Expose-Headers"].split(", ")
        )

    def test_may_read_files_to_download_and_parts_of_them(self, client, db):
        address = "/downloads/onderbouwd-1999-01-01.zip"
        response = ask(client, address, origin="https://elsewhere.example")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Content-Range" in response["Access-Control-Expose-Headers"]
        asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
        assert "Range" in client.options(address, headers=asked)["Access-Control-Allow-Headers"].split(", ")

    def test_never_with_credentials(self, client, db):
        for response in (
            ask(client, RECORD, origin="https://elsewhere.example"),
            client.options(
                RECORD,
                headers={"origin": "https://elsewhere.example", "access-control-request-method": "GET"},
            ),
        ):
            assert "Access-Control-Allow-Credentials" not in response

    def test_are_told_before_they_ask_that_they_only_read(self, client, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = client.options(
                f"{API}/drafts/",
                headers={"origin": "https://x.example", "access-control-request-method": "POST"},
            )
        assert response.status_code == 204
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Authorization" not in response["Access-Control-Allow-Headers"]

    def test_get_no_answer_to_a_write_and_none_of_a_page(self, client, db):
        assert "Access-Control-Allow-Origin" not in client.post(f"{API}/drafts/")
        assert "Access-Control-Allow-Origin" not in client.get("/en/")


class TestEndings:
    def test_nothing_ends_today(self, client, db):
        response = client.get(RECORD)
        assert endings.ENDINGS == ()
        assert "Deprecation" not in response and "Sunset" not in response

    def test_an_address_that_will_end_says_so_in_every_answer(self, client, db, monkeypatch):
        ending = endings.Ending(
            path=re.compile(r"/api/v1/topics/.*"),
            deprecated=datetime(2027, 1, 1, tzinfo=UTC),
            sunset=datetime(2028, 1, 1, tzinfo=UTC),
            explained="https://onderbouwd.example/changes",
        )
        monkeypatch.setattr(endings, "ENDINGS", (ending,))
        first = client.get(f"{API}/topics/")
        for response in (
            first,
            client.get(f"{API}/topics/nothing/"),
            ask(client, f"{API}/topics/", if_none_match=first["ETag"]),
        ):
            assert response["Deprecation"] == "@1798761600"
            assert response["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
            assert '<https://onderbouwd.example/changes>; rel="deprecation"' in response["Link"]
        assert "Sunset" not in client.get(RECORD)


def test_a_schema_tells_of_parameters_headers_and_refusals(client, db):
    response = ask(client, f"{API}/schema/", accept="application/vnd.oai.openapi+json")
    paths = json.loads(response.content)["paths"]
    for path in ("claims/", "claims/{accession}/", "claims.jsonl", "changes/", "studies/", "topics/{slug}/"):
        told = paths[f"/api/v1/{path}"]["get"]
        assert {"200", "304", "400", "429"} <= set(told["responses"]), path
        assert {"ETag", "RateLimit", "Link"} <= set(told["responses"]["200"]["headers"]), path
        assert "Retry-After" in told["responses"]["429"]["headers"]
        assert "If-None-Match" in {parameter["name"] for parameter in told["parameters"]}
    names = {parameter["name"] for parameter in paths["/api/v1/claims/"]["get"]["parameters"]}
    assert {"cursor", "fields", "include", "accession", "lang", "page"} <= names
    shape = paths["/api/v1/claims/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert shape == {"$ref": "#/components/schemas/ClaimList"}
