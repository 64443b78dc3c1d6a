"""Pasting what a publication says, and seeing which quotes and numbers of open drafts stand in it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.desk.doors import desk_page
from claims.models import ClaimVersion, Evidence
from claims.models.version import OPEN
from claims.quoting import numbers_absent, stands_in
from studies.actions import keep_source_text, remove_source_text
from studies.models import LONGEST_TEXT, Publication, SourceText


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What the publication says"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 14}),
        help_text=gettext_lazy(
            "The abstract, or the passages that you quote. Only the machine reads it; it is shown and given to nobody."
        ),
    )


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def source_text(request, key):
    """Takes a text, in place of what was there, or throws it away; what was pasted is never shown again."""
    publication = get_object_or_404(Publication.objects.select_related("study", "merged_into"), key=key)
    if publication.merged_into:
        return redirect("desk:source-text", publication.merged_into.key)
    form = TextForm(request.POST if request.method == "POST" and "remove" not in request.POST else None)
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                remove_source_text(publication, by=request.user)
                messages.success(request, _("The pasted text was thrown away."))
                return redirect("desk:source-text", key)
            if form.is_valid():
                keep_source_text(publication, form.cleaned_data["text"], by=request.user)
                messages.success(request, _("Kept, for the machine alone."))
                return redirect("desk:source-text", key)
        except ValidationError as error:
            form.add_error("text", error.messages[0])
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
    pasted = SourceText.objects.select_related("pasted_by").filter(publication__in=publication.entries)
    text = pasted.order_by("-pasted_at").first()
    context = {
        "publication": publication,
        "form": form,
        "text": text,
        "rows": looked_up(publication, text, request.user),
    }
    return render(request, "desk/source_text.html", context, status=400 if form.errors else 200)


def looked_up(publication, text, person):
    """The rows from this publication of the open drafts that this person may see: each with whether its quote, and which numbers, are in the text."""
    drafts = ClaimVersion.objects.seen_by(person).filter(state__in=OPEN)
    rows = Evidence.objects.filter(publication__in=publication.entries, version__in=drafts)
    return [
        {
            "row": row,
            "is_found": bool(row.quote and text) and stands_in(row.quote, text.text),
            "absent": numbers_absent(row.numbers, text.text) if text else [],
        }
        for row in rows.select_related("version__claim").order_by("version", "position", "pk")
    ]
