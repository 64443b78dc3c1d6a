"""Cutting a queryset into pages by the `page` and `page_size` of the address, or walking it by its `cursor`."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import F
from django.utils.translation import gettext as _

SIZE, MOST, DEEPEST = 25, 200, 10_000
START = "*"  # the cursor to begin a walk with


class BadPage(ValueError):
    """A page that does not exist or may not be asked for. `name` is the parameter, the text says why."""

    def __init__(self, name, sentence):
        super().__init__(sentence)
        self.name = name


class TooDeep(BadPage):
    """A page that is there, and that counting up to would cost too much."""


@dataclass(frozen=True)
class Page:
    items: list
    number: int
    size: int
    total: int

    @property
    def last(self):
        return max(1, -(-self.total // self.size))

    @property
    def first_item(self):
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last_item(self):
        return (self.number - 1) * self.size + len(self.items)

    @property
    def previous(self):
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self):
        return self.number + 1 if self.number < self.last else None


@dataclass(frozen=True)
class Stretch:
    """A piece of a walk. `next` is the cursor to go on with, or None at the end."""

    items: list
    size: int
    next: str | None


def page_of(queryset, parameters, *, total=None, size=SIZE):
    """The page that the parameters ask for. Raises BadPage; counts with one query unless `total` is known."""
    size = size_asked(parameters, size)
    number = whole(parameters, "page", 1)
    if (number - 1) * size >= DEEPEST:
        raise TooDeep(
            "page", _("reaches past the first %(most)s records; narrow the filters.") % {"most": DEEPEST}
        )
    total = queryset.count() if total is None else total
    if number > 1 and (number - 1) * size >= total:
        raise BadPage(
            "page", _("is past the end; the last page is %(last)s.") % {"last": max(1, -(-total // size))}
        )
    start = (number - 1) * size
    return Page(list(queryset[start : start + size]), number, size, total)


def stretch_of(queryset, parameters, *, by, size=SIZE):
    """The records after the cursor, in the order of `by`: a unique column that never changes and grows with new records.

    So whatever is written between two pieces, each record that was there all the time comes once. Raises BadPage.
    """
    size = size_asked(parameters, size)
    if "page" in parameters:
        raise BadPage("page", _("does not go with cursor."))
    queryset = queryset.order_by(by).annotate(place=F(by))
    salt = f"cursor {queryset.model._meta.label} {by}"
    if parameters["cursor"] != START:
        queryset = queryset.filter(**{f"{by}__gt": place_of(parameters["cursor"], salt)})
    rows = list(queryset[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return Stretch(rows, size, signing.Signer(salt=salt).sign_object(rows[-1].place) if more else None)


def place_of(cursor, salt):
    try:
        return signing.Signer(salt=salt).unsign_object(cursor)
    except signing.BadSignature:
        raise BadPage("cursor", _("is not one that was given out here; begin with *.")) from None


def size_asked(parameters, size):
    size = whole(parameters, "page_size", size)
    if size > MOST:
        raise BadPage("page_size", _("is at most %(most)s.") % {"most": MOST})
    return size


def whole(parameters, name, default):
    text = parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0):
        raise BadPage(name, _("is a whole number from 1."))
    return int(text)
