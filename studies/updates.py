"""What Crossref knows to have happened to a paper: the notices that it lists in `updated-by`.

Its REST API names each by DOI, kind (`type`), day (`updated`), and by who said so (`source`: the publisher or Retraction
Watch, then with the Record ID of that list).
"""

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings

from studies.choices import NoticeKind
from studies.lookup import Answer, Unavailable, fetch, no_answer

KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.RETRACTION,
    "removal": NoticeKind.RETRACTION,
    "expression_of_concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTION,
    "corrigendum": NoticeKind.CORRECTION,
    "erratum": NoticeKind.CORRECTION,
}
LONGEST_DOI = 210


@dataclass(frozen=True)
class Update:
    """`noticed_on` is None where Crossref has no whole date; `record` is that of Retraction Watch, or ""."""

    kind: NoticeKind
    doi: str
    noticed_on: date | None
    record: str


def updates_of(doi) -> tuple[list[Update], Answer]:
    """What happened to this paper, and the answer that says so. Kinds we do not record are passed over.

    Raises NotFound where Crossref does not know the DOI, and Unavailable.
    """
    answer = fetch("crossref", settings.LOOKUP_PLACES["crossref"] + quote(doi, safe=""))
    try:
        listed = json.loads(answer.body)["message"].get("updated-by", [])
        updates = [update_in(each) for each in listed if spelled(each["type"]) in KINDS]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unavailable(no_answer(answer.url)) from error
    return list(dict.fromkeys(updates)), answer


def update_in(listed):
    is_from_list = listed.get("source") == "retraction-watch"
    return Update(
        KINDS[spelled(listed["type"])],
        listed["DOI"].strip().lower()[:LONGEST_DOI],
        day_in(listed.get("updated") or {}),
        str(listed.get("record-id") or "")[:20] if is_from_list else "",
    )


def spelled(kind):
    """Both spellings are met: expression_of_concern and expression-of-concern."""
    return kind.lower().replace("-", "_").replace(" ", "_")


def day_in(updated):
    parts = (updated.get("date-parts") or [[]])[0]
    try:
        return date(*parts)
    except (TypeError, ValueError):
        return None
