"""Studies and publications as files: references for reference managers, tables, linked data."""

from itertools import islice

from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets

from kb.lib.described import open_read
from kb.lib.files import SHEETS, FileReading, media_types, suffix_of
from kb.lib.problems import moved
from kb.lib.reading import BadParameters, unknown_parameters
from kb.lib.sheets import csv_lines
from studies.api import FILTERS, missing
from studies.choices import NoticeKind
from studies.filters import StudyFilter
from studies.formats import write
from studies.linked import article, linked_document, name_of, study
from studies.models import Publication, Study

AT_A_TIME = 100
REFERENCE_KINDS = {"ris": "ris", "bib": "bibtex", "nbib": "nbib", "csl.json": "csl-json"}
REPORT = (
    "key", "role", "csl_type", "title", "authors", "container_title", "year", "volume", "issue", "pages", "language", "url", "doi",
    "pmid", "pmcid", "standing",
)  # fmt: skip
STANDING = Case(When(deciding=NoticeKind.RETRACTION, then=Value("retracted")), default=Value(""))
STUDY = (
    "key", "label", "design", "species", "participants", "population_en", "population_nl", "country", "intervention_en",
    "intervention_nl", "comparator_en", "comparator_nl", "dose_mg", "duration_weeks", "registry_ids", "funding_en", "funding_nl",
    "risk_of_bias_tool", "risk_of_bias", "has_fallen",
)  # fmt: skip


@extend_schema(tags=["files"])
class StudyFileViewSet(FileReading, viewsets.ViewSet):
    """Studies as files for other programs."""

    @open_read("studies_list_file", media_types(SHEETS), suffix_of(SHEETS), *FILTERS, refused=(400, 404))
    def list(self, request, suffix):
        """Every study, or those that the filters find: a table, linked data, or the references of their reports."""
        study_filter = StudyFilter(request.query_params)
        if study_filter.problems:
            raise BadParameters(study_filter.problems)
        self.unless_unchanged(request)
        return self.sent(request, SHEETS[suffix], "studies", self.pieces(suffix, study_filter.results()))

    @open_read("studies_file", media_types(SHEETS), suffix_of(SHEETS), refused=(301, 400, 404, 410))
    def retrieve(self, request, key, suffix):
        """One study: a table, linked data, or the references of its reports."""
        found = found_by_key(self, request, Study, key)
        if into := found.get().merged_into:
            where = reverse("api-study-file", args=[into.key, suffix])
            return moved(request, where, _("This study was merged into another."))
        return self.sent(request, SHEETS[suffix], key, self.pieces(suffix, found))

    def pieces(self, suffix, studies):
        if suffix == "csv":
            return csv_lines(STUDY, rows_of(studies.with_standing().order_by("key"), STUDY))
        if suffix == "jsonld":
            return linked_document(study(each) for each in in_pieces(studies.order_by("key").with_reports()))
        return write(REFERENCE_KINDS[suffix], references_of(studies))


@extend_schema(tags=["files"])
class PublicationFileViewSet(FileReading, viewsets.ViewSet):
    """Publications as files for reference managers and other programs."""

    @open_read("publications_list_file", media_types(SHEETS), suffix_of(SHEETS), refused=(400, 404))
    def list(self, request, suffix):
        """Every publication: references, a table, or linked data."""
        if problems := unknown_parameters(request, set()):
            raise BadParameters(problems)
        self.unless_unchanged(request)
        publications = Publication.objects.unmerged()
        return self.sent(request, SHEETS[suffix], "publications", self.pieces(suffix, publications))

    @open_read("publications_file", media_types(SHEETS), suffix_of(SHEETS), refused=(301, 400, 404, 410))
    def retrieve(self, request, key, suffix):
        """One publication."""
        found = found_by_key(self, request, Publication, key)
        if into := found.get().merged_into:
            where = reverse("api-publication-file", args=[into.key, suffix])
            return moved(request, where, _("This publication was merged into another."))
        return self.sent(request, SHEETS[suffix], key, self.pieces(suffix, found))

    def pieces(self, suffix, publications):
        if suffix == "csv":
            return csv_lines(REPORT, rows_of(told(publications).order_by("key"), REPORT))
        if suffix == "jsonld":
            return linked_document(
                article(each) for each in in_pieces(publications.order_by("key").with_notices())
            )
        return written(suffix, publications)


def found_by_key(view, request, model, key):
    """The one of this key, as a queryset. Raises Http404, TakenBack, BadParameters, and NotModified where the client has it."""
    if problems := unknown_parameters(request, set()):
        raise BadParameters(problems)
    view.unless_unchanged(request)
    found = model.objects.filter(key=key)
    if not found.exists():
        raise missing(model, key)
    return found


def references_of(studies):
    """Yields the columns of the reports of these studies, and of those merged into them: study by study, a few at a time."""
    wanted = in_pieces(studies.order_by("key").values_list("pk", flat=True))
    while some := list(islice(wanted, AT_A_TIME)):
        yield from told(reports_of(some)).values(*REPORT)


def reports_of(some):
    """Of the studies with these keys (`pk`)."""
    merged = Study.objects.filter(merged_into__in=some).values_list("pk", flat=True)
    return Publication.objects.unmerged().filter(study__in=[*some, *merged]).order_by("key")


def in_pieces(rows):
    return rows.iterator(chunk_size=AT_A_TIME)


def written(suffix, publications):
    """The references of these publications as text, a few at a time."""
    return write(REFERENCE_KINDS[suffix], columns_of(publications.order_by("key")))


def columns_of(publications):
    """Yields the columns of each, as `studies.formats` takes them."""
    return told(publications).values(*REPORT).iterator(chunk_size=AT_A_TIME)


def told(publications):
    """With what became of each in `standing`: "retracted", or "" where nothing that a reference has to say."""
    return publications.with_standing().annotate(standing=STANDING)


def rows_of(things, columns):
    for row in things.values_list(*columns).iterator(chunk_size=AT_A_TIME):
        yield [as_cell(value) for value in row]


def as_cell(value):
    """Several values in one cell, with semicolons; a name as its parts."""
    if not isinstance(value, list):
        return value
    return "; ".join(name_of(each) if isinstance(each, dict) else str(each) for each in value)
