"""What a language model may ask of the base: find claims, read one, see what changed. Nothing here writes."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from onderbouwd import answers
from onderbouwd.client import Client

LANGUAGE = {"type": "string", "enum": ["en", "nl"], "description": "Language of the texts; en unless said."}
WORDS = {"type": "string"}
SEVERAL = {"type": "array", "items": {"type": "string"}}


def whole(description: str, least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


class WrongArguments(ValueError):
    """A sentence that says what to give instead."""


def search_claims(client: Client, *, limit: int = 10, query: str | None = None, **filters: Any) -> str:
    some = list(islice(client.claims(q=query, page_size=limit + 1, **filters), limit + 1))
    return answers.found(some[:limit], more=len(some) > limit)


def get_claim(client: Client, *, claim: str, as_of: str | None = None) -> str:
    return answers.told(client.claim(claim, as_of=as_of))


def what_changed(
    client: Client, *, since: int | None = None, kind: list[str] | None = None, limit: int = 20
) -> str:
    latest = client.latest_change()
    since = max(0, latest - limit) if since is None else since
    feed = client.changes(since, kind=kind, limit=limit)
    some = list(islice(feed, limit + 1))
    more, some = len(some) > limit, some[:limit]
    now = client.claims_named(dict.fromkeys(change["accession"] for change in some))
    last = some[-1]["seq"] if more else max(latest, feed.last)
    return answers.happened(some, now, since, last, max(latest, feed.last))


TOOLS: dict[str, tuple[Callable[..., str], dict[str, Any]]] = {
    "search_claims": (
        search_claims,
        {
            "title": "Search health claims",
            "description": "Health claims in the base, each with how strong the evidence is, in one sentence that says "
            "how sure that is. Use it before saying whether something helps, harms or works. No medical advice.",
            "properties": {
                "query": {
                    **WORDS,
                    "description": "Words to find, Dutch or English, such as magnesium sleep.",
                },
                "topic": {
                    **SEVERAL,
                    "description": "Slugs of topics, such as sleep or melatonin; any will do.",
                },
                "strength_min": {
                    **WORDS,
                    "enum": ["high", "moderate", "low", "very-low"],
                    "description": "Evidence this strong or stronger.",
                },
                "verdict": {
                    **SEVERAL,
                    "description": "supported, mixed, not-supported, contradicted or insufficient.",
                },
                "kind": {
                    **SEVERAL,
                    "description": "efficacy, harm, association, mechanism, intake, interaction, bioavailability or diagnosis.",
                },
                "limit": whole("Claims to give, 10 unless said.", 1, 50),
                "language": LANGUAGE,
            },
            "required": [],
        },
    ),
    "get_claim": (
        get_claim,
        {
            "title": "Read one claim",
            "description": "One claim in full: its rating with the reasons, each study with its finding and reference, "
            "what would change it, and whether it is under review. No medical advice.",
            "properties": {
                "claim": {**WORDS, "description": "Accession (KB000001), or one version of it (KB000001.2)."},
                "as_of": {**WORDS, "description": "As it was at this past date, such as 2026-11-30."},
                "language": LANGUAGE,
            },
            "required": ["claim"],
        },
    ),
    "what_changed": (
        what_changed,
        {
            "title": "See what changed",
            "description": "What happened to published claims: new versions, ratings that went up or down, retracted "
            "sources, withdrawals. Give the last number you have as since. No medical advice.",
            "properties": {
                "since": whole("Changes after this number; the latest ones unless said.", 0, 2**53),
                "kind": {**SEVERAL, "description": "Such as published, strength-down or source-retracted."},
                "limit": whole("Changes to give, 20 unless said.", 1, 100),
                "language": LANGUAGE,
            },
            "required": [],
        },
    ),
}


def listed() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": told["title"],
            "description": told["description"],
            "inputSchema": {
                "type": "object",
                "properties": told["properties"],
                "required": told["required"],
                "additionalProperties": False,
            },
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }
        for name, (_tool, told) in TOOLS.items()
    ]


def checked(name: str, arguments: object) -> dict[str, Any]:
    """The arguments of a tool, as its inputSchema describes them. Raises WrongArguments."""
    if not isinstance(arguments, dict):
        raise WrongArguments("arguments is an object.")
    _tool, told = TOOLS[name]
    known = told["properties"]
    for missing in set(told["required"]) - set(arguments):
        raise WrongArguments(f"{missing} is missing.")
    for argument, value in arguments.items():
        if argument not in known:
            raise WrongArguments(f"{argument} is not an argument here. Known are: {', '.join(known)}.")
        if fault := fault_of(value, known[argument]):
            raise WrongArguments(f"{argument} {fault}")
    return arguments


def fault_of(value: object, shape: dict[str, Any]) -> str | None:
    if shape["type"] == "integer":
        least, most = shape["minimum"], shape["maximum"]
        is_whole = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if is_whole else f"is a whole number from {least} to {most}."
    if shape["type"] == "array":
        is_list = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return None if is_list else "is a list of texts."
    if not isinstance(value, str):
        return "is a text."
    choices = shape.get("enum")
    return f"is one of: {', '.join(choices)}." if choices and value not in choices else None
