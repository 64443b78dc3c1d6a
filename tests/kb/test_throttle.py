"""A limit is a limit, whoever counts: threads with connections of their own, against the real table."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from kb.lib.throttle import address_of, allow, give_back


def hit(_number):
    try:
        return allow("test-threads", "one", limit=20, window=3600)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=False)
def test_exactly_the_limit_passes(django_db_blocker):
    with ThreadPoolExecutor(8) as pool, django_db_blocker.unblock():
        waits = list(pool.map(hit, range(100)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count FROM kb_throttle WHERE name = 'test-threads'")
        assert cursor.fetchone() == (100,)
    assert waits.count(0) == 20
    assert all(0 < wait <= 3600 for wait in waits if wait)


def test_another_key_and_another_kind_count_for_themselves(db):
    assert [allow("a", "x", 1, 60), allow("a", "y", 1, 60), allow("b", "x", 1, 60)] == [0, 0, 0]
    assert allow("a", "x", 1, 60) > 0


def test_the_next_window_begins_anew(db):
    assert allow("a", "x", 1, 60) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kb_throttle SET starts = starts - interval '60 seconds' WHERE name = 'a'")
    assert allow("a", "x", 1, 60) == 0


def test_a_try_that_is_given_back_may_be_made_again(db):
    assert [allow("a", "x", 1, 60), allow("a", "x", 1, 60) > 0] == [0, True]
    give_back("a", "x", 60)
    give_back("a", "x", 60)
    give_back("a", "nobody", 60)
    assert [allow("a", "x", 1, 60), allow("a", "x", 1, 60) > 0] == [0, True]


def test_rows_of_days_ago_are_swept_and_others_stay(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kb_throttle VALUES ('old', 'x', now() - interval '2 days', 1), ('new', 'x', now(), 1)"
        )
        allow("a", "x", 1, 60)
        cursor.execute("SELECT name FROM kb_throttle WHERE name IN ('old', 'new', 'a') ORDER BY name")
        assert cursor.fetchall() == [("a",), ("new",)]


def test_a_window_longer_than_rows_are_kept_is_refused(db):
    with pytest.raises(ValueError, match="kept for a day"):
        allow("a", "x", 1, 86_401)


@pytest.mark.parametrize(
    ("given", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("nonsense", "unknown")],
)
def test_an_address_of_ipv6_counts_as_its_network(given, counted):
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=given)) == counted


@override_settings(CLIENT_ADDRESS_HEADER="X-Real-IP")
def test_behind_a_proxy_its_own_header_is_read():
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Real-IP": "192.0.2.9"})
    assert address_of(request) == "192.0.2.9"
