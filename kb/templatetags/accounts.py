"""Who reads this page, without a look at the session of whoever has none."""

from django import template
from django.conf import settings
from django.db import DatabaseError, InterfaceError

register = template.Library()


@register.simple_tag(takes_context=True)
def signed_in_person(context):
    """The person, or None; also None on the page that says the database is away."""
    request = context.get("request")
    if settings.SESSION_COOKIE_NAME not in getattr(request, "COOKIES", {}) or not hasattr(request, "user"):
        return None
    try:
        return request.user if request.user.is_authenticated else None
    except (DatabaseError, InterfaceError):
        return None
