"""What the web server runs: plain questions past Django, all else through it, and the same answer either way."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections
from django.test import override_settings

from kb import quick

API = "/api/v1/claims/"


@pytest.fixture
def wsgi(db, monkeypatch):
    """The module, with whose bounds for sessions of the database no other test shall run."""
    monkeypatch.setenv("DATABASE_OPTIONS", "")
    from kb import wsgi

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's own
    yield wsgi
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def ask(wsgi):
    """(status, headers, what the server is given) for a path and its query."""

    def ask(address, method="GET", **headers):
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
        }
        environ |= {
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "127.0.0.1",
        }
        told = []
        given = wsgi.application(
            environ | headers, lambda *status_and_headers: told.extend(status_and_headers)
        )
        return told[0], told[1], given

    return ask


@pytest.fixture
def no_django(wsgi, monkeypatch):
    """Whoever goes on to Django fails."""
    monkeypatch.setattr(wsgi, "django", None)


@pytest.mark.parametrize(
    "address",
    [
        API,
        f"{API}?topic=sleep&strength_min=low",
        f"{API}?q=slaap",
        f"{API}KB000001/",
        "/nl/claims/?topic=sleep",
    ],
)
def test_a_plain_question_never_comes_to_django_and_is_answered_as_there(
    ask, no_django, client, settings, address
):
    settings.API_LIMIT = 0
    status, headers, given = ask(address)
    with_cookie = client.get(address, headers={"Cookie": "a=b"})  # somebody's, so by the long way
    assert status == "200 OK" and given == [with_cookie.content]
    # The long way adds to Vary what it looked at on its way; tests/claims/test_quick.py compares it name by name.
    own, others = (
        {name: value for name, value in each if name != "Vary"} for each in (headers, with_cookie.items())
    )
    assert own == others
    assert all(type(value) is str and value.isascii() for _name, value in headers)


def test_a_condition_that_holds_never_comes_to_django(ask, no_django):
    tag = dict(ask(f"{API}KB000001/")[1])["ETag"]
    for _with_and_without_what_is_kept in range(2):
        status, headers, given = ask(f"{API}KB000001/", HTTP_IF_NONE_MATCH=tag)
        assert (status, given) == ("304 Not Modified", [b""])
        assert dict(headers)["ETag"] == tag and not {"Content-Type", "Content-Length"} & set(dict(headers))
        quick.answers.clear()


@override_settings(API_LIMIT=3)
def test_a_request_that_goes_on_to_django_is_counted_once_and_its_answer_kept(ask, wsgi, monkeypatch):
    asked = [ask("/api/v1/topics/?page_size=2") for _ in range(2)]
    assert [dict(headers)["RateLimit-Remaining"] for _status, headers, _given in asked] == ["2", "1"]
    assert asked[0][2] == asked[1][2]
    monkeypatch.setattr(wsgi, "django", None)
    assert dict(ask("/api/v1/topics/?page_size=2")[1])["RateLimit-Remaining"] == "0"


def test_an_address_of_odd_bytes_is_not_found(ask):
    """A request changes the environ that it is made from, so it cannot be made twice."""
    for path in ("/api/v1/drafts/\xc3\x89\xf2\xa0", "/nl/claims/\xff\xfe/", "/api/v1/claims/\xe2\x82\xac/"):
        assert ask(path)[0] == "404 Not Found"


def test_a_fault_of_the_quick_way_is_told_and_costs_nobody_an_answer(ask, monkeypatch, caplog):
    def broken(*_asked):
        raise ZeroDivisionError

    monkeypatch.setattr(quick, "read_api", broken)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    with caplog.at_level(logging.ERROR, "django.request"):
        status, _headers, (body,) = ask(f"{API}KB000001/")
    assert status == "200 OK" and b"KB000001" in body
    assert (
        "The quick way failed: /api/v1/claims/KB000001/" in caplog.text and "ZeroDivisionError" in caplog.text
    )


def test_a_whole_answer_is_given_in_one_piece_and_its_request_ends(ask):
    ended = []
    end = lambda **_told: ended.append(True)  # noqa: E731 (held weakly by the signal)
    request_finished.connect(end)
    _status, _headers, given = ask("/nl/method/")
    assert type(given) is list and b"</html>" in given[0] and ended == [True]


def test_a_stream_is_given_as_it_comes(ask):
    _status, _headers, given = ask(f"{API[:-1]}.jsonl")
    assert type(given) is not list
    assert b"".join(given).count(b"\n") > 70
    given.close()


@override_settings(SECURE_SSL_REDIRECT=True)
def test_where_only_https_is_served_a_plain_question_without_it_is_sent_there(ask, wsgi, monkeypatch):
    anew = get_wsgi_application()
    anew.request_class = wsgi.django.request_class
    monkeypatch.setattr(wsgi, "django", anew)
    status, headers, _given = ask(f"{API}KB000001/")
    assert (
        status == "301 Moved Permanently"
        and dict(headers)["Location"] == "https://testserver/api/v1/claims/KB000001/"
    )


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60)
def test_over_https_the_answer_says_that_it_stays_so(ask, no_django):
    for address in (API, "/nl/claims/"):
        _status, headers, _given = ask(address, **{"wsgi.url_scheme": "https"})
        assert dict(headers)["Strict-Transport-Security"].startswith("max-age=60")


@override_settings(ALLOWED_HOSTS=["testserver"])
@pytest.mark.parametrize("host", ["evil.example", "testserver:x"])
def test_somebody_elses_host_is_refused(ask, host):
    assert ask(API, HTTP_HOST=host)[0] == "400 Bad Request"


def test_an_address_with_a_prefix_and_one_that_is_not_ascii_are_djangos(ask, wsgi, monkeypatch):
    gone_on = []
    monkeypatch.setattr(wsgi, "in_one_piece", gone_on.append)
    ask("/api/v1/claims/", SCRIPT_NAME="/sub")
    ask("/api/v1/claims/?q=pati\xc3\xabnten")  # the bytes of ë as a server hands them on
    assert [response.status_code for response in gone_on] == [200, 200]
    assert len(gone_on) == 2 and not quick.answers.answers


def test_a_connection_that_was_cut_is_made_anew_either_way(ask, settings):
    """In a thread, which has a connection of its own."""
    settings.API_LIMIT = 0
    questions = [
        (f"{API}KB000001/", {}),
        (API, {}),
        (API, {"HTTP_IF_MODIFIED_SINCE": "Sat, 01 Jan 2000 00:00:00 GMT"}),
    ]

    def ask_and_cut_and_ask():
        for address, headers in questions:
            first, _headers, _given = ask(address, **headers)
            cut(connection.connection.info.backend_pid)
            quick.answers.clear()
            yield first, ask(address, **headers)[0]

    assert in_a_thread(ask_and_cut_and_ask()) == 3 * [("200 OK", "200 OK")]


def test_django_does_not_try_a_connection_that_has_just_answered(ask, monkeypatch, settings):
    settings.API_LIMIT = 0
    wrapper_of = type(connections["default"])
    tried, is_usable = [], wrapper_of.is_usable

    def spied(wrapper):
        tried.append(True)
        return is_usable(wrapper)

    def ask_twice():
        for page in (1, 2):  # another one, so that none is kept
            yield ask(f"/api/v1/topics/?page_size=3&page={page}")[0]

    monkeypatch.setattr(wrapper_of, "is_usable", spied)
    assert in_a_thread(ask_twice()) == ["200 OK", "200 OK"] and not tried


def in_a_thread(answers):
    """What these are, asked with the connection of another thread, which Django looks after as it does on a server."""

    def asked():
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        try:
            return list(answers)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asked).result()


def cut(process):
    with closing(connection.get_new_connection(connection.get_connection_params())) as other:
        other.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [process])
