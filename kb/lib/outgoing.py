"""Posting to addresses that people typed: over TLS, to public machines only, with an end to the time and the bytes.

The name is looked up once. Every address it has must be public, and the connection is made to the very address that was
looked at, so a name server that answers otherwise the next time gains nothing. Redirects are not followed.
"""

import io
import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address, ip_network
from time import monotonic, time
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import parse_http_date_safe

SECONDS = 10  # from the first step to the last header of the answer
MOST_READ = 64 * 1024
MOST_TRIED = 4  # addresses of one name
MOST_DRAINED = 1  # seconds given to the rest of an answer that is already known
UNICAST = ip_network("2000::/3")
SPECIAL = [  # inside what counts as global; 6to4 and Teredo carry an IPv4 address, which may be any
    ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


class Undelivered(Exception):
    """`trouble` is a code: address, not-public, no-such-name, no-connection, tls, timed-out, no-http."""

    def __init__(self, trouble, detail="", wait=None):
        super().__init__(f"{trouble} {detail}".strip())
        self.trouble, self.detail, self.wait = trouble, detail, wait


@dataclass(frozen=True)
class Reply:
    """`wait` is how many seconds it asks us to stay away (Retry-After, in seconds or as a date), None where it does not."""

    status: int
    wait: int | None


@dataclass(frozen=True)
class Place:
    """Where an address leads, before any name is looked up."""

    is_secure: bool
    host: str
    port: int
    target: str


def read_address(text):
    """The place an address names. Raises Undelivered where we would not go, whatever the name may turn out to be."""
    if not re.fullmatch("[!-~]{1,500}", text) or "\\" in text:
        raise Undelivered("address")
    try:
        parts = urlsplit(text)
        place = Place(
            parts.scheme == "https",
            parts.hostname or "",
            parts.port or (443 if parts.scheme == "https" else 80),
            f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}",
        )
    except ValueError as error:
        raise Undelivered("address") from error
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.fragment or not place.host:
        raise Undelivered("address")
    if not settings.WEBHOOK_LOCAL and not (place.is_secure and place.port in settings.WEBHOOK_PORTS):
        raise Undelivered("address")
    if is_number(place.host):
        refuse_unless_public([place.host])
    return place


def is_number(host):
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def is_public(address):
    """Whether this numeric address is one of the open internet, for one machine, and leads nowhere else."""
    number = ip_address(address.partition("%")[0])
    is_open = number in UNICAST if number.version == 6 else number.is_global
    return is_open and not number.is_multicast and not any(number in block for block in SPECIAL)


def refuse_unless_public(addresses):
    for address in addresses:
        if not settings.WEBHOOK_LOCAL and not is_public(address):
            raise Undelivered("not-public", address)


def looked_up(place):
    """The numeric addresses of its name, each of them checked. How long this takes is up to the resolver of the system."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Undelivered("no-such-name", place.host) from error
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    refuse_unless_public(addresses)
    return addresses[:MOST_TRIED]


def post(address, body, headers):
    """Posts these bytes and returns the Reply. Raises Undelivered where there was none in time."""
    until = monotonic() + SECONDS
    place = read_address(address)
    addresses = looked_up(place)
    try:
        with connected(addresses, place, until) as connection:
            return exchange(connection, place, body, headers, until)
    except TimeoutError as error:
        raise Undelivered("timed-out") from error
    except ssl.SSLError as error:
        raise Undelivered("tls", getattr(error, "verify_message", "") or error.reason or "") from error
    except OSError as error:
        raise Undelivered("no-connection", error.strerror or "") from error
    except (HTTPException, ValueError) as error:
        raise Undelivered("no-http") from error


def connected(addresses, place, until):
    connection = first_that_answers(addresses, place.port, until)
    if not place.is_secure:
        return connection
    connection.settimeout(left(until))
    with connection:  # after the wrapping it holds nothing to close
        return ssl.create_default_context().wrap_socket(connection, server_hostname=place.host)


def first_that_answers(addresses, port, until):
    *others, last = addresses
    for number, address in enumerate(others):
        share = left(until) / (len(addresses) - number)
        try:
            return socket.create_connection((address, port), timeout=share)
        except OSError:
            continue
    return socket.create_connection((last, port), timeout=left(until))


def exchange(connection, place, body, headers, until):
    http = HTTPConnection(place.host, place.port)
    http.default_port = 443 if place.is_secure else 80  # so that `Host` names a port only where it must
    http.sock = line = Line(connection, until)
    http.request("POST", place.target, body, {**headers, "Connection": "close"})
    answer = http.getresponse()
    line.until = min(until, monotonic() + MOST_DRAINED)
    drain(answer)
    return Reply(answer.status, wait_asked(answer.headers.get("Retry-After", "")))


def wait_asked(text):
    if re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    moment = parse_http_date_safe(text)
    return max(0, moment - int(time())) if moment else None


def drain(answer):
    """Hang up politely: some servers stop their work when nobody listens. What goes wrong here changes nothing."""
    try:
        answer.read(MOST_READ)
    except (OSError, HTTPException, ValueError):
        return


def left(until):
    seconds = until - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Line(io.RawIOBase):
    """A connection all of whose reads and writes together end by one moment, and that reads no more than MOST_READ bytes.

    A timeout of the socket itself would start anew with each byte that trickles in.
    """

    def __init__(self, connection, until):
        self.connection, self.until, self.room = connection, until, MOST_READ

    def sendall(self, data):
        rest = memoryview(data)
        while rest:
            self.connection.settimeout(left(self.until))
            rest = rest[self.connection.send(rest) :]

    def readable(self):
        return True

    def readinto(self, buffer):
        self.connection.settimeout(left(self.until))
        count = self.connection.recv_into(buffer, min(len(buffer), self.room)) if self.room else 0
        self.room -= count
        return count

    def makefile(self, mode):
        return io.BufferedReader(self)

    def close(self):
        """Nothing: `http.client` hangs up as soon as it may, and the rest of the answer is still to be read."""
