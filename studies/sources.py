"""Bringing sources in, at the desk: paste or choose a file, look at what it would bring, load it, undo it."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studies.choices import Design, ImportState
from studies.formats import LARGEST_FILE, Unreadable
from studies.importing import (
    ADD,
    Refused,
    are_identifiers,
    load_import,
    preview_file,
    preview_lines,
    undo_import,
)
from studies.models import Import

LATEST = 20


class SourceForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("DOIs, PMIDs or PMCIDs, one a line, or the text of a file of references"),
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
    latest = Import.objects.select_related("made_by").defer("rows", "problems", "dropped")[:LATEST]
    context = {"form": form, "latest": latest}
    return render(request, "studies/sources/bring_in.html", context, status=400 if form.errors else 200)


def previewed(given, by):
    if given["file"]:
        return preview_file(given["file"].name, given["file"].read(), by=by)
    if are_identifiers(given["text"]):
        return preview_lines(given["text"], by=by)
    return preview_file(_("pasted"), given["text"].encode(), by=by)


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def brought_in(request, pk):
    imported = get_object_or_404(Import.objects.select_related("made_by"), pk=pk)
    trouble, chosen = "", {}
    if request.method == "POST":
        chosen = designs_in(request.POST, imported)
        try:
            if "undo" in request.POST:
                undo_import(imported, by=request.user)
                messages.success(request, _("Undone: the base is as it was."))
            else:
                load_import(imported, by=request.user, designs=chosen)
                messages.success(request, _("Loaded."))
            return redirect("source-import", pk)
        except (Refused, PermissionDenied) as error:
            trouble = str(error)
    context = {
        "imported": imported,
        "rows": [shown(row, chosen.get(row["line"], "")) for row in imported.rows],
        "designs": Design.choices,
        "trouble": trouble,
        "is_open": imported.state == ImportState.PREVIEWED,
        "is_loaded": imported.state == ImportState.LOADED,
    }
    return render(request, "studies/sources/brought_in.html", context, status=409 if trouble else 200)


def shown(row, chosen):
    fields = row["fields"]
    names = (fields.get(name) for name in ("title", "doi", "pmid", "pmcid"))
    beside = (fields.get(name) for name in ("container_title", "year", "doi"))
    return row | {
        "chosen": chosen,
        "title": next(filter(None, names), ""),
        "beside": " ".join(str(each) for each in beside if each),
        "can_load": bool(fields.get("title")),
    }


def designs_in(posted, imported):
    """{line: design} of what was chosen; anything that is no design counts as left out."""
    found = {row["line"]: posted.get(f"design-{row['line']}", "") for row in imported.rows}
    return {line: design for line, design in found.items() if design in Design.values}
