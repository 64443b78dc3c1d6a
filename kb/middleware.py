"""When the database cannot answer or cannot take a value: a clear answer instead of a server error."""

from django.db import DataError, InterfaceError, OperationalError
from django.shortcuts import render
from django.utils.translation import gettext as _

from kb.lib.problems import problem

TOO_LONG = "57014"  # query_canceled: the statement took longer than it may


def database_trouble(get_response):
    """503 with Retry-After where the database is away or too slow, 400 where it cannot hold a value."""

    def middleware(request):
        return get_response(request)

    def process_exception(request, error):
        if isinstance(error, OperationalError | InterfaceError):
            slow = getattr(error.__cause__, "pgcode", None) == TOO_LONG
            words = (
                _("This took too long; ask for less.") if slow else _("The database is away for a moment.")
            )
            return answer(request, 503, words)
        if isinstance(error, DataError):
            return answer(request, 400, _("A value in the address or the form cannot be kept."))
        return None

    middleware.process_exception = process_exception
    return middleware


def answer(request, status, words):
    headers = {"Retry-After": "5"} if status == 503 else {}
    if request.path.startswith("/api/"):
        return problem(status, words, headers=headers)
    response = render(request, "trouble.html", {"words": words}, status=status)
    for name, value in headers.items():
        response[name] = value
    return response
