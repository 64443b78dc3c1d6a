"""The terms of RDF as Turtle and TriG write them (W3C, RDF 1.1 Turtle)."""

import re

PREFIXES = {
    "np": "http://www.nanopub.org/nschema#",
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
NOT_IN_AN_ADDRESS = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def iri(address):
    """An address as a term; what may not stand in one is written as a percent sign and its bytes."""
    return f"<{NOT_IN_AN_ADDRESS.sub(encoded, address)}>"


def encoded(found):
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def literal(text, language=None, kind=None):
    """Words, in a language or of a kind such as xsd:date."""
    words = str(text).translate(ESCAPES)
    return f'"{words}"@{language}' if language else f'"{words}"^^{kind}' if kind else f'"{words}"'


def in_both(words):
    """A text {"en": ..., "nl": ...} as the objects of a statement."""
    return ", ".join(literal(words[language], language) for language in ("en", "nl") if words.get(language))


def statements(subject, pairs):
    """One subject with its predicates and objects; those without an object are left out."""
    kept = " ;\n    ".join(f"{predicate} {thing}" for predicate, thing in pairs if thing)
    return f"{subject} {kept} .\n"


def prefixes(*names, **more):
    """Declarations of these names and of more of one's own."""
    spaces = {name: PREFIXES[name] for name in names} | more
    return "".join(f"@prefix {name}: <{address}> .\n" for name, address in spaces.items())
