"""Bringing sources in, at the desk: paste or choose a file, look at what it would bring, load it, undo it."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studies.actions import ADD, Refused
from studies.choices import Design, ImportState
from studies.chosen import NEW, choices_in, choices_kept
from studies.formats import LARGEST_FILE, Unreadable, table_in
from studies.formats.columns import label
from studies.importing import load_import, undo_import
from studies.models import Import
from studies.pasting import are_lines, leave_waiting_out, look_up_waiting, preview_lines
from studies.previewing import preview_file
from studies.selecting import (
    MOST_AT_ONCE,
    ask_to_load,
    choose_for_all_new,
    keep_choices,
    plainly_new,
    stop_asking,
)
from studies.showing import numbers_on, part_of, shown_lines, shown_rows
from studies.states import counted, states_of
from studies.tabling import keep_table

LATEST = 20
MAKER = ("made_by__first_name", "made_by__last_name", "made_by__username")


class SourceForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("DOIs, PMIDs, PMCIDs, addresses or references, one a line, or the text of a file"),
        required=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file: RIS, BibTeX, NBIB, CSL-JSON, PubMed XML, CSV or XLSX"), required=False
    )

    def clean(self):
        given = super().clean()
        if not self.errors and bool(given.get("text", "").strip()) == bool(given.get("file")):
            raise forms.ValidationError(_("Paste something or choose a file."))
        if given.get("file") and given["file"].size > LARGEST_FILE:
            self.add_error("file", _("This file is larger than 50 MB."))
        return given


def sources_page(view):
    """For whoever may add studies; others find nothing here. No cache keeps it."""

    @never_cache
    @login_required
    @wraps(view)
    def inner(request, *args, **options):
        if not request.user.has_perm(ADD):
            raise Http404
        return view(request, *args, **options)

    return inner


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request):
    is_sent = request.method == "POST"
    form = SourceForm(request.POST, request.FILES) if is_sent else SourceForm()
    if is_sent and form.is_valid():
        try:
            return redirect("source-import", previewed(form.cleaned_data, request.user).pk)
        except (Unreadable, Refused) as error:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(error))
    latest = Import.objects.select_related("made_by").only("name", "state", "made_at", *MAKER)[:LATEST]
    context = {"form": form, "latest": latest}
    return render(request, "studies/sources/bring_in.html", context, status=400 if form.errors else 200)


def previewed(given, by):
    if given["file"]:
        return looked_at(given["file"].name, given["file"].read(), by)
    if are_lines(given["text"]):
        return look_up_waiting(preview_lines(given["text"], by=by), by=by)
    return looked_at(_("pasted"), given["text"].encode(), by)


def looked_at(name, data, by):
    """Of a table the columns are chosen first."""
    table = table_in(name, data)
    return keep_table(name, data, table, by=by) if table else preview_file(name, data, by=by)


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def brought_in(request, pk):
    imported = get_object_or_404(Import.objects.select_related("made_by"), pk=pk)
    if imported.state == ImportState.UPLOADED:
        return redirect("source-columns", pk)
    part, trouble = part_of(imported, request.GET.get("page")), ""
    if request.method == "POST":
        try:
            told = done(imported, request, numbers_on(imported, part))
            if told:
                messages.success(request, told)
            return redirect(f"{request.path}?page={page_wanted(request, part)}")
        except (Refused, PermissionDenied) as error:
            trouble = str(error)
            imported.refresh_from_db()
    told = len(imported.rows) + len(imported.problems)
    rows = shown_rows(imported, numbers_on(imported, part), choices_kept(imported))
    states = states_of(imported.lines, imported.rows, imported.waiting)
    context = {
        "imported": imported,
        "part": part,
        "rows": rows,
        "lines": shown_lines(imported, part, rows, states),
        "counts": counted(states),
        "asked": told + len(imported.waiting),
        "asked_so_far": told,
        "designs": [(f"{NEW}:{code}", code, label) for code, label in Design.choices],
        "plainly_new": len(plainly_new(imported.rows)),
        "columns": [
            (heading, capfirst(label(column)) if column else "") for heading, column in imported.mapping
        ],
        "trouble": trouble or imported.loading_trouble,
        "is_open": imported.state == ImportState.PREVIEWED and not imported.loading_asked_at,
        "is_loaded": imported.state == ImportState.LOADED,
    }
    return render(request, "studies/sources/brought_in.html", context, status=409 if trouble else 200)


def page_wanted(request, part):
    """Of the button that was pressed, or else the page it stands on."""
    return part.paginator.get_page(request.POST.get("page", part.number)).number


def done(imported, request, numbers):
    """Do what the button says, after keeping what was chosen on this page; the sentence that tells it, if any."""
    by = request.user
    if "undo" in request.POST:
        undo_import(imported, by=by)
        return _("Undone: the base is as it was.")
    if "wait" in request.POST:
        stop_asking(imported, by=by)
        return _("It is not loaded yet.")
    kept = keep_choices(imported, choices_in(request.POST, imported.rows, numbers), by=by, among=numbers)
    if "look_up" in request.POST:
        return told_of(look_up_waiting(kept, by=by))
    if "leave_out" in request.POST:
        leave_waiting_out(kept, by=by)
        return _("The lines that waited are left out.")
    if "for_all" in request.POST:
        _list, count = choose_for_all_new(kept, request.POST.get("all_new", ""), by=by)
        return _("Chosen for %(count)s rows.") % {"count": count}
    if "page" in request.POST:
        return ""
    if len(kept.choices) > MOST_AT_ONCE:
        ask_to_load(kept, by=by)
        return _("It is loaded in the background.")
    load_import(kept, by=by, choices=choices_kept(kept))
    return _("Loaded.")


def told_of(looked_up):
    left = len(looked_up.waiting)
    if not left:
        return _("All lines were looked up.")
    if looked_up.unreached:
        return _("%(count)s lines still wait.") % {"count": left}
    return _("Looked up; %(count)s lines still wait.") % {"count": left}
