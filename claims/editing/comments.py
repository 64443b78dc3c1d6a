"""What people say about a draft. It changes nothing in the draft, so no revision is asked for."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action

from claims import reviewing
from claims.editing.described import DRAFT, read, write
from claims.editing.sending import EditingViewSet, found_draft, shown, taken, written
from claims.editing.shapes import CommentListSerializer, CommentSerializer, Empty

COMMENT = OpenApiParameter("comment", int, OpenApiParameter.PATH, description="Number of a comment.")


@extend_schema(tags=["drafts"], parameters=[DRAFT])
class CommentViewSet(EditingViewSet):
    """Comments on a draft, or on one field, row or domain of it."""

    lookup_field = "comment"
    lookup_value_regex = "[0-9]{1,18}"

    @read("drafts_comments_list", CommentListSerializer)
    def list(self, request, draft):
        """What was said, the first first."""
        rows = found_draft(request, draft).comments.select_related("author", "settled_by")
        results = CommentSerializer(rows, many=True).data
        return shown({"count": len(results), "results": results})

    @write("drafts_comments_create", CommentSerializer, CommentSerializer, status=201)
    @written
    def create(self, request, draft):
        """Say something, or answer what was said; an answer is about what it answers."""
        version = found_draft(request, draft)
        words = taken(request, CommentSerializer, context={"draft": version})
        made = reviewing.comment_on(version, by=request.user, **words)
        return shown(CommentSerializer(made).data, 201)

    @write("drafts_comments_settle", Empty, CommentSerializer, COMMENT)
    @action(detail=True, methods=["post"])
    @written
    def settle(self, request, draft, comment):
        """Say that a comment has been dealt with."""
        said = get_object_or_404(found_draft(request, draft).comments, pk=comment)
        taken(request, Empty)
        return shown(CommentSerializer(reviewing.settle_comment(said, by=request.user)).data)
