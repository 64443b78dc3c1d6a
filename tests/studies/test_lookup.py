"""Looking up, against a server on this machine that answers in the shape the real ones do."""

import hashlib
import socket
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command

from studies import lookup
from studies.identifiers import InvalidIdentifier
from studies.lookup import NotFound, Unavailable, look_up

ABBASI = {
    "type": "article-journal",
    "title": "The effect of magnesium supplementation on primary insomnia in elderly",
    "author": [{"family": "Abbasi", "given": "Behnood"}],
    "issued": {"date-parts": [[2012]]},
    "PMID": "23853635",
    "PMCID": "PMC3703169",
}


def test_a_pmid_gives_a_record_and_where_it_came_from(source):
    body = source.will_answer(200, ABBASI)
    found = look_up("https://pubmed.ncbi.nlm.nih.gov/23853635/")
    assert found.record.fields["title"] == ABBASI["title"]
    assert (found.record.fields["year"], found.record.fields["pmcid"]) == (2012, "PMC3703169")
    assert found.answer.sha256 == hashlib.sha256(body).hexdigest()
    assert found.answer.url == f"http://{source.place}/ncbi/pubmed/?format=csl&id=23853635"
    path, headers = source.asked[0]
    assert path == "/ncbi/pubmed/?format=csl&id=23853635"
    assert "editor@example.org" in headers["User-Agent"]


def test_a_pmcid_is_asked_by_its_digits(source):
    source.will_answer(200, ABBASI)
    assert look_up("PMC3703169").record.fields["pmid"] == "23853635"
    assert source.asked[0][0] == "/ncbi/pmc/?format=csl&id=3703169"


def test_a_doi_follows_a_redirect_to_a_place_of_the_list(source):
    source.will_answer(302, Location=f"http://{source.place}/data/10.1000/x")
    source.will_answer(200, {**ABBASI, "DOI": "10.1000/X"})
    assert look_up("doi:10.1000/X").record.fields["doi"] == "10.1000/x"
    assert [path for path, headers in source.asked] == ["/doi/10.1000/x", "/data/10.1000/x"]
    assert {headers["Accept"] for path, headers in source.asked} == {lookup.CSL}


@pytest.mark.parametrize("place", ["http://127.0.0.2:9/", "http://localhost/", "file:///etc/passwd"])
def test_a_redirect_elsewhere_is_not_followed(source, place):
    source.will_answer(302, Location=place)
    with pytest.raises(Unavailable):
        look_up("10.1000/x")
    assert len(source.asked) == 1


def test_redirects_in_a_circle_end(source):
    for _ in range(lookup.MOST_REDIRECTS + 1):
        source.will_answer(302, Location=f"http://{source.place}/doi/10.1000/x")
    with pytest.raises(Unavailable, match="no answer that can be read"):
        look_up("10.1000/x")


def test_what_the_source_does_not_know_is_not_found(source):
    source.will_answer(404)
    with pytest.raises(NotFound):
        look_up("10.1000/x")


def test_another_paper_than_was_asked_for_is_not_taken(source):
    source.will_answer(200, ABBASI)
    with pytest.raises(NotFound):
        look_up("12345")


def test_a_busy_source_is_asked_again(source):
    source.will_answer(503)
    source.will_answer(429, Retry_After=0)
    source.will_answer(200, ABBASI)
    assert look_up("23853635").record.fields["pmid"] == "23853635"
    assert len(source.asked) == 3


def test_a_source_that_stays_busy_is_said_to_be_out_of_reach(source):
    for _ in range(lookup.TRIES):
        source.will_answer(503)
    with pytest.raises(Unavailable, match="cannot be reached now"):
        look_up("23853635")
    assert source.answers == []


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe\x00", b"{" * 9000])
def test_an_answer_that_is_no_record_is_said_so(source, body):
    source.will_answer(200, body)
    with pytest.raises((Unavailable, NotFound)):
        look_up("23853635")


def test_too_long_an_answer_is_not_read_to_its_end(source):
    source.will_answer(200, b" " * (lookup.LARGEST_ANSWER + 1))
    with pytest.raises(Unavailable, match="too long"):
        look_up("23853635")


def test_a_private_address_is_refused_before_its_answer_is_read(source, settings):
    """The place is on the list and over TLS as far as the list says; where it leads decides."""
    import httpx2

    source.will_answer(200, ABBASI)
    with (
        httpx2.Client(trust_env=False) as client,
        client.stream("GET", f"http://{source.place}/") as response,
    ):
        settings.LOOKUP_LOCAL = False
        with pytest.raises(Unavailable, match="private address"):
            lookup.check_address(response)


def test_plain_http_is_refused_on_a_real_site(source, settings):
    settings.LOOKUP_LOCAL = False
    with pytest.raises(Unavailable, match="not a place that is asked"):
        look_up("23853635")
    assert source.asked == []


def test_nothing_is_asked_without_a_contact_address(source, settings):
    settings.LOOKUP_CONTACT = ""
    with pytest.raises(Unavailable, match="LOOKUP_CONTACT"):
        look_up("23853635")
    assert source.asked == []


@pytest.mark.parametrize("text", ["", "magnesium", "10.1000"])
def test_what_is_no_identifier_is_not_asked(source, text):
    with pytest.raises(InvalidIdentifier):
        look_up(text)
    assert source.asked == []


def test_without_a_network_there_is_one_sentence(source):
    source.shutdown()
    source.server_close()
    with pytest.raises(CommandError, match="cannot be reached now"):
        call_command("check_lookup", "23853635")


def test_one_host_is_not_asked_too_often(settings):
    settings.LOOKUP_INTERVAL = 0.05
    before = lookup.monotonic()
    for _ in range(3):
        lookup.wait_for_turn("turns.example")
    assert lookup.monotonic() - before >= 0.1


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\nX-Slow: "


@pytest.fixture
def trickling(source, settings, monkeypatch):
    """A place that sends what it is told to at once, and then a byte every hundredth of a second, without end."""
    monkeypatch.setattr(lookup, "SECONDS", 0.6)
    listening = socket.create_server(("127.0.0.1", 0))
    hung_up = Event()

    def answer(begin):
        connection, _address = listening.accept()
        with connection:
            connection.recv(4096)
            try:
                connection.sendall(begin)
                while True:
                    connection.sendall(b" ")
                    sleep(0.01)
            except OSError:
                hung_up.set()

    def begin_with(begin):
        Thread(target=answer, args=(begin,), daemon=True).start()
        settings.LOOKUP_HOSTS = [f"127.0.0.1:{listening.getsockname()[1]}"]
        settings.LOOKUP_PLACES = {"doi": f"http://{settings.LOOKUP_HOSTS[0]}/"}
        return hung_up

    yield begin_with
    listening.close()


@pytest.mark.parametrize("begin", [HEAD, HEAD + b"x\r\n\r\n"], ids=["its header", "its body"])
def test_who_trickles_is_hung_up_on(trickling, begin):
    hung_up, before = trickling(begin), monotonic()
    with pytest.raises(Unavailable, match="too long or too slow"):
        look_up("10.1000/x")
    assert 0.5 < monotonic() - before < 2
    assert hung_up.wait(2)


def test_who_trickles_past_the_time_of_the_whole_list_is_asked_again_later(trickling):
    trickling(HEAD)
    with pytest.raises(lookup.OutOfTime):
        look_up("10.1000/x", until=monotonic() + 0.3)
