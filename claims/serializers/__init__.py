"""The shape of claims, versions and topics in the API, for its description: the records themselves are documents."""

from claims.serializers.evidence import DerivedSerializer
from claims.serializers.lists import (
    ClaimListSerializer,
    FeedSerializer,
    TopicListSerializer,
    TopicSerializer,
    VersionListSerializer,
)
from claims.serializers.records import ClaimCardSerializer, ClaimSerializer, DocumentSerializer
from claims.serializers.terms import StrengthSerializer, Term

__all__ = (
    "ClaimCardSerializer",
    "ClaimListSerializer",
    "ClaimSerializer",
    "DerivedSerializer",
    "DocumentSerializer",
    "FeedSerializer",
    "StrengthSerializer",
    "Term",
    "TopicListSerializer",
    "TopicSerializer",
    "VersionListSerializer",
)
