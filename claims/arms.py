"""Numbers per arm as a report gives them, {"treated": {...}, "control": {...}}, and what of them cannot be.

For a mean difference each arm has n, mean and sd, or se where only the standard error of the mean is printed; for a ratio or
difference of risks n and events (Cochrane Handbook 6.5, sections 6.4.1, 6.5.1 and 6.5.2.2). What follows from them is worked out where results are pooled, and is marked as such there (`claims.pools`).
"""

import math

from django.utils.translation import gettext_lazy as _

from claims.choices import EffectMeasure

ARMS = ("treated", "control")
MEANS, COUNTS = (("n", "mean", "sd"), ("n", "mean", "se")), (("n", "events"),)
NAMES = ("n", "mean", "sd", "se", "events")
NEEDED = dict.fromkeys((EffectMeasure.MD, EffectMeasure.SMD), MEANS) | dict.fromkeys(
    (EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.RD), COUNTS
)
UNKNOWN = _("This is not numbers of two arms, “treated” and “control”.")
NO_ARMS = _("Numbers per arm go with a mean difference, a ratio of risks or odds, or a risk difference.")
INCOMPLETE = _("Of this measure both arms have %(names)s, and nothing else.")
NOT_A_NUMBER = _("This is not a number.")
TOO_FEW = _("An arm has at least %(least)s people.")
NOT_WHOLE = _("People and events are counted in whole numbers.")
NO_SPREAD = _("A standard deviation is above zero.")
NO_ERROR = _("A standard error is above zero.")
TOO_MANY = _("There cannot be more events than people.")
NEGATIVE = _("There cannot be fewer events than none.")


def problems_of(arms, measure):
    """{(arm, name): sentence} of what cannot be; the arm and the name are "" where it is about all of it."""
    if arms is None:
        return {}
    if not (
        isinstance(arms, dict) and set(arms) == set(ARMS) and all(isinstance(arms[arm], dict) for arm in ARMS)
    ):
        return {("", ""): UNKNOWN}
    needed = NEEDED.get(measure)
    if needed is None:
        return {("", ""): NO_ARMS}
    if any(set(arms[arm]) not in map(set, needed) for arm in ARMS):
        return {("", ""): INCOMPLETE % {"names": " / ".join(map(", ".join, needed))}}
    return {(arm, name): sentence for arm in ARMS for name, sentence in problems_of_one(arms[arm]).items()}


def problems_of_one(arm):
    odd = {name: NOT_A_NUMBER for name, value in arm.items() if not is_number(value)}
    if odd:
        return odd
    found = {name: NOT_WHOLE for name in ("n", "events") if arm.get(name, 0) != int(arm.get(name, 0))}
    least = 2 if "mean" in arm else 1
    if arm["n"] < least:
        found.setdefault("n", TOO_FEW % {"least": least})
    if arm.get("sd", 1) <= 0:
        found["sd"] = NO_SPREAD
    if arm.get("se", 1) <= 0:
        found["se"] = NO_ERROR
    if arm.get("events", 0) < 0:
        found["events"] = NEGATIVE
    elif arm.get("events", 0) > arm["n"]:
        found.setdefault("events", TOO_MANY)
    return found


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
