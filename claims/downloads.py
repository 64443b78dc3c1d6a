"""Releases for people and programs: the list of them, and their files."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets

from claims.api import answer
from claims.asked import refuse
from claims.choices import ReleaseState
from claims.models import Release
from claims.records import absolute
from claims.releases.making import path_of
from kb.lib.described import CUT, open_read
from kb.lib.jsonlines import canonical
from kb.lib.lists import CUTTING, link_list, list_text, neighbours, piece_of
from kb.lib.pages import BadPage, page_of
from kb.lib.ranges import file_response
from kb.lib.reading import OpenReading, unknown_parameters
from studies.serializers import PageSerializer

LICENCE = "CC-BY-4.0"


class ClaimsOfAKindSerializer(serializers.Serializer):
    count = serializers.IntegerField(min_value=0)
    claims = serializers.ListField(child=serializers.CharField(), help_text="The first twenty accessions.")


class ReleaseChangesSerializer(serializers.Serializer):
    since = serializers.DateField(help_text="The day of the release before.")
    new = ClaimsOfAKindSerializer(help_text="Stand now and did not then.")
    changed = ClaimsOfAKindSerializer(help_text="Have another version.")
    withdrawn = ClaimsOfAKindSerializer(help_text="Were withdrawn or merged.")


class ReleaseSerializer(serializers.Serializer):
    day = serializers.DateField(help_text="The release is of the end of this day.")
    address = serializers.URLField(help_text="Of the file; parts of it may be asked for with Range.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="Of the file.")
    licence = serializers.CharField()
    made_at = serializers.DateTimeField()
    rows = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many rows each file in it has."
    )
    changes = ReleaseChangesSerializer(allow_null=True, help_text="Null for the first release.")


class ReleaseListSerializer(PageSerializer):
    results = ReleaseSerializer(many=True)


def made_releases():
    return Release.objects.filter(state=ReleaseState.MADE).order_by("-day")


@require_safe
def release_list(request):
    """What there is to download, the latest first."""
    try:
        page = page_of(made_releases(), request.GET)
    except BadPage as error:
        return render(request, "claims/downloads.html", {"problems": {error.name: str(error)}}, status=400)
    return render(request, "claims/downloads.html", {"page": page})


@require_safe
def release_file(request, day):
    """The file of a release, or a part of it. It never changes, so whoever has a part may get the rest later."""
    release = get_object_or_404(made_releases(), day=day)
    try:
        return file_response(
            request,
            path_of(release),
            tag=f'"{release.sha256}"',
            content_type="application/zip",
            name=release.file_name,
            changed=int(release.made_at.timestamp()),
        )
    except FileNotFoundError:
        raise Http404 from None


@extend_schema(tags=["releases"])
class ReleaseViewSet(OpenReading, viewsets.ViewSet):
    """The whole base as a file, as it stood at the end of a day."""

    @open_read("releases_list", ReleaseListSerializer, *CUT)
    def list(self, request):
        """Every release, the latest day first, with the address of its file and its SHA-256."""
        self.unless_unchanged(request)
        refuse(unknown_parameters(request, CUTTING))
        piece = piece_of(made_releases(), request, by="id")
        beside = neighbours(request, piece)
        response = answer(list_text(piece, [canonical(record(each)) for each in piece.items], beside))
        link_list(response, beside)
        return response


def record(release):
    return {
        "day": release.day,
        "address": absolute(reverse("release-file", args=[release.day])),
        "media_type": "application/zip",
        "size": release.size,
        "sha256": release.sha256,
        "licence": LICENCE,
        "made_at": release.made_at,
        "rows": release.counts,
        "changes": release.changes or None,
    }
