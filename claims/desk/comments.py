"""What is said about a draft, in threads on its fields, rows and domains."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import reviewing
from claims.desk.doors import REFUSALS, desk_page, status_of
from claims.forms.deeds import CommentForm
from claims.models import Comment
from kb.lib.refusals import sentence_of


def threads_of(version):
    """{place: [thread]}, a thread being its comments, the oldest first."""
    threads = {}
    for comment in version.comments.select_related("author", "settled_by"):
        root = comment.reply_to_id or comment.pk
        threads.setdefault(root, []).append(comment)
    places = {}
    for comments in threads.values():
        places.setdefault(comments[0].field, []).append(comments)
    return places


def open_threads(version):
    """Threads whose first comment nobody settled."""
    open_ones = {
        place: [thread for thread in threads if not thread[0].settled_at]
        for place, threads in threads_of(version).items()
    }
    return {place: threads for place, threads in open_ones.items() if threads}


def say(request, version):
    """(the comment, None, 302), or (None, the form that says why not, its status)."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return None, form, 400
    words = form.cleaned_data
    reply_to = None
    if words["reply_to"]:
        reply_to = version.comments.filter(pk=words["reply_to"]).first()
        if reply_to is None:
            raise Http404
        reply_to = reply_to.reply_to or reply_to
    try:
        made = reviewing.comment_on(
            version, by=request.user, text=words["text"], field=words["field"], reply_to=reply_to
        )
    except REFUSALS as refusal:
        form.add_error("text", sentence_of(refusal))
        return None, form, status_of(refusal)
    return made, None, 302


@desk_page
@require_POST
def settle(request, pk):
    comment = get_object_or_404(Comment.objects.select_related("version"), pk=pk)
    try:
        reviewing.settle_comment(comment, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, sentence_of(refusal))
    else:
        messages.success(request, _("Settled."))
    return redirect("desk:version", comment.version_id)
