"""The page of the glossary."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from kb.terms import TERMS


@require_safe
def glossary(request):
    terms = sorted(TERMS, key=lambda term: str(term.name).casefold())
    return render(request, "glossary.html", {"terms": terms})
