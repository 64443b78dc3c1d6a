"""Pages about claims, topics and articles, in three moves: find, do, show."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import BadRequest
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.chains import chains_through
from claims.choices import Scheme, Stance, TopicKind
from claims.faceting import chosen, facets
from claims.filters import ClaimFilter, past_moment
from claims.findings import by_kind
from claims.forest import forests_of
from claims.found import told_of
from claims.grading import stance
from claims.lights import strip_of
from claims.listed import rows_of
from claims.models import Article, Chain, ClaimVersion, Topic
from claims.shown import cards, mechanisms_only, shown_rows
from claims.standing import overlay_of
from claims.stats import facet_counts, levels_of, related_harms
from claims.tallying import looked_at_for
from claims.weighing import scales_as_usual
from kb.lib.pages import BadPage, page_of

HARMS = 12  # shown on the page of a claim; the rest is a link away
CLAIMS = 200  # shown on the page of a topic; the filters reach all
NAMED = 4  # topics offered above the results of a search

CHAINS = ArraySubquery(  # those in which the claim of a version carries a step
    Chain.objects.filter(steps__claim=OuterRef("claim"))
    .order_by("slug")
    .values(chain=JSONObject(slug="slug", en="name_en", nl="name_nl"))
)


@require_safe
def claim_list(request):
    claim_filter = ClaimFilter(request.GET)
    problems = claim_filter.problems
    if problems:
        return render(request, "claims/list.html", {"filter": claim_filter, "problems": problems}, status=400)
    counts = facet_counts(claim_filter)
    total, more = told_of(counts["total"][""], claim_filter)
    try:
        page = page_of(shown_in(claim_filter), request.GET, total=total)
    except BadPage as error:
        problems = {error.name: str(error)}
        return render(request, "claims/list.html", {"filter": claim_filter, "problems": problems}, status=400)
    context = {
        "filter": claim_filter,
        "facets": facets(counts, claim_filter.form.cleaned_data, claim_filter.state),
        "chosen": chosen(request.GET, claim_filter.state),
        "page": page,
        "more": more,
        "cards": page.items,
        "as_of": claim_filter.moment,
        "named": topics_named(claim_filter.form.cleaned_data["q"]),
        "search": claim_filter.search,
    }
    return render(request, "claims/list.html", context)


def shown_in(claim_filter):
    """Everything the filters find, to be cut into pages of what is Shown."""
    if claim_filter.question:
        return Cut(lambda start, size: shown_rows(rows_of(claim_filter.question, start, size)))
    if claim_filter.is_ranked:
        return Cut(lambda start, size: shown_rows(claim_filter.found(start, size).rows))
    versions = claim_filter.results().only("card")
    return Cut(lambda start, size: cards(versions[start : start + size], at=claim_filter.moment))


@dataclass(frozen=True)
class Cut:
    """Rows that are read only where they are cut."""

    read: Callable

    def __getitem__(self, piece):
        return self.read(piece.start, piece.stop - piece.start)


def topics_named(words):
    """The topics that a reader who typed these words probably means: by their name or a synonym, in either language."""
    words = words.strip()
    if not words:
        return []
    named = Q(name_en__iexact=words) | Q(name_nl__iexact=words) | Q(slug=words.lower())
    synonym = Q(synonyms_en__overlap=[words, words.lower()]) | Q(synonyms_nl__overlap=[words, words.lower()])
    return list(Topic.objects.published().filter(named | synonym).order_by("slug")[:NAMED])


@require_safe
def claim_detail(request, accession):
    at = moment_asked(request)
    versions = ClaimVersion.objects.read_at(at) if at else ClaimVersion.objects.filter(state="published")
    version = get_object_or_404(
        versions.select_related("claim__intervention").annotate(chains=CHAINS), claim__accession=accession
    )
    claim = version.claim
    standing = overlay_of(version, at)
    closed = standing["closed"]
    if not closed:
        return show_version(request, version, standing, at=at)
    if closed["how"] == "merged":
        return HttpResponsePermanentRedirect(reverse("claims:detail", args=[closed["into"]]))
    return render(request, "claims/withdrawn.html", {"claim": claim, "closed": closed}, status=410)


@require_safe
def version_detail(request, accession, number):
    at = moment_asked(request)
    versions = ClaimVersion.objects.public().select_related("claim__intervention").annotate(chains=CHAINS)
    versions = versions.filter(published_at__lte=at) if at else versions
    version = get_object_or_404(versions, claim__accession=accession, number=number)
    return show_version(request, version, overlay_of(version, at), at=at)


def moment_asked(request):
    """The past moment that `as_of` names, or None. Raises BadRequest."""
    text = request.GET.get("as_of")
    try:
        return past_moment(text) if text else None
    except ValueError as error:
        raise BadRequest(f"as_of {error}") from error


def show_version(request, version, standing, *, at=None):
    """The page of a version; its rating, evidence and standing as at that moment, the rest of the page as it is now."""
    claim, document = version.claim, json.loads(version.document)
    versions = claim.versions.public().order_by("-number").defer("document", "card")
    context = {
        "claim": claim,
        "version": version,
        "document": document,
        "forests": forests_of(scales_as_usual(version, standing["fallen"])) if has_numbers(document) else [],
        "strip": None if at or version.state != "published" else strip_of(document["evidence"]),
        "looked_at": looked_at_for(document, frozenset(standing["fallen"])) if document["evidence"] else None,
        "standing": standing,
        "is_mechanism_only": bool(mechanisms_only([version.pk] if version.scheme == Scheme.EBM_PLUS else [])),
        "is_current": version.state == "published" or at is not None,
        "as_of": at,
        "versions": versions.filter(published_at__lte=at) if at else versions,
        "statuses": claim.statuses.select_related("reference__merged_into__study", "reference__study"),
        "mentions": mentions_of(claim, version),
        "harms": cards(related_harms(claim).defer("document")[:HARMS], with_standing=False),
        "harms_everywhere": f"{reverse('claims:list')}?kind=harm&kind=interaction&topic={claim.intervention.slug}",
    }
    return render(request, "claims/detail.html", context)


def has_numbers(document):
    """Whether two results may have an effect to draw beside each other."""
    return sum(row["effect"] is not None for row in document["evidence"]) > 1


@require_safe
def topic_list(request):
    topics = sorted(Topic.objects.published().with_claim_counts(), key=by_kind_and_name)
    return render(request, "claims/topics.html", {"topics": topics})


def by_kind_and_name(topic):
    return TopicKind.values.index(topic.kind), topic.name.casefold()


@require_safe
def topic_detail(request, slug):
    topic = get_object_or_404(Topic.objects.once_published().select_related("broader"), slug=slug)
    versions = ClaimVersion.objects.filter(listing__topics__contains=[topic.pk]).only("card")
    context = {
        "topic": topic,
        "total": topic.claim_count,
        "narrower": topic.narrower.published().with_claim_counts(),
        "cards": cards(
            versions.order_by(by_kind(), F("strength").desc(nulls_last=True), "claim__accession")[:CLAIMS]
        ),
        "levels": levels_of(topic),
        "chains": chains_through(topic),
        "file": f"topics/{topic.slug}",
    }
    return render(request, "claims/topic.html", context)


@require_safe
def article_list(request):
    return render(
        request, "claims/articles.html", {"articles": Article.objects.order_by("publisher", "title")}
    )


@require_safe
def article_detail(request, slug):
    article = get_object_or_404(Article, slug=slug)
    mentions = list(article.mentions.select_related("claim", "citation").order_by("number"))
    current = {
        version.claim_id: version
        for version in ClaimVersion.objects.current()
        .filter(claim__mentions__article=article)
        .select_related("claim")
        .distinct()
        .defer("document")
    }
    rows = [mention_row(mention, current.get(mention.claim_id)) for mention in mentions]
    context = {
        "article": article,
        "rows": rows,
        "tally": tally_of(rows),
        "citations": article.citations.select_related("study"),
    }
    return render(request, "claims/article.html", context)


def mention_row(mention, version):
    """A mention beside the published version of the claim it makes, and how the two stand to each other."""
    return {
        "mention": mention,
        "card": json.loads(version.card) if version else None,
        "stance": stance_of(mention, version) if version else None,
    }


def stance_of(mention, version):
    return stance(mention.hedge, version.strength, version.scheme, version.verdict, version.evidence_state)


def tally_of(rows):
    """How many mentions stand how to the evidence: {stance: count}, those that no claim here covers last, under None."""
    found = Counter(row["stance"] for row in rows)
    return {stance: found[stance] for stance in (*Stance, None) if found[stance]}


def mentions_of(claim, version):
    """Where the claim is said, with how firmly, and how that stands to this version."""
    mentions = claim.mentions.select_related("article").order_by("article__publisher", "number")
    return [{"mention": mention, "stance": stance_of(mention, version)} for mention in mentions]


def citing_versions(study):
    """The published claims that a study bears on, as cards, with its rows of evidence."""
    versions = ClaimVersion.objects.current().citing(study).order_by("claim__accession")
    found = []
    for version in versions:
        rows = [row for row in json.loads(version.document)["evidence"] if row["study"]["key"] == study.key]
        found.append({"card": json.loads(version.card), "evidence": rows})
    return found
