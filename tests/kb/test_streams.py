"""Answers in pieces: the first at once, a few rows in memory, an end to the query with the reader, and a few at once."""

import gc
import socket
import time
import tracemalloc

import pytest
from django.db import connection

from kb.lib import streams
from studies.models import Publication, Study

STUDIES = (
    "studies.csv",
    "studies.jsonld",
    "studies.ris",
    "publications.csv",
    "publications.jsonld",
    "publications.bib",
)
EVERY = (
    *STUDIES, "studies.bib", "studies.csl.json", "publications.ris", "publications.csl.json", "claims.csv", "claims.jsonld",
    "claims.ris", "claims.jsonl?lang=en",
)  # fmt: skip


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def cursors():
    return asked("SELECT count(*) FROM pg_cursors WHERE name LIKE '\\_django%'")


def leave(response):
    """As the server does when a reader hangs up. The test client's own way spares the connection, which the test still needs."""
    response._resource_closers[-1]()


@pytest.mark.parametrize("name", EVERY)
def test_the_first_piece_comes_before_the_last_row_is_read_and_the_query_ends_with_the_reader(
    client, db, name
):
    depth = len(connection.savepoint_ids)
    response = client.get(f"/api/v1/{name}")
    pieces = iter(response.streaming_content)
    first = next(pieces)
    while b"\n" not in first.strip():  # the head of a table, or what begins a document
        first += next(pieces)
    assert cursors() == 1
    assert (
        len(connection.savepoint_ids) == depth + 1
    )  # a transaction: a cursor without one would be written down first
    assert asked("SHOW idle_in_transaction_session_timeout") == "1min"
    leave(response)
    assert cursors() == 0 and len(connection.savepoint_ids) == depth


def many(number, *, of):
    studies = Study.objects.bulk_create(
        Study(key=f"{of}-{i}", label=f"{of} {i}", design="rct") for i in range(number)
    )
    Publication.objects.bulk_create(
        Publication(key=each.key, study=each, title=f"What {each.label} found", year=2000) for each in studies
    )


def most_memory(client, name):
    """Bytes held at most while the file is read."""
    gc.freeze()  # what is there already is not looked through again and again
    tracemalloc.start()
    size = 0
    for piece in client.get(f"/api/v1/{name}").streaming_content:
        size += len(piece)
        gc.collect()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.unfreeze()
    return most, size


def test_the_memory_of_a_file_does_not_grow_with_the_base(client, db):
    many(1200, of="few")
    for name in STUDIES:
        client.get(f"/api/v1/{name}").getvalue()  # what is made once for the process
    few = {name: most_memory(client, name) for name in STUDIES}
    many(2400, of="many")
    for name in STUDIES:
        most, size = most_memory(client, name)
        assert size > few[name][1] + 50_000
        assert most < few[name][0] + 1_000_000, name


@pytest.fixture
def one_at_once(settings):
    settings.STREAMS_AT_ONCE = 1
    streams.running.clear()
    yield
    streams.running.clear()


class TestHowManyAtOnce:
    @pytest.mark.parametrize("name", ["claims.jsonl?lang=en", "claims.jsonl", "studies.csv"])
    def test_one_too_many_is_told_when_to_come_back(self, client, db, one_at_once, name):
        first = client.get("/api/v1/studies.jsonld")
        next(iter(first.streaming_content))
        refused = client.get(f"/api/v1/{name}")
        assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
        assert refused["Retry-After"] == "30" and refused["Cache-Control"] == "no-store"
        assert client.get("/api/v1/studies/").status_code == 200
        assert client.head(f"/api/v1/{name}").status_code == 200
        leave(first)
        assert client.get(f"/api/v1/{name}").status_code == 200

    def test_one_that_came_to_its_end_counts_no_more(self, client, db, one_at_once):
        for _time in range(3):
            assert b"".join(client.get("/api/v1/studies.csv").streaming_content)

    def test_one_that_failed_or_was_forgotten_counts_no_more(self, one_at_once):
        stream = streams.started(1 // each for each in (1, 0))
        assert streams.started([]) is None
        assert next(stream) == 1
        with pytest.raises(ZeroDivisionError):
            next(stream)
        assert streams.started(["forgotten"]) is not None
        assert streams.started([]) is not None


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux ends such connections")
def test_a_reader_who_takes_nothing_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(streams, "PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        taken, _address = server.accept()
        streams.hang_up_on_idle_readers()
        begin = time.monotonic()
        with taken, pytest.raises(TimeoutError):
            taken.sendall(bytes(50_000_000))  # far more than fits between the two
    assert time.monotonic() - begin < 10
