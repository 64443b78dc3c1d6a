"""Deeds on claims. Every write that means something is here, atomic, and says who does it.

Each action checks the role, the state and the two-person rule, and answers with what it made. A refusal is a
`Refused`, whose `rule` names it for programs and whose text says it to people. The database keeps the same rules once
more, so that no other door can pass them.
"""

from claims.actions.closing import merge_claims, reinstate_claim, withdraw_claim
from claims.actions.drafts import (
    WRITTEN,
    discard_version,
    edit_draft,
    link_topics,
    remove_part,
    request_changes,
    save_part,
    start_claim,
    start_draft,
    submit_version,
)
from claims.actions.marks import check_ratings, dismiss_mark
from claims.actions.publishing import publish_version, reserve_accession
from claims.actions.rules import EDIT, REVIEW, Refused, Stale, in_state, locked, needs, save_record

__all__ = [
    "EDIT",
    "REVIEW",
    "WRITTEN",
    "Refused",
    "Stale",
    "check_ratings",
    "discard_version",
    "dismiss_mark",
    "edit_draft",
    "in_state",
    "link_topics",
    "locked",
    "merge_claims",
    "needs",
    "publish_version",
    "reinstate_claim",
    "remove_part",
    "request_changes",
    "reserve_accession",
    "save_part",
    "save_record",
    "start_claim",
    "start_draft",
    "submit_version",
    "withdraw_claim",
]
