"""The studies room in the interchange format."""

from kb.lib.tables import Reference, Table
from studies.models import (
    BiasAssessment,
    DomainJudgement,
    IntegrityNotice,
    Publication,
    ReviewInclusion,
    Study,
)

STUDIES = Table(
    name="studies",
    model=Study,
    key=("key",),
    references={"merged_into": Reference("studies", "merged_into__key", required=False)},
    columns=(
        "key",
        "label",
        "design",
        "species",
        "participants",
        "population_en",
        "population_nl",
        "country",
        "intervention_en",
        "intervention_nl",
        "comparator_en",
        "comparator_nl",
        "dose_mg",
        "duration_weeks",
        "registry_ids",
        "funding_en",
        "funding_nl",
        "risk_of_bias_tool",
        "risk_of_bias",
        "risk_of_bias_notes_en",
        "risk_of_bias_notes_nl",
        "verified_from",
        "unverified_fields",
        "merged_reason",
    ),
)
PUBLICATIONS = Table(
    name="publications",
    model=Publication,
    key=("key",),
    references={
        "study": Reference("studies", "study__key"),
        "merged_into": Reference("publications", "merged_into__key", required=False),
    },
    columns=(
        "key",
        "role",
        "csl_type",
        "title",
        "title_is_verified",
        "authors",
        "container_title",
        "year",
        "volume",
        "issue",
        "pages",
        "language",
        "url",
        "doi",
        "pmid",
        "pmcid",
        "merged_reason",
    ),
)
INCLUSIONS = Table(
    name="inclusions",
    model=ReviewInclusion,
    key=("review", "trial"),
    references={"review": Reference("studies", "review__key"), "trial": Reference("studies", "trial__key")},
    columns=("basis",),
)
NOTICES = Table(
    name="notices",
    model=IntegrityNotice,
    key=("source", "source_record_id"),
    references={"publication": Reference("publications", "publication__key")},
    columns=(
        "kind",
        "noticed_on",
        "reasons_en",
        "reasons_nl",
        "notice_doi",
        "notice_pmid",
        "source",
        "source_record_id",
    ),
)
BIAS_ASSESSMENTS = Table(
    name="bias_assessments",
    model=BiasAssessment,
    key=("study", "tool", "outcome"),
    references={
        "study": Reference("studies", "study__key"),
        "assessed_by": Reference("people", "assessed_by__username"),
    },
    columns=("tool", "outcome", "suggested", "overall", "reason_en", "reason_nl", "assessed_on"),
)
BIAS_DOMAINS = Table(
    name="bias_domains",
    model=DomainJudgement,
    key=("study", "outcome", "domain"),
    references={
        "study": Reference("studies", "assessment__study__key"),
        "outcome": Reference("", "assessment__outcome", required=False),
    },
    columns=("domain", "judgement", "reason_en", "reason_nl"),
)
TABLES = (STUDIES, PUBLICATIONS, INCLUSIONS, NOTICES, BIAS_ASSESSMENTS, BIAS_DOMAINS)
