"""What a draft rests on: its rows of evidence and its judgements. To change one is to change the draft."""

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema

from claims import actions
from claims.choices import Domain
from claims.editing.described import DOMAIN, DRAFT, LOCATION, NOTHING, ROW, change, deed
from claims.editing.sending import (
    EditingViewSet,
    etag_of,
    found_draft,
    revision_seen,
    shown,
    taken,
    written,
)
from claims.editing.shapes import RowSerializer, StepSerializer
from claims.models import Evidence, Judgement
from claims.records import absolute


@extend_schema(tags=["drafts"], parameters=[DRAFT])
class EvidenceViewSet(EditingViewSet):
    """The rows of evidence of a draft; they are read as part of it."""

    lookup_field = "row"
    lookup_value_regex = "[0-9]{1,18}"

    @deed("drafts_evidence_create", RowSerializer, RowSerializer, LOCATION, status=201)
    @written
    def create(self, request, draft):
        """Add a row of evidence."""
        version, seen = found_draft(request, draft), revision_seen(request)
        row = Evidence(version=version, **taken(request, RowSerializer))
        kept(row, request, seen)
        location = absolute(f"/api/v1/drafts/{version.pk}/evidence/{row.pk}/")
        return shown(RowSerializer(row).data, 201, version=version, location=location)

    @change("drafts_evidence_change", RowSerializer(partial=True), RowSerializer, ROW)
    @written
    def partial_update(self, request, draft, row):
        """Write these values of a row of evidence; what is left out stays, null empties."""
        version, seen = found_draft(request, draft), revision_seen(request)
        part = found_part(version, version.evidence.filter(pk=row))
        kept(part, request, seen, **taken(request, RowSerializer, instance=part, partial=True))
        return shown(RowSerializer(part).data, version=version)

    @change("drafts_evidence_remove", None, NOTHING, ROW, status=204)
    @written
    def destroy(self, request, draft, row):
        """Take a row of evidence out."""
        version, seen = found_draft(request, draft), revision_seen(request)
        return removed(found_part(version, version.evidence.filter(pk=row)), request, seen)


@extend_schema(tags=["drafts"], parameters=[DRAFT])
class JudgementViewSet(EditingViewSet):
    """The judgement of each GRADE domain of a draft; they are read as part of it."""

    lookup_field = "domain"
    lookup_value_regex = "[-a-z]{1,40}"

    @change("drafts_judgements_put", StepSerializer, StepSerializer, DOMAIN)
    @written
    def update(self, request, draft, domain):
        """Judge a domain, in place of how it was judged before."""
        version, seen = found_draft(request, draft), revision_seen(request)
        if domain not in Domain.values:
            raise Http404
        judgement = version.judgements.filter(domain=domain).first() or Judgement(domain=domain)
        judgement.version = version
        unsaid = {"reason_en": "", "reason_nl": ""}
        kept(judgement, request, seen, **unsaid | taken(request, StepSerializer))
        return shown(StepSerializer(judgement).data, version=version)

    @change("drafts_judgements_remove", None, NOTHING, DOMAIN, status=204)
    @written
    def destroy(self, request, draft, domain):
        """Take the judgement of a domain out."""
        version, seen = found_draft(request, draft), revision_seen(request)
        return removed(found_part(version, version.judgements.filter(domain=domain)), request, seen)


def found_part(version, parts):
    part = parts.first()
    if part is None:
        raise Http404
    part.version = version
    return part


def kept(part, request, seen, **words):
    """Keep a part with these words; it and its version are then as the base has them."""
    for name, value in words.items():
        setattr(part, name, value)
    actions.save_part(part, by=request.user, revision=seen)
    version = part.version
    part.refresh_from_db()
    version.refresh_from_db(fields=["revision"])


def removed(part, request, seen):
    version = part.version
    actions.remove_part(part, by=request.user, revision=seen)
    version.refresh_from_db(fields=["revision"])
    return HttpResponse(status=204, headers={"ETag": etag_of(version)})
