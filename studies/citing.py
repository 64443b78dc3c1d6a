"""A pasted list taken apart: where each reference begins and ends, and which paper it names.

What names a paper is a DOI, a PMID or a PMCID, by itself, in an address, or in a written-out reference. Nothing is guessed: bare digits
are a PMID only where they are all that a line holds.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from studies.identifiers import (
    LONGEST,
    InvalidIdentifier,
    identify,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
)

KINDS = ("doi", "pmid", "pmcid")  # in the order in which they are looked up
NUMBERED = re.compile(r"\s*(?:\[(\d{1,4})\]|\((\d{1,3})\)|(\d{1,3})[.)](?!\d))\s*(?=\S)")
NUMBER_ALONE = re.compile(r"\s*(?:\[(\d{1,4})\]|\((\d{1,3})\)|(\d{1,3})[.)])\s*")
LABELLED = re.compile(r"\s*(?:doi|pmc?id|pubmed|pmc|epub|https?:|www\.)", re.IGNORECASE)
DOI = re.compile(
    r"(?<![\d.])10\.\d{4,9}/(?:(?![,;]?(?:10\.\d{4,9}/|https?:|pmc?id\b)|[\[(](?:crossref|pubmed|google|pmc?id|free)|</?a\b)[^\s\"“”»|])+",
    re.IGNORECASE,
)
PMID = re.compile(
    r"(?:\bPMID\s{0,3}[:=]?\s{0,3}|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|europepmc\.org/(?:article|abstract)/med/)(\d{1,9})(?!\d)",
    re.IGNORECASE,
)
PMCID = re.compile(r"\b(?:PMCID\s{0,3}[:=]?\s{0,3}(?:PMC)?\s?|PMC\s?(?=\d{4}))(\d{1,9})(?!\d)", re.IGNORECASE)
TOGETHER = re.compile(r"[,;]\s*(?:10\.\d|https?:|pmc?id|pmc\d)", re.IGNORECASE)
ESCAPED = re.compile(r"10\.\d{4,9}%2f", re.IGNORECASE)
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
AT_DOI_ORG = re.compile(r"doi\.org/$", re.IGNORECASE)
PAGE_OF = re.compile(
    r"(?:/(?:full|fulltext|full-text|full-xml|abstract|summary|references|pdf|epdf|pdfdirect|html|epub|meta|download|tables))+$"
    r"|(?:\.full|\.abstract|\.full[-.]text|\.full\.pdf|\.pdf|\.html?)$",
    re.IGNORECASE,
)
VERSION = re.compile(
    r"(10\.1101/.+?)v\d{1,2}$"
)  # bioRxiv and medRxiv write it behind the DOI, of which it is no part


@dataclass(frozen=True)
class Cited:
    """`line` is where it begins; `named` is {kind: all different identifiers of that kind in it}."""

    line: int
    text: str
    named: dict = field(default_factory=dict)

    @property
    def is_of_several(self):
        """Whether it names more papers than one line can be."""
        return any(len(found) > 1 for found in self.named.values())


def references_in(text):
    """Yields each line by itself; in a numbered list, each number with the lines it goes on over, up to an empty line."""
    at, parts, number, known = 0, [], None, {}
    for line, words in enumerate(text.splitlines(), 1):
        if not words.strip():
            number = None
            continue
        begins, names = number_of(words, after=number), identifiers_in(words)
        if begins is None and number is not None and goes_on(words, names, known):
            parts.append(words)
            known = known | names
            continue
        if parts:
            yield cited(at, parts)
        at, parts, number, known = line, [words], begins, names
    if parts:
        yield cited(at, parts)


def number_of(words, after):
    """The number this line begins with, where it begins a reference; after another, one that is higher."""
    found = NUMBERED.match(words) or NUMBER_ALONE.fullmatch(words)
    if not found:
        return None
    number = int(next(filter(None, found.groups())))
    if after is None or number == after + 1:
        return number
    is_likely = number > after or number == 1  # a list with gaps, or another one
    return number if is_likely and not LABELLED.match(words, found.end()) else None


def goes_on(words, names, known):
    """Whether this line, which names this, belongs to the numbered reference before it, which names what is known."""
    if any(len(found) > 1 for found in names.values()):
        return False
    if not known or not names:
        return True
    is_alone = bool(alone(words)) and not re.match(r"\s*(?:doi|pmc?id)\b", words, re.IGNORECASE)
    return not is_alone and all(known.get(kind, found) == found for kind, found in names.items())


def cited(line, parts):
    text = " ".join(" ".join(parts).split())
    return Cited(line, text, identifiers_in(text))


def identifiers_in(text):
    """{kind: identifiers}, each in its one form and once, in the order of KINDS."""
    without_number = text[found.end() :] if (found := NUMBERED.match(text)) else text
    by_itself = alone(text) or alone(without_number)
    if by_itself:
        return by_itself
    text = " ".join(unquote(word) if ESCAPED.search(word) else word for word in text.split())
    found = {
        "doi": [named(normalise_doi, doi_at(match)) for match in DOI.finditer(text)],
        "pmid": [named(normalise_pmid, match[1]) for match in PMID.finditer(text)],
        "pmcid": [named(normalise_pmcid, match[1]) for match in PMCID.finditer(text)],
    }
    return {
        kind: each for kind, every in found.items() if (each := tuple(dict.fromkeys(filter(None, every))))
    }


def alone(text):
    """The identifier that this text is, and nothing else; empty where it is none."""
    if TOGETHER.search(text) or (NUMBER_ALONE.fullmatch(text) and not text.strip().isdigit()):
        return {}
    try:
        kind, identifier = identify(text)
    except InvalidIdentifier:
        return {}
    return {kind: (identifier,)} if kind in KINDS else {}


def doi_at(match):
    """What was matched, without what an address adds to a DOI."""
    doi = match[0][:LONGEST]
    before = re.split(r"\s", match.string[max(0, match.start() - LONGEST) : match.start()])[-1]
    if AT_DOI_ORG.search(before):
        return re.split(r"[?#]", doi)[0]
    if not ADDRESS.search(before):
        return doi
    doi = re.split(r"[?#&]", doi)[0].rstrip("/.,;")
    return VERSION.sub(r"\1", PAGE_OF.sub("", doi))


def named(normalise, text):
    try:
        return normalise(text)
    except InvalidIdentifier:
        return None
