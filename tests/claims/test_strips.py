"""The risk of bias of the studies under a claim: on its page, as SVG and CSV, and inside pages of others."""

import csv
from io import StringIO
from xml.etree import ElementTree

import pytest

from claims import actions
from studies.actions import assess_study
from studies.bias import TOOLS
from studies.merging import merge_studies
from tests.factories import draft, evidence, person, publication, published, study

pytestmark = pytest.mark.django_db


def assess(of, **words):
    domains = dict.fromkeys(TOOLS["rob-2"].domains, ("low", "Seen.", "Gezien."))
    return assess_study(of, by=person("editor"), **{"tool": "rob-2", "judgements": domains} | words)


@pytest.fixture
def version():
    """Two studies: one judged by domain, one of which only an overall is known."""
    made = draft()
    known = publication(study(label="Overall only 2001", risk_of_bias="high", risk_of_bias_tool="RoB 1"))
    evidence(made, publication=known)
    made.refresh_from_db()
    assess(made.evidence.first().study)
    return actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))


def at(version, rest=""):
    return f"/en/claims/{version.claim.accession}/{rest}"


def rows_of(answer):
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_the_page_shows_both_and_leads_to_the_files(client, version):
    page = client.get(at(version)).content.decode()
    assert "Risk of bias: Low" in page and "Risk of bias: High" in page
    assert "RoB 2: overall, then each domain" in page and "Overall judgement only" in page
    for rest in ("risk-of-bias.svg", "risk-of-bias.csv"):
        assert f'href="{at(version, rest)}"' in page
    assert "only an overall judgement is known here" not in page


def test_every_fixture_says_that_only_an_overall_is_known(client):
    page = client.get("/en/claims/KB000001/").content.decode()
    assert "Of these studies only an overall judgement is known here" in page


def test_where_nobody_judged_the_page_says_no_more_than_that(client):
    page = client.get(at(published())).content.decode()
    assert "Nobody has judged the risk of bias of these studies yet." in page
    assert "risk-of-bias" not in page and "Not judged" not in page


def test_a_study_nobody_judged_is_not_passed_over(client, version):
    made = actions.start_draft(version.claim, by=person("editor"))
    evidence(made, publication=publication(study(label="Never judged 2002")))
    made.refresh_from_db()
    actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))
    picture = client.get(at(version, "risk-of-bias.svg")).content.decode()
    assert "Never judged 2002: Not judged" in picture
    assert rows_of(client.get(at(version, "risk-of-bias.csv")))[-1]["words"] == "Not judged"


def test_the_drawing_stands_by_itself(client, version):
    answer = client.get(at(version, "risk-of-bias.svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    assert len(root.findall(".//{*}use")) == 7
    assert "style" not in answer.content.decode()


def test_the_table_has_a_row_for_each_judgement(client, version):
    rows = rows_of(client.get(at(version, "risk-of-bias.csv")))
    assert len(rows) == 7
    assert [row["part"] for row in rows].count("overall") == 2
    assert rows[-1]["judgement"] == "high" and rows[-1]["tool"] == "RoB 1"
    dutch = rows_of(client.get(at(version, "risk-of-bias.csv").replace("/en/", "/nl/")))
    assert dutch[1]["reason"] == "Gezien." and rows[1]["reason"] == "Seen."


def test_may_stand_in_a_frame_and_links_out_of_it(client, version):
    answer = client.get(f"/en/embed/claims/{version.claim.accession}/risk-of-bias/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"] and not answer.cookies
    page = answer.content.decode()
    assert page.count("<a ") == page.count('target="_top"') and "bias-title" in page


def test_a_study_is_found_back_where_it_was_merged(client, version):
    gone = version.evidence.first().study
    kept = study()
    assess(kept, outcome="Sleep")
    merge_studies(kept, gone, by=person("editor"), reason="The same trial.")
    rows = rows_of(client.get(at(version, "risk-of-bias.csv")))
    assert {(row["study"], row["outcome"]) for row in rows} >= {(gone.key, ""), (kept.key, "Sleep")}


@pytest.mark.parametrize("accession", ["KB999999", "KB000067"])
@pytest.mark.parametrize("rest", ["risk-of-bias.svg", "risk-of-bias.csv"])
def test_nothing_is_there_without_a_claim_or_without_a_study(client, accession, rest):
    assert client.get(f"/en/claims/{accession}/{rest}").status_code == 404


def test_a_closed_claim_leads_on_or_says_so(client, version):
    other = published()
    actions.merge_claims(version.claim, into=other.claim, by=person("reviewer"))
    answer = client.get(at(version, "risk-of-bias.csv"))
    assert (answer.status_code, answer["Location"]) == (301, at(other, "risk-of-bias.csv"))
    assert (
        "merged into another"
        in client.get(f"/en/embed/claims/{version.claim.accession}/risk-of-bias/").content.decode()
    )
    actions.withdraw_claim(other.claim, by=person("reviewer"), reason_en="a", reason_nl="b")
    assert client.get(at(other, "risk-of-bias.svg")).status_code == 410


@pytest.mark.parametrize("rest", ["", "risk-of-bias.csv", "risk-of-bias.svg"])
def test_more_studies_cost_no_more_questions(client, version, rest, django_assert_max_num_queries):
    for _each in range(4):
        version = published_again_with_one_more(version)
    with django_assert_max_num_queries(14):
        assert client.get(at(version, rest)).status_code == 200


def published_again_with_one_more(version):
    made = actions.start_draft(version.claim, by=person("editor"))
    evidence(made)
    for row in made.evidence.all():
        assess(row.study)
    made.refresh_from_db()
    return actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))
