"""The filters of the list of studies, for the page and the API."""

import django_filters as filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kb.lib.strict import AnyOf, StrictFilterSet
from studies.choices import Design
from studies.models import Study

YEARS = (1800, 2200)


class StudyFilter(StrictFilterSet):
    q = filters.CharFilter(label=_("Words, DOI or PMID"), method="search")
    design = AnyOf(label=_("Design"), choices=Design.choices, distinct=False)
    retracted = filters.ChoiceFilter(
        label=_("Retracted"),
        choices=(("yes", _("Retracted")), ("no", _("Not retracted"))),
        method="by_standing",
    )
    year_min = filters.NumberFilter(label=_("From year"), method="from_year", decimal_places=0)
    year_max = filters.NumberFilter(label=_("To year"), method="to_year", decimal_places=0)

    also_known = frozenset({"page", "page_size"})

    class Meta:
        model = Study
        fields = ()

    def __init__(self, data=None, queryset=None, **options):
        super().__init__(
            data, Study.objects.unmerged().with_standing() if queryset is None else queryset, **options
        )

    @property
    def problems(self):
        found = super().problems
        for name in ("year_min", "year_max"):
            text = self.data.get(name, "")
            if (
                text
                and name not in found
                and not (text.isascii() and text.isdigit() and YEARS[0] <= int(text[:9]) <= YEARS[1])
            ):
                found[name] = gettext("is a year, such as 2012.")
        return found

    def results(self):
        return self.matching().order_by("label", "key")

    def search(self, queryset, name, words):
        return queryset.matching(words)

    def by_standing(self, queryset, name, value):
        return queryset.filter(has_fallen=value == "yes")

    def from_year(self, queryset, name, year):
        """Both years at once, since one report has to lie between them."""
        return queryset.reported(since=year, until=self.form.cleaned_data.get("year_max"))

    def to_year(self, queryset, name, year):
        if self.form.cleaned_data.get("year_min") is not None:
            return queryset
        return queryset.reported(until=year)
