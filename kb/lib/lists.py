"""A list of the API: its body from a page or a stretch of a walk, its links, and the parameters that cut it."""

from urllib.parse import quote_plus, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from kb.lib.http import add_links, link
from kb.lib.jsonlines import canonical
from kb.lib.pages import START, BadPage, Page, TooDeep, page_of, stretch_of
from kb.lib.reading import BadParameters

CUTTING = {"page", "page_size", "cursor"}
SCHEMA = "/api/v1/schema/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def piece_of(queryset, request, *, by, total=None):
    """A page, or with `cursor` a stretch by this column. Raises BadParameters."""
    asked = request.query_params
    try:
        if "cursor" in asked:
            return stretch_of(queryset, asked, by=by)
        return page_of(queryset, asked, total=total)
    except TooDeep as error:
        walk = _("To have everything, walk the list with cursor=*; all claims are at /api/v1/claims.jsonl.")
        raise BadParameters({error.name: f"{error} {walk}"}) from error
    except BadPage as error:
        raise BadParameters({error.name: str(error)}) from error


def neighbours(request, piece):
    """{relation: address} of what comes first, next and before."""
    if isinstance(piece, Page):
        places = {"first": 1, "prev": piece.previous, "next": piece.next}
        return addresses(request, "page", places)
    return addresses(request, "cursor", {"first": START, "next": piece.next})


def addresses(request, name, places):
    """{relation: address} of this list with another value of the parameter `name`; None is no place."""
    stem = stem_of(request, name)
    return {relation: f"{stem}{quote_plus(str(at))}" for relation, at in places.items() if at is not None}


def address(request, name, place):
    return f"{stem_of(request, name)}{quote_plus(str(place))}"


def stem_of(request, name):
    """The address of this list up to the value of the parameter `name`, which comes last."""
    others = [(other, values) for other, values in request.query_params.lists() if other != name]
    return f"{settings.SITE_URL}{request.path}?{urlencode(others, doseq=True)}{'&' if others else ''}{name}="


def list_record(piece, records, beside):
    """The body of a list between its neighbours. Of a walk nobody counts what is still to come."""
    is_page = isinstance(piece, Page)
    return {
        "count": piece.total if is_page else None,
        "page": piece.number if is_page else None,
        "page_size": piece.size,
        "next": beside.get("next"),
        "previous": beside.get("prev"),
        "results": records,
    }


def list_text(piece, texts, beside, **more):
    """The body of a list of records that are JSON text already, with `more` members before them."""
    return with_results(head_of(piece, beside, more), texts)


def list_as_written(piece, records, beside, **more):
    """The same in bytes, of pieces in bytes that have the commas between the records."""
    head = canonical(head_of(piece, beside, more))[:-2]
    return b"".join([head.encode(), *records, b"]}"])


def head_of(piece, beside, more):
    head = list_record(piece, [], beside)
    head.pop("results")
    return {**head, **more, "results": []}


def with_results(head, texts):
    """A record as JSON text whose last member, the empty list `results`, holds these texts."""
    return f"{canonical(head)[:-2]}{','.join(texts)}]}}"


def link_list(response, beside):
    add_links(response, *list_links(beside))


def list_links(beside):
    """Of a list: its neighbours, and what every answer leads to."""
    return [link(where, relation) for relation, where in beside.items()] + [*general_links()]


def general_links():
    return (link(f"{settings.SITE_URL}{SCHEMA}", "service-desc"), link(LICENCE, "license"))
