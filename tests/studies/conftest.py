"""A server on this machine that answers as it was told to, in the shape that the real ones do; one paper that was entered twice."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.factories import publication
from tests.studies.twice import TITLE


class Source(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers, self.asked = [], []
        self.place = f"127.0.0.1:{self.server_port}"

    def will_answer(self, status, body=b"", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, body, headers))
        return body


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, body, headers = self.server.answers.pop(0)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            return

    def log_message(self, *parts):
        """Not on the screen of the tests."""


@pytest.fixture
def source(settings):
    server = Source()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.LOOKUP_CONTACT = "editor@example.org"
    settings.LOOKUP_LOCAL = True
    settings.LOOKUP_HOSTS = [server.place]
    settings.LOOKUP_PLACES = {name: f"http://{server.place}/{name}/" for name in ("doi", "crossref", "ncbi")}
    settings.LOOKUP_INTERVAL = settings.LOOKUP_PAUSE = 0
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def kept(db):
    return publication(title=TITLE, doi="10.5555/two.entries", pages="")


@pytest.fixture
def gone(kept):
    return publication(
        kept.study,
        key=f"{kept.key}-again",
        role="secondary",
        title=TITLE,
        pmid="87654321",
        pages="1161-9",
        year=2021,
    )


@pytest.fixture
def elsewhere(db):
    """The same paper again, under a study of its own."""
    return publication(title=TITLE, pmcid="PMC7654321")
