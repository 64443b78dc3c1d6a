"""Links to the files of what a page shows, for other programs."""

from django import template

from kb.lib.files import CITATION, CLAIM, CONCEPTS, SHEETS

register = template.Library()

KINDS = {"record": SHEETS, "claim": CLAIM, "citation": CITATION, "concepts": CONCEPTS}
OF_A_PAGE = ("page", "page_size", "ordering", "lang")


@register.inclusion_tag("includes/_formats.html", takes_context=True)
def formats_of(context, address, kind="record"):
    """The same as `files_of`, and the record itself, for the head of the page."""
    query = "" if "/" in address else query_of_files(context["request"].GET)
    record = f"/api/v1/{address}/{'?' if query else ''}{query}"
    return files_of(context, address, kind) | {"record": record}


@register.inclusion_tag("includes/_files.html", takes_context=True)
def files_of(context, address, kind="record", language=""):
    """The formats that there are of /api/v1/`address`, with the filters of this page where it is a list's."""
    filters = "" if "/" in address else query_of_files(context["request"].GET)
    query = f"lang={language}" if language else filters
    files = [
        {"address": f"/api/v1/{address}.{suffix}{'?' if query else ''}{query}", "form": form}
        for suffix, form in KINDS[kind].items()
    ]
    return {"files": files}


def query_of_files(parameters):
    """What of the parameters of a list its files take: the filters."""
    asked = parameters.copy()
    for name in OF_A_PAGE:
        asked.pop(name, None)
    return asked.urlencode()
