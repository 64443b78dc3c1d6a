"""The claims room. Claims lean on studies; studies know nothing of claims."""

from claims.models.article import Article, ArticleCitation, Mention
from claims.models.claim import Claim, RegulatoryStatus, StaleMark
from claims.models.evidence import Evidence, Judgement
from claims.models.topic import Topic, TopicReach
from claims.models.version import ClaimVersion, SearchEntry

__all__ = [
    "Article",
    "ArticleCitation",
    "Claim",
    "ClaimVersion",
    "Evidence",
    "Judgement",
    "Mention",
    "RegulatoryStatus",
    "SearchEntry",
    "StaleMark",
    "Topic",
    "TopicReach",
]
