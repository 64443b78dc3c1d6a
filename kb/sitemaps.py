"""What search engines are told: every published page in both languages, with the day it last changed."""

from django.conf import settings
from django.db.models import F, Func, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from claims.models import Article, Chain, Listing, Topic
from kb.templatetags.kb import absolute
from studies.models import Study

SIZE = 10_000  # addresses in a file, counted once for both languages; a file may hold 50,000
PLAIN = (
    "home", "claims:list", "claims:topics", "claims:map", "claims:chains", "claims:changes", "claims:articles",
    "studies:list", "method", "glossary", "claims:downloads",
)  # fmt: skip


def plain_pages(cut):
    return [(name, [], None) for name in PLAIN][cut]


def claim_pages(cut):
    listed = Listing.objects.order_by("accession").values_list("accession", "published_at")
    return [("claims:detail", [accession], changed) for accession, changed in listed[cut]]


def topic_pages(cut):
    topics = list(Topic.objects.published().order_by("slug").values_list("pk", "slug")[cut])
    listed = Listing.objects.annotate(topic=Func(F("topics"), function="unnest")).values_list("topic")
    changed = dict(listed.annotate(changed=Max("published_at")))
    return [("claims:topic", [slug], changed.get(pk)) for pk, slug in topics]


def article_pages(cut):
    latest = Max(
        "mentions__claim__versions__published_at", filter=Q(mentions__claim__versions__listing__isnull=False)
    )
    articles = Article.objects.annotate(changed=latest).order_by("slug").values_list("slug", "changed")
    return [("claims:article", [slug], changed) for slug, changed in articles[cut]]


def chain_pages(cut):
    latest = Max("steps__claim__versions__published_at")
    chains = Chain.objects.filter(steps__claim__versions__listing__isnull=False).annotate(changed=latest)
    return [
        ("claims:chain", [slug], changed)
        for slug, changed in chains.order_by("slug").values_list("slug", "changed")[cut]
    ]


def study_pages(cut):
    cited = Study.objects.unmerged().filter(evidence__version__listing__isnull=False)
    cited = cited.annotate(changed=Max("evidence__version__published_at")).order_by("key")
    return [("study", [key], changed) for key, changed in cited.values_list("key", "changed")[cut]]


def studies_cited():
    return Study.objects.unmerged().filter(evidence__version__listing__isnull=False).distinct().count()


SECTIONS = {  # the pages of a section, and how many there are at most
    "pages": (plain_pages, lambda: len(PLAIN)),
    "claims": (claim_pages, Listing.objects.count),
    "topics": (topic_pages, lambda: Topic.objects.published().count()),
    "articles": (article_pages, Article.objects.count),
    "chains": (chain_pages, Chain.objects.count),
    "studies": (study_pages, studies_cited),
}


@require_safe
def sitemap(request):
    """The files there are, each with a part of the addresses."""
    files = [
        absolute(reverse("sitemap-part", args=[section, number]))
        for section, (_pages, count) in SECTIONS.items()
        for number in range(1, -(-count() // SIZE) + 1)
    ]
    return render(request, "sitemap_index.xml", {"files": files}, content_type="application/xml")


@require_safe
def sitemap_part(request, section, number):
    if section not in SECTIONS or number < 1:
        raise Http404
    pages, _count = SECTIONS[section]
    found = pages(slice((number - 1) * SIZE, number * SIZE))
    if not found:
        raise Http404
    entries = [(in_each_language(name, arguments), changed) for name, arguments, changed in found]
    return render(request, "sitemap.xml", {"entries": entries}, content_type="application/xml")


def in_each_language(name, arguments):
    """[(language, address)] of one page."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append((language, absolute(reverse(name, args=arguments))))
    return found


@require_safe
def robots(request):
    """All of it may be read but what is for staff, and pages that are parts of others."""
    closed = [
        f"/{language}/{place}/"
        for language, _name in settings.LANGUAGES
        for place in ("desk", "account", "embed")
    ]
    lines = [
        "User-agent: *",
        *(f"Disallow: {place}" for place in ("/admin/", *closed)),
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
