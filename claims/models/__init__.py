"""The claims room. Claims lean on studies; studies know nothing of claims."""

from claims.models.article import Article, ArticleCitation, Mention
from claims.models.chain import Chain, ChainStep
from claims.models.claim import Claim, RegulatoryStatus
from claims.models.evidence import Evidence
from claims.models.flag import Flag
from claims.models.judgement import Judgement
from claims.models.listing import ListedTopic, Listing, Tally
from claims.models.release import Release
from claims.models.review import Comment, InterestStatement, SecondRating
from claims.models.search import SearchEntry, SearchWord
from claims.models.sent import SentRequest
from claims.models.standing import Change, StaleMark, Standing
from claims.models.topic import Topic, TopicReach
from claims.models.version import ClaimVersion
from claims.models.webhook import Webhook

__all__ = [
    "Article",
    "ArticleCitation",
    "Chain",
    "ChainStep",
    "Change",
    "Claim",
    "ClaimVersion",
    "Comment",
    "Evidence",
    "Flag",
    "InterestStatement",
    "Judgement",
    "ListedTopic",
    "Listing",
    "Mention",
    "RegulatoryStatus",
    "Release",
    "SearchEntry",
    "SearchWord",
    "SecondRating",
    "SentRequest",
    "StaleMark",
    "Standing",
    "Tally",
    "Topic",
    "TopicReach",
    "Webhook",
]
