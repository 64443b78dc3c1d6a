"""The claims room in the admin: one noun a file, every save and every button through `claims.actions`."""

from claims.admin.article import ArticleAdmin, ArticleCitationAdmin, MentionAdmin
from claims.admin.chain import ChainAdmin, ChainStepAdmin
from claims.admin.claim import ClaimAdmin, RegulatoryStatusAdmin, StaleMarkAdmin
from claims.admin.evidence import EvidenceAdmin, JudgementAdmin
from claims.admin.release import ReleaseAdmin
from claims.admin.review import (
    ChangeAdmin,
    CommentAdmin,
    FlagAdmin,
    InterestStatementAdmin,
    SecondRatingAdmin,
    StandingAdmin,
)
from claims.admin.topic import TopicAdmin
from claims.admin.version import ClaimVersionAdmin
from claims.admin.webhook import WebhookAdmin

__all__ = [
    "ArticleAdmin",
    "ArticleCitationAdmin",
    "ChainAdmin",
    "ChainStepAdmin",
    "ChangeAdmin",
    "ClaimAdmin",
    "ClaimVersionAdmin",
    "CommentAdmin",
    "EvidenceAdmin",
    "FlagAdmin",
    "InterestStatementAdmin",
    "JudgementAdmin",
    "MentionAdmin",
    "RegulatoryStatusAdmin",
    "ReleaseAdmin",
    "SecondRatingAdmin",
    "StaleMarkAdmin",
    "StandingAdmin",
    "TopicAdmin",
    "WebhookAdmin",
]
