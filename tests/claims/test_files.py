"""Claims, topics, studies and publications as files: every format, read by other programs, with the facts of the record."""

import csv
import io
import json
from itertools import product

import bibtexparser
import pytest
import rispy
from rdflib import RDF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS, XSD

from claims.formats import linked
from claims.models import ClaimVersion, Topic
from kb.lib.files import CLAIM
from studies.files import REFERENCE_KINDS
from studies.formats import read
from studies.merging import merge_studies
from studies.models import Publication, Study
from tests.claims.test_listing import merged, withdrawn
from tests.factories import draft, notice, person, published, study, version_again

# of rdflib about itself
pytestmark = pytest.mark.filterwarnings(
    "ignore:(ConjunctiveGraph|Dataset.default_context) is deprecated:DeprecationWarning"
)
API = "/api/v1"
SCHEMA = Namespace("https://schema.org/")
NP = Namespace("http://www.nanopub.org/nschema#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SITE = "http://127.0.0.1:8000"
TERM = Namespace(f"{SITE}/glossary/#")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "nbib": "application/nbib",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "ttl": "text/turtle; charset=utf-8",
}


@pytest.fixture
def get(client, db, settings):
    settings.API_LIMIT = 0

    def get(address, status=200, **options):
        response = client.get(f"{API}{address}", **options)
        assert response.status_code == status, (address, response.content[:300])
        return response

    return get


@pytest.fixture
def text(get):
    return lambda address: b"".join(get(address).streaming_content).decode()


def documents():
    return [
        json.loads(version.document)
        for version in ClaimVersion.objects.current().order_by("claim__accession")
    ]


def rows_of(table):
    return list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))


def graph_of(text_, kind):
    graph = (Dataset() if kind == "trig" else Graph()).parse(
        data=text_, format={"ttl": "turtle"}.get(kind, kind)
    )
    return graph


def title_of(key):
    return Publication.objects.get(key=key).title


def keys_behind(document):
    return {row["publication"]["key"] for row in document["evidence"]}


class TestClaim:
    def test_every_claim_in_every_format(self, get, text):
        for document in documents():
            for suffix in ("jsonld", "csv", "ris", "bib", "nbib", "csl.json", "trig"):
                response = get(f"/claims/{document['accession']}.{suffix}")
                assert response["Content-Type"] == TYPES[suffix]
                assert (
                    f'filename="{document["accession"]}.{document["version"]}.{suffix}"'
                    in response["Content-Disposition"]
                )

    def test_references_are_those_of_the_evidence(self, text):
        for document in documents():
            address, expected = f"/claims/{document['accession']}", keys_behind(document)
            titles = set(Publication.objects.filter(key__in=expected).values_list("title", flat=True))
            assert {item["id"] for item in json.loads(text(f"{address}.csl.json"))} == expected
            assert {
                entry.key for entry in bibtexparser.parse_string(text(f"{address}.bib")).entries
            } == expected
            assert {
                entry.get("title") or entry["primary_title"] for entry in rispy.loads(text(f"{address}.ris"))
            } == titles

    def test_linked_data_says_what_the_record_says(self, text):
        for document in documents():
            graph = graph_of(text(f"/claims/{document['accession']}.jsonld"), "json-ld")
            record = URIRef(f"{SITE}{document['path']}")
            assert (record, RDF.type, SCHEMA.ClaimReview) in graph
            for language in ("en", "nl"):
                said = Literal(document["statement"][language], lang=language)
                assert (record, SCHEMA.claimReviewed, said) in graph
            rated = [
                graph.value(each, SCHEMA.ratingValue)
                for each in graph.objects(record, SCHEMA.reviewRating)
                if (each, SCHEMA.reviewAspect, Literal("certainty of the evidence")) in graph
            ]
            strength = document["rating"]["strength"]
            assert [value.toPython() for value in rated] == ([strength["value"]] if strength else [])
            dois = {
                f"https://doi.org/{row['publication']['doi']}"
                for row in document["evidence"]
                if row["publication"]["doi"]
            }
            cited = {str(each) for each in graph.objects(record, SCHEMA.citation)}
            assert dois <= cited and len(cited) == len(keys_behind(document))

    def test_a_nanopublication_says_what_the_record_says(self, text):
        for document in documents():
            data = graph_of(text(f"/claims/{document['accession']}.{document['version']}.trig"), "trig")
            this = URIRef(f"{SITE}{document['path']}")
            head = data.graph(URIRef(f"{this}#head"))
            parts = {
                name: data.graph(head.value(this, NP[f"has{name}"]))
                for name in ("Assertion", "Provenance", "PublicationInfo")
            }
            claim = URIRef(f"{this}#claim")
            said = parts["Assertion"]
            assert (claim, DCTERMS.identifier, Literal(document["accession"])) in said
            labels = {
                label.language: str(label)
                for label in said.objects(claim, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
            }
            assert labels == document["statement"]
            strength = document["rating"]["strength"]
            value = said.value(claim, TERM.strength)
            assert (value and value.toPython()) == (strength and strength["value"])
            sources = {
                str(each)
                for each in parts["Provenance"].objects(URIRef(f"{this}#assertion"), PROV.wasDerivedFrom)
            }
            dois = {
                f"https://doi.org/{row['publication']['doi']}"
                for row in document["evidence"]
                if row["publication"]["doi"]
            }
            assert dois <= sources and len(sources) == len(keys_behind(document))
            made = Literal(document["updated_at"], datatype=XSD.dateTime)
            assert (this, DCTERMS.created, made) in parts["PublicationInfo"]

    def test_a_table_of_evidence(self, text):
        for document in documents():
            rows = rows_of(text(f"/claims/{document['accession']}.csv"))
            assert [row["study"] for row in rows] == [row["study"]["key"] for row in document["evidence"]]

    def test_an_older_version_has_its_files_for_ever(self, get, text):
        version = published()
        before = text(f"/claims/{version.claim.accession}.1.jsonld")
        version_again(version, verdict="mixed")
        assert text(f"/claims/{version.claim.accession}.1.jsonld") == before
        assert text(f"/claims/{version.claim.accession}.jsonld") != before

    def test_a_rating_under_review_says_so(self, text):
        version = published()
        notice(version.evidence.get().publication)
        record = json.loads(text(f"/claims/{version.claim.accession}.jsonld"))["@graph"][0]
        assert record["creativeWorkStatus"] == "under review"
        rows = {row["accession"]: row for row in rows_of(text("/claims.csv"))}
        assert rows[version.claim.accession]["under_review"] == "True"

    def test_a_closed_version_says_what_became_of_it(self, text):
        for claim, word in ((withdrawn(), "withdrawn"), (merged(), "merged")):
            name = f"/claims/{claim.accession}.1"
            record = json.loads(text(f"{name}.jsonld"))["@graph"][0]
            assert record["creativeWorkStatus"] == word
            this = URIRef(f"{SITE}/claims/{claim.accession}.1/")
            told = graph_of(text(f"{name}.trig"), "trig").graph(URIRef(f"{this}#pubinfo"))
            assert told.value(this, SCHEMA.creativeWorkStatus) == Literal(word)

    def test_a_cited_paper_that_was_retracted_says_so(self, text):
        version = published()
        paper, name = version.evidence.get().publication, f"/claims/{version.claim.accession}"
        for suffix in ("jsonld", "trig", "csv", "ris", "bib", "nbib", "csl.json"):
            assert "etracted" not in text(f"{name}.{suffix}"), suffix
        notice(paper)
        cited = json.loads(text(f"{name}.jsonld"))["@graph"][0]["citation"]
        assert [each["creativeWorkStatus"] for each in cited] == ["retracted"]
        data = graph_of(text(f"{name}.trig"), "trig")
        said = data.graph(URIRef(f"{SITE}/claims/{version.claim.accession}.1/#provenance"))
        assert list(said.objects(None, SCHEMA.creativeWorkStatus)) == [Literal("retracted")]
        assert [row["standing"] for row in rows_of(text(f"{name}.csv"))] == ["retracted"]
        notice(paper, kind="reinstatement", noticed_on="2031-01-01")
        assert "etracted" not in text(f"{name}.jsonld") + text(f"{name}.trig") + text(f"{name}.csv")

    def test_closed_ones_answer_as_their_record_does(self, get):
        gone, into = withdrawn(), merged()
        assert get(f"/claims/{gone.accession}.ris", 410).json()["reason"] == {"en": "a", "nl": "b"}
        other = into.merged_into.accession
        for rest in (
            *(f".{suffix}" for suffix in CLAIM),
            "/citation.bib?lang=nl",
            "/?lang=nl",
            "/synthesis/",
        ):
            response = get(f"/claims/{into.accession}{rest}", 301)
            assert response["Location"] == f"{SITE}{API}/claims/{other}{rest}"
            assert response.json()["title"] == "Moved permanently" and response.json()["status"] == 301

    @pytest.mark.parametrize(
        "name", ["KB999999.ris", "KB000001.9.ris", "KB000001.pdf", "KB1.ris", "drafts.ris"]
    )
    def test_what_is_not_there(self, get, name):
        assert get(f"/claims/{name}", 404)["Content-Type"] == "application/problem+json"

    def test_a_draft_is_in_no_file(self, get, text):
        version = draft(statement_en="Zymurgite helps.", statement_nl="Zymurgiet helpt.")
        hidden = version.evidence.get().publication
        for suffix in ("jsonld", "csv", "ris", "bib", "nbib", "csl.json"):
            assert "ymurgi" not in text(f"/claims.{suffix}")
        assert hidden.key not in text("/claims.csl.json")

    def test_parameters_it_does_not_know_are_refused(self, get):
        assert get("/claims/KB000001.ris?colour=red", 400).json()["errors"][0]["parameter"] == "colour"
        assert get("/claims.csv?ordering=accession", 400).json()["errors"][0]["parameter"] == "ordering"

    @pytest.mark.parametrize("suffix", ["csv", "jsonld", "ris"])
    @pytest.mark.parametrize("name", ["lang", "fields", "include", "page", "cursor"])
    def test_a_file_ignores_no_parameter(self, get, suffix, name):
        response = get(f"/claims.{suffix}?{name}=zzz", 400)
        assert response["Content-Type"] == "application/problem+json"
        assert [error["parameter"] for error in response.json()["errors"]] == [name]


class TestList:
    def test_filters_hold_in_every_format(self, text):
        wanted = {
            document["accession"]: document for document in documents() if document["kind"]["code"] == "harm"
        }
        assert wanted
        assert [row["accession"] for row in rows_of(text("/claims.csv?kind=harm"))] == sorted(wanted)
        graph = json.loads(text("/claims.jsonld?kind=harm"))["@graph"]
        assert [record["identifier"].partition(".")[0] for record in graph] == sorted(wanted)
        behind = set().union(*map(keys_behind, wanted.values()))
        assert {item["id"] for item in json.loads(text("/claims.csl.json?kind=harm"))} == behind

    def test_nothing_found_is_an_empty_file(self, text):
        asked = "?q=qqqqqqqqqq"
        assert (
            json.loads(text(f"/claims.jsonld{asked}"))["@graph"]
            == []
            == json.loads(text(f"/claims.csl.json{asked}"))
        )
        assert rows_of(text(f"/claims.csv{asked}")) == [] and text(f"/claims.ris{asked}") == ""

    def test_a_table_agrees_with_the_records(self, text):
        rows = rows_of(text("/claims.csv"))
        for row, document in zip(rows, documents(), strict=True):
            assert (row["accession"], row["statement_nl"]) == (
                document["accession"],
                document["statement"]["nl"],
            )
            strength = document["rating"]["strength"]
            assert row["strength_value"] == (str(strength["value"]) if strength else "")

    @pytest.mark.parametrize(
        "address", ["/claims.csv", "/claims.jsonld", "/studies.csv", "/studies.jsonld", "/publications.ris"]
    )
    def test_asks_as_much_for_many_as_for_few(self, text, address, django_assert_max_num_queries):
        with django_assert_max_num_queries(13):
            text(address)

    def test_words_that_a_spreadsheet_would_run_are_made_harmless(self, text):
        version = published(statement_en='=HYPERLINK("http://example.org")', statement_nl="+31 is a number")
        row = next(row for row in rows_of(text("/claims.csv")) if row["accession"] == version.claim.accession)
        assert row["statement_en"].startswith("'=") and row["statement_nl"].startswith("'+")


class TestCitation:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_of_a_version_itself(self, text, language):
        for document in documents()[:20]:
            name = f"{document['accession']}.{document['version']}"
            (item,) = json.loads(text(f"/claims/{name}/citation.csl.json?lang={language}"))
            assert item["URL"] == f"{SITE}{document['path']}" and name in item["title"]
            (entry,) = rispy.loads(text(f"/claims/{name}/citation.ris?lang={language}"))
            assert entry["urls"] == [f"{SITE}{document['path']}"]
            (book,) = bibtexparser.parse_string(text(f"/claims/{name}/citation.bib?lang={language}")).entries
            assert book.key == name

    def test_the_page_offers_it(self, client, db):
        page = client.get("/nl/claims/KB000001/").content.decode()
        for suffix in ("ris", "bib", "csl.json"):
            assert f"/api/v1/claims/KB000001.1/citation.{suffix}?lang=nl" in page
            assert f"/api/v1/claims/KB000001.1.{suffix}" in page
        assert "Onderbouwd. (2026" in page  # APA

    def test_another_language_is_refused(self, get):
        assert get("/claims/KB000001/citation.ris?lang=fr", 400).json()["errors"][0]["parameter"] == "lang"


class TestTopics:
    def test_a_concept_scheme_in_turtle_and_json_ld(self, text):
        turtle, linked_data = (
            graph_of(text("/topics.ttl"), "ttl"),
            graph_of(text("/topics.jsonld"), "json-ld"),
        )
        assert set(turtle) == set(linked_data)
        listed = Topic.objects.published().select_related("broader")
        assert set(turtle.subjects(RDF.type, SKOS.Concept)) == {
            URIRef(f"{SITE}/topics/{topic.slug}/") for topic in listed
        }
        for topic in listed:
            concept = URIRef(f"{SITE}/topics/{topic.slug}/")
            assert {(label.language, str(label)) for label in turtle.objects(concept, SKOS.prefLabel)} == {
                ("en", topic.name_en),
                ("nl", topic.name_nl),
            }
            for language in ("en", "nl"):
                words = {
                    str(label)
                    for label in turtle.objects(concept, SKOS.altLabel)
                    if label.language == language
                }
                assert words == set(getattr(topic, f"synonyms_{language}")) - {
                    getattr(topic, f"name_{language}")
                }
            same = {str(each) for each in turtle.objects(concept, SKOS.exactMatch)}
            assert same == {address for address in (
                topic.mesh_id and f"http://id.nlm.nih.gov/mesh/{topic.mesh_id}",
                topic.wikidata_id and f"http://www.wikidata.org/entity/{topic.wikidata_id}",
            ) if address}  # fmt: skip
        tops = {str(each) for each in turtle.subjects(SKOS.topConceptOf, URIRef(f"{SITE}/topics/"))}
        assert tops == {f"{SITE}/topics/{topic.slug}/" for topic in listed if not topic.broader}


class TestStudies:
    def test_every_study_and_publication_in_every_format(self, get):
        for what, keys in (("studies", Study.objects), ("publications", Publication.objects)):
            for key in keys.values_list("key", flat=True)[:25]:
                for suffix in ("jsonld", "csv", "ris", "bib", "nbib", "csl.json"):
                    assert get(f"/{what}/{key}.{suffix}")["Content-Type"] == TYPES[suffix]

    def test_lists_hold_everything_once(self, text):
        keys = sorted(Publication.objects.values_list("key", flat=True))
        assert sorted(row["key"] for row in rows_of(text("/publications.csv"))) == keys
        assert sorted(item["id"] for item in json.loads(text("/publications.csl.json"))) == keys
        assert len(json.loads(text("/studies.jsonld"))["@graph"]) == Study.objects.count()

    def test_a_retracted_paper_says_so(self, text):
        paper = published().evidence.get().publication
        assert "creativeWorkStatus" not in json.loads(text(f"/publications/{paper.key}.jsonld"))["@graph"][0]
        notice(paper)
        record = json.loads(text(f"/publications/{paper.key}.jsonld"))["@graph"][0]
        assert record["creativeWorkStatus"] == "retracted"

    @pytest.mark.parametrize(
        ("address", "suffix"),
        [
            *product(
                ("/publications", "/publications/asemi-2015"), ("ris", "bib", "nbib", "csl.json", "csv")
            ),
            *product(["/studies/asemi-2015"], ("ris", "bib", "nbib", "csl.json")),
        ],
    )
    def test_a_retracted_paper_is_read_back_as_one(self, text, address, suffix):
        records = read(REFERENCE_KINDS.get(suffix, suffix), text(f"{address}.{suffix}").encode()).records
        titles = dict(Publication.objects.retracted().values_list("title", "key"))
        standing = {record.fields["title"] for record in records if record.standing == "retracted"}
        assert standing == ({*titles} if address == "/publications" else {title_of("asemi-2015")})

    def test_a_table_says_which_study_has_fallen(self, text):
        assert [row["has_fallen"] for row in rows_of(text("/studies/asemi-2015.csv"))] == ["True"]

    def test_filters_of_the_list_hold(self, get, text):
        rows = rows_of(text("/studies.csv?design=animal"))
        assert rows and {row["design"] for row in rows} == {"animal"}
        assert get("/studies.csv?design=magic", 400).json()["errors"][0]["parameter"] == "design"

    @pytest.mark.parametrize(
        "address", ["/studies/nowhere.ris", "/publications/nowhere.csv", "/studies/x.trig"]
    )
    def test_what_is_not_there(self, get, address):
        get(address, 404)


def test_a_merged_study_leads_to_the_same_of_the_other(get):
    kept, gone = study(), study()
    merge_studies(kept, gone, by=person("editor"), reason="The same trial.")
    for rest in (".ris", ".csv", "/?fields=key"):
        response = get(f"/studies/{gone.key}{rest}", 301)
        assert response["Location"] == f"{SITE}{API}/studies/{kept.key}{rest}"
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["title"] == "Moved permanently"


class TestAccept:
    @pytest.mark.parametrize(
        ("address", "accepted", "place"),
        [
            ("/claims/KB000001/", "application/ld+json", "/claims/KB000001.jsonld"),
            ("/claims/KB000001.1/", "application/trig", "/claims/KB000001.1.trig"),
            ("/claims/?kind=harm", "text/csv", "/claims.csv?kind=harm"),
            ("/claims/?page=2&kind=harm&page_size=5", "text/csv", "/claims.csv?kind=harm"),
            ("/claims/?kind=harm&kind=intake&ordering=-updated&lang=nl", "text/csv", "/claims.csv?kind=harm&kind=intake"),
            ("/claims/?cursor=*&include=document&fields=accession", "application/ld+json", "/claims.jsonld"),
            ("/claims/KB000001/?lang=nl&fields=accession", "application/trig", "/claims/KB000001.trig"),
            ("/studies/?design=rct&page=2&fields=key", "application/x-bibtex", "/studies.bib?design=rct"),
            ("/studies/", "application/x-bibtex", "/studies.bib"),
            ("/publications/asemi-2015/", "application/vnd.citationstyles.csl+json", "/publications/asemi-2015.csl.json"),
            ("/topics/", "text/turtle", "/topics.ttl"),
            ("/claims/", "application/json;q=0.5, application/x-research-info-systems", "/claims.ris"),
        ],
    )  # fmt: skip
    def test_leads_to_the_file(self, get, address, accepted, place):
        response = get(address, 303, headers={"accept": accepted})
        assert response["Location"] == f"{API}{place}"
        assert "Accept" in response["Vary"]
        get(place)

    def test_what_is_not_known_goes_along_and_is_refused_there(self, get):
        response = get("/claims/?knd=harm", 303, headers={"accept": "text/csv"})
        assert response["Location"] == f"{API}/claims.csv?knd=harm"

    @pytest.mark.parametrize(
        "accepted", ["application/json", "*/*", "application/json, text/csv;q=0.1", "application/*"]
    )
    def test_json_where_that_will_do(self, get, accepted):
        response = get("/claims/KB000001/", headers={"accept": accepted})
        assert response["Content-Type"] == "application/json" and "Accept" in response["Vary"]

    @pytest.mark.parametrize("address", ["/claims/KB000001/", "/changes/", "/studies/", "/claims.csv"])
    def test_who_names_problems_alone_is_given_the_record(self, get, address):
        get(address, headers={"accept": "application/problem+json"})

    def test_nothing_fits(self, get):
        response = get("/claims/KB000001/", 406, headers={"accept": "image/png"})
        assert response["Content-Type"] == "application/problem+json"

    def test_a_copy_that_is_still_good(self, get):
        first = get("/claims/KB000001.jsonld")
        get("/claims/KB000001.jsonld", 304, headers={"if-none-match": first["ETag"]})
        get("/claims.csv", 304, headers={"if-none-match": get("/claims.csv")["ETag"]})

    def test_a_head_makes_nothing(self, client, db, django_assert_max_num_queries):
        with django_assert_max_num_queries(2):
            response = client.head(f"{API}/claims.csv")
        assert response.status_code == 200 and response["Content-Type"] == TYPES["csv"]


def test_a_claim_that_was_not_rated_has_no_rating_of_certainty():
    assert linked.ratings({"strength": None, "verdict": None}) == []
