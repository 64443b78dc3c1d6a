"""The topics as a SKOS concept scheme (W3C, SKOS Reference), in Turtle and JSON-LD: names, synonyms, what is broader, the same elsewhere."""

from django.conf import settings

from kb.lib.rdf import PREFIXES, in_both, iri, literal, prefixes, statements

ELSEWHERE = {"mesh_id": "http://id.nlm.nih.gov/mesh/", "wikidata_id": "http://www.wikidata.org/entity/"}
CONTEXT = {
    "@vocab": PREFIXES["skos"],
    "id": "@id",
    "type": "@type",
    **{name: {"@type": "@id"} for name in ("inScheme", "topConceptOf", "broader", "exactMatch")},
}


def scheme():
    return f"{settings.SITE_URL}/topics/"


def turtle(topics):
    """Yields the scheme and then each topic."""
    yield prefixes("skos", "dct") + "\n"
    title = in_both({"en": "Topics of Onderbouwd", "nl": "Onderwerpen van Onderbouwd"})
    yield statements(iri(scheme()), [("a", "skos:ConceptScheme"), ("dct:title", title)])
    for topic in topics:
        synonyms = [
            literal(word, language) for language in ("en", "nl") for word in synonyms_of(topic, language)
        ]
        yield statements(
            iri(address_of(topic)),
            [
                ("a", "skos:Concept"),
                ("skos:inScheme", iri(scheme())),
                ("skos:topConceptOf", None if topic.broader else iri(scheme())),
                ("skos:notation", literal(topic.slug)),
                ("skos:prefLabel", in_both({"en": topic.name_en, "nl": topic.name_nl})),
                ("skos:altLabel", ", ".join(synonyms)),
                ("skos:broader", topic.broader and iri(address_of(topic.broader))),
                ("skos:exactMatch", ", ".join(map(iri, elsewhere(topic)))),
            ],
        )


def linked(topics):
    """The same as the members of a JSON-LD document."""
    names = [
        {"@value": "Topics of Onderbouwd", "@language": "en"},
        {"@value": "Onderwerpen van Onderbouwd", "@language": "nl"},
    ]
    graph = [{"id": scheme(), "type": "ConceptScheme", "http://purl.org/dc/terms/title": names}]
    for topic in topics:
        concept = {
            "id": address_of(topic),
            "type": "Concept",
            "inScheme": scheme(),
            "topConceptOf": None if topic.broader else scheme(),
            "notation": topic.slug,
            "prefLabel": [
                {"@value": getattr(topic, f"name_{each}"), "@language": each} for each in ("en", "nl")
            ],
            "altLabel": [
                {"@value": word, "@language": language}
                for language in ("en", "nl")
                for word in synonyms_of(topic, language)
            ],
            "broader": topic.broader and address_of(topic.broader),
            "exactMatch": elsewhere(topic),
        }
        graph.append({name: value for name, value in concept.items() if value})
    return {"@context": CONTEXT, "@graph": graph}


def synonyms_of(topic, language):
    """SKOS wants a word to be either the name or another one, not both."""
    return [
        word for word in getattr(topic, f"synonyms_{language}") if word != getattr(topic, f"name_{language}")
    ]


def address_of(topic):
    return f"{scheme()}{topic.slug}/"


def elsewhere(topic):
    return [f"{address}{getattr(topic, name)}" for name, address in ELSEWHERE.items() if getattr(topic, name)]
