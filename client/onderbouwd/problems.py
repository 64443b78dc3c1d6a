"""What can go wrong, as exceptions that keep every member of the problem+json (RFC 9457) they were made from."""

from collections.abc import Mapping
from typing import Any


class OnderbouwdError(Exception):
    """Anything that this package raises by itself."""

    retry_after: float | None = None  # seconds that the server asked us to wait


class Unreachable(OnderbouwdError):
    """No answer, half an answer, or an answer that is not the API's."""


class Problem(OnderbouwdError):
    """The API refused. `members` has all it said, such as `rule` or `errors`."""

    def __init__(self, status: int, members: Mapping[str, Any], retry_after: float | None = None):
        self.status = status
        self.members = dict(members)
        self.title = str(self.members.get("title", "Error"))
        self.detail = str(self.members.get("detail", ""))
        self.errors: list[dict[str, str]] = self.members.get("errors", [])
        self.retry_after = retry_after
        super().__init__(f"{status} {self.title}. {self.detail}".rstrip())


class BadRequest(Problem):
    """A parameter is not known, or its value is not: `errors` names each."""


class NotFound(Problem):
    """Nothing there, or nothing that was ever published."""


class Withdrawn(Problem):
    """`reason` says why, in both languages."""

    @property
    def reason(self) -> Any:
        return self.members.get("reason")


class TooManyRequests(Problem):
    """Beyond the limit, and waiting for the next window would have taken longer than we had patience for."""


class Unavailable(Problem):
    """The base is away for a while."""


BY_STATUS = {400: BadRequest, 404: NotFound, 410: Withdrawn, 429: TooManyRequests, 503: Unavailable}


def problem_of(status: int, members: object, retry_after: float | None = None) -> Problem:
    """`members` is the parsed body; what is not a JSON object (a proxy's page) says nothing."""
    said = members if isinstance(members, dict) else {}
    return BY_STATUS.get(status, Problem)(status, said, retry_after)
