"""Writing in a draft: one page, saved as a whole, previewed without being saved, kept while one types."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import actions
from claims.actions import Stale
from claims.desk.comments import open_threads
from claims.desk.doors import REFUSALS, desk_page, status_of
from claims.desk.preview import preview_of
from claims.forms.draft import DraftForms
from claims.models import ClaimVersion
from claims.models.version import OPEN
from kb.lib.refusals import sentence_of


class RatingFirst(Exception):
    """This person was asked to rate the version without seeing how others did. `second` is what they were asked."""

    def __init__(self, second):
        super().__init__()
        self.second = second


def found_version(request, pk):
    """An open or once open version for whoever may see it. Raises Http404, or RatingFirst."""
    version = get_object_or_404(
        ClaimVersion.objects.select_related(
            "claim__intervention", "claim__outcome", "claim__comparator", "claim__population", "claim__condition",
            "base", "author", "reviewer", "second_rating__rater",
        ).defer("document", "card", "ground", "base__card", "base__ground"),
        pk=pk,
    )  # fmt: skip
    second = getattr(version, "second_rating", None)
    if second and second.rater_id == request.user.pk and second.given_at is None and version.state in OPEN:
        raise RatingFirst(second)
    return version


def draft_page(view):
    """A desk page about a draft that may be written in. Who still has to rate it blind is sent there."""

    @desk_page
    def inner(request, pk):
        try:
            version = found_version(request, pk)
        except RatingFirst as first:
            return redirect("desk:second-rating", first.second.version_id)
        if not version.is_editable:
            return redirect("desk:version", pk)
        return view(request, version)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def edit(request, version):
    """Shows the draft; a POST saves all of it or, where something is wrong, nothing."""
    if request.method != "POST":
        forms = DraftForms(version)
        forms.add_empty_row(request.GET.get("source", "")[:300])
        return show(request, version, forms)
    forms = DraftForms(version, request.POST)
    if not forms.is_valid():
        return show(request, version, forms, status=400)
    try:
        with transaction.atomic():
            keep(forms, version, by=request.user, revision=seen(request))
            if "submit" in request.POST:
                actions.submit_version(version, by=request.user)
    except Stale as stale:
        return show(request, stale.version, forms.over(stale.version), status=409, is_stale=True)
    except REFUSALS as refusal:
        forms.refusal = sentence_of(refusal)
        return show(request, version, forms, status=status_of(refusal))
    if "submit" in request.POST:
        messages.success(request, _("Submitted for review."))
        return redirect("desk:version", version.pk)
    messages.success(request, _("Saved."))
    return redirect("desk:edit", version.pk)


@require_POST
@draft_page
def preview(request, version):
    """What was typed would come down to this. Nothing is kept; `row` also gives one more row to write in."""
    forms = DraftForms(version, request.POST)
    forms.is_valid()
    if request.headers.get("X-Part"):
        return render(request, "desk/_preview.html", {"preview": preview_of(version, forms)})
    if "row" in request.POST:
        forms.add_empty_row()
    return show(request, version, forms, revision=seen(request))


@require_POST
@draft_page
def autosave(request, version):
    """Keeps each part that is whole, and says which are not yet. 409 where somebody else wrote: then nothing is kept.

    A row that is ticked to be taken out stays until somebody presses Save.
    """
    forms = DraftForms(version, request.POST)
    waiting = forms.problems()
    ticked = [form for form in forms.rows if form.is_removed]
    try:
        with transaction.atomic():
            keep(forms, version, by=request.user, revision=seen(request), but=[*waiting, *ticked])
    except REFUSALS as refusal:
        return JsonResponse(
            {"said": sentence_of(refusal), "is_stale": isinstance(refusal, Stale)}, status=409
        )
    version.refresh_from_db(fields=["revision"])
    at = time_format(timezone.localtime(), "H:i")
    said = [_("Kept at %(time)s.") % {"time": at}]
    if waiting:
        said.append(
            _("Not kept yet, because something is missing: %(parts)s.") % {"parts": names_of(waiting)}
        )
    rows = {form.key: form.instance.pk for form in forms.rows if form.instance.pk}
    kept = [form.prefix or "" for form in forms.forms if form not in waiting and form not in ticked]
    return JsonResponse({"said": " ".join(said), "revision": version.revision, "rows": rows, "kept": kept})


def names_of(forms):
    return ", ".join(dict.fromkeys(name_of(form) for form in forms))


def name_of(form):
    if hasattr(form, "domain"):
        return str(form.domain.label)
    if hasattr(form, "key"):
        return str(form["outcome_measure_en"].value() or form["source"].value() or _("a new row of evidence"))
    return _("the words and the rating")


@transaction.atomic
def keep(forms, version, *, by, revision, but=()):
    """Write what is different from the base, through the actions. Raises Stale, or the refusal of the part that failed."""
    if revision is None:
        raise Http404
    now = ClaimVersion.objects.defer("document", "card", "ground").get(pk=version.pk)
    words = {} if forms.words in but else changed_words(forms.words, now)
    parts = [form for form in forms.parts if form not in but and is_different(form)]
    if not words and not parts and revision == now.revision:
        return
    actions.edit_draft(version, by=by, revision=revision, **words)
    for form in parts:
        write(form, by=by)


def changed_words(form, now):
    return {
        name: form.cleaned_data[name] for name in form.fields if form.cleaned_data[name] != getattr(now, name)
    }


def is_different(form):
    return not getattr(form, "is_idle", False) and form.has_changed()


def write(form, *, by):
    """Keep or take out one part. Its refusal is also said on its form."""
    part = form.instance
    is_removed = getattr(form, "is_removed", False) or not getattr(form, "is_judged", True)
    try:
        if not is_removed:
            actions.save_part(part, by=by)
        elif part.pk:
            actions.remove_part(part, by=by)
    except REFUSALS as refusal:
        form.add_error(None, sentence_of(refusal))
        raise


def seen(request):
    """The revision that the page was made of, or None."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def show(request, version, forms, *, status=200, is_stale=False, revision=None):
    context = {
        "version": version,
        "claim": version.claim,
        "forms": forms,
        "preview": preview_of(version, forms),
        "threads": open_threads(version),
        "is_stale": is_stale,
        "revision": version.revision if revision is None else revision,
    }
    return render(request, "desk/edit.html", context, status=status)
