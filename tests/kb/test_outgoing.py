"""Posting to addresses of others: which are refused, and what a receiver can do to us. The receivers are real servers."""

import socket
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kb.lib import outgoing
from kb.lib.outgoing import Undelivered, is_public, post, read_address
from tests.receiver import receiver

NOT_PUBLIC = """
    127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.0.1 169.254.169.254
    100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::10.0.0.1 64:ff9b::10.0.0.1 64:ff9b::808:808 64:ff9b:1::a00:1 100::1
    fc00::1 fd12:3456::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 2001::1 2001:0:a00:1::
    2001:10::1 2001:db8::1 2002:a00:1:: 2002:7f00:1::1 3fff::1 5f00::1
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.32.0.1 2606:4700:4700::1111 2a00:1450::1".split()


def trouble_of(address, body=b"{}", headers=None):
    with pytest.raises(Undelivered) as refusal:
        post(address, body, headers or {})
    return refusal.value.trouble


@pytest.fixture
def local(settings):
    settings.WEBHOOK_LOCAL = True


@pytest.fixture
def names(monkeypatch):
    """What the name server answers, a list for each time it is asked; and the addresses that were then called."""
    answers, called = [], []

    def answer(host, port, **options):
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [
            (family[ip_address(text).version], socket.SOCK_STREAM, 6, "", (text, port))
            for text in answers.pop(0)
        ]

    def call(place, timeout):
        called.append(place)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", answer)
    monkeypatch.setattr(outgoing.socket, "create_connection", call)
    return answers, called


class TestWhichMachines:
    @pytest.mark.parametrize("address", NOT_PUBLIC)
    def test_is_no_machine_of_the_open_internet(self, address):
        assert not is_public(address)

    @pytest.mark.parametrize("address", PUBLIC)
    def test_is_one(self, address):
        assert is_public(address)

    @pytest.mark.parametrize("address", NOT_PUBLIC)
    def test_a_name_that_leads_there_is_not_called(self, names, address):
        answers, called = names
        answers.append([address.partition("%")[0]])
        assert trouble_of("https://innocent.example/") == "not-public"
        assert called == []

    def test_one_private_address_among_public_ones_is_enough(self, names):
        answers, called = names
        answers.append(["93.184.216.34", "10.0.0.1"])
        assert trouble_of("https://innocent.example/") == "not-public"
        assert called == []

    def test_the_name_is_asked_once_and_that_answer_is_called(self, names):
        answers, called = names
        answers += [["93.184.216.34"], ["127.0.0.1"]]
        assert trouble_of("https://rebinding.example/") == "no-connection"
        assert called == [("93.184.216.34", 443)]
        assert answers == [["127.0.0.1"]], "nobody asked again"

    def test_the_next_address_is_tried_where_one_does_not_answer(self, names):
        answers, called = names
        answers.append(["2606:4700:4700::1111", "93.184.216.34"])
        assert trouble_of("https://innocent.example/") == "no-connection"
        assert called == [("2606:4700:4700::1111", 443), ("93.184.216.34", 443)]

    @pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost"])
    def test_other_ways_to_write_this_machine_are_seen_through(self, host):
        assert trouble_of(f"https://{host}/") == "not-public"

    def test_a_name_that_nobody_has_is_told_as_that(self):
        assert trouble_of(f"https://{'a' * 64}.example/") == "no-such-name"


class TestWhichAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "", "example.org", "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///x",
            "https://example.org:8443/", "https://example.org:22/", "https://example.org:99999/", "https://example.org:x/",
            "https://me:secret@example.org/", "https://@example.org/", "https://example.org/#part", "https://[::1/",
            "https://example.org/a b", "https://example.org/\r\nX: y", "https://example.org/\x00", "https://ex\u00e4mple.org/",
            "https://example.org\\@10.0.0.1/", "gopher://example.org/", f"https://example.org/{'a' * 500}",
        ],
    )  # fmt: skip
    def test_is_not_posted_to(self, address):
        with pytest.raises(Undelivered) as refusal:
            read_address(address)
        assert refusal.value.trouble == "address"

    @pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254"])
    def test_a_number_is_judged_at_once(self, host):
        with pytest.raises(Undelivered) as refusal:
            read_address(f"https://{host}/")
        assert refusal.value.trouble == "not-public"

    def test_says_where_it_leads(self):
        place = read_address("https://Example.org/changes?key=1")
        assert (place.host, place.port, place.target) == ("example.org", 443, "/changes?key=1")

    def test_other_ports_can_be_allowed(self, settings):
        settings.WEBHOOK_PORTS = [443, 8443]
        assert read_address("https://example.org:8443").port == 8443


@pytest.mark.usefixtures("local")
class TestTheAnswer:
    def test_bytes_and_headers_arrive(self):
        with receiver() as (address, got):
            assert post(f"{address}/in?a=b", "é".encode(), {"X-One": "1"}).status == 204
        assert (got[0].path, got[0].body, got[0].headers["X-One"]) == ("/in?a=b", "é".encode(), "1")
        assert got[0].headers["Host"] == address.removeprefix("http://")

    def test_a_redirect_is_not_followed(self):
        with (
            receiver() as (elsewhere, got),
            receiver(302, {"Location": f"{elsewhere}/private"}) as (address, _),
        ):
            assert post(address, b"{}", {}).status == 302
        assert got == []

    def test_nobody_there(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
        assert trouble_of(f"http://127.0.0.1:{port}/") == "no-connection"

    def test_no_more_than_64_kb_is_read(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            threading.Thread(target=theirs.sendall, args=[b"x" * 100_000]).start()
            line = outgoing.Line(ours, time.monotonic() + 5)
            assert len(line.makefile("rb").read()) == 65536
            assert len(ours.recv(100_000)) > 0, "the rest is still there"

    def test_a_body_without_an_end_is_not_read_to_the_end(self, monkeypatch):
        monkeypatch.setattr(outgoing, "MOST_DRAINED", 60)

        def endless(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(b"x" * 4096)

        began = time.monotonic()
        with raw_server(endless) as address:
            assert post(address, b"{}", {}).status == 200
        assert time.monotonic() - began < 5

    def test_headers_without_an_end_are_cut_off(self):
        def endless(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-Padding: " + b"x" * 8000 + b"\r\n")

        began = time.monotonic()
        with raw_server(endless) as address:
            assert post(address, b"{}", {}).status == 200
        assert time.monotonic() - began < 2

    def test_what_is_no_http_is_told_as_that(self):
        def chatter(connection):
            connection.recv(65536)
            connection.sendall(b"220 mail.example ESMTP\r\n")

        with raw_server(chatter) as address:
            assert trouble_of(address) == "no-http"


@pytest.mark.usefixtures("local")
class TestTime:
    @pytest.fixture(autouse=True)
    def _short(self, monkeypatch):
        monkeypatch.setattr(outgoing, "SECONDS", 0.6)

    def timed(self, server, body=b"{}"):
        began = time.monotonic()
        with raw_server(server) as address:
            assert trouble_of(address, body) == "timed-out"
            return time.monotonic() - began

    def test_silence_ends(self):
        assert self.timed(lambda connection: time.sleep(3)) < 1.5

    def test_an_answer_that_trickles_in_ends_too(self):
        """Each byte comes well within the limit; all of them together do not."""

        def trickle(connection):
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
                connection.send(bytes([byte]))
                time.sleep(0.1)

        assert self.timed(trickle) < 1.5

    def test_a_receiver_that_does_not_read_ends_too(self):
        assert self.timed(lambda connection: time.sleep(3), b"x" * 30_000_000) < 1.5

    def test_a_slow_rest_after_the_status_changes_nothing(self, monkeypatch):
        monkeypatch.setattr(outgoing, "MOST_DRAINED", 0.2)

        def slow(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
            time.sleep(2)

        began = time.monotonic()
        with raw_server(slow) as address:
            assert post(address, b"{}", {}).status == 200
            assert time.monotonic() - began < 1


@pytest.mark.usefixtures("local")
class TestTls:
    @pytest.fixture
    def certificate(self, tmp_path):
        return self_signed(tmp_path, "localhost")

    def test_a_certificate_that_is_trusted_and_of_this_name_is_taken(self, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with receiver(certificate=certificate) as (address, got):
            assert post(address.replace("127.0.0.1", "localhost"), b"{}", {}).status == 204
        assert len(got) == 1

    def test_one_of_another_name_is_not(self, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with receiver(certificate=certificate) as (address, got):
            assert trouble_of(address) == "tls"
        assert got == []

    def test_one_that_nobody_trusts_is_not(self, certificate):
        with receiver(certificate=certificate) as (address, got):
            assert trouble_of(address.replace("127.0.0.1", "localhost")) == "tls"
        assert got == []

    def test_silence_in_the_handshake_ends(self, monkeypatch):
        monkeypatch.setattr(outgoing, "SECONDS", 0.5)
        with raw_server(lambda connection: time.sleep(2)) as address:
            assert trouble_of(address.replace("http:", "https:")) == "timed-out"


def self_signed(folder, name):
    """A file with a key and a certificate for this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def raw_server(speak):
    """A server that takes one connection and does with it what it is told; its address."""

    def serve():
        connection, _who = listening.accept()
        with connection:
            try:
                speak(connection)
            except OSError:
                return  # the other side hung up, as it should

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 120), ("0", 0), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("1" * 30, None),
        ("Thu, 01 Jan 1970 00:00:10 GMT", 0), ("Fri, 01 Jan 2100 00:00:00 GMT", 4102444800),
    ],
)  # fmt: skip
def test_how_long_it_is_asked_to_stay_away(said, wait, monkeypatch):
    monkeypatch.setattr(outgoing, "time", lambda: 60 if wait == 0 else 0)
    assert outgoing.wait_asked(said) == wait
