"""Answers that come in pieces: how many at once, how long a reader may take nothing, what the database holds meanwhile."""

import os
import socket
from contextlib import suppress
from stat import S_ISSOCK
from threading import Lock
from weakref import WeakSet

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kb.lib.problems import problem

PATIENCE = 60  # seconds without a byte taken
PIECE = 64 * 1024
RETRY_AFTER = 30

running, lock = WeakSet(), Lock()


class Stream:
    """The pieces of one answer, which runs until it came to its end, failed, or was closed or forgotten."""

    def __init__(self, pieces):
        self.pieces = iter(pieces)

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return next(self.pieces)
        except BaseException:
            self.close()
            raise

    def close(self):
        """What was opened for the pieces is closed by the answer, which knows it."""
        running.discard(self)


def started(pieces):
    """A Stream, or None where as many run as this process may have."""
    with lock:
        if settings.STREAMS_AT_ONCE and len(running) >= settings.STREAMS_AT_ONCE:
            return None
        stream = Stream(pieces)
        running.add(stream)
        return stream


def bounded_streams(get_response):
    """A stream keeps its thread as long as its reader likes, so some threads of each process are left for all else."""

    def middleware(request):
        response = get_response(request)
        if not response.streaming or request.method != "GET":
            return response
        stream = started(response.streaming_content)
        if stream is None:
            words = _("Too many files are being sent at once. Ask again in a moment.")
            return problem(503, words, headers={"Retry-After": str(RETRY_AFTER)})
        hang_up_on_idle_readers()
        response.streaming_content = stream
        return response

    return middleware


def in_one_transaction(pieces):
    """The pieces, text or bytes, as bytes: the first at once, later ones put together.

    In a transaction PostgreSQL gives the rows of a cursor as they are found; outside of one it writes them all down before it
    gives the first, and goes on when the reader has left. Closing this ends the query.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{PATIENCE}s'")
        try:
            yield from put_together(pieces)
        finally:  # a cursor is closed before its transaction ends
            if hasattr(pieces, "close"):
                pieces.close()


def put_together(pieces):
    """Yields bytes, in pieces that grow from whatever comes first."""
    waiting, size, least = [], 0, 1
    for piece in pieces:
        piece = piece if isinstance(piece, bytes) else piece.encode()
        waiting.append(piece)
        size += len(piece)
        if size >= least:
            yield b"".join(waiting)
            waiting, size, least = [], 0, min(2 * least + 1024, PIECE)
    if waiting:
        yield b"".join(waiting)


def hang_up_on_idle_readers():
    """Lets the kernel end each connection that came to this process and takes nothing for PATIENCE seconds.

    The one who waits to send is in the server, and neither it nor its connection can be reached from Python. What is accepted
    later has it from the socket it comes by. Only Linux knows this; elsewhere a proxy has to do it.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        ports = {
            port for found, port in sockets() if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        }
        for found, port in sockets():
            if port in ports:
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, PATIENCE * 1000)


def sockets():
    """Yields (socket, its own port) of each of TCP in this process, open as long as it is looked at."""
    for number in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):
            if S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as found:
                    if found.family in (socket.AF_INET, socket.AF_INET6):
                        yield found, found.getsockname()[1]
