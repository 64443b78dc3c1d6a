"""The whole base in the interchange format: the files, their order and their rows. `release` writes it, `load_kb` reads it."""

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from claims.chain_tables import CHAIN_STEPS, CHAINS, public_chains, public_steps, topics_in_chains
from claims.models import (
    Article,
    ArticleCitation,
    Claim,
    ClaimVersion,
    Evidence,
    Judgement,
    Mention,
    RegulatoryStatus,
    Topic,
)
from kb.lib.tables import Reference, Table
from studies.exports import TABLES as STUDY_TABLES
from studies.models import BiasAssessment

User = get_user_model()

PEOPLE = Table(
    name="people",
    model=User,
    key=("username",),
    columns=("username", "first_name"),
    lists={
        "roles": (
            "",
            ArraySubquery(
                User.groups.through.objects.filter(user=OuterRef("pk"))
                .order_by("group__name")
                .values("group__name")
            ),
        )
    },
)
TOPICS = Table(
    name="topics",
    model=Topic,
    key=("slug",),
    columns=(
        "slug",
        "kind",
        "name_en",
        "name_nl",
        "phrase_en",
        "phrase_nl",
        "is_plural_en",
        "is_plural_nl",
        "verbs",
        "synonyms_en",
        "synonyms_nl",
        "mesh_id",
        "wikidata_id",
    ),
    references={"broader": Reference("topics", "broader__slug", required=False)},
)
CLAIMS = Table(
    name="claims",
    model=Claim,
    key=("accession",),
    columns=(
        "accession",
        "slug",
        "kind",
        "direction",
        "withdrawn_at",
        "withdrawn_reason_en",
        "withdrawn_reason_nl",
    ),
    references={
        "intervention": Reference("topics", "intervention__slug"),
        "outcome": Reference("topics", "outcome__slug", required=False),
        "comparator": Reference("topics", "comparator__slug", required=False),
        "population": Reference("topics", "population__slug", required=False),
        "condition": Reference("topics", "condition__slug", required=False),
        "merged_into": Reference("claims", "merged_into__accession", required=False),
    },
    lists={
        "topics": (
            "topics",
            ArraySubquery(
                Claim.topics.through.objects.filter(claim=OuterRef("pk"))
                .order_by("topic__slug")
                .values("topic__slug")
            ),
        )
    },
)
VERSIONS = Table(
    name="versions",
    model=ClaimVersion,
    key=("claim", "number"),
    references={
        "claim": Reference("claims", "claim__accession"),
        "author": Reference("people", "author__username"),
        "reviewer": Reference("people", "reviewer__username"),
    },
    columns=(
        "number",
        "statement_en",
        "statement_nl",
        "summary_en",
        "summary_nl",
        "population_en",
        "population_nl",
        "comparator_en",
        "comparator_nl",
        "caveats_en",
        "caveats_nl",
        "scheme",
        "evidence_state",
        "start",
        "strength",
        "strength_in_people",
        "override_reason_en",
        "override_reason_nl",
        "verdict",
        "effect_size",
        "rationale_en",
        "rationale_nl",
        "would_change_en",
        "would_change_nl",
        "searched_through",
        "next_review_due",
        "change_note",
        "reviewer_interests",
        "published_at",
    ),
)
EVIDENCE = Table(
    name="evidence",
    model=Evidence,
    key=("claim", "number", "position", "study", "outcome_measure_en"),
    references={
        "claim": Reference("claims", "version__claim__accession"),
        "number": Reference("", "version__number"),
        "study": Reference("studies", "study__key"),
        "publication": Reference("publications", "publication__key"),
    },
    columns=(
        "position",
        "direction",
        "directness",
        "outcome_measure_en",
        "outcome_measure_nl",
        "finding_en",
        "finding_nl",
        "measure",
        "measure_label_en",
        "measure_label_nl",
        "estimate",
        "ci_low",
        "ci_high",
        "ci_level",
        "standard_error",
        "unit_en",
        "unit_nl",
        "p_value",
        "p_text",
        "arms",
        "n",
        "locator",
        "counts_in_synthesis",
        "note_en",
        "note_nl",
        "risk_of_bias",
        "risk_of_bias_reason_en",
        "risk_of_bias_reason_nl",
        "quote",
        "quote_role",
        "quote_checked_on",
        "verified_from",
        "is_secondary",
    ),
)
JUDGEMENTS = Table(
    name="judgements",
    model=Judgement,
    key=("claim", "number", "domain"),
    references={
        "claim": Reference("claims", "version__claim__accession"),
        "number": Reference("", "version__number"),
    },
    columns=("domain", "step", "reason_en", "reason_nl"),
)
ARTICLES = Table(
    name="articles",
    model=Article,
    key=("slug",),
    columns=("slug", "title", "publisher", "language", "url", "accessed_on", "sha256"),
)
CITATIONS = Table(
    name="citations",
    model=ArticleCitation,
    key=("article", "number"),
    references={
        "article": Reference("articles", "article__slug"),
        "study": Reference("studies", "study__key", required=False),
    },
    columns=("number", "named_en", "named_nl", "state", "assessment_en", "assessment_nl"),
)
MENTIONS = Table(
    name="mentions",
    model=Mention,
    key=("article", "number"),
    references={
        "article": Reference("articles", "article__slug"),
        "claim": Reference("claims", "claim__accession", required=False),
        "citation": Reference("", "citation__number", required=False),
    },
    columns=(
        "number",
        "says_en",
        "says_nl",
        "start",
        "end",
        "sha256",
        "before_sha256",
        "after_sha256",
        "hedge",
        "attribution",
    ),
)
STATUSES = Table(
    name="statuses",
    model=RegulatoryStatus,
    key=("claim", "jurisdiction"),
    references={
        "claim": Reference("claims", "claim__accession"),
        "reference": Reference("publications", "reference__key", required=False),
    },
    columns=("jurisdiction", "status", "wording_en", "wording_nl", "caveat_en", "caveat_nl"),
)
TABLES = (
    PEOPLE,
    TOPICS,
    *STUDY_TABLES,
    CLAIMS,
    VERSIONS,
    EVIDENCE,
    JUDGEMENTS,
    ARTICLES,
    CITATIONS,
    MENTIONS,
    STATUSES,
    CHAINS,
    CHAIN_STEPS,
)


def public_rows(table):
    return table.rows(public_queryset(table))


def public_queryset(table):
    """What of a table readers may have: no draft, no draft's evidence, no account but
    of those who signed a version or judged a study's risk of bias."""
    public = ClaimVersion.objects.public()
    asked = {
        "topics": public_topics,
        "people": lambda: (
            User.objects.filter(pk__in=public.values("author"))
            | User.objects.filter(pk__in=public.values("reviewer"))
            | User.objects.filter(pk__in=BiasAssessment.objects.order_by().values("assessed_by"))
        ),
        "claims": lambda: Claim.objects.ever_published(),
        "versions": lambda: public,
        "evidence": lambda: Evidence.objects.filter(version__in=public),
        "judgements": lambda: Judgement.objects.filter(version__in=public),
        "mentions": lambda: (
            Mention.objects.filter(claim__isnull=True)
            | Mention.objects.filter(claim__accession__isnull=False)
        ),
        "chains": public_chains,
        "chain_steps": public_steps,
        "statuses": lambda: RegulatoryStatus.objects.filter(claim__accession__isnull=False),
    }
    return asked[table.name]() if table.name in asked else table.model.objects.all()


def public_topics():
    """Every topic but those that only unpublished claims are about."""
    roles = ("intervention", "outcome", "comparator", "population", "condition", "topics")

    def named_by(claims):
        asked = (claims.order_by().values_list(name, flat=True).distinct() for name in roles)
        return {pk for keys in asked for pk in keys.iterator() if pk}

    public = named_by(Claim.objects.ever_published()) | topics_in_chains()
    public = Topic.objects.filter(reaches__narrower__in=public)
    hidden = named_by(Claim.objects.filter(accession=None))
    return Topic.objects.exclude(pk__in=hidden - set(public.values_list("pk", flat=True)))
