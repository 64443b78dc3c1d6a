"""A version of a claim as a nanopublication in TriG: what is said, what it comes from, and who published it when.

Source: the guidelines of nanopub.net, with their four graphs: head, assertion, provenance, publication info.
"""

from django.conf import settings

from claims.formats.linked import LICENCE, retracted_in, status_of
from kb.lib.rdf import in_both, iri, literal, prefixes, statements
from studies.linked import address_of

NAMES = ("np", "prov", "dct", "rdfs", "schema", "xsd")


def nanopublication(document, standing):
    """The record of a version as TriG, with how it stands (`claims.standing`)."""
    permalink = f"{settings.SITE_URL}{document['path']}"
    terms = f"{settings.SITE_URL}/glossary/#"
    graphs = (
        ("head", head()),
        ("assertion", assertion(document)),
        ("provenance", provenance(document, retracted_in(standing))),
        ("pubinfo", publication_info(document, status_of(standing))),
    )
    body = "\n".join(f"sub:{name} {{\n{text}}}" for name, text in graphs)
    return f"{prefixes(*NAMES, sub=f'{permalink}#', this=permalink, term=terms)}\n{body}\n"


def head():
    graphs = [(f"np:has{name}", f"sub:{graph}") for name, graph in
              (("Assertion", "assertion"), ("Provenance", "provenance"), ("PublicationInfo", "pubinfo"))]  # fmt: skip
    return statements("this:", [("a", "np:Nanopublication"), *graphs])


def assertion(document):
    """What is claimed, about what, how sure that is and which way it points."""
    about, rating = document["about"], document["rating"]
    parts = ("intervention", "outcome", "comparator", "population", "condition")
    return statements(
        "sub:claim",
        [
            ("a", "schema:Claim"),
            ("rdfs:label", in_both(document["statement"])),
            ("schema:abstract", in_both(document["plain_sentence"])),
            ("dct:identifier", literal(document["accession"])),
            ("term:kind", literal(document["kind"]["code"])),
            *((f"term:{part}", about[part] and topic(about[part])) for part in parts),
            ("term:direction", about["direction"] and literal(about["direction"]["code"])),
            ("term:scheme", literal(rating["scheme"]["code"])),
            (
                "term:strength",
                rating["strength"] and literal(rating["strength"]["value"], kind="xsd:integer"),
            ),
            ("term:status", rating["strength"] and literal(rating["strength"]["status"])),
            ("term:verdict", rating["verdict"] and literal(rating["verdict"]["code"])),
            ("term:evidence-state", literal(rating["evidence_state"]["code"])),
        ],
    )


def provenance(document, retracted):
    """The reports that the rating rests on, which of them were retracted, and through which day was searched."""
    cited = [row["publication"] for row in document["evidence"]]
    reports = {iri(address_of(each["key"], each["doi"])): each["key"] for each in cited}
    fallen = [
        statements(report, [("schema:creativeWorkStatus", literal("retracted"))])
        for report, key in reports.items()
        if key in retracted
    ]
    rests_on = statements(
        "sub:assertion",
        [
            ("a", "prov:Entity"),
            ("prov:wasDerivedFrom", ", ".join(reports)),
            ("term:searched-through", literal(document["searched_through"], kind="xsd:date")),
        ],
    )
    return "".join((rests_on, *fallen))


def publication_info(document, status):
    return statements(
        "this:",
        [
            ("dct:created", literal(document["updated_at"], kind="xsd:dateTime")),
            ("dct:creator", iri(f"{settings.SITE_URL}/")),
            ("dct:license", iri(LICENCE)),
            ("schema:creativeWorkStatus", literal(status)),
            ("schema:version", literal(document["version"], kind="xsd:integer")),
        ],
    )


def topic(entry):
    return iri(f"{settings.SITE_URL}/topics/{entry['slug']}/")
