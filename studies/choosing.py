"""The page, at the desk, on which somebody says what each column of a table is."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from studies import formats
from studies.actions import Refused
from studies.choices import ImportState
from studies.formats.columns import label
from studies.formats.rows import COLUMN_WORDS, NAMING
from studies.models import Import
from studies.sources import sources_page
from studies.tabling import choose_columns, throw_table_away

OFFERED = [column for column in COLUMN_WORDS if column != "key"]  # the key is ours to give


class ColumnsForm(forms.Form):
    """A field for each column of the table, in its order."""

    def __init__(self, *given, columns):
        super().__init__(*given)
        self.columns = columns
        meanings = [("", _("do not keep")), *((name, capfirst(label(name))) for name in OFFERED)]
        for number, column in enumerate(columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column.heading,
                choices=meanings,
                required=False,
                initial=column.guess if column.guess in OFFERED else "",
                help_text=" · ".join(column.values) or _("empty"),
            )

    def clean(self):
        given = super().clean()
        if not self.errors and not NAMING & set(given.values()):
            raise forms.ValidationError(
                _("Say which column is the title, the DOI, the PMID or the PMCID; one of them is needed.")
            )
        return given

    def mapping(self):
        """{heading: column, "" where it is not kept}"""
        return {
            column.heading: self.cleaned_data[f"column-{number}"]
            for number, column in enumerate(self.columns)
        }


@sources_page
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, pk):
    imported = get_object_or_404(Import.objects.select_related("made_by"), pk=pk)
    if imported.state != ImportState.UPLOADED:
        return redirect("source-import", pk)
    table = formats.table_in(imported.kind, bytes(imported.table))
    is_sent = request.method == "POST"
    form = ColumnsForm(*([request.POST] if is_sent else []), columns=table.columns)
    if is_sent:
        try:
            if "throw_away" in request.POST:
                throw_table_away(imported, by=request.user)
                messages.success(request, _("The table was thrown away."))
                return redirect("sources")
            if form.is_valid():
                choose_columns(imported, by=request.user, mapping=form.mapping())
                return redirect("source-import", pk)
        except (formats.Unreadable, Refused, PermissionDenied) as error:
            form.add_error(None, str(error))
    context = {"form": form, "imported": imported, "table": table}
    return render(request, "studies/sources/columns.html", context, status=400 if form.errors else 200)
