"""The studies room. Nothing here knows of claims."""

from studies.models.assessed import BiasAssessment, DomainJudgement
from studies.models.imported import Import
from studies.models.notice import IntegrityNotice, NoticeCheck
from studies.models.pair import LikelyPair
from studies.models.publication import (
    Publication,
    check_normalised,
    validate_doi,
    validate_pmcid,
    validate_pmid,
)
from studies.models.records import ReviewInclusion, Study, prose
from studies.models.source_text import LONGEST_TEXT, SourceText

__all__ = [
    "LONGEST_TEXT",
    "BiasAssessment",
    "DomainJudgement",
    "Import",
    "IntegrityNotice",
    "LikelyPair",
    "NoticeCheck",
    "Publication",
    "ReviewInclusion",
    "SourceText",
    "Study",
    "check_normalised",
    "prose",
    "validate_doi",
    "validate_pmcid",
    "validate_pmid",
]
