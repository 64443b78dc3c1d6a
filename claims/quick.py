"""The two reads that programs ask most, a page of the list and one claim, from the address to the bytes in one statement.

Only a question that is plainly right comes this way. Whatever is out of the ordinary (a mistake, a past moment, another shape, a
claim that was closed) is None here and takes the long way of `claims.api`, which answers the same to the byte
(tests/claims/test_quick.py asks both).
"""

import json
from types import SimpleNamespace

from claims.api import record_links, said_of
from claims.asked import NAME
from claims.choices import BY_CODE, UNRATED, ClaimKind, Verdict
from claims.filters import topics_in
from claims.found import best_found
from claims.listed import ORDERS, OVERLAY, rows_of
from claims.records import records_as_written
from claims.searching import meant_by
from kb.lib.http import began_at
from kb.lib.lists import general_links, list_as_written, list_links, neighbours
from kb.lib.pages import DEEPEST, MOST, SIZE, Page
from kb.lib.prepared import fetch_all
from kb.lib.state import STATE, likely_state, state_of_base
from kb.lib.strict import LONGEST, MOST_WORDS
from studies.choices import Design

LIST = "/api/v1/claims/"
JSON = ("*/*", "application/json")
KNOWN = {
    "strength": {*BY_CODE, UNRATED},
    "verdict": set(Verdict.values),
    "kind": set(ClaimKind.values),
    "design": set(Design.values),
}
ONCE = ("q", "strength_min", "ordering", "page", "page_size")
FIND = """
SELECT version.number, version.document_sha256, standing.id, standing.since, {overlay}{more}
FROM claims_claim AS claim JOIN claims_claimversion AS version ON version.claim_id = claim.id
LEFT JOIN claims_standing AS standing ON standing.version_id = version.id AND standing.until IS NULL
WHERE claim.accession = %s AND
"""
TEXT = f", version.document, ({STATE})"


def quick_answer(request, state):
    """(body, links, state, what its tag is made from, since when it is so) of a plain question about claims, or None.

    Where no state is given, it is read in one statement with what is asked for. One claim always tells its own.
    """
    if not may_be_plain(request):
        return None
    return claim_list(request, state) if request.path_info == LIST else one_claim(request)


def quick_tag(request):
    """(what its tag is made from, since when it is so) of the same, or None; no answer is made for it."""
    if not may_be_plain(request):
        return None
    if request.path_info == LIST:
        state = state_of_base()
        return question_in(request.GET, state) and ((state,), None)
    found = found_claim(request)
    return found and tag_parts(*found[1])


def may_be_plain(request):
    return request.path_info.startswith(LIST) and request.META.get("HTTP_ACCEPT", "*/*") in JSON


def claim_list(request, state):
    meant_in = state or likely_state()
    question = question_in(request.GET, meant_in)
    if question is None:
        return None
    number, size = question["page"], question["page_size"]
    rows, total, told = rows_and_total(question, (number - 1) * size, size)
    if state is None:
        state = rows[0].state.decode() if rows else state_of_base()
        if state != meant_in:  # somebody wrote: its topics may be others, and its words mean something else
            return claim_list(request, state)
    if not rows and number > 1:
        return None
    records = records_as_written((row.card, row.overlay) for row in rows)
    asked = SimpleNamespace(query_params=request.GET, path=request.path)
    page = Page(rows, number, size, total)
    beside = neighbours(asked, page)
    body = list_as_written(page, records, beside, **told)
    return body, list_links(beside), meant_in, (meant_in,), None


def rows_and_total(question, start, size):
    """(rows, how many there are in all, what else is said of the words) of a list or of what words find."""
    if search := question["search"]:
        found = best_found(search, question, start, size)
        return found.rows, found.total, said_of(search, found.more)
    rows = rows_of(question, start, size)
    return rows, rows[0].total if rows else 0, {}


def one_claim(request):
    found = found_claim(request, TEXT)
    if found is None:
        return None
    accession, (*row, document, state) = found
    body = b"".join(records_as_written([(document, row[-1])]))
    links = [*record_links(accession, row[0]), *general_links()]
    return body, links, state.decode(), *tag_parts(*row)


def found_claim(request, more=""):
    """(accession, the row of FIND with these columns more) of an open claim that is asked for as it is, or None."""
    name = claim_named(request)
    if not name:
        return None
    number = name["number"]
    which = (
        "version.number = %s AND version.state IN ('published', 'superseded')"
        if number
        else "version.state = 'published'"
    )
    values = [name["accession"], int(number)] if number else [name["accession"]]
    rows = fetch_all(FIND.format(overlay=OVERLAY, more=more) + which, values, raw=True)
    if not rows:
        return None
    overlay = rows[0][4]
    if overlay and not number and json.loads(overlay)["closed"]:
        return None
    return name["accession"], rows[0]


def claim_named(request):
    """The match of NAME with the address of one claim, or None where it is no such address or says more than that."""
    if request.GET or not request.path_info.endswith("/"):
        return None
    return NAME.fullmatch(request.path_info.removeprefix(LIST).removesuffix("/"))


def tag_parts(_number, digest, standing, since, _overlay):
    return (digest.decode(), standing), since and began_at(since)


def question_in(parameters, state):
    """The question of a list (`claims.listed`) with `page` and `page_size`, or None where anything else is asked or wrong."""
    question = {
        "strength_min": "",
        "ordering": "-strength",
        "page": 1,
        "page_size": SIZE,
        "topic": [],
        "q": "",
    }
    question |= {name: [] for name in KNOWN}
    topics = topics_in(state) if "topic" in parameters else {}
    for name, values in parameters.lists():
        if name in ONCE and len(values) == 1:
            question[name] = values[0]
        elif name in KNOWN and set(values) <= KNOWN[name]:
            question[name] = values
        elif name == "topic" and all(slug in topics for slug in values):
            question[name] = [topics[slug].pk for slug in values]
        else:
            return None
    try:
        question["page"], question["page_size"] = plain(question["page"]), plain(question["page_size"])
    except ValueError:
        return None
    fits = question["page_size"] <= MOST and (question["page"] - 1) * question["page_size"] < DEEPEST
    is_known = question["ordering"] in ORDERS and question["strength_min"] in ("", *BY_CODE)
    words = question["q"].strip()
    is_plain = not words or (
        words.isprintable()
        and len(question["q"]) <= LONGEST
        and len(words.split()) <= MOST_WORDS
        and "ordering" not in parameters
    )
    if not (fits and is_known and is_plain):
        return None
    return question | {"search": meant_by(words, state) if words else None}


def plain(number):
    text = str(number)
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0):
        raise ValueError(text)
    return int(text)
