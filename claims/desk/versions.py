"""A version as its reviewer reads it: what changed, field by field, with what was said about each; and what to do next."""

import json

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.comparing import differences
from claims.deeds import OF_A_VERSION, SETTLE_SECOND
from claims.desk.comments import say, threads_of
from claims.desk.doors import buttons, desk_page, press
from claims.desk.drafts import RatingFirst, found_version
from claims.desk.preview import preview_of
from claims.documents import build_document, second_rating
from claims.forms.deeds import CommentForm
from claims.forms.draft import DraftForms
from claims.models.version import OPEN
from claims.reviewing import statement_of
from kb.lib.jsonlines import canonical


def version_page(view):
    """A desk page about one version; who still has to rate it blind is sent there first."""

    @desk_page
    def inner(request, pk, **options):
        try:
            version = found_version(request, pk)
        except RatingFirst as first:
            return redirect("desk:second-rating", first.second.version_id)
        return view(request, version, **options)

    return inner


@require_safe
@version_page
def read(request, version):
    return show(request, version)


@require_POST
@version_page
def deed(request, version, name):
    if name == SETTLE_SECOND.name:
        return settle_second(request, version)
    made, form, status = press(request, OF_A_VERSION, version, name)
    if form:
        return show(request, fresh(request, version), tried=form, status=status)
    if name == "publish":
        return redirect("claims:history", made.claim.accession)
    return redirect("desk:queue") if name == "discard" else redirect("desk:version", version.pk)


def settle_second(request, version):
    second = getattr(version, "second_rating", None)
    if second is None:
        raise Http404
    _made, form, status = press(request, (SETTLE_SECOND,), second, SETTLE_SECOND.name)
    if form:
        return show(request, version, tried=form, status=status)
    return redirect("desk:version", version.pk)


@require_POST
@version_page
def comment(request, version):
    made, form, status = say(request, version)
    if form:
        return show(request, version, said=form, status=status)
    return redirect(f"{reverse('desk:version', args=[version.pk])}#comment-{made.pk}")


def fresh(request, version):
    return found_version(request, version.pk)


def show(request, version, *, tried=None, said=None, status=200):
    document = json.loads(canonical(build_document(version)))
    base = json.loads(version.base.document) if version.base else None
    threads = threads_of(version)
    sections = [
        {"name": section.name, "lines": [*placed(section.lines, threads)]}
        for section in differences(base, document)
    ]
    places = {line["place"] for section in sections for line in section["lines"]}
    second = getattr(version, "second_rating", None)
    about = said["field"].value() if said else request.GET.get("about", None)
    context = {
        "version": version,
        "claim": version.claim,
        "document": document,
        "sections": sections,
        "elsewhere": [thread for place, found in threads.items() if place not in places for thread in found],
        "is_open": version.state in OPEN,
        "about": about,
        "said": said or CommentForm(initial={"field": about or ""}),
        "preview": preview_of(version, DraftForms(version)) if version.state in OPEN else None,
        "second": second,
        "second_record": second_rating(version) if second else None,
        "statement": statement_of(request.user),
        "buttons": [
            *buttons(request, OF_A_VERSION, version, tried, revision=version.revision),
            *(buttons(request, (SETTLE_SECOND,), second, tried) if second and version.state in OPEN else ()),
        ],
    }
    return render(request, "desk/version.html", context, status=status)


def placed(lines, threads):
    """Each line with its place. A domain has several lines: what was said about it stands at the first."""
    seen = set()
    for line in lines:
        place = place_of(line)
        is_first = place not in seen
        seen.add(place)
        yield {
            "line": line,
            "place": place,
            "is_first": is_first,
            "threads": threads.get(place, []) if is_first else [],
        }


def place_of(line):
    """How comments name what a line is about: statement_nl, judgement:imprecision, evidence:abbasi-2012:score."""
    if line.name in ("step", "reason"):
        return f"judgement:{line.key}"
    if line.key and ":" in line.key:
        return f"evidence:{line.key}"
    return f"{line.name}_{line.language}" if line.language else line.name
