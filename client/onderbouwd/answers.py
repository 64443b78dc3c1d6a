"""Records as text for a reader that cannot see a page: each with what to cite, how sure it is, and that it is no advice."""

from collections.abc import Iterable
from typing import Any

from onderbouwd.records import Change, Claim, ClaimRecord, Evidence

NO_ADVICE = (
    "This is no medical advice: it says how strong evidence is, not what anybody should do. "
    "Cite accession and version with the permalink. Licence: CC BY 4.0."
)
FEW = 12  # rows of evidence that are written out; the rest is counted


def found(claims: list[Claim], more: bool) -> str:
    if not claims:
        return f"No claim in the base fits this. That says nothing about whether it is true.\n\n{NO_ADVICE}"
    rest = "\n\nThere are more: ask for a higher limit or narrower." if more else ""
    return "\n\n".join(cited(claim) for claim in claims) + f"{rest}\n\n{NO_ADVICE}"


def cited(claim: Claim) -> str:
    lines = [source(claim), said(claim), sureness(claim), *warnings(claim)]
    return "\n".join(line for line in lines if line)


def source(record: Claim | Change) -> str:
    return f"[{record['accession']}.{record['version']}] {record['permalink']}"


def said(claim: Claim) -> str:
    """The generated sentence holds how sure we are; of a reference value it says only that it is one."""
    if is_reference_value(claim):
        return f"{claim['statement']} ({claim['plain_sentence']})"
    return str(claim["plain_sentence"])


def is_reference_value(claim: Claim) -> bool:
    return claim["rating"]["scheme"]["code"] == "none"


def sureness(claim: Claim) -> str:
    rating = claim["rating"]
    strength, verdict = rating["strength"], rating["verdict"]
    if strength:
        rated = f"Strength of evidence: {strength['label']} ({rating['scheme']['label']})."
    else:
        rated = "" if is_reference_value(claim) else f"Not rated: {rating['evidence_state']['label']}."
    parts = [
        rated,
        f"Verdict: {verdict['label']}." if verdict else "",
        f"Literature searched through {claim['searched_through']}." if claim["searched_through"] else "",
    ]
    return " ".join(part for part in parts if part)


def warnings(claim: Claim) -> list[str]:
    standing = claim["standing"]
    closed = standing["closed"]
    lines = []
    if standing["under_review"]:
        lines.append("UNDER REVIEW: do not lean on this rating until somebody has looked at it again.")
    if standing["fallen_studies"] or standing["fallen_trials"]:
        lines.append("A study that this rests on was retracted.")
    if closed:
        lines.append(f"CLOSED: this claim was {closed['how']}.")
    return lines


def told(claim: ClaimRecord) -> str:
    """Everything that matters of one claim."""
    rating, tallies = claim["rating"], claim["tallies"]
    steps = [
        f"- {judgement['domain']['label']}: {judgement['step']:+d}. {judgement['reason']}"
        for judgement in rating.get("judgements", [])
        if judgement["step"]
    ]
    rows = claim["evidence"]
    parts = [
        cited(claim),
        f"The claim: {claim['statement']}",
        f"Summary: {claim['summary']}",
        labelled("Why this rating", rating.get("rationale")),
        "\n".join(["Steps from where the rating starts:", *steps]) if steps else "",
        labelled("Set by hand, because", rating.get("override_reason")),
        labelled("What would change it", rating.get("would_change")),
        labelled("Caveats", claim["caveats"]),
        f"Results: {tallies['supports']} support, {tallies['disputes']} dispute, {tallies['no-difference']} found no "
        f"difference, {tallies['inconclusive']} inconclusive, in {tallies['studies']} studies.",
        *[evidence_line(row) for row in rows[:FEW]],
        f"(and {len(rows) - FEW} more rows of evidence at the permalink)" if len(rows) > FEW else "",
        f"Rated by {claim['rated_by']}, checked by {claim['reviewed_by']}.",
        harms_hint(claim),
        NO_ADVICE,
    ]
    return "\n\n".join(part for part in parts if part)


def labelled(label: str, text: Any) -> str:
    return f"{label}: {text}" if text else ""


def evidence_line(row: Evidence) -> str:
    study, people = row["study"], f", n = {row['n']}" if row["n"] else ""
    reference = row["publication"]["reference"]
    return (
        f"- {study['label']} ({study['design']['label']}{people}): {row['direction']['label']}. {row['finding']}\n"
        f"  {reference}"
    )


def harms_hint(claim: Claim) -> str:
    intervention = claim["about"]["intervention"]
    if intervention is None or claim["kind"]["code"] in ("harm", "interaction"):
        return ""
    slug = intervention["slug"]
    return f'Harms and interactions: search_claims with topic "{slug}" and kind ["harm", "interaction"].'


def happened(changes: list[Change], now: Iterable[Claim], since: int, last: int, latest: int) -> str:
    """`now` are the claims of these changes as they stand today."""
    standing = {claim["accession"]: claim for claim in now}
    lines = [line_of_change(change, standing.get(change["accession"])) for change in changes]
    rest = (
        f"There is more: ask again with since {last}." if last < latest else f"Up to date at change {latest}."
    )
    return "\n\n".join([*(lines or [f"No such change after number {since}."]), f"{rest}\n\n{NO_ADVICE}"])


def line_of_change(change: Change, claim: Claim | None) -> str:
    lines = [f"{change['seq']}. {change['at'][:10]} {change['kind']}: {source(change)}"]
    if claim is None:
        lines.append("   No standing claim has this accession today.")
    elif claim["version"] == change["version"]:
        lines.append(f"   {said(claim)}")
    else:
        lines.append(f"   Now {source(claim)}: {said(claim)}")
    lines += [f"   {warning}" for warning in (warnings(claim) if claim else [])]
    return "\n".join(lines)
