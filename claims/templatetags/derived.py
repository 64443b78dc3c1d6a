"""Numbers per arm as they were printed, and what we worked out from the numbers of a result: marked as such."""

from django import template
from django.utils.translation import gettext_lazy as _

from claims.formats.derived import derived_in, entry_of
from claims.pools import SOURCES

register = template.Library()

NAMES = {
    "estimate": _("effect"),
    "standard_error": _("standard error"),
    "ci_low": _("lower limit (95%)"),
    "ci_high": _("upper limit (95%)"),
    "treated.sd": _("treated: standard deviation"),
    "control.sd": _("control: standard deviation"),
}
SCALES = {"logarithm": _("(of the logarithm)"), "fisher-z": _("(of Fisher’s z)")}
ARMS = {"treated": _("treated"), "control": _("control")}
IN_AN_ARM = {"n": "n", "mean": _("mean"), "sd": _("SD"), "se": _("SE"), "events": _("events")}


@register.filter
def derived(row):
    """What follows from the numbers of this row of a document."""
    return derived_in(row)


@register.filter
def as_entries(found):
    """What was worked out just now, as records have it."""
    return [entry_of(each) for each in found]


@register.filter
def by_formula(entries):
    """[{"formula", "source", "entries"}]: a formula once, with the numbers that it gave."""
    found = {}
    for each in entries:
        same = found.setdefault(
            each["formula"]["code"],
            {
                "formula": each["formula"],
                "source": each["source"],
                "made_from": each["made_from"],
                "entries": [],
            },
        )
        same["entries"].append(each)
    return list(found.values())


@register.filter
def effect_in(entries):
    """{"estimate", "ci_low", "ci_high", "made_from"} where an effect or its whole interval was worked out, else None."""
    found = {each["name"]: each["value"] for each in entries}
    if not {"ci_low", "ci_high"} <= found.keys():
        return None
    made_from = next(each["made_from"] for each in entries if each["name"] == "ci_low")
    return found | {"made_from": SOURCES[made_from]}


@register.filter
def name_words(entry):
    return NAMES[entry["name"]]


@register.filter
def scale_words(entry):
    return SCALES.get(entry["scale"], "")


@register.filter
def source_of(entry):
    return SOURCES[entry["made_from"]]


@register.filter
def arms_in_words(arms):
    """[(arm, [(name, number)])] of numbers per arm."""
    return [
        (words, [(IN_AN_ARM[name], arms[arm][name]) for name in IN_AN_ARM if name in arms[arm]])
        for arm, words in ARMS.items()
    ]
