"""What a query gives, as PostgreSQL copies it out: the quickest way there is to have a whole base leave it.

COPY is read in a thread of its own while this one sends on what came, so the memory it takes does not hang on how much there is.
"""

from queue import Empty, Full, Queue
from threading import Thread

from django.db import connection, transaction

PIECE, AHEAD = 256 * 1024, 4  # bytes sent on at once; pieces that may wait
PATIENCE = 60  # seconds that the one who reads may take over a piece: the snapshot of a copy keeps the base from tidying up
# Rows of COPY's binary form, which are sent as they are, where the others are looked through for signs to escape. Each row
# comes alone: how many columns (2 bytes), then of each how long it is (4) and the text itself.
SIGNATURE, END = b"PGCOPY\n\xff\r\n\0", b"\xff\xff"
HEAD, COUNT, LENGTH = len(SIGNATURE) + 8, 2, 4


def copied(query, values, line):
    """Yields pieces (bytes) of whole lines, one line a row, of a query of two columns of text, neither of them NULL.

    `line` makes of both, as memory views, the pieces of their line, which has no line ends. Raises what the database raises, and
    what `line` does. Whoever stops reading ends the copy.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        statement = cursor.mogrify(f"COPY ({query}) TO STDOUT (FORMAT binary)", values)
        pieces = Pieces(line)
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

    def __init__(self, line):
        self.line = line
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
            texts = memoryview(row)[COUNT + LENGTH :]
            first = int.from_bytes(row[COUNT : COUNT + LENGTH], "big")
            self.rows += (*self.line(texts[:first], texts[first + LENGTH :]), b"\n")
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
