"""Bringing sources in, at the desk: paste or choose a file, look at what it would bring, load it, undo it."""

from functools import wraps
from urllib.parse import urlsplit

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
from studies.chosen import NEW, REPORT, ROLES, SAME, Choice, candidates, choice_in
from studies.formats import LARGEST_FILE, Unreadable, table_in
from studies.formats.columns import label
from studies.importing import load_import, undo_import
from studies.imports import twins_in
from studies.models import Import
from studies.pasting import are_lines, leave_waiting_out, look_up_waiting, preview_lines
from studies.previewing import preview_file
from studies.states import SIGNS, counted, states_of
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
    trouble, chosen = "", {}
    if request.method == "POST":
        chosen = choices_in(request.POST, imported)
        try:
            messages.success(request, done(imported, request, chosen))
            return redirect("source-import", pk)
        except (Refused, PermissionDenied) as error:
            trouble = str(error)
    told = len(imported.rows) + len(imported.problems)
    rows = shown(imported.rows, chosen)
    states = states_of(imported.lines, imported.rows, imported.waiting)
    context = {
        "imported": imported,
        "rows": rows,
        "lines": shown_lines(imported, rows, states),
        "counts": counted(states),
        "asked": told + len(imported.waiting),
        "asked_so_far": told,
        "designs": [(f"{NEW}:{code}", label) for code, label in Design.choices],
        "columns": [
            (heading, capfirst(label(column)) if column else "") for heading, column in imported.mapping
        ],
        "trouble": trouble,
        "is_open": imported.state == ImportState.PREVIEWED,
        "is_loaded": imported.state == ImportState.LOADED,
    }
    return render(request, "studies/sources/brought_in.html", context, status=409 if trouble else 200)


def done(imported, request, chosen):
    """Do what the button says; the sentence that tells it."""
    if "undo" in request.POST:
        undo_import(imported, by=request.user)
        return _("Undone: the base is as it was.")
    if "look_up" in request.POST:
        return told_of(look_up_waiting(imported, by=request.user))
    if "leave_out" in request.POST:
        leave_waiting_out(imported, by=request.user)
        return _("The lines that waited are left out.")
    load_import(imported, by=request.user, choices=chosen)
    return _("Loaded.")


def told_of(looked_up):
    left = len(looked_up.waiting)
    if not left:
        return _("All lines were looked up.")
    if looked_up.unreached:
        return _("%(count)s lines still wait.") % {"count": left}
    return _("Looked up; %(count)s lines still wait.") % {"count": left}


def shown(rows, chosen):
    """The rows with what the page says of each; `twin` is the row before it that names the same paper."""
    twins = twins_in(enumerate(row["fields"] for row in rows))
    return [
        shown_row(row, place + 1, chosen.get(place + 1))
        | {"twin": rows[twins[place]] if place in twins else None}
        for place, row in enumerate(rows)
    ]


def shown_lines(imported, rows, states):
    """Each pasted line with its state, and what the page says of it."""
    by_line = {row["line"]: row for row in rows}
    sentences = dict(imported.problems)
    return [
        line
        | {
            "state": states[line["line"]],
            "sign": SIGNS[states[line["line"]]],
            "row": by_line.get(line["line"]),
            "sentence": sentences.get(line["line"], ""),
        }
        for line in imported.lines
    ]


def shown_row(row, number, choice):
    fields = row["fields"]
    names = (fields.get(name) for name in ("title", "doi", "pmid", "pmcid"))
    beside = (fields.get(name) for name in ("container_title", "year", "doi"))
    return row | {
        "number": number,
        "chosen": choice.value if choice else "",
        "title": next(filter(None, names), ""),
        "place": urlsplit(row["answer"]["url"]).hostname if "answer" in row else "",
        "beside": " ".join(str(each) for each in beside if each),
        "candidates": [shown_candidate(each, number, choice) for each in candidates(row)],
    }


def shown_candidate(found, number, choice):
    is_chosen = bool(choice) and choice.deed == SAME and choice.of == found["key"]
    return found | {
        "same": Choice(SAME, found["key"]).value,
        "reports": [(Choice(REPORT, found["study"], role).value, label) for role, label in ROLES],
        "field": f"take-{number}-{found['key']}",
        "conflicts": [
            (column, label(column), *both, is_chosen and column in choice.take)
            for column, both in found["conflicts"].items()
        ],
        "lacks": ", ".join(label(column) for column in found["lacks"]),
    }


def choices_in(posted, imported):
    """{place in the list: Choice}; anything that the row does not offer counts as left out."""
    found = {number: choice_in(posted, number, row) for number, row in enumerate(imported.rows, 1)}
    return {number: choice for number, choice in found.items() if choice}
