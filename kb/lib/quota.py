"""How much one program may ask in a minute, and the headers that tell it (draft-ietf-httpapi-ratelimit-headers)."""

from dataclasses import dataclass

from django.conf import settings
from django.db import InternalError

from kb.lib.state import STATE
from kb.lib.throttle import HIT, address_of, hit

NAME, WINDOW = "api", 60
# One statement counts the request and brings the state of the base, which an answer needs for its tag.
COUNT_AND_STATE = f"{HIT} SELECT count, rest, ({STATE}) FROM hit"  # noqa: S608 (constants)


@dataclass(frozen=True)
class Quota:
    """What is left of the limit in this window, and the seconds until the next."""

    limit: int
    count: int
    rest: int

    @property
    def is_spent(self):
        return self.count > self.limit

    @property
    def headers(self):
        left = max(0, self.limit - self.count)
        return {
            "RateLimit-Policy": f'"{NAME}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{NAME}";r={left};t={self.rest}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.rest),
        }


def spend(request):
    """Counts this request: (what is left, state of the base).

    Both are None where there is no limit, and on a server that only reads: better served than refused.
    """
    if not settings.API_LIMIT:
        return None, None
    try:
        count, rest, state = hit(COUNT_AND_STATE, NAME, asker(request), WINDOW)
    except (
        InternalError
    ):  # read_only_sql_transaction: a standby that serves readers while the primary is away
        return None, None
    return Quota(settings.API_LIMIT, count, rest), state


def asker(request):
    """Whom to count: the token that was sent along, or else the address."""
    digest = getattr(getattr(request, "auth", None), "digest", None)
    return f"token {digest[:32]}" if digest else address_of(request)
