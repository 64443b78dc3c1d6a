"""Records as the API serves them: the documents written at publication, after where they live and how they stand."""

import json
import re
from functools import lru_cache

from django.conf import settings
from django.db.models import F, FilteredRelation, Q

from claims.choices import FeedKind, StaleReason
from claims.documents import card_of, labels
from claims.models import Change
from claims.standing import NOTHING, by_place
from kb.lib.jsonlines import canonical

PATH = re.compile(rb'"path":"([^"]+)"')
PUBLISHING = {
    FeedKind.PUBLISHED,
    FeedKind.STRENGTH_UP,
    FeedKind.STRENGTH_DOWN,
    FeedKind.VERDICT_CHANGED,
    FeedKind.EVIDENCE_CHANGED,
    FeedKind.WORDING_ONLY,
}


def with_standing(versions, at=None):
    """Adds `standing_id`, `overlay` and `stands_since`: how each version stands now, or stood at this moment."""
    holds = Q(standings__until__isnull=True)
    if at:
        holds = (holds | Q(standings__until__gt=at)) & Q(standings__since__lte=at)
    return versions.annotate(stands=FilteredRelation("standings", condition=holds)).annotate(
        standing_id=F("stands__id"), overlay=F("stands__overlay"), stands_since=F("stands__since")
    )


def with_what_it_shows(versions, shape):
    """Loads of each version only what a record of this shape is made from."""
    return versions.only("document" if shape.parts else "card")


def record_text(version, shape):
    """One record of a version that came `with_standing`, as JSON text."""
    body = body_text(version, shape.parts)
    served = canonical(
        {"permalink": absolute(document_path(body)), "standing": standing_record(overlay_beside(version))}
    )
    return shape.of_text(f"{served[:-1]},{body[1:]}")


def records_as_written(pairs):
    """The pieces of records as JSON, with commas between, from the bytes of (a card or a document, its overlay or None).

    Neither of them is read, nor copied before the pieces are joined.
    """
    begin = b'{"permalink":"%b' % settings.SITE_URL.encode()
    pieces = []
    for body, overlay in pairs:
        if pieces:
            pieces.append(b",")
        where, standing = PATH.search(body)[1], standing_as_written(overlay)
        pieces += (begin, where, b'","standing":', standing, b",", memoryview(body)[1:])
    return pieces


@lru_cache(maxsize=4096)
def standing_as_written(overlay):
    """The standing as JSON in bytes; nearly every version has the same."""
    found = json.loads(overlay) if overlay else None
    record = standing_record(found | {"trials": by_place(found["trials"])} if found else NOTHING)
    return canonical(record).encode()


def body_text(version, parts):
    """The card or the document as it was written, or the card with these parts of the document."""
    if not parts:
        return version.card
    if "document" in parts:
        return version.document
    document = json.loads(version.document)
    card = json.loads(card_of(document))
    if "judgements" in parts:
        card["rating"]["judgements"] = document["rating"]["judgements"]
    if "evidence" in parts:
        card["evidence"] = document["evidence"]
    return canonical(card)


def overlay_beside(version):
    return version.overlay | {"trials": by_place(version.overlay["trials"])} if version.overlay else NOTHING


def document_path(document):
    return re.search(r'"path":"([^"]+)"', document)[1]


def standing_record(overlay):
    """What the live overlay says, for programs."""
    return {
        "under_review": overlay["under_review"],
        "notices": [
            {
                "study": row["study_key"],
                "publication": row["publication_key"],
                "kind": row["kind"],
                "date": row["noticed_on"],
                "reasons": {"en": row["reasons_en"], "nl": row["reasons_nl"]},
                "notice_doi": row["notice_doi"] or None,
                "notice_pmid": row["notice_pmid"] or None,
            }
            for row in overlay["notices"]
        ],
        "closed": closed_record(overlay["closed"]),
        "fallen_studies": overlay["fallen"],
        "fallen_trials": [
            {"review": review, "trial": trial, "label": label}
            for (review, trial), label in overlay["trials"].items()
        ],
        "stale_marks": [
            {
                "reason": mark["reason"],
                "label": labels(StaleReason(mark["reason"]).label),
                "object": mark["object_key"],
                "detail": mark["detail"],
                "severity": mark["severity"],
                "since": mark["detected_at"],
            }
            for mark in overlay["marks"]
        ],
    }


def closed_record(closed):
    """How the claim was closed: {"how": "merged", "into": accession} or {"how": "withdrawn", "at", "reason"}; or None."""
    if closed is None or closed["how"] == "merged":
        return closed
    return {"how": closed["how"], "at": closed["at"], "reason": reason_of(closed)}


def version_entry(claim, version):
    return {
        "accession": claim.accession,
        "version": version.number,
        "permalink": absolute(f"/claims/{claim.accession}.{version.number}/"),
        "state": version.state,
        "strength": version.strength,
        "verdict": version.verdict,
        "change": {"kind": version.change_kind, "note": version.change_note},
        "published_at": version.published_at,
        "superseded_at": version.superseded_at,
        "sha256": version.document_sha256,
        "document": absolute(f"/api/v1/claims/{claim.accession}/versions/{version.number}/document/"),
        "licence": "CC-BY-4.0",
    }


def changes(with_document=False, kinds=()):
    rows = Change.objects.select_related("claim", "version", "standing").order_by("seq")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return rows if with_document else rows.defer("version__document")


def change_text(row, with_document):
    """One change as JSON text; the document in it is the bytes that were written at publication."""
    version, overlay = row.version, row.standing.overlay
    entry = {
        "seq": row.seq,
        "at": row.at,
        "kind": row.kind,
        "accession": row.claim.accession,
        "version": version.number,
        "permalink": absolute(document_path(version.card)),
        "sha256": version.document_sha256,
        "strength": version.strength,
        "verdict": version.verdict,
        "standing": standing_record(overlay | {"trials": by_place(overlay["trials"])}),
    }
    text = canonical(entry)
    if with_document and row.kind in PUBLISHING:
        return f'{text[:-1]},"document":{version.document}}}'
    return text


def topic_record(topic):
    return {
        "slug": topic.slug,
        "permalink": absolute(f"/topics/{topic.slug}/"),
        "kind": topic.kind,
        "name": {"en": topic.name_en, "nl": topic.name_nl},
        "synonyms": {"en": topic.synonyms_en, "nl": topic.synonyms_nl},
        "broader": topic.broader.slug if topic.broader else None,
        "mesh_id": topic.mesh_id or None,
        "wikidata_id": topic.wikidata_id or None,
        "claims": topic.claim_count,
        "licence": "CC-BY-4.0",
    }


def reason_of(closed):
    return {"en": closed["reason_en"], "nl": closed["reason_nl"]}


def absolute(path):
    return f"{settings.SITE_URL}{path}"
