"""What our linked data names leads to what it names: a page for people, a file for programs."""

import json

import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from kb.lib.files import CLAIM, CONCEPTS, SHEETS

SITE, API = "http://127.0.0.1:8000", "/api/v1"
SCHEMA = Namespace("https://schema.org/")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
NAMES = {
    "claims": SHEETS,
    "claims/KB000001": CLAIM,
    "claims/KB000001.1": CLAIM,
    "studies": SHEETS,
    "studies/asemi-2015": SHEETS,
    "topics": CONCEPTS,
    "topics/sleep": CONCEPTS,
}
PAGES = [f"/en/{name}/" for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
class TestByAccept:
    @pytest.mark.parametrize("language", ["", "/en", "/nl"])
    def test_each_format_leads_to_its_file(self, client, db, name, language):
        for suffix, form in NAMES[name].items():
            response = client.get(f"{language}/{name}/", headers={"accept": form.media_type})
            assert (response.status_code, response["Location"]) == (303, f"{API}/{name}.{suffix}")
            assert "Accept" in response["Vary"] and response["Access-Control-Allow-Origin"] == "*"

    def test_json_leads_to_the_record(self, client, db, name):
        response = client.get(f"/{name}/", headers={"accept": "application/json"})
        assert (response.status_code, response["Location"]) == (303, f"{API}/{name}/")

    def test_the_file_is_there(self, client, db, name):
        for accepted in ("application/json", "application/ld+json"):
            response = client.get(f"/en/{name}/", headers={"accept": accepted}, follow=True)
            assert (response.status_code, response["Content-Type"]) == (200, accepted)

    @pytest.mark.parametrize("accepted", ["", "*/*", BROWSER, "text/html, application/ld+json", "image/png"])
    def test_everybody_else_gets_the_page(self, client, db, name, accepted):
        response = client.get(f"/en/{name}/", headers={"accept": accepted} if accepted else {})
        assert response.status_code in (200, 301) and "Accept" in response["Vary"].split(", ")

    def test_a_write_is_left_alone(self, client, db, name):
        assert client.post(f"/en/{name}/", headers={"accept": "text/csv"}).status_code == 405


def test_filters_go_along_and_places_in_a_list_stay_behind(client, db):
    response = client.get("/en/claims/?kind=harm&page=2&ordering=updated", headers={"accept": "text/csv"})
    assert response["Location"] == f"{API}/claims.csv?kind=harm"


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # of rdflib about itself
def test_the_name_of_a_claim_in_our_linked_data_gives_linked_data(client, db):
    record = f"{SITE}/claims/KB000001.1/"
    response = client.get("/claims/KB000001.1/", headers={"accept": "application/ld+json"}, follow=True)
    graph = Graph().parse(data=b"".join(response.streaming_content).decode(), format="json-ld")
    assert (URIRef(record), RDF.type, SCHEMA.ClaimReview) in graph


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_its_other_formats(client, db, address):
    name = address.removeprefix("/en/").removesuffix("/")
    page = client.get(address).content.decode()
    shown = "claims/KB000001.1" if name == "claims/KB000001" else name
    for suffix, form in NAMES[name].items():
        told = f'<link rel="alternate" type="{form.media_type}" title="{form.label}" href="{API}/{shown}.{suffix}">'
        assert told in page
    assert f'<link rel="alternate" type="application/json" title="JSON" href="{API}/{shown}/">' in page


class TestEntrance:
    def test_the_first_address_says_where_to_go(self, client, db):
        response = client.get(f"{API}/")
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")
        for name, address in response.json().items():
            status = client.get(address.removeprefix(SITE)).status_code
            assert status == (401 if name == "drafts" else 200), address
        assert client.get(f"{API}/?no=1").status_code == 400
        assert client.post(f"{API}/").status_code == 405

    @pytest.mark.parametrize("name", [*NAMES, "publications", "publications/asemi-2015"])
    def test_a_json_suffix_leads_to_the_record(self, client, db, name):
        response = client.get(f"{API}/{name}.json?fields=licence")
        assert (response.status_code, response["Location"]) == (303, f"{API}/{name}/?fields=licence")

    def test_a_file_with_such_a_suffix_is_still_that_file(self, client, db):
        assert client.get(f"{API}/claims/KB000001.1.csl.json").status_code == 200
        assert client.get(f"{API}/nothing.json").status_code == 404


def test_the_description_tells_of_every_refusal_of_a_read(client, db):
    response = client.get(f"{API}/schema/", headers={"accept": "application/vnd.oai.openapi+json"})
    told = json.loads(response.content)
    assert told["servers"] == [{"url": SITE}] and told["info"]["license"]["url"].endswith("/by/4.0/")
    answers = told["paths"]["/api/v1/claims/{accession}/"]["get"]["responses"]
    assert {"301", "303", "401", "406", "429", "503"} <= set(answers)
    assert "Location" in answers["301"]["headers"] and "Location" in answers["303"]["headers"]
    assert "WWW-Authenticate" in answers["401"]["headers"] and "Retry-After" in answers["503"]["headers"]
    for name in ("changes/", "releases/", "topics/{slug}/"):
        assert "406" in told["paths"][f"{API}/{name}"]["get"]["responses"], name


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("strength=huge", "very-low"),
        ("verdict=x", "contradicted"),
        ("kind=x", "harm"),
        ("design=x", "rct"),
        ("ordering=x", "-updated"),
        ("tested=x", "people"),
    ],
)
def test_a_value_that_is_not_in_a_fixed_list_is_answered_with_the_list(client, db, query, known):
    detail = client.get(f"{API}/claims/?{query}").json()["detail"]
    assert "Known are: " in detail and known in detail
