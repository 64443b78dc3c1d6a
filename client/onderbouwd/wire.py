"""Asking and asking again: copies that are still good, waiting when told to, and no token for anybody else."""

import gzip
import json
import random
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPErrorProcessor, Request, build_opener

from onderbouwd.copies import Copies
from onderbouwd.problems import OnderbouwdError, TooManyRequests, Unavailable, Unreachable, problem_of

PASSING = (TooManyRequests, Unavailable, Unreachable)  # may be over in a moment
BROKEN = (OSError, HTTPException, EOFError, zlib.error)
FIRST_PAUSE = 0.5
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = "onderbouwd-python/1.0"


class OnlyRedirects(HTTPErrorProcessor):
    """An answer is an answer, whatever its status; redirects are followed."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        return super().http_response(request, response) if response.status in REDIRECTS else response

    https_response = http_response


class Wire:
    def __init__(
        self,
        base_url: str,
        token: str | None,
        language: str | None,
        *,
        timeout: float,
        attempts: int,
        patience: float,
        copies: Copies,
    ):
        if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
            raise ValueError(f"{base_url!r} is not an address such as https://example.org.")
        self.base = base_url.rstrip("/") + "/api/v1/"
        self.timeout, self.attempts, self.patience, self.copies = timeout, attempts, patience, copies
        self.headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": AGENT}
        if language:
            self.headers["Accept-Language"] = language
        self._token = token
        self._opener = build_opener(OnlyRedirects)

    def get(self, path: str, query: str = "") -> Any:
        address = self.address(path, query)
        return parsed(self.patiently(lambda: self.body(address)), address)

    def lines(self, path: str, query: str = "") -> Iterator[Any]:
        """One parsed line at a time. What breaks off half-way is Unreachable: begin again."""
        address = self.address(path, query)
        opened = self.patiently(lambda: self.open(Request(address, headers=self.headers)))
        with breaking_off(address), opened as response:
            zipped = response.headers.get("Content-Encoding") == "gzip"
            # Neither asks the answer for lines: its own readline() takes a broken stream of chunks for a whole one.
            for line in gzip.GzipFile(fileobj=response) if zipped else BufferedReader(response):
                yield parsed(line, address)
            if response.length:
                raise Unreachable(f"{address} broke off, {response.length} bytes before its end.")

    def address(self, path: str, query: str) -> str:
        return f"{self.base}{path}?{query}" if query else self.base + path

    def patiently(self, ask: Any) -> Any:
        """Asks again after trouble that may pass: as late as the server says, else after 0.5, 1, 2 seconds and so on.

        Raises what it was told where the server asks for more patience than we have, and after the last attempt.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return ask()
            except PASSING as trouble:
                pause = pause_before(attempt, trouble)
                if attempt == self.attempts or pause > self.patience:
                    raise
                time.sleep(pause)
        raise ValueError("attempts is at least 1")

    def body(self, address: str) -> bytes:
        request = Request(address, headers=self.headers)
        kept = self.copies.get(address)
        if kept:
            request.add_header("If-None-Match", kept.tag)
        with breaking_off(address), self.open(request) as response:
            if response.status == 304 and kept:
                return kept.body
            body = unzipped(response)
            self.copies.keep(address, response.headers.get("ETag"), body)
            return body

    def open(self, request: Request) -> HTTPResponse:
        """The answer, its body still to be read. Raises a Problem unless it is a 200 or a 304."""
        if self._token:
            request.add_unredirected_header("Authorization", f"Token {self._token}")
        with breaking_off(request.full_url):
            response: HTTPResponse = self._opener.open(request, timeout=self.timeout)
            if response.status in (200, 304):
                return response
            with response:
                told = problem_members(unzipped(response))
                raise problem_of(response.status, told, retry_after(response.headers.get("Retry-After")))


@contextmanager
def breaking_off(address: str) -> Iterator[None]:
    try:
        yield
    except OnderbouwdError:
        raise
    except BROKEN as error:
        raise Unreachable(f"{address}: {error or type(error).__name__}") from error


def unzipped(response: HTTPResponse) -> bytes:
    body = response.read()
    return gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body


def parsed(body: bytes, address: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Unreachable(f"{address} did not answer with JSON. Is the base there?") from error


def problem_members(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def pause_before(attempt: int, trouble: OnderbouwdError) -> float:
    """Seconds. Where nobody says how long, clients must not come back all at once."""
    if trouble.retry_after is not None:
        return trouble.retry_after
    return FIRST_PAUSE * float(2 ** (attempt - 1)) * random.uniform(0.75, 1.25)


def retry_after(text: str | None) -> float | None:
    """Seconds from a Retry-After header (RFC 9110): a number of them or a date. None where it says nothing."""
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
