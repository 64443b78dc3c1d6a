"""Claims and topics as files: by the suffix of their address, or by Accept at the address of the record itself."""

import json

from django.db.models.functions import Coalesce
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets

from claims.api import closed_answer, one_of, versions_named
from claims.asked import AS_OF, FILTERS, FileFilter, name_asked, refuse
from claims.formats import concepts, linked, sheets
from claims.formats.citing import citation
from claims.formats.nanopublication import nanopublication
from claims.models import ClaimVersion, Evidence, Topic
from claims.records import overlay_beside, with_standing
from claims.standing import NOTHING
from kb.lib.described import open_read
from kb.lib.files import (
    CITATION,
    CLAIM,
    CONCEPTS,
    REFERENCES,
    SHEETS,
    TURTLE,
    FileReading,
    media_types,
    suffix_of,
)
from kb.lib.jsonlines import canonical
from kb.lib.reading import unknown_parameters
from kb.lib.shapes import LANG, language_asked
from kb.lib.sheets import csv_lines
from studies.files import REFERENCE_KINDS, columns_of
from studies.formats import write
from studies.linked import linked_document
from studies.models import Publication

AT_A_TIME = 100


NAME = OpenApiParameter(
    "name", str, OpenApiParameter.PATH, description="An accession (KB000012) or a version (KB000012.3)."
)


@extend_schema(tags=["files"])
class ClaimFileViewSet(FileReading, viewsets.ViewSet):
    """Claims as files for other programs."""

    @open_read(
        "claims_list_file", media_types(SHEETS), suffix_of(SHEETS), *FILTERS, AS_OF, refused=(400, 404)
    )
    def list(self, request, suffix):
        """All published claims, or those that the filters find, as one file: linked data, a table, or the references behind them."""
        claim_filter = FileFilter(request.query_params)
        refuse(claim_filter.problems)
        self.unless_unchanged(request)
        form = SHEETS[suffix]
        versions = claim_filter.matching()
        if form in REFERENCES:
            return self.sent(request, form, "references", references(form, versions))
        rows = with_standing(versions, claim_filter.moment).order_by("claim__accession")
        return self.sent(request, form, "claims", LISTED[suffix](rows.values_list("document", "overlay")))

    @open_read("claims_file", media_types(CLAIM), NAME, suffix_of(CLAIM), refused=(301, 400, 404, 410))
    def retrieve(self, request, name, suffix):
        """One claim, or one version of it: linked data, a nanopublication, its evidence as a table, its references as they are today."""
        version, overlay = self.version_named(request, name)
        if version is None:
            return closed_answer(request, overlay["closed"])
        form = CLAIM[suffix]
        if form in REFERENCES:
            pieces = ["".join(references(form, ClaimVersion.objects.filter(pk=version.pk)))]
            self.unless_unchanged(request, *pieces)
        else:
            self.unless_unchanged(request, version.document_sha256, version.standing_id)
            pieces = WRITTEN[suffix](json.loads(version.document), overlay)
        document = json.loads(version.document)
        return self.sent(request, form, f"{document['accession']}.{document['version']}", pieces)

    @open_read(
        "claims_citation",
        media_types(CITATION),
        NAME,
        suffix_of(CITATION),
        LANG,
        refused=(301, 400, 404, 410),
    )
    def citation(self, request, name, suffix):
        """How to cite a version of a claim itself, for a reference manager. In English unless `lang` says nl."""
        problems = {}
        language = language_asked(request.query_params, problems) or "en"
        version, overlay = self.version_named(request, name, known={"lang"}, problems=problems)
        if version is None:
            return closed_answer(request, overlay["closed"])
        self.unless_unchanged(request, version.document_sha256)
        document = json.loads(version.document)
        pieces = write(REFERENCE_KINDS[suffix], [citation(document, language)])
        called = f"cite-{document['accession']}.{document['version']}"
        return self.sent(request, CITATION[suffix], called, pieces)

    def version_named(self, request, text, *, known=frozenset(), problems=None):
        """(version, how it stands), or (None, how it was closed). Raises Http404 and BadParameters."""
        refuse((problems or {}) | unknown_parameters(request, set(known)))
        name = name_asked(text)
        versions = with_standing(versions_named(name))
        version = one_of(versions, "number", "document_sha256", "document", looked_at=request)
        overlay = overlay_beside(version)
        if overlay["closed"] and not name["number"]:
            return None, overlay
        return version, overlay


@extend_schema(tags=["files"])
class TopicFileViewSet(FileReading, viewsets.ViewSet):
    @open_read("topics_file", media_types(CONCEPTS), suffix_of(CONCEPTS), refused=(400, 404))
    def list(self, request, suffix):
        """Every topic as a SKOS concept scheme: names and synonyms in both languages, what is broader, the same elsewhere."""
        refuse(unknown_parameters(request, set()))
        self.unless_unchanged(request)
        return self.shown(request, suffix, "topics", Topic.objects.listed().order_by("slug"))

    @open_read("topics_one_file", media_types(CONCEPTS), suffix_of(CONCEPTS), refused=(400, 404))
    def retrieve(self, request, slug, suffix):
        """One topic as a SKOS concept."""
        refuse(unknown_parameters(request, set()))
        self.unless_unchanged(request)
        found = Topic.objects.known().filter(slug=slug)
        if not found:
            raise Http404
        return self.shown(request, suffix, slug, found)

    def shown(self, request, suffix, name, topics):
        form = CONCEPTS[suffix]
        pieces = concepts.turtle(topics) if form is TURTLE else [f"{canonical(concepts.linked(topics))}\n"]
        return self.sent(request, form, name, pieces)


def references(form, versions):
    """The reports behind these versions, each once, in the format of reference managers."""
    entries = Evidence.objects.filter(version__in=versions.order_by().values("pk")).order_by()
    cited = entries.values(paper=Coalesce("publication__merged_into", "publication"))
    return write(
        REFERENCE_KINDS[form.suffix], columns_of(Publication.objects.filter(pk__in=cited).order_by("key"))
    )


def table_of_evidence(document, standing):
    return csv_lines(sheets.EVIDENCE, sheets.evidence_rows(document, linked.retracted_in(standing)))


def linked_record(document, standing):
    return linked_document([linked.claim(document, standing)])


def nanopublished(document, standing):
    return [nanopublication(document, standing)]


def linked_list(rows):
    return linked_document(linked.claim(document, standing) for document, standing in documents_of(rows))


def documents_of(rows):
    """Yields (record, how it stands) of each."""
    for document, overlay in rows.iterator(chunk_size=AT_A_TIME):
        yield json.loads(document), overlay or NOTHING


def table_of_claims(rows):
    found = (
        sheets.claim_row(document, under_review=standing["under_review"])
        for document, standing in documents_of(rows)
    )
    return csv_lines(sheets.CLAIM, found)


WRITTEN = {"jsonld": linked_record, "trig": nanopublished, "csv": table_of_evidence}
LISTED = {"jsonld": linked_list, "csv": table_of_claims}
