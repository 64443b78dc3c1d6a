"""The client: each method is one address of the API, and what it gives is what the API gave."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from onderbouwd.copies import Copies
from onderbouwd.records import Change, Claim, ClaimRecord, Publication, Study, Topic, Version
from onderbouwd.wire import Wire

MOST_AT_ONCE = 500
IN_ONE = (
    "accession",
    "fields",
    "include",
)  # several stand in one parameter, with commas; others are repeated
BY_RANK = ("q", "ordering")  # what gives a list an order of its own


class Client:
    """Reads one base. Texts come in both languages, or in `language` ("en" or "nl") alone.

    `timeout` is how long one answer may take, `patience` how long the server may ask us to wait before another
    attempt, both in seconds. `copies` keeps answers: what did not change is not sent again. May be shared by threads.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        language: str | None = None,
        *,
        timeout: float = 30,
        attempts: int = 5,
        patience: float = 65,
        copies: Copies | None = None,
    ):
        self.language = language
        self._wire = Wire(
            base_url,
            token,
            language,
            timeout=timeout,
            attempts=attempts,
            patience=patience,
            copies=copies if copies is not None else Copies(),
        )

    def claims(self, **filters: Any) -> Iterator[Claim]:
        """Every claim that passes the filters, such as topic="sleep", strength_min="low", kind=["harm", "interaction"].

        With `q` or `ordering` in that order and no further than the first 10,000; else by accession, to the end,
        each exactly once whatever is published meanwhile.
        """
        walk = {} if any(filters.get(name) for name in BY_RANK) else {"cursor": "*"}
        return self._list("claims/", {**walk, **self._spoken(), **filters})

    def claim(self, name: str, as_of: date | str | None = None, fields: Iterable[str] = ()) -> ClaimRecord:
        """The whole record of KB000001 as it is today or was `as_of` a past date or moment, or of version KB000001.2.

        A merged claim gives its successor. Raises Withdrawn with the reason, NotFound for what was never published.
        """
        asked = {**self._spoken(), "as_of": as_of, "fields": list(fields)}
        return cast(ClaimRecord, self._wire.get(f"claims/{quote(name, safe='')}/", query_of(asked)))

    def claims_named(self, accessions: Iterable[str], **shape: Any) -> Iterator[Claim]:
        """These claims in this order, 500 a request; those that no standing claim has are left out."""
        names = iter(accessions)
        while some := list(islice(names, MOST_AT_ONCE)):
            yield from self._list("claims/", {"accession": some, **self._spoken(), **shape})

    def all_claims(self, **filters: Any) -> Iterator[ClaimRecord]:
        """Every whole record, all as they were at one moment, from one answer that is read as it comes."""
        return self._wire.lines("claims.jsonl", query_of({**self._spoken(), **filters}))

    def versions(self, accession: str) -> list[Version]:
        return list(self._list(f"claims/{quote(accession, safe='')}/versions/", {}))

    def studies(self, **filters: Any) -> Iterator[Study]:
        """Filters: q, design, retracted ("yes", "no"), year_min, year_max."""
        return self._list("studies/", {"cursor": "*", **self._spoken(), **filters})

    def study(self, key: str) -> Study:
        return cast(Study, self._one("studies", key))

    def publications(self, **filters: Any) -> Iterator[Publication]:
        return self._list("publications/", {"cursor": "*", **self._spoken(), **filters})

    def publication(self, key: str) -> Publication:
        return cast(Publication, self._one("publications", key))

    def topics(self, **filters: Any) -> Iterator[Topic]:
        return self._list("topics/", {"cursor": "*", **self._spoken(), **filters})

    def topic(self, slug: str) -> Topic:
        return cast(Topic, self._one("topics", slug))

    def changes(self, since: int = 0, **filters: Any) -> "Changes":
        """What happened after change number `since`. Filters: kind, include="document", limit (for each request)."""
        return Changes(self._wire, since, {**self._spoken(), **filters})

    def latest_change(self) -> int:
        """The number of the last change of all; 0 in a base where nothing happened yet."""
        return int(self._wire.get("changes/", "limit=1")["latest"])

    def _spoken(self) -> dict[str, str]:
        return {"lang": self.language} if self.language else {}

    def _one(self, kind: str, key: str) -> Any:
        return self._wire.get(f"{kind}/{quote(key, safe='')}/", query_of(self._spoken()))

    def _list(self, path: str, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """Follows `next`. Only its question is taken over: answers never send us, or our token, to another place."""
        query: str | None = query_of(parameters)
        while query is not None:
            stretch = self._wire.get(path, query)
            yield from stretch["results"]
            following = stretch.get("next")
            query = urlsplit(following).query if following else None


class Changes:
    """Iterate for what happened since; iterate again, any time later, for what came after that.

    `last` is the number of the last change handed out: keep it, and a next run begins with changes(since=last).
    """

    def __init__(self, wire: Wire, since: int, filters: Mapping[str, Any]):
        self.last = since
        self._wire, self._filters = wire, dict(filters)

    def __iter__(self) -> Iterator[Change]:
        while True:
            stretch = self._wire.get("changes/", query_of({**self._filters, "since": self.last}))
            for change in stretch["results"]:
                self.last = change["seq"]
                yield change
            if not stretch["next"]:
                self.last = max(self.last, stretch["latest"])
                return


def query_of(parameters: Mapping[str, Any]) -> str:
    """None and empty lists say nothing; dates are written as the API reads them."""
    pairs: list[tuple[str, str]] = []
    for name, value in parameters.items():
        values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        texts = [written(each) for each in values if each is not None]
        pairs += [(name, ",".join(texts))] if name in IN_ONE and texts else [(name, text) for text in texts]
    return urlencode(pairs, safe=",:")


def written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
