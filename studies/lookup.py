"""Looking up what a DOI, PMID or PMCID stands for, at the few places that know.

Only hosts of one list are asked, over TLS, on public addresses; redirects lead to hosts of the list or nowhere. What
came is told with its source, its address, the moment and its checksum. Without a network there is one sentence.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from math import inf
from threading import Lock
from time import monotonic, sleep
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.lib.hanging_up import hanging_up
from kb.lib.outgoing import is_public
from studies import formats
from studies.identifiers import identify

CSL = "application/vnd.citationstyles.csl+json"
LARGEST_ANSWER = 2 * 1024 * 1024  # bytes, unpacked
SECONDS = 15  # for one answer, from first to last byte
MOST_REDIRECTS = 5
TRIES = 3
LONGEST_PAUSE = 8  # seconds
PASSING = (429, 500, 502, 503, 504)
SOURCES = {"doi": "doi", "pmid": "ncbi", "pmcid": "ncbi"}


class NotFound(Exception):
    """The source answered that it does not know this."""


class Unavailable(Exception):
    """The source could not be asked; the message is for the person who asked."""


class OutOfTime(Unavailable):
    """The time for the whole list was up; asking again later may help."""


class Unreached(Unavailable):
    """The source as a whole could not be asked, so for the next paper it cannot either; later it may."""


class Passing(Unreached):
    """Trying again may help; `pause` is how many seconds the source asks for, or None."""

    def __init__(self, sentence, pause=None):
        super().__init__(sentence)
        self.pause = pause


@dataclass(frozen=True)
class Answer:
    """What came from where."""

    source: str
    url: str
    fetched_at: datetime
    sha256: str
    body: bytes


@dataclass(frozen=True)
class Found:
    record: formats.Record
    answer: Answer


def look_up(text, until=inf):
    """The record of a DOI, PMID or PMCID. Raises InvalidIdentifier, NotFound or Unavailable.

    `until` is a moment of `monotonic`: no new question is asked after it, and none waits for an answer much longer.
    """
    kind, identifier = identify(text)
    if kind not in SOURCES:
        raise NotFound(_("Only a DOI, a PMID or a PMCID can be looked up."))
    answer = fetch(SOURCES[kind], address_of(kind, identifier), until)
    try:
        records = formats.read("csl-json", answer.body).records
    except formats.Unreadable as error:
        raise Unavailable(no_answer(answer.url)) from error
    if len(records) != 1 or records[0].fields.get(kind, identifier) != identifier:
        raise NotFound(
            _("%(place)s knows no %(identifier)s.") % {"place": host(answer.url), "identifier": identifier}
        )
    records[0].fields[kind] = identifier
    return Found(records[0], answer)


def source_of(text):
    """A key of SOURCES' values, or None where this cannot be looked up. Raises InvalidIdentifier."""
    kind, _identifier = identify(text)
    return SOURCES.get(kind)


def address_of(kind, identifier):
    if kind == "doi":
        return settings.LOOKUP_PLACES["doi"] + quote(identifier, safe="/")
    place = "pubmed" if kind == "pmid" else "pmc"
    return f"{settings.LOOKUP_PLACES['ncbi']}{place}/?format=csl&id={identifier.removeprefix('PMC')}"


def fetch(source, url, until=inf):
    """The answer of this address, tried again where its trouble may pass."""
    for attempt in range(1, TRIES):
        try:
            return fetch_once(source, url, until)
        except Passing as trouble:
            pause = 2 ** (attempt - 1) * settings.LOOKUP_PAUSE if trouble.pause is None else trouble.pause
            pause = min(pause, LONGEST_PAUSE)
            if monotonic() + pause > until:
                raise OutOfTime(str(trouble)) from trouble
            sleep(pause)
    return fetch_once(source, url, until)


def fetch_once(source, url, until=inf):
    import httpx2  # late: who looks nothing up does not load it

    headers = {
        "Accept": CSL if source == "doi" else "application/json",
        "User-Agent": f"Onderbouwd ({contact()})",
    }
    mine = min(until, monotonic() + SECONDS)
    asked = url
    try:
        with httpx2.Client(headers=headers, trust_env=False) as client:
            for _redirect in range(MOST_REDIRECTS + 1):
                check_place(asked)
                wait_for_turn(host(asked), until)
                seconds = half_of_what_is_left(asked, mine)
                with (
                    hanging_up(mine) as line,
                    client.stream(
                        "GET", asked, timeout=seconds, extensions={"trace": line.follow}
                    ) as response,
                ):
                    check_address(response)
                    if response.next_request is None:
                        return answer_of(source, asked, response, mine)
                    asked = str(response.next_request.url)
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        if monotonic() >= mine:
            raise (OutOfTime if mine == until else Unreached)(too_slow(asked)) from error
        raise Passing(unreached(asked)) from error
    except httpx2.InvalidURL as error:
        raise Unavailable(no_answer(url)) from error
    raise Unavailable(no_answer(url))


def contact():
    address = settings.LOOKUP_CONTACT
    if not address:
        raise Unreached(
            _("Nothing is looked up until LOOKUP_CONTACT is set. The study can be entered by hand.")
        )
    if not (address.isascii() and address.isprintable()):
        raise Unreached(
            _("Nothing is looked up: LOOKUP_CONTACT holds signs that an e-mail address does not have.")
        )
    return address


def half_of_what_is_left(url, until):
    """Seconds: connecting may take them once, and waiting for the answer once more."""
    left = until - monotonic()
    if left <= 0:
        raise OutOfTime(unreached(url))
    return left / 2


def answer_of(source, url, response, until):
    if response.status_code in (400, 404, 410):
        raise NotFound(_("%(place)s does not know this.") % {"place": host(url)})
    if response.status_code in PASSING:
        raise Passing(unreached(url), seconds_asked(response.headers.get("Retry-After", "")))
    if response.status_code != 200:
        raise Unavailable(no_answer(url))
    body = bytearray()
    for part in response.iter_bytes(16 * 1024):
        body += part
        if len(body) > LARGEST_ANSWER:
            raise Unavailable(too_slow(url))
        if monotonic() > until:
            raise Unreached(too_slow(url))
    body = bytes(body)
    return Answer(source, url, timezone.now(), hashlib.sha256(body).hexdigest(), body)


def seconds_asked(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def host(url):
    return urlsplit(url).netloc


def check_place(url):
    is_secure = urlsplit(url).scheme == "https" or settings.LOOKUP_LOCAL
    if not is_secure or host(url) not in settings.LOOKUP_HOSTS:
        raise Unavailable(_("%(place)s is not a place that is asked.") % {"place": host(url)[:100]})


def check_address(response):
    """The machine really connected to, whatever the name servers said before. Nothing of its answer is read until then."""
    address = response.extensions["network_stream"].get_extra_info("server_addr")
    if not settings.LOOKUP_LOCAL and not is_public(address[0]):
        raise Unavailable(_("%(place)s leads to a private address.") % {"place": response.url.host})


TURNS, LAST_ASKED = Lock(), {}


def wait_for_turn(place, until=inf):
    """No host is asked by this process more often than once in LOOKUP_INTERVAL seconds. Takes no turn after `until`."""
    with TURNS:
        turn = max(monotonic(), LAST_ASKED.get(place, -inf) + settings.LOOKUP_INTERVAL)
        if turn > until:
            raise OutOfTime(_("%(place)s was not asked: the time was up.") % {"place": place})
        LAST_ASKED[place] = turn
    sleep(max(0, turn - monotonic()))


def too_slow(url):
    return _("The answer of %(place)s is too long or too slow.") % {"place": host(url)}


def unreached(url):
    return _("%(place)s cannot be reached now. The study can be entered by hand.") % {"place": host(url)}


def all_unreached(sources):
    places = ", ".join(sorted(host(settings.LOOKUP_PLACES[source]) for source in sources))
    return _("None of %(places)s can be reached now.") % {"places": places}


def no_answer(url):
    return _("%(place)s gave no answer that can be read. The study can be entered by hand.") % {
        "place": host(url)
    }
