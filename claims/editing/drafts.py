"""Drafts: start, read and write one, hand it in, decide on it."""

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from claims import actions
from claims.choices import VersionState
from claims.editing import shapes
from claims.editing.described import ETAG, LOCATION, change, deed, read, write
from claims.editing.sending import (
    EditingViewSet,
    UnknownParameters,
    found_draft,
    revision_seen,
    shown,
    taken,
    written,
)
from claims.models import ClaimVersion
from claims.models.version import OPEN
from claims.records import absolute
from kb.lib.described import PAGE, PAGE_SIZE, listed
from kb.lib.lists import list_record, neighbours
from kb.lib.pages import BadPage, page_of


@extend_schema(tags=["drafts"])
class DraftViewSet(EditingViewSet):
    """Drafts of claims, for people who may write them."""

    lookup_field = "draft"
    lookup_value_regex = "[0-9]{1,18}"
    known_parameters = {"list": {"state", "mine", "page", "page_size"}}

    @read(
        "drafts_list",
        shapes.DraftListSerializer,
        listed("state", "In this state; without it, every draft that is still open.", VersionState.values),
        listed("mine", "false: also what others write. Yours alone unless said.", ["true", "false"]),
        PAGE,
        PAGE_SIZE,
    )
    def list(self, request):
        """Drafts, the latest first."""
        actions.needs(request.user, actions.EDIT)
        asked = request.query_params
        state, mine = asked.get("state"), asked.get("mine", "true")
        if state not in (None, *VersionState.values):
            raise UnknownParameters(
                {"state": _("is one of %(known)s.") % {"known": ", ".join(VersionState.values)}}
            )
        if mine not in ("true", "false"):
            raise UnknownParameters({"mine": _("is true or false.")})
        drafts = ClaimVersion.objects.filter(state__in=[state] if state else OPEN).defer("document", "card")
        if mine == "true":
            drafts = drafts.filter(Q(author=request.user) | Q(pk__in=written_in(request.user)))
        try:
            page = page_of(drafts.select_related("claim", "author").order_by("-id"), asked)
        except BadPage as error:
            raise UnknownParameters({error.name: str(error)}) from error
        drafts = shapes.DraftEntrySerializer(page.items, many=True).data
        return shown(list_record(page, drafts, neighbours(request, page)))

    @write("drafts_create", shapes.StartSerializer, shapes.DraftSerializer, ETAG, LOCATION, status=201)
    @written
    def create(self, request):
        """Start a draft of a claim, a copy of what is published of it; or a new claim with its first draft."""
        actions.needs(request.user, actions.EDIT)
        if isinstance(request.data.get("claim"), dict):
            claim = actions.start_claim(
                by=request.user, **taken(request, shapes.StartClaimSerializer)["claim"]
            )
        else:
            claim = taken(request, shapes.StartDraftSerializer)["claim"]
        version = actions.start_draft(claim, by=request.user)
        return draft_shown(version, 201, location=absolute(f"/api/v1/drafts/{version.pk}/"))

    @read("drafts_retrieve", shapes.DraftSerializer, ETAG)
    def retrieve(self, request, draft):
        """A draft in full. Its ETag is what If-Match says when you write."""
        return draft_shown(found_draft(request, draft))

    @change("drafts_change", shapes.DraftSerializer(partial=True), shapes.DraftSerializer)
    @written
    def partial_update(self, request, draft):
        """Write these texts and values; what is left out stays, null empties."""
        version, seen = found_draft(request, draft), revision_seen(request)
        words = taken(request, shapes.DraftSerializer, instance=version, partial=True)
        return draft_shown(actions.edit_draft(version, by=request.user, revision=seen, **words))

    @write("drafts_topics", shapes.TopicsSerializer, shapes.DraftSerializer, ETAG)
    @action(detail=True, methods=["put"])
    @written
    def topics(self, request, draft):
        """Choose the topics of its claim. They are the claim's own, so no revision is asked for."""
        version = found_draft(request, draft)
        actions.link_topics(version.claim, taken(request, shapes.TopicsSerializer)["topics"], by=request.user)
        return draft_shown(version)

    @deed("drafts_submit", shapes.Empty, shapes.DraftSerializer)
    @action(detail=True, methods=["post"])
    @written
    def submit(self, request, draft):
        """Hand it in for review. It is not written in until somebody decides."""
        return decided(request, draft, shapes.Empty, actions.submit_version)

    @deed("drafts_request_changes", shapes.NeededNoteSerializer, shapes.DraftSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    @written
    def request_changes(self, request, draft):
        """Give it back to who wrote it, with what should change. For reviewers who wrote nothing of it."""
        return decided(request, draft, shapes.NeededNoteSerializer, actions.request_changes)

    @deed("drafts_discard", shapes.Empty, shapes.DraftSerializer)
    @action(detail=True, methods=["post"])
    @written
    def discard(self, request, draft):
        """Put it away for good."""
        return decided(request, draft, shapes.Empty, actions.discard_version)

    @deed("drafts_publish", shapes.NoteSerializer, shapes.PublishedSerializer)
    @action(detail=True, methods=["post"])
    @written
    def publish(self, request, draft):
        """Let readers see it. For reviewers with a statement of interests, who wrote nothing of it."""
        version, seen = found_draft(request, draft), revision_seen(request)
        words = taken(request, shapes.NoteSerializer)
        version = actions.publish_version(version, by=request.user, revision=seen, **words)
        version.refresh_from_db(fields=["revision"])
        name = version.permanent_name
        record = {
            "accession": version.claim.accession,
            "version": version.number,
            "permalink": absolute(f"/claims/{name}/"),
            "record": absolute(f"/api/v1/claims/{name}/"),
            "sha256": version.document_sha256,
            "change": version.change_kind,
        }
        return shown(record, version=version)


def written_in(person):
    """The versions that this person wrote something in."""
    return ClaimVersion.contributors.through.objects.filter(user=person).values("claimversion")


def decided(request, draft, shape, decide):
    version, seen = found_draft(request, draft), revision_seen(request)
    return draft_shown(decide(version, by=request.user, revision=seen, **taken(request, shape)))


def draft_shown(version, status=200, *, location=None):
    now = ClaimVersion.objects.select_related("claim", "base__claim", "author", "reviewer").get(pk=version.pk)
    return shown(shapes.DraftSerializer(now).data, status, version=now, location=location)
