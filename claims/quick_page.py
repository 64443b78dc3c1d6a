"""The page that lists claims, for somebody without a name: from the address to the bytes past forms, sessions and templates.

The templates are drawn once with stand-ins (`kb.lib.frames`) and filled for each question. Whatever is out of the ordinary (words,
a mistake, a past moment, fewer than two claims) is None here and takes the long way of `claims.views`, which answers the same to
the byte (tests/claims/test_quick_page.py asks both).
"""

from functools import lru_cache
from types import SimpleNamespace

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import override

from claims.faceting import TOPICS, chosen, facets, label_of
from claims.filters import ClaimFilter, slugs_in
from claims.listed import is_tallied, rows_of
from claims.quick import KNOWN, question_in
from claims.shown import shown_rows
from claims.stats import FACETS, plain_counts
from claims.templatetags.claims import choice_boxes, drawn_cards
from kb.lib.frames import Frame
from kb.lib.pages import Page
from kb.templatetags.files import query_of_files
from kb.templatetags.kb import address_with

OPEN = 8  # choices of a facet that claims/_facet.html does not fold away
# Stand-ins: numbers that nothing else on a page has.
PAGE, LAST, PREVIOUS, NEXT, TOTAL, FIRST_ITEM, LAST_ITEM, CARDS, WORD = range(900_000_001, 900_000_010)


def quick_page(request, state):
    """The page of a plain question about the list of claims in bytes, or None."""
    question = question_in(request.GET, state)
    if question is None or request.GET.get("q") or not is_tallied(question):
        return None
    number, size = question["page"], question["page_size"]
    rows = rows_of(question, (number - 1) * size, size)
    if not rows or rows[0].total < 2:
        return None
    language = request.path_info[1:3]
    with override(language):
        return page_html(request, language, Page(rows, number, size, rows[0].total), question, state).encode()


def page_html(request, language, page, question, state):
    asked, path = request.GET, request.path
    query, files = request.META.get("QUERY_STRING"), query_of_files(asked)
    picked = {name: question[name] for name in KNOWN} | {"topic": asked.getlist("topic")}
    values = {
        "query": f"?{escape(iri_to_uri(query))}" if query else "",
        "later": f"?page={page.number}" if page.number > 1 else "",
        "files": f"?{escape(files)}" if files else "",
        "chosen": chosen_html(language, path, chosen(asked, state)),
        "total": str(page.total),
        "first_item": str(page.first_item),
        "last_item": str(page.last_item),
        "cards": drawn_cards(shown_rows(page.items)),
        "paging": paging_html(language, request, page),
    }
    counts, more_topics = plain_counts(question, slugs_in(state), state, TOPICS)
    for facet in facets(counts, picked, state, more_topics):
        values[facet["name"]] = facet_html(language, facet, question["strength_min"])
    return page_frame(language, path, asked.get("ordering"), page.last > 1).filled(values)


@lru_cache(maxsize=64)
def page_frame(_language, path, ordering, has_pages):
    request = asking(path, ordering=ordering)
    page = SimpleNamespace(
        total=TOTAL, number=PAGE, last=LAST if has_pages else 1, first_item=FIRST_ITEM, last_item=LAST_ITEM
    )
    context = {"filter": ClaimFilter(), "page": page, "cards": mark_safe(CARDS), "chosen": [{"label": WORD}]}
    facet_contexts = {
        name: {"facet": {"name": f"{name}-{WORD}", "label": f"{name}-{WORD}"}} for name in FACETS
    }
    stand_ins = {
        "query": f"?{escape(request.META['QUERY_STRING'])}",
        "later": f"?page={PAGE}",
        "files": f"?{query_of_files(request.GET)}",
        "chosen": render_to_string("claims/_chosen.html", context, request),
        "total": str(TOTAL),
        "cards": str(CARDS),
    }
    if has_pages:
        stand_ins["paging"] = render_to_string("includes/_paging.html", context, request)
        stand_ins |= {"first_item": str(FIRST_ITEM), "last_item": str(LAST_ITEM)}
    for name, own in facet_contexts.items():
        stand_ins[name] = render_to_string("claims/_facet.html", own)
    context["facets"] = [own["facet"] for own in facet_contexts.values()]
    return Frame(render_to_string("claims/list.html", context, request), stand_ins)


def chosen_html(language, path, filters):
    values = {
        f"{name}{place}": escape(value) for place, each in enumerate(filters) for name, value in each.items()
    }
    return chosen_frame(language, path, len(filters)).filled(values)


@lru_cache(maxsize=64)
def chosen_frame(_language, path, number):
    filters = [
        {name: f"{name}-{place}-{WORD}" for name in ("label", "value", "without")} for place in range(number)
    ]
    stand_ins = {f"{name}{place}": text for place, each in enumerate(filters) for name, text in each.items()}
    return Frame(render_to_string("claims/_chosen.html", {"chosen": filters}, asking(path)), stand_ins)


def paging_html(language, request, page):
    if page.last == 1:
        return ""
    values = {"number": str(page.number), "last": str(page.last)}
    for name, number in (("previous", page.previous), ("next", page.next)):
        values[name] = escape(address_with({"request": request}, page=number)) if number else ""
    return paging_frame(language, bool(page.previous), bool(page.next)).filled(values)


@lru_cache(maxsize=16)
def paging_frame(_language, has_previous, has_next):
    request = asking("")
    page = SimpleNamespace(number=PAGE, last=LAST, previous=has_previous and PREVIOUS, next=has_next and NEXT)
    stand_ins = {"number": str(PAGE), "last": str(LAST)}
    for name, number in (("previous", page.previous), ("next", page.next)):
        if number:
            stand_ins[name] = escape(address_with({"request": request}, page=number))
    return Frame(render_to_string("includes/_paging.html", {"page": page}, request), stand_ins)


def facet_html(language, facet, strength_min):
    name, choices = facet["name"], facet["choices"]
    is_folded = name in ("topic", "design")
    shown = len(choices[:OPEN]) if is_folded else len(choices)
    at_least = strength_min if name == "strength" else ""
    frame = facet_frame(language, name, at_least, shown, len(choices) - shown, facet["rest"])
    return frame.filled(
        {"open": choice_boxes(name, choices[:shown]), "folded": choice_boxes(name, choices[shown:])}
    )


@lru_cache(maxsize=1024)
def facet_frame(_language, name, strength_min, shown, folded, rest):
    choices = [
        {"code": f"{place}-{WORD}", "label": "", "count": 0, "is_chosen": False}
        for place in range(shown + folded)
    ]
    context = {
        "facet": {"name": name, "label": label_of(name), "choices": choices, "rest": rest},
        "filter": ClaimFilter(),
    }
    html = render_to_string("claims/_facet.html", context, asking("", strength_min=strength_min))
    boxes = {"open": choices[:shown], "folded": choices[shown:]}
    return Frame(html, {place: choice_boxes(name, drawn) for place, drawn in boxes.items() if drawn})


def asking(path, **parameters):
    """A request for page PAGE with these parameters and a stand-in for others."""
    request = HttpRequest()
    asked = QueryDict(f"page={PAGE}&of={WORD}", mutable=True)
    asked.update({name: value for name, value in parameters.items() if value})
    request.GET, request.META["QUERY_STRING"] = asked, asked.urlencode()
    request.path = request.path_info = path
    request.resolver_match = SimpleNamespace(view_name="claims:list")
    return request
