"""What a query gives, as PostgreSQL copies it out: the quickest way there is to have a whole base leave it.

COPY is read in a thread of its own while this one sends on what came, so the memory it takes does not hang on how much there is.
"""

from queue import Empty, Full, Queue
from threading import Thread

from django.db import connection, transaction

PIECE, AHEAD = 256 * 1024, 4  # bytes sent on at once; pieces that may wait
PATIENCE = 60  # seconds that the one who reads may take over a piece: the snapshot of a copy keeps the base from tidying up
# Values of JSON hold no control characters, so with these as signs of CSV nothing in them is quoted.
FORM = "(FORMAT csv, QUOTE E'\\x02', DELIMITER E'\\x03', ENCODING 'utf8')"


def copied(query, values):
    """Yields pieces (bytes) of whole lines, one line a row, of a query of one column of text without control characters.

    Raises what the database raises. Whoever stops reading ends the copy.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        statement = cursor.mogrify(f"COPY ({query}) TO STDOUT {FORM}", values)
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
        self.rows.append(row)
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
