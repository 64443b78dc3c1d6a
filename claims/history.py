"""The public history of a claim: its versions, what happened to it, two versions side by side, and what readers say."""

import json

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions import Refused
from claims.charts import rating_over_time
from claims.choices import Strength, VersionState
from claims.comparing import differences
from claims.flagging import FlagForm
from claims.models import Claim, Flag, StaleMark
from claims.reviewing import raise_flag
from kb.lib.drawings import drawing_response
from kb.lib.sheets import csv_response
from kb.lib.throttle import address_of, allow

FLAGS_AN_HOUR = 5
RATING_HEAD = ("version", "published_at", "scheme", "strength", "verdict", "change")


def public_claim(accession):
    return get_object_or_404(Claim.objects.ever_published(), accession=accession)


def public_versions(claim):
    return claim.versions.public().select_related("author", "reviewer").order_by("number").defer("document")


@require_safe
def claim_history(request, accession):
    claim = public_claim(accession)
    versions = list(public_versions(claim))
    flags = Flag.objects.filter(claim=claim).order_by("-created_at")
    context = {
        "claim": claim,
        "card": json.loads(versions[-1].card),
        "versions": list(reversed(versions)),
        "chart": chart_of(versions),
        "changes": claim.changes.select_related("version").defer("version__document").order_by("-seq"),
        "marks": StaleMark.objects.filter(claim=claim).select_related("version").defer("version__document"),
        "flags": flags,
    }
    return render(request, "claims/history.html", context)


def chart_of(versions):
    return rating_over_time(
        [(version.number, version.published_at, version.strength) for version in versions], timezone.now()
    )


@require_safe
def rating_drawing(request, accession, suffix):
    """The rating over time as SVG or PNG."""
    chart = chart_of(list(public_versions(public_claim(accession))))
    svg = render_to_string("charts/rating_over_time.svg", {"chart": chart})
    return drawing_response(svg, f"{accession}-rating", suffix)


@require_safe
def rating_data(request, accession):
    """The versions behind that drawing."""
    rows = [
        (
            f"{accession}.{version.number}",
            version.published_at.isoformat(),
            version.get_scheme_display(),
            Strength(version.strength).code if version.strength else "",
            version.verdict,
            version.change_kind,
        )
        for version in public_versions(public_claim(accession))
    ]
    return csv_response(f"{accession}-rating", RATING_HEAD, rows)


@require_safe
def compare_versions(request, accession):
    """Two versions side by side: ?from=1&to=3. Without numbers, the last two."""
    claim = public_claim(accession)
    versions = {version.number: version for version in claim.versions.public().order_by("number")}
    problems, latest = {}, max(versions)
    chosen = {
        "from": number_asked(request, "from", max(latest - 1, 1), versions, problems),
        "to": number_asked(request, "to", latest, versions, problems),
    }
    context = {
        "claim": claim,
        "numbers": sorted(versions),
        "chosen": chosen,
        "problems": problems,
    }
    if problems:
        return render(request, "claims/compare.html", context, status=400)
    before, after = (versions[chosen[name]] for name in ("from", "to"))
    context |= {
        "before": before,
        "after": after,
        "sections": differences(json.loads(before.document), json.loads(after.document)),
    }
    return render(request, "claims/compare.html", context)


def number_asked(request, name, default, versions, problems):
    text = request.GET.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
    if number not in versions:
        problems[name] = _("This claim has no such version.")
        return default
    return number


@require_http_methods(["GET", "HEAD", "POST"])
def flag_claim(request, accession):
    """A reader without an account says what seems wrong, or which source we should look at."""
    claim = get_object_or_404(Claim.objects.published(), accession=accession)
    form = FlagForm(request.POST or None)
    status, wait = 200, 0
    if request.method == "POST" and form.is_valid():
        wait = allow("flag", address_of(request), limit=FLAGS_AN_HOUR, window=3600)
        if wait:
            form.add_error(None, _("That is enough for one hour. Your words are kept here; send them later."))
        else:
            try:
                raise_flag(claim, **form.words())
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(reverse("claims:history", args=[accession]) + "#flags")
    if request.method == "POST":
        status = 429 if wait else 400
    version = claim.versions.get(state=VersionState.PUBLISHED)
    context = {"claim": claim, "card": json.loads(version.card), "form": form}
    response = render(request, "claims/flag.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response
