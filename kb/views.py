"""Pages of the whole house: home, one study with the claims that lean on it, the method, and whether all is well."""

import re
from difflib import get_close_matches

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.choices import Domain, MechanismStatus, Scheme, Strength, Verdict
from claims.entries import publication_fields
from claims.feeds import told
from claims.filters import topics_in
from claims.grading import SCHEMES_BY_KIND
from claims.models import Article, Topic
from claims.records import changes
from claims.stats import base_counts
from claims.views import citing_versions
from kb.lib.problems import problem
from kb.lib.state import state_of_base
from studies.charts import drawing_of
from studies.lights import all_of
from studies.models import Study
from studies.querysets import were_here
from studies.references import csl_item, reference

MOST_TOPICS = 2000  # looked through for what was probably meant


@require_safe
def home(request):
    topics = Topic.objects.with_claim_counts().filter(claim_count__gt=0).order_by("-claim_count", "slug")
    context = {
        "counts": base_counts(),
        "topics": topics[:18],
        "changes": [told(change) for change in changes().order_by("-seq")[:6]],
        "articles": Article.objects.order_by("publisher"),
    }
    return render(request, "home.html", context)


@require_safe
def study_detail(request, key):
    study = (
        Study.objects.with_standing()
        .select_related("merged_into")
        .prefetch_related("inclusions__trial", "inclusions_in__review")
        .with_reports()
        .with_assessments()
        .filter(key=key)
        .first()
    )
    if study is None and were_here(Study, key):
        return render(request, "studies/taken_back.html", {"key": key}, status=410)
    if study is None:
        raise Http404
    if study.merged_into:
        return redirect("study", study.merged_into.key, permanent=True)
    publications = [
        {
            "publication": publication,
            "reference": reference(
                csl_item(publication_fields(publication)), "vancouver", request.LANGUAGE_CODE
            ),
        }
        for publication in study.reports
    ]
    claims = [found for each in (study, *study.merged.all()) for found in citing_versions(each)]
    judged = all_of(study, study.assessments) if study.risk_of_bias or study.assessments else []
    context = {
        "study": study,
        "publications": publications,
        "claims": claims,
        "judged": judged,
        "drawing": drawing_of(judged),
        "file": f"studies/{study.key}",
    }
    return render(request, "studies/detail.html", context)


@require_safe
def method(request):
    context = {
        "strengths": list(zip(reversed(Strength), reversed(MechanismStatus), strict=True)),
        "domains": list(Domain),
        "verdicts": list(Verdict),
        "schemes": [
            (kind, [Scheme(scheme) for scheme in schemes]) for kind, schemes in SCHEMES_BY_KIND.items()
        ],
        "counts": base_counts(),
    }
    return render(request, "method.html", context)


@require_safe
def llms(request):
    """For language models (llmstxt.org): what this is, how to read it, how to cite it. In English, of both languages."""
    return render(request, "llms.txt", {"site": settings.SITE_URL}, content_type="text/plain; charset=utf-8")


@require_safe
def livez(request):
    """The process answers; says nothing of the database."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request):
    """The database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request, exception=None):
    return trouble(request, 400, "This request cannot be understood.", "400.html")


def forbidden(request, exception=None):
    return trouble(request, 403, "Your account may not do this.", "403.html")


def not_found(request, exception=None):
    if request.path.startswith("/api/"):
        return problem(404, _("There is nothing at this address."))
    words = words_in(request.path)
    return render(request, "404.html", {"words": words, "topics": topics_like(words)}, status=404)


def words_in(path):
    """What the last part of an address seems to be about, as words to search for."""
    if (
        "/desk/" in path
    ):  # where who may not come in learns nothing, not even by a difference between two answers
        return ""
    parts = [part for part in re.split(r"[^\w-]+", path) if part]
    return parts[-1].replace("-", " ").replace("_", " ").strip()[:100] if len(parts) > 1 else ""


def topics_like(words):
    """The published topics whose name comes closest; none where the database is away."""
    try:
        topics = topics_in(state_of_base())
    except (DatabaseError, InterfaceError):
        return []
    names = {}
    for topic in list(topics.values())[:MOST_TOPICS]:
        for name in (topic.slug.replace("-", " "), topic.name_en.casefold(), topic.name_nl.casefold()):
            names[name] = topic
    found = [names[name] for name in get_close_matches(words.casefold(), names, n=8, cutoff=0.5)]
    return list({topic.slug: topic for topic in found}.values())[:5]


def server_error(request):
    return trouble(request, 500, "Something went wrong here. It was not you.", "500.html")


def trouble(request, status, words, template):
    """problem+json under the API, a page elsewhere."""
    if request.path.startswith("/api/"):
        return problem(status, _(words))
    return render(request, template, status=status)
