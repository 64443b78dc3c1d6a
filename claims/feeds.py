"""The feed of changes: for programs by number, for people as a page, for readers of feeds as Atom."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets

from claims import serializers
from claims.api import answer
from claims.asked import refuse
from claims.choices import FeedKind
from claims.models import Change, Topic
from claims.records import absolute, change_text, changes
from kb.lib.described import listed, open_read
from kb.lib.http import add_links, link
from kb.lib.lists import address, general_links, with_results
from kb.lib.pages import BadPage, page_of
from kb.lib.reading import OpenReading, unknown_parameters
from kb.lib.shapes import LANG, Shape, language_asked

SIZE, MOST, IN_ATOM = 100, 1000, 50
KNOWN = {"since", "limit", "kind", "include", "lang"}


SINCE = OpenApiParameter(
    "since", int, description="The last number you have; 0, or none, starts at the first change."
)
LIMIT = OpenApiParameter("limit", int, description=f"Changes an answer, {SIZE} unless said, at most {MOST}.")
KIND = listed("kind", "Only changes of this kind; repeat for any of several.", FeedKind.values, many=True)
INCLUDE = listed("include", "Give the document of each published version along.", ["document"])


@extend_schema(tags=["changes"])
class ChangeViewSet(OpenReading, viewsets.ViewSet):
    """Everything that happened to published claims, in order and without a gap. Reading is open to everybody."""

    @open_read("changes_list", serializers.FeedSerializer, SINCE, LIMIT, KIND, INCLUDE, LANG)
    def list(self, request):
        """Changes after a number. Follow `next`; where it is null you have everything, so ask again later from there."""
        self.unless_unchanged(request)
        asked = request.query_params
        problems = unknown_parameters(request, KNOWN, {"kind"})
        since = number_asked(asked, "since", 0, 0, 2**62, problems)
        limit = number_asked(asked, "limit", SIZE, 1, MOST, problems)
        kinds = asked.getlist("kind")
        if set(kinds) - set(FeedKind.values):
            problems["kind"] = _("is not a kind of change. Known are: %(known)s.") % {
                "known": ", ".join(FeedKind.values)
            }
        if asked.get("include", "document") != "document":
            problems["include"] = _("is document or left out.")
        shape = Shape(language_asked(asked, problems))
        refuse(problems)
        latest = Change.objects.latest_seq()
        with_document = "include" in asked
        rows = list(changes(with_document, kinds).filter(seq__gt=since, seq__lte=latest)[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        following = address(request, "since", rows[-1].seq) if more else None
        head = {"since": since, "latest": latest, "next": following, "results": []}
        records = [shape.of_text(change_text(row, with_document)) for row in rows]
        response = answer(with_results(head, records), shape)
        add_links(response, link(address(request, "since", 0), "first"), *general_links())
        if following:
            add_links(response, link(following, "next"))
        return response


def number_asked(parameters, name, default, least, most, problems):
    text = parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        problems[name] = _("is a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        return default
    return int(text)


@require_safe
def change_list(request):
    """What happened lately, for people."""
    rows = changes().order_by("-seq")
    try:
        page = page_of(rows, request.GET)
    except BadPage as error:
        problems = {error.name: str(error)}
        return render(request, "claims/changes.html", {"problems": problems}, status=400)
    context = {"page": page, "rows": [told(row) for row in page.items]}
    return render(request, "claims/changes.html", context)


@require_safe
def change_feed(request, slug=None):
    """Atom (RFC 4287): the latest changes of everything, or of one topic and what is below it."""
    rows = changes().order_by("-seq")
    title, address = _("Changes"), reverse("claims:changes")
    if slug:
        topic = get_object_or_404(Topic.objects.once_published(), slug=slug)
        rows = rows.filter(version__topics__reached_from__topic=topic).distinct()
        title, address = topic.name, reverse("claims:topic", args=[slug])
    feed = Atom1Feed(
        title=f"Onderbouwd: {title}",
        link=absolute(address),
        description="",
        language=get_language(),
        feed_url=absolute(request.path),
        author_name="Onderbouwd",
        feed_copyright="CC BY 4.0",
    )
    for row in rows[:IN_ATOM]:
        entry = told(row)
        feed.add_item(
            title=f"{row.get_kind_display()}: {entry['sentence']}",
            link=absolute(entry["address"]),
            description=entry["sentence"],
            unique_id=f"{settings.SITE_URL}/api/v1/changes/?since={row.seq - 1}&limit=1",
            pubdate=row.at,
            updateddate=row.at,
            categories=(row.kind,),
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def told(row):
    """A change for people: what happened, to which claim, and what it says; a closed claim by its own address."""
    card = json.loads(row.version.card)
    words = card["statement"] if card["rating"]["scheme"]["code"] == "none" else card["plain_sentence"]
    return {
        "change": row,
        "sentence": words[get_language()],
        "address": reverse("claims:version", args=[row.claim.accession, row.version.number]),
        "under_review": row.standing.overlay["under_review"],
    }
