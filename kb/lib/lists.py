"""A list of the API: its body from a page or a stretch of a walk, its links, and the parameters that cut it."""

from urllib.parse import urlencode

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
        numbers = {"first": 1, "prev": piece.previous, "next": piece.next}
        return {name: address(request, page=number) for name, number in numbers.items() if number}
    cursors = {"first": START, "next": piece.next}
    return {name: address(request, cursor=cursor) for name, cursor in cursors.items() if cursor}


def list_record(request, piece, records):
    """The body of a list. Of a walk nobody counts what is still to come."""
    beside = neighbours(request, piece)
    is_page = isinstance(piece, Page)
    return {
        "count": piece.total if is_page else None,
        "page": piece.number if is_page else None,
        "page_size": piece.size,
        "next": beside.get("next"),
        "previous": beside.get("prev"),
        "results": records,
    }


def list_text(request, piece, texts, **more):
    """The body of a list of records that are JSON text already, with `more` members before them."""
    head = list_record(request, piece, [])
    head.pop("results")
    return with_results({**head, **more, "results": []}, texts)


def with_results(head, texts):
    """A record as JSON text whose last member, the empty list `results`, holds these texts."""
    return f"{canonical(head)[:-2]}{','.join(texts)}]}}"


def link_list(response, request, piece):
    found = [link(where, relation) for relation, where in neighbours(request, piece).items()]
    add_links(response, *found, *general_links())


def general_links():
    return (link(f"{settings.SITE_URL}{SCHEMA}", "service-desc"), link(LICENCE, "license"))


def address(request, **changed):
    parameters = dict(request.query_params.lists()) | changed
    return f"{settings.SITE_URL}{request.path}?{urlencode(parameters, doseq=True)}"
