"""Answers that stay what they are as long as the base does: 304 before anything is made."""

from functools import wraps

from django.http import HttpResponse

from kb.lib.http import ASK_FIRST, has_copy, opaque, tag_of
from kb.lib.state import state_of_base


def same_while_the_base_is(view):
    """For views that give everybody the same: their answers carry a tag of the state of the base and the address.

    The view finds that state as `request.state_of_base`.
    """

    @wraps(view)
    def tagged(request, *args, **kwargs):
        request.state_of_base = state_of_base()
        tag = tag_of(opaque(request.state_of_base, request.get_full_path()), "")
        response = HttpResponse(status=304) if has_copy(request, tag) else view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"], response["Cache-Control"] = tag, ASK_FIRST
        return response

    return tagged
