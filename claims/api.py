"""The claims of the base for programs. Records are the documents that were written at publication, with their standing."""

import datetime

from django.db.models import F
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action

from claims import serializers
from claims.asked import (
    ACCESSION,
    AS_OF,
    AT_ONCE,
    FILTERS,
    HARVEST,
    INCLUDE,
    MOST_AT_ONCE,
    NUMBER,
    ORDERING,
    SHAPING,
    WHOLE,
    ListFilter,
    accessions_asked,
    moment_asked,
    name_asked,
    refuse,
    shape_asked,
)
from claims.found import told_of
from claims.models import Claim, ClaimVersion, Standing
from claims.records import (
    absolute,
    closed_record,
    overlay_beside,
    record_text,
    version_entry,
    with_standing,
    with_what_it_shows,
)
from claims.stats import total_of
from kb.lib.described import CUT, open_read
from kb.lib.files import CLAIM, SHEETS, ByAccept
from kb.lib.http import FOR_EVER, add_links, is_conditional, link
from kb.lib.jsonlines import canonical
from kb.lib.lists import (
    general_links,
    link_list,
    list_text,
    neighbours,
    piece_of,
    with_results,
)
from kb.lib.pages import SIZE, size_asked, whole
from kb.lib.problems import moved, problem
from kb.lib.reading import unknown_parameters
from kb.lib.shapes import SHAPED

JSON = "application/json"


@extend_schema(tags=["claims"])
class ClaimViewSet(ByAccept, viewsets.ViewSet):
    """Claims with their rating. Reading is open to everybody."""

    formats = {"list": SHEETS, "retrieve": CLAIM}

    lookup_field = "accession"
    lookup_value_regex = "[^/]+"

    @open_read(
        "claims_list",
        serializers.ClaimListSerializer,
        *FILTERS,
        ORDERING,
        AS_OF,
        AT_ONCE,
        *CUT,
        *SHAPED,
        INCLUDE,
        refused=(303, 400, 406),
    )
    def list(self, request):
        """Published claims, with the rating of each. The same filters as the page."""
        self.unless_unchanged(request)
        if "accession" in request.query_params:
            return self.at_once(request)
        claim_filter = ListFilter(request.query_params)
        problems = claim_filter.problems
        is_walk = "cursor" in request.query_params
        if is_walk and request.query_params.get("ordering", HARVEST) != HARVEST:
            problems["ordering"] = _("does not go with cursor, which walks by accession.")
        shape = shape_asked(request.query_params, problems)
        refuse(problems)
        is_ranked = claim_filter.is_ranked and not is_walk
        total, more = None, False
        if not (is_walk or is_ranked):
            total, more = told_of(total_of(claim_filter), claim_filter)
        if not is_ranked:
            versions = claim_filter.matching() if is_walk else claim_filter.results()
            shown = with_what_it_shows(with_standing(versions, claim_filter.moment), shape)
        else:
            shown = Ranked(
                claim_filter,
                with_what_it_shows(with_standing(ClaimVersion.objects.all(), claim_filter.moment), shape),
                request.query_params,
            )
        piece = piece_of(shown, request, by="claim__accession", total=total)
        records = [record_text(version, shape) for version in piece.items]
        told = said_of(claim_filter.search, more or (is_ranked and shown.found.more))
        beside = neighbours(request, piece)
        response = answer(list_text(piece, records, beside, **told), shape)
        link_list(response, beside)
        return response

    def at_once(self, request):
        """The claims of these accessions, in the order asked for; what is not there is named in `missing`."""
        problems = unknown_parameters(request, {"accession", *SHAPING}, {"accession", "include"})
        names = accessions_asked(request.query_params, problems)
        moment = moment_asked(request.query_params, problems)
        shape = shape_asked(request.query_params, problems)
        refuse(problems)
        versions = ClaimVersion.objects.as_of(moment) if moment else ClaimVersion.objects.current()
        versions = with_standing(versions, moment).filter(claim__accession__in=names)
        rows = with_what_it_shows(versions, shape).annotate(accession=F("claim__accession"))
        found = {version.accession: record_text(version, shape) for version in rows}
        head = {
            "count": len(found),
            "page": 1,
            "page_size": MOST_AT_ONCE,
            "next": None,
            "previous": None,
            "missing": [name for name in names if name not in found],
            "results": [],
        }
        records = [found[name] for name in names if name in found]
        response = answer(with_results(head, records), shape)
        add_links(response, *general_links())
        return response

    @open_read(
        "claims_retrieve",
        serializers.ClaimSerializer,
        AS_OF,
        *SHAPED,
        refused=(301, 303, 400, 404, 406, 410),
        dated=True,
    )
    def retrieve(self, request, accession):
        """One claim by its accession (KB000012), or one version of it for ever (KB000012.3)."""
        problems = unknown_parameters(request, {"lang", "as_of", "fields"})
        moment = moment_asked(request.query_params, problems)
        shape = shape_asked(request.query_params, problems, WHOLE)
        refuse(problems)
        name = name_asked(accession)
        versions = with_standing(versions_named(name, moment), moment)
        version = one_of(versions, "number", "document_sha256", "document", looked_at=request)
        overlay = overlay_beside(version)
        if overlay["closed"] and not name["number"]:
            return closed_answer(request, overlay["closed"])
        began = None if moved_twice(request, name, version) else version.stands_since
        self.unless_unchanged(request, version.document_sha256, version.standing_id, began=began)
        response = answer(record_text(version, shape), shape)
        add_links(response, *record_links(name["accession"], version.number), *general_links())
        return response

    @open_read("claims_versions", serializers.VersionListSerializer, refused=(400, 404))
    @action(detail=True)
    def versions(self, request, accession):
        """Every published version of a claim, the latest first."""
        self.unless_unchanged(request)
        refuse(unknown_parameters(request, set()))
        claim, number = find_claim(accession)
        if number is not None:
            raise Http404
        rows = claim.versions.public().order_by("-number").defer("document", "card", "ground")
        results = [version_entry(claim, version) for version in rows]
        response = answer(canonical({"count": len(results), "results": results}))
        add_links(
            response,
            link(absolute(f"/api/v1/claims/{claim.accession}/"), "latest-version"),
            *general_links(),
        )
        return response

    @open_read("claims_document", serializers.DocumentSerializer, refused=(400, 404))
    @action(detail=True, url_path=f"versions/{NUMBER}/document")
    def document(self, request, accession, number):
        """The document of one version as it was written at publication: it never changes, and its ETag is its SHA-256."""
        refuse(unknown_parameters(request, set()))
        versions = ClaimVersion.objects.public().filter(claim__accession=accession, number=number)
        version = one_of(versions, "document_sha256", "document", looked_at=request)
        self.cache_control = FOR_EVER
        self.tag_is(request, version.document_sha256)
        response = answer(version.document)
        add_links(response, *record_links(accession, int(number)), *general_links())
        return response


class Ranked:
    """What words find, best first. The page that is asked for and the number of all are read in one statement."""

    def __init__(self, claim_filter, versions, parameters):
        self.claim_filter, self.versions, self.parameters = claim_filter, versions, parameters

    def count(self):
        size = size_asked(self.parameters, SIZE)
        start = (whole(self.parameters, "page", 1) - 1) * size
        self.found = self.claim_filter.found(start, size)
        return self.found.total

    def __getitem__(self, piece):
        """The page that was asked for, which is the only piece there is."""
        keys = [row.pk for row in self.found.rows]
        versions = self.versions.in_bulk(keys)
        return [versions[key] for key in keys]


def said_of(search, more):
    """What an answer says of the words it was asked for, besides what they find."""
    told = {"searched_for": search.meant} if search and search.meant else {}
    return told | ({"count_at_least": True} if more else {})


def find_claim(text):
    """(claim, version number or None) for KB000012 or KB000012.3. Raises Http404, also for what was never published."""
    name = name_asked(text)
    claim = (
        Claim.objects.ever_published()
        .select_related("merged_into")
        .filter(accession=name["accession"])
        .first()
    )
    if not claim:
        raise Http404
    return claim, int(name["number"]) if name["number"] else None


def versions_named(name, at=None):
    """The version of this name, as a queryset; `at` is a past moment, at which it must have been published."""
    versions = ClaimVersion.objects.public().filter(claim__accession=name["accession"])
    if name["number"]:
        versions = versions.filter(number=name["number"])
        return versions.filter(published_at__lte=at) if at else versions
    return versions.read_at(at) if at else versions.filter(state="published")


def one_of(versions, *columns, looked_at):
    """The one version, with these columns; whoever may have a copy is not fetched the document before it is needed."""
    wanted = [name for name in columns if name != "document" or not is_conditional(looked_at)]
    version = versions.only(*wanted).first()
    if version is None:
        raise Http404
    return version


def moved_twice(request, name, version):
    """Whether the claim was more than one thing in the second its standing began: then a date cannot tell which a copy is."""
    if "If-Modified-Since" not in request.headers or version.stands_since is None:
        return False
    second = version.stands_since.replace(microsecond=0)
    rows = Standing.objects.filter(
        version__claim__accession=name["accession"],
        since__gte=second,
        since__lt=second + datetime.timedelta(seconds=1),
    )
    return rows.count() > 1


def closed_answer(request, closed):
    """301 to the same of the claim it was merged into, or 410 with the reason it was withdrawn for."""
    if closed["how"] == "merged":
        detail = _("This claim was merged into another.")
        return moved(request, ACCESSION.sub(closed["into"], request.path, count=1), detail)
    return problem(410, _("This claim was withdrawn."), reason=closed_record(closed)["reason"])


def record_links(accession, number):
    """Of a record: the address of this version, its page, its neighbours in time."""
    api = absolute(f"/api/v1/claims/{accession}")
    yield link(f"{api}.{number}/", "canonical")
    yield link(absolute(f"/claims/{accession}.{number}/"), "alternate", type="text/html")
    yield link(f"{api}/versions/", "version-history")
    yield link(f"{api}/", "latest-version")
    if number > 1:
        yield link(f"{api}.{number - 1}/", "predecessor-version")


def answer(text, shape=None):
    response = HttpResponse(text, content_type=JSON)
    if shape:
        response["Content-Language"] = shape.languages
    return response
