"""A proxy before the site: remembers what was asked, and can refuse, lead elsewhere or hang up instead of passing on."""

from collections import deque
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

HANG_UP = object()


class Asked(NamedTuple):
    path: str
    headers: dict
    status: int | None


class Said(NamedTuple):
    """What to say instead of what the site would. A `length` beyond the body's own is an answer that breaks off."""

    status: int
    headers: dict = {}
    body: bytes = b""
    length: int | None = None


class Doorman:
    """`instead` is what the next requests get; when it is empty they are passed on. `asked` is every request so far."""

    def __init__(self, site):
        self.site = urlsplit(site).netloc
        self.instead, self.asked = deque(), []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(self, *_trouble):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def answer(self, path, headers):
        if self.instead:
            return self.instead.popleft()
        passed = {
            name: value for name, value in headers.items() if name.lower() not in ("host", "connection")
        }
        connection = HTTPConnection(self.site, timeout=30)
        connection.request("GET", path, headers=passed)
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
        said = Said(answer.status, kept, answer.read())
        connection.close()
        return said


HOP_BY_HOP = ("connection", "transfer-encoding", "content-length", "server", "date")


def handler_for(doorman):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            said = doorman.answer(self.path, dict(self.headers))
            status = None if said is HANG_UP else said.status
            doorman.asked.append(Asked(self.path, dict(self.headers), status))
            if said is HANG_UP:
                return
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.status != 304 and "Transfer-Encoding" not in said.headers:
                self.send_header("Content-Length", str(said.length or len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *words):
            pass

    return Handler
