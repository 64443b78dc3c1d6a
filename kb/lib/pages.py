"""Cutting a queryset into pages by the `page` and `page_size` of the address."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

SIZE, MOST, DEEPEST = 25, 200, 10_000


class BadPage(ValueError):
    """A page that does not exist or may not be asked for. `name` is the parameter, the text says why."""

    def __init__(self, name, sentence):
        super().__init__(sentence)
        self.name = name


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


def page_of(queryset, parameters, *, total=None, size=SIZE):
    """The page that the parameters ask for. Raises BadPage; counts with one query unless `total` is known."""
    size = whole(parameters, "page_size", size)
    number = whole(parameters, "page", 1)
    if size > MOST:
        raise BadPage("page_size", _("is at most %(most)s.") % {"most": MOST})
    if (number - 1) * size >= DEEPEST:
        raise BadPage(
            "page", _("reaches past the first %(most)s records; narrow the filters.") % {"most": DEEPEST}
        )
    total = queryset.count() if total is None else total
    if number > 1 and (number - 1) * size >= total:
        raise BadPage(
            "page", _("is past the end; the last page is %(last)s.") % {"last": max(1, -(-total // size))}
        )
    start = (number - 1) * size
    return Page(list(queryset[start : start + size]), number, size, total)


def whole(parameters, name, default):
    text = parameters.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0):
        raise BadPage(name, _("is a whole number from 1."))
    return int(text)
