"""A filter set that refuses what it does not know, and says what was probably meant."""

from difflib import get_close_matches

from django.utils.translation import gettext as _
from django_filters import FilterSet, MultipleChoiceFilter

LONGEST = 300
MOST_WORDS = 32


class AnyOf(MultipleChoiceFilter):
    """A parameter that may be repeated: any of its values will do."""


class StrictFilterSet(FilterSet):
    """`problems` is {parameter: sentence}; a page shows them, the API answers 400 with them."""

    also_known = frozenset()  # parameters of the page or API that filter nothing, such as "page"

    @property
    def known(self):
        return {*self.filters, *self.also_known}

    @property
    def problems(self):
        found = {}
        for name in self.data:
            if name not in self.known:
                near = get_close_matches(name, self.known, n=1)
                hint = (
                    _("Did you mean %(near)s?") % {"near": near[0]}
                    if near
                    else _("Known are: %(known)s.") % {"known": ", ".join(sorted(self.known))}
                )
                found[name] = _("is not a parameter here.") + f" {hint}"
        for name, values in lists_of(self.data):
            if any("\x00" in value or len(value) > LONGEST for value in values):
                found.setdefault(
                    name, _("holds a null character or more than %(most)s characters.") % {"most": LONGEST}
                )
            if name == "q" and any(len(value.split()) > MOST_WORDS for value in values):
                found.setdefault(name, _("has more than %(most)s words.") % {"most": MOST_WORDS})
            if name in self.single and len(values) > 1:
                found.setdefault(name, _("may be given once."))
        if not found:
            for name, errors in self.form.errors.items():
                found[name] = " ".join((*errors, *self.hints(name)))
        return found

    def hints(self, name):
        """The values of a fixed list, where this is one."""
        codes = [code for code, _label in getattr(self.form.fields.get(name), "choices", ()) if code]
        return [_("Known are: %(known)s.") % {"known": ", ".join(map(str, codes))}] if codes else []

    @property
    def single(self):
        """The parameters that may be given once; of the others a repeated one means any of them."""
        return {name for name in self.known if not isinstance(self.filters.get(name), AnyOf)}

    def matching(self, *, leaving_out=None):
        """The queryset after every filter but this one: what the counts beside its choices are counted over."""
        queryset = self.queryset.all()
        for name, filter_ in self.filters.items():
            value = self.form.cleaned_data.get(name)
            if name != leaving_out:
                queryset = filter_.filter(queryset, value)
        return queryset


def lists_of(data):
    return data.lists() if hasattr(data, "lists") else ((name, [str(value)]) for name, value in data.items())
