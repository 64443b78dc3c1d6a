"""What differs between two documents."""

import copy
import json

import pytest

from claims import actions
from claims.comparing import ADDED, CHANGED, REMOVED, SAME, differences, pieces
from claims.documents import build_document
from claims.models import ClaimVersion
from tests.factories import person, published


@pytest.fixture
def document(db):
    version = ClaimVersion.objects.current().get(claim__accession="KB000001")
    return json.loads(version.document)


def changed(before, after):
    return {
        (section.name, line.name, line.key, line.language): line.kind
        for section in differences(before, after)
        for line in section.changed
    }


def test_a_document_does_not_differ_from_itself(document):
    assert changed(document, copy.deepcopy(document)) == {}


def test_a_word_in_one_language_is_one_line(document):
    after = copy.deepcopy(document)
    after["summary"]["nl"] += " Meer is niet bekend."
    assert changed(document, after) == {("words", "summary", "", "nl"): CHANGED}


def test_a_step_and_its_reason(document):
    after = copy.deepcopy(document)
    line = after["rating"]["judgements"][0]
    line["step"], line["reason"] = -2, {"en": "Worse than thought.", "nl": "Erger dan gedacht."}
    domain = line["domain"]["code"]
    assert {key: kind for key, kind in changed(document, after).items() if key[1] == "step"} == {
        ("judgements", "step", domain, ""): CHANGED
    }


def test_a_domain_that_went(document):
    after = copy.deepcopy(document)
    gone = after["rating"]["judgements"].pop()
    assert changed(document, after)["judgements", "step", gone["domain"]["code"], ""] == REMOVED


def test_a_row_of_evidence_that_came_went_or_changed(document):
    after = copy.deepcopy(document)
    row = after["evidence"][0]
    row["n"] = 9999
    key = f"{row['study']['key']}:{row['outcome_measure']['en']}"
    assert changed(document, after) == {
        ("evidence", "row", key, ""): CHANGED,
        ("evidence", "n", key, ""): CHANGED,
    }
    row["outcome_measure"]["en"] = "another scale"
    moved = changed(document, after)
    assert moved["evidence", "row", key, ""] == REMOVED
    assert moved["evidence", "row", f"{row['study']['key']}:another scale", ""] == ADDED


def test_a_first_version_is_all_added(document):
    kinds = {line.kind for section in differences(None, document) for line in section.changed}
    assert kinds == {ADDED}


def test_strength_verdict_and_topics(document):
    after = copy.deepcopy(document)
    after["rating"]["verdict"] = {"code": "mixed", "label": {"en": "Mixed", "nl": "Wisselend"}}
    after["topics"] = after["topics"][1:]
    found = changed(document, after)
    assert found["rating", "verdict", "", ""] == CHANGED
    assert found["about", "topic", document["topics"][0]["slug"], ""] == REMOVED


@pytest.mark.parametrize(
    ("was", "is_now", "expected"),
    [
        ("", "", []),
        ("It helps.", "It helps.", [(SAME, "It helps.")]),
        ("It helps.", "It may help.", [(SAME, "It "), (REMOVED, "helps."), (ADDED, "may help.")]),
        ("", "New.", [(ADDED, "New.")]),
        ("Old.", "", [(REMOVED, "Old.")]),
    ],
)
def test_words_side_by_side(was, is_now, expected):
    assert [(piece.kind, piece.text) for piece in pieces(was, is_now)] == expected


def test_the_pieces_give_both_texts_back(document):
    was, is_now = document["summary"]["en"], document["caveats"]["en"]
    found = list(pieces(was, is_now))
    assert "".join(piece.text for piece in found if piece.kind != REMOVED) == is_now
    assert "".join(piece.text for piece in found if piece.kind != ADDED).split() == was.split()


def test_a_draft_is_compared_with_what_it_was_made_from(db):
    first = published()
    made = actions.start_draft(first.claim, by=person("editor"), summary_en="Other words.")
    found = changed(json.loads(first.document), build_document(made))
    assert found == {("words", "summary", "", "en"): CHANGED}
