"""An end to the time of a whole answer: a timeout of the socket starts anew with each byte that trickles in."""

import socket
from contextlib import contextmanager
from threading import Timer
from time import monotonic

CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Line:
    """The connection of one request to httpx2; `follow` is its `trace` extension, which tells each connection that is made."""

    def __init__(self):
        self.stream, self.is_over = None, False

    def follow(self, event, told):
        if event in CONNECTED:
            self.stream = told["return_value"]
            if self.is_over:
                self.hang_up()

    def hang_up(self):
        """Whoever reads from it is told that it ended. The socket's own method leaves the state of TLS alone."""
        self.is_over = True
        try:
            if self.stream:
                socket.socket.shutdown(self.stream.get_extra_info("socket"), socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself


@contextmanager
def hanging_up(until):
    """A Line that is hung up at this moment of `monotonic`, unless it was left before."""
    line = Line()
    timer = Timer(max(0, until - monotonic()), line.hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield line
    finally:
        timer.cancel()
