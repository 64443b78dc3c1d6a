"""What a query gives, as PostgreSQL copies it out: the quickest way there is to have a whole base leave it.

COPY is read in a thread of its own while this one sends on what came, so the memory it takes does not hang on how much there is.
"""

from queue import Empty, Full, Queue
from threading import Thread

from django.db import connection, transaction

PIECE, AHEAD = 256 * 1024, 4  # bytes sent on at once; pieces that may wait
PATIENCE = 60  # seconds that the one who reads may take over a piece: the snapshot of a copy keeps the base from tidying up
# Rows of COPY's binary form, which are sent as they are, where the others are looked through for signs to escape. Each row
# comes alone: how many columns (2 bytes), how long the first is (4), and the text itself.
SIGNATURE, BEFORE, END = b"PGCOPY\n\xff\r\n\0", 6, b"\xff\xff"
HEAD = len(SIGNATURE) + 8


def copied(query, values):
    """Yields pieces (bytes) of whole lines, one line a row, of a query of one column of text without line ends.

    Raises what the database raises. Whoever stops reading ends the copy.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        statement = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT binary)", values)
        pieces = Pieces()
        thread = Thread(target=pieces.take, args=(connection.connection.cursor(), statement), daemon=True)
        thread.start()
        try:
            while (piece := pieces.waiting.get()) is not None:
                yield piece
        finally:
            while thread.is_alive():
                connection.connection.cancel()
                pieces.empty()
                thread.join(0.05)
        if pieces.error:
            with connection.wrap_database_errors:
                raise pieces.error


class Pieces:
    """Collects what a copy writes into pieces, and waits where they are not taken."""

    def __init__(self):
        self.waiting, self.rows, self.size, self.error = Queue(AHEAD + 1), [], 0, None

    def take(self, cursor, statement):
        try:
            cursor.copy_expert(statement, self)
            self.send()  # what is left, which may be nothing
        except Exception as error:
            self.error = error
        self.waiting.put(None)  # there is room for it, or somebody makes room

    def write(self, row):
        if row.startswith(SIGNATURE):  # comes with the first row, or with the end where there is none
            row = row[HEAD:]
        if row and row != END:
            self.rows += (memoryview(row)[BEFORE:], b"\n")
            self.size += len(row)
        if self.size >= PIECE:
            self.send()

    def send(self):
        piece, self.rows, self.size = b"".join(self.rows), [], 0
        try:
            self.waiting.put(piece, timeout=PATIENCE)
        except Full:
            raise TimeoutError(f"Nobody read for {PATIENCE} seconds.") from None

    def empty(self):
        try:
            while True:
                self.waiting.get_nowait()
        except Empty:
            pass
