"""What was looked at and what became of it: the numbers of the evidence, in a drawing, a table and a file."""

import csv
import json
from io import StringIO
from xml.etree import ElementTree

import pytest

from claims import actions
from claims.models import ClaimVersion
from claims.tallying import looked_at_for
from studies.models import ReviewInclusion
from tests.factories import draft, evidence, notice, person, publication, published, study

NAMES = ("directions", "looked-at")


def at(version, rest, language="en"):
    return f"/{language}/claims/{version.claim.accession}/{rest}"


def rows_in(response):
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def made(**words):
    """A published version on four studies: one counts, one measures another thing, one has a note, one has nothing."""
    version = draft(**words)
    version.evidence.all().delete()
    for key, values in {
        "counts": {"counts_in_synthesis": True},
        "other": {
            "counts_in_synthesis": False,
            "directness": "other-outcome",
            "note_en": "a",
            "note_nl": "b",
        },
        "noted": {"counts_in_synthesis": False, "note_en": "a", "note_nl": "b", "direction": "disputes"},
        "silent": {"counts_in_synthesis": False},
    }.items():
        evidence(version, publication=publication(study(key=key, label=key)), **values)
    return actions.publish_version(
        actions.submit_version(version, by=person("editor")), by=person("reviewer")
    )


@pytest.fixture
def version(db):
    return made()


def test_every_result_is_counted_once_or_left_out_for_one_reason(db):
    for version in ClaimVersion.objects.current():
        document = json.loads(version.document)
        found = looked_at_for(document)
        assert (
            found.results == len(document["evidence"]) == sum(bar.counted + bar.others for bar in found.bars)
        )
        assert found.others == sum(results for _why, _words, results in found.left_out)
        assert found.counted == document["tallies"]["counted"]
        assert found.studies == document["tallies"]["studies"]
        assert all(x + width <= 640 for bar in found.bars for x, width, _counts in bar.marks)


def test_the_first_reason_that_holds_is_said(client, version):
    rows = rows_in(client.get(at(version, "looked-at.csv")))
    assert [tuple(row.values()) for row in rows] == [
        ("looked-at", "4", "4"),
        ("counted", "1", "1"),
        ("not-counted:other-outcome", "", "1"),
        ("not-counted:noted", "", "1"),
        ("not-counted:unrecorded", "", "1"),
    ]


def test_a_trial_inside_a_review_that_counts_says_so(client, version):
    review = version.evidence.get(study__key="counts").study
    ReviewInclusion.objects.create(review=review, trial=version.evidence.get(study__key="silent").study)
    rows = rows_in(client.get(at(version, "looked-at.csv")))
    assert "not-counted:in-a-review" in [row["what"] for row in rows]


def test_a_retracted_study_counts_no_more(client, version):
    notice(version.evidence.get(study__key="counts").publication)
    rows = rows_in(client.get(at(version, "looked-at.csv")))
    assert rows[1]["results"] == "0" and rows[2]["what"] == "not-counted:fallen"


def test_results_stand_by_the_way_they_point(client, version):
    rows = {row["direction"]: row for row in rows_in(client.get(at(version, "directions.csv")))}
    assert rows["disputes"] == {"direction": "disputes", "counted": "0", "not_counted": "1"}
    assert rows["inconclusive"] == {"direction": "inconclusive", "counted": "0", "not_counted": "0"}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_has_a_title_a_description_and_stands_alone(client, version, name, language):
    svg = ElementTree.fromstring(client.get(at(version, f"{name}.svg", language)).content.strip())
    space = "{http://www.w3.org/2000/svg}"
    assert svg.find(f"{space}title").text and svg.find(f"{space}desc").text
    page = client.get(at(version, "", language)).content.decode()
    assert svg.find(f"{space}desc").text in page


@pytest.mark.parametrize("name", [*NAMES, "rating"])
def test_a_figure_may_stand_inside_any_page_and_sets_no_cookie(client, version, name):
    response = client.get(f"/en/embed/claims/{version.claim.accession}/{name}/")
    assert response.status_code == 200 and not response.cookies
    assert "frame-ancestors *" in response["Content-Security-Policy"] and "X-Frame-Options" not in response
    assert "<svg" in response.content.decode() and "<table" in response.content.decode()


def test_a_forest_plot_may_too_where_there_is_one(client, db):
    assert "<svg" in client.get("/nl/embed/claims/KB000074/forest/").content.decode()
    assert client.get("/nl/embed/claims/KB000032/forest/").status_code == 404


@pytest.mark.parametrize("rest", ["directions.svg", "looked-at.png", "looked-at.csv"])
def test_drafts_and_claims_without_evidence_have_none(client, db, rest):
    draft()
    assert client.get(f"/en/claims/KB999999/{rest}").status_code == 404
    bare = next(each for each in ClaimVersion.objects.current() if not each.evidence.exists())
    assert client.get(at(bare, rest)).status_code == 404


def test_a_closed_claim_says_so(client, version):
    other = published()
    actions.merge_claims(version.claim, into=other.claim, by=person("reviewer"))
    assert client.get(at(version, "directions.csv")).status_code == 301
    actions.withdraw_claim(other.claim, by=person("reviewer"), reason_en="a", reason_nl="b")
    assert client.get(at(other, "looked-at.csv")).status_code == 410
