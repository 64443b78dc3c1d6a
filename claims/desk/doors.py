"""Who comes in, what comes out, and how a button is pressed."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import Http404
from django.views.decorators.cache import never_cache

from claims.actions import EDIT, Refused, Stale
from kb.lib.refusals import sentence_of

REFUSALS = (Refused, PermissionDenied, IntegrityError, DataError)


def desk_page(view):
    """For whoever may write drafts. Others find nothing here; without an account one signs in first. No cache keeps it."""

    @never_cache
    @login_required
    @wraps(view)
    def inner(request, *args, **options):
        if not request.user.has_perm(EDIT):
            raise Http404
        return view(request, *args, **options)

    return inner


def press(request, deeds, thing, name):
    """Do what a button says: (what was made, None, 302), or (None, the form that says why not, its status)."""
    deed = next((deed for deed in deeds if deed.name == name), None)
    if deed is None:
        raise Http404
    form = deed.bound(request.POST)
    form.deed = deed
    if not form.is_valid():
        return None, form, 400
    try:
        made = deed.act(thing, by=request.user, **form.cleaned_data)
    except REFUSALS as refusal:
        return None, refused(form, refusal), status_of(refusal)
    messages.success(request, deed.done)
    return made, None, 302


def refused(form, refusal):
    """The form with what was typed and why it was refused; pressing again is then a decision about what is there now."""
    form.add_error(None, sentence_of(refusal))
    if isinstance(refusal, Stale):
        form.data = form.data.copy()
        form.data["revision"] = refusal.version.revision
    return form


def status_of(refusal):
    return 403 if isinstance(refusal, PermissionDenied) else 409


def buttons(request, deeds, thing, tried=None, **initial):
    """The deeds that are open to this person, each with its form; the one that was tried keeps what was typed."""
    for deed in deeds:
        if tried is not None and tried.deed == deed:
            yield {"deed": deed, "form": tried}
        elif request.user.has_perm(deed.permission) and deed.is_offered(thing, request.user):
            fields = {name: value for name, value in initial.items() if name in deed.form.base_fields}
            yield {"deed": deed, "form": deed.bound(initial=fields)}
