"""What the API gives, as types. They check nothing and cost nothing; docs/api.md says what each member means.

A Text is {"en": ..., "nl": ...}, or one text where the client was made with a language. Members that clients rarely
need are in the answers all the same.
"""

from typing import Any, Literal, NotRequired, TypedDict


class Bilingual(TypedDict):
    en: str
    nl: str


Text = Bilingual | str


class Term(TypedDict):
    """`code` is for programs and stays; `label` is for people and may be reworded."""

    code: str
    label: Text


class Strength(TypedDict):
    """`value` goes from 1 (very low) to 4 (high)."""

    code: str
    value: int
    status: str
    label: Text
    words: Text


class Judgement(TypedDict):
    domain: Term
    step: int
    reason: Text


class Rating(TypedDict):
    """`strength` is None for a claim that is not rated. The last five come with whole records only."""

    scheme: Term
    evidence_state: Term
    strength: Strength | None
    verdict: Term | None
    effect_size: Term | None
    start: NotRequired[Strength | None]
    override_reason: NotRequired[Text | None]
    rationale: NotRequired[Text]
    would_change: NotRequired[Text]
    judgements: NotRequired[list[Judgement]]


class Standing(TypedDict):
    """What can change without a new version."""

    under_review: bool
    closed: dict[str, Any] | None
    notices: list[dict[str, Any]]
    fallen_studies: list[str]
    fallen_trials: list[dict[str, Any]]
    stale_marks: list[dict[str, Any]]


class TopicEntry(TypedDict):
    slug: str
    kind: Term
    name: Text


class About(TypedDict):
    intervention: TopicEntry | None
    direction: Term
    outcome: TopicEntry | None
    comparator: TopicEntry | None
    population: TopicEntry | None
    condition: TopicEntry | None
    population_words: Text
    comparator_words: Text


class Licence(TypedDict):
    data: str
    url: str


class Claim(TypedDict):
    """As lists show it."""

    accession: str
    version: int
    permalink: str
    standing: Standing
    slug: str
    kind: Term
    statement: Text
    plain_sentence: Text
    summary: Text
    about: About
    topics: list[TopicEntry]
    rating: Rating
    tallies: dict[str, int]
    searched_through: str | None
    next_review_due: str | None
    updated_at: str
    licence: Licence


class Evidence(TypedDict):
    study: dict[str, Any]
    publication: dict[str, Any]
    direction: Term
    directness: Term
    outcome_measure: Text
    finding: Text
    effect: dict[str, Any] | None
    n: int | None
    locator: str
    counts_in_synthesis: bool


class ClaimRecord(Claim):
    """The whole record, as /claims/KB000001/ gives it."""

    caveats: Text
    evidence: list[Evidence]
    rated_by: str
    reviewed_by: str
    change: dict[str, str]


class Version(TypedDict):
    accession: str
    version: int
    permalink: str
    state: str
    strength: int | None
    verdict: str | None
    change: dict[str, str]
    published_at: str
    superseded_at: str | None
    sha256: str
    document: NotRequired[str]
    licence: str


class Publication(TypedDict):
    key: str
    permalink: str
    study: str
    role: str
    title: str
    authors: list[dict[str, str]]
    container_title: str
    year: int | None
    url: str
    doi: str | None
    pmid: str | None
    pmcid: str | None
    is_retracted: bool
    notices: list[dict[str, Any]]
    updated_at: str
    licence: str


class Study(TypedDict):
    key: str
    permalink: str
    label: str
    design: str
    species: str
    participants: int | None
    population: Text
    intervention: Text
    comparator: Text
    has_fallen: bool
    publications: list[Publication]
    verified_from: list[str]
    unverified_fields: list[str]
    updated_at: str
    licence: str


class Topic(TypedDict):
    slug: str
    permalink: str
    kind: str
    name: Text
    synonyms: dict[Literal["en", "nl"], list[str]]
    broader: str | None
    mesh_id: str | None
    wikidata_id: str | None
    claims: int
    licence: str


class Change(TypedDict):
    """`document` is there where it was asked for and a version was published."""

    seq: int
    at: str
    kind: str
    accession: str
    version: int
    permalink: str
    sha256: str
    strength: int | None
    verdict: str | None
    standing: Standing
    document: NotRequired[dict[str, Any]]
