"""Prepared statements: planned once, known by their text, and never a reason to fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from kb.lib.prepared import fetch_all, name_of, prepared

ASKED = "SELECT %s::int + %s::int, %s::text"


def known():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, generic_plans + custom_plans FROM pg_prepared_statements")
        return dict(cursor.fetchall())


@pytest.fixture(autouse=True)
def nothing_prepared(db):
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    prepared.clear()


def test_a_statement_is_planned_once_and_run_again_and_again():
    for number in range(3):
        assert fetch_all(ASKED, [number, 1, "a'b"]) == [(number + 1, "a'b")]
    assert known() == {name_of(ASKED): 3}


def test_settings_hold_for_the_statement(db):
    sql = "SELECT current_setting('enable_seqscan')"
    assert fetch_all(sql, settings="SET LOCAL enable_seqscan = off; ") == [("off",)]


def test_more_than_are_kept_are_asked_as_they_stand(monkeypatch):
    monkeypatch.setattr("kb.lib.prepared.MOST", 0)
    assert fetch_all(ASKED, [1, 2, "x"]) == [(3, "x")]
    assert known() == {}


def test_what_is_wrong_in_the_values_is_still_wrong():
    with pytest.raises(DatabaseError), transaction.atomic():
        fetch_all("SELECT 1 / %s::int", [0])


class TestBehindAPooler:
    """A connection that does not know what was prepared, or knows what was not: asked as it stands, with the same answer."""

    @pytest.fixture
    def elsewhere(self):
        """Runs a function on a connection of its own, outside of any transaction."""

        def run(work):
            def worked():
                try:
                    return work()
                finally:
                    connection.close()

            with ThreadPoolExecutor(1) as pool:
                return pool.submit(worked).result()

        return run

    def test_forgotten(self, elsewhere):
        def work():
            fetch_all(ASKED, [1, 1, ""])
            with connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
            return fetch_all(ASKED, [1, 2, "x"])

        assert elsewhere(work) == [(3, "x")]

    def test_known_already(self, elsewhere):
        def work():
            fetch_all(ASKED, [1, 1, ""])
            prepared.clear()
            return fetch_all(ASKED, [1, 2, "x"])

        assert elsewhere(work) == [(3, "x")]
