"""Reads the open API of Onderbouwd. Python's own library is all it needs."""

from onderbouwd.client import Changes, Client
from onderbouwd.problems import (
    BadRequest,
    NotFound,
    OnderbouwdError,
    Problem,
    TooManyRequests,
    Unavailable,
    Unreachable,
    Withdrawn,
)

__all__ = [
    "BadRequest",
    "Changes",
    "Client",
    "NotFound",
    "OnderbouwdError",
    "Problem",
    "TooManyRequests",
    "Unavailable",
    "Unreachable",
    "Withdrawn",
]
