"""The parameter `fields`: which members of a record to keep, by the names that its serializer declares."""

from functools import cache

from django.utils.translation import gettext as _
from rest_framework import serializers


@cache
def members_of(shape, leaves=()):
    """{member: names of its own members, or none} of a serializer class. Of `leaves`, serializer classes too, none are told."""
    return {name: inner_names(field, leaves) for name, field in shape().fields.items()}


def inner_names(field, leaves):
    field = getattr(field, "child", field)
    is_open = isinstance(field, serializers.Serializer) and not isinstance(field, leaves)
    return tuple(field.fields) if is_open else ()


def members_asked(text, known):
    """{member: its members to keep, or None for all of it}. Raises ValueError, with a sentence that says what is known."""
    wanted = {}
    for name in text.split(","):
        outer, dot, inner = name.strip().partition(".")
        if outer not in known:
            raise ValueError(unknown(outer, known))
        if dot and inner not in known[outer]:
            raise ValueError(unknown(f"{outer}.{inner}", [f"{outer}.{each}" for each in known[outer]]))
        if not dot:
            wanted[outer] = None
        elif wanted.setdefault(outer, set()) is not None:
            wanted[outer].add(inner)
    return wanted


def unknown(name, known):
    words = {"name": name or '""', "known": ", ".join(known) or _("none")}
    return _("%(name)s is not a member here. Known are: %(known)s.") % words


def kept(record, wanted):
    """The record with these members alone, in its own order."""
    return {name: within(value, wanted[name]) for name, value in record.items() if name in wanted}


def within(value, names):
    if names is None or value is None:
        return value
    if isinstance(value, list):
        return [within(inner, names) for inner in value]
    return {name: inner for name, inner in value.items() if name in names}
