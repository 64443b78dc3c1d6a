"""The claims of the base for programs. Records are the documents that were written at publication, with their standing."""

import json
import re

from django.conf import settings
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny

from claims import serializers
from claims.choices import UNRATED, StaleReason
from claims.documents import labels
from claims.filters import ORDERS, ClaimFilter, past_moment
from claims.models import Claim, ClaimVersion, Topic
from claims.standing import overlay_of, overlays
from kb.lib.jsonlines import canonical
from kb.lib.pages import MOST, SIZE, BadPage, page_of
from kb.lib.problems import parameter_problem, problem

NAME = re.compile(r"(?P<accession>KB[0-9]{6,12})(?:\.(?P<number>[1-9][0-9]{0,5}))?", re.ASCII)
LANGUAGES = ("en", "nl")
JSON = "application/json"


def listed(name, words, values=None, many=False):
    return OpenApiParameter(
        name, str, description=words, enum=values, many=many, explode=True if many else None
    )


PAGE = OpenApiParameter("page", int, description="Page of people, from 1; not past the first 10,000 records.")
PAGE_SIZE = OpenApiParameter(
    "page_size", int, description=f"Records a page, {SIZE} unless said, at most {MOST}."
)
LANG = listed("lang", "Give texts in one language instead of both.", LANGUAGES)
AS_OF = listed("as_of", "As it was served at this past date (its end) or moment.")
STRENGTHS = ["high", "moderate", "low", "very-low"]
FILTERS = [
    listed("q", "Words to find, in either language; quotes hold words together, a minus leaves a word out."),
    listed("strength_min", "Rated this strong or stronger.", STRENGTHS),
    listed("strength", "Rated exactly so; repeat for any of several.", [*STRENGTHS, UNRATED], many=True),
    listed("verdict", "Which way the evidence points.", ["supported", "mixed", "not-supported", "contradicted", "insufficient"], many=True),
    listed("kind", "Kind of claim.", ["efficacy", "harm", "association", "mechanism", "intake", "interaction", "bioavailability", "diagnosis"], many=True),
    listed("topic", "Slug of a topic; claims about narrower topics are found too.", many=True),
    listed("design", "Rests on at least one study of this design.", many=True),
    listed("updated_since", "Published at or after this date or moment."),
    listed("ordering", "Order of the list.", list(ORDERS)),
]  # fmt: skip
PROBLEMS = {400: serializers.ProblemSerializer, 404: serializers.ProblemSerializer}


@extend_schema(tags=["claims"])
class ClaimViewSet(viewsets.ViewSet):
    """Claims with their rating. Reading is open to everybody."""

    permission_classes = (AllowAny,)  # nothing here writes, so another method is a 405 for everybody
    lookup_field = "accession"
    lookup_value_regex = "[^/]+"

    @extend_schema(
        operation_id="claims_list",
        parameters=[*FILTERS, AS_OF, PAGE, PAGE_SIZE, LANG],
        responses={200: serializers.ClaimListSerializer, 400: serializers.ProblemSerializer},
    )
    def list(self, request):
        """Published claims, with the rating of each. The same filters as the page."""
        claim_filter = ClaimFilter(request.query_params)
        problems = claim_filter.problems | language_problem(request)
        if problems:
            return parameter_problem(problems)
        try:
            page = page_of(claim_filter.results().defer("document"), request.query_params)
        except BadPage as error:
            return parameter_problem({error.name: str(error)})
        standing = overlays([version.pk for version in page.items], claim_filter.moment)
        records = [record(version.card, standing[version.pk], request) for version in page.items]
        return answer(page_text(request, page, records))

    @extend_schema(
        operation_id="claims_retrieve",
        parameters=[AS_OF, LANG],
        responses={
            200: serializers.ClaimSerializer,
            301: serializers.ProblemSerializer,
            410: serializers.ProblemSerializer,
            **PROBLEMS,
        },
    )
    def retrieve(self, request, accession):
        """One claim by its accession (KB000012), or one version of it for ever (KB000012.3)."""
        problems = unknown_parameters(request, {"lang", "as_of"}) | language_problem(request)
        at = None
        if request.query_params.get("as_of"):
            try:
                at = past_moment(request.query_params["as_of"])
            except ValueError as error:
                problems["as_of"] = str(error)
        if problems:
            return parameter_problem(problems)
        claim, number = find_claim(accession)
        version = find_version(claim, number, at)
        overlay = overlay_of(version, at)
        if overlay["closed"] and number is None:
            return closed_answer(overlay["closed"])
        return answer(record(version.document, overlay, request))

    @extend_schema(
        operation_id="claims_versions",
        parameters=[],
        responses={200: serializers.VersionListSerializer, **PROBLEMS},
    )
    @action(detail=True)
    def versions(self, request, accession):
        """Every published version of a claim, the latest first."""
        problems = unknown_parameters(request, set())
        if problems:
            return parameter_problem(problems)
        claim, number = find_claim(accession)
        if number is not None:
            raise Http404
        rows = claim.versions.public().order_by("-number").defer("document", "card")
        results = [version_entry(claim, version) for version in rows]
        return answer(canonical({"count": len(results), "results": results}))


@extend_schema(tags=["topics"])
class TopicViewSet(viewsets.ViewSet):
    """What claims are about: interventions, outcomes, mechanisms, conditions and populations."""

    permission_classes = (AllowAny,)  # nothing here writes, so another method is a 405 for everybody
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"

    @extend_schema(
        operation_id="topics_list",
        parameters=[PAGE, PAGE_SIZE],
        responses={200: serializers.TopicListSerializer, 400: serializers.ProblemSerializer},
    )
    def list(self, request):
        """Every topic, with the number of published claims linked to it."""
        problems = unknown_parameters(request, {"page", "page_size"})
        if problems:
            return parameter_problem(problems)
        topics = Topic.objects.published().with_claim_counts().select_related("broader").order_by("slug")
        try:
            page = page_of(topics, request.query_params)
        except BadPage as error:
            return parameter_problem({error.name: str(error)})
        return answer(page_text(request, page, [canonical(topic_record(topic)) for topic in page.items]))

    @extend_schema(operation_id="topics_retrieve", responses={200: serializers.TopicSerializer, **PROBLEMS})
    def retrieve(self, request, slug):
        problems = unknown_parameters(request, set())
        if problems:
            return parameter_problem(problems)
        topic = (
            Topic.objects.published().with_claim_counts().select_related("broader").filter(slug=slug).first()
        )
        if topic is None:
            raise Http404
        return answer(canonical(topic_record(topic)))


def find_claim(name):
    """(claim, version number or None) for KB000012 or KB000012.3. Raises Http404, also for what was never published."""
    match = NAME.fullmatch(name)
    claim = (
        match
        and Claim.objects.ever_published()
        .select_related("merged_into")
        .filter(accession=match["accession"])
        .first()
    )
    if not claim:
        raise Http404
    return claim, int(match["number"]) if match["number"] else None


def find_version(claim, number, at=None):
    """The version of this number, or the current one; `at` is a past moment, at which it must have been published."""
    versions = ClaimVersion.objects.public().filter(claim=claim)
    if number:
        wanted = versions.filter(number=number)
        wanted = wanted.filter(published_at__lte=at) if at else wanted
    else:
        wanted = versions.read_at(at) if at else versions.filter(state="published")
    version = wanted.first()
    if version is None:
        raise Http404
    version.claim = claim
    return version


def closed_answer(closed):
    """301 to the claim it was merged into, or 410 with the reason it was withdrawn for."""
    if closed["how"] == "merged":
        address = absolute(f"/api/v1/claims/{closed['into']}/")
        return problem(301, "This claim was merged into another.", headers={"Location": address})
    return problem(410, "This claim was withdrawn.", reason=reason_of(closed))


def record(document, overlay, request):
    """A document as served: its bytes as they were written, after where it lives and how it stands today."""
    path = document_path(document)
    served = canonical({"permalink": absolute(path), "standing": standing_record(overlay)})
    text = f"{served[:-1]},{document[1:]}"
    language = request.query_params.get("lang")
    return canonical(in_language(json.loads(text), language)) if language else text


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


def in_language(value, language):
    """The same record with every pair of texts as the one text asked for."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language]
        return {name: in_language(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_language(inner, language) for inner in value]
    return value


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
        "licence": "CC-BY-4.0",
    }


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


def page_text(request, page, records):
    """A page of records that are JSON text already."""
    head = canonical(
        {
            "count": page.total,
            "page": page.number,
            "page_size": page.size,
            "next": page_address(request, page.next),
            "previous": page_address(request, page.previous),
        }
    )
    return f'{head[:-1]},"results":[{",".join(records)}]}}'


def page_address(request, number):
    if number is None:
        return None
    parameters = request.query_params.copy()
    parameters["page"] = number
    return absolute(f"{request.path}?{parameters.urlencode()}")


def unknown_parameters(request, known):
    return {
        name: f"is not a parameter here. Known are: {', '.join(sorted(known)) or 'none'}."
        for name in request.query_params
        if name not in known
    }


def language_problem(request):
    language = request.query_params.get("lang")
    return {"lang": "is en or nl."} if language is not None and language not in LANGUAGES else {}


def reason_of(closed):
    return {"en": closed["reason_en"], "nl": closed["reason_nl"]}


def absolute(path):
    return f"{settings.SITE_URL}{path}"


def answer(text):
    return HttpResponse(text, content_type=JSON)
