"""What follows from the numbers that a source prints, each with what it was made from and by which formula.

Nothing here takes the place of a number that was printed. Sources: Cochrane Handbook 6.5, sections 6.3.1 and 6.3.2 (errors,
intervals and p), 6.4.1 and 6.5.1 (effects from arms), 6.5.2.2 (standard deviations); Borenstein, Hedges, Higgins and
Rothstein 2009, chapters 4 and 5. An interval that is worked out is one of 95% by the normal distribution.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from claims.choices import EffectMeasure
from claims.synthesis.reported import sd_from_se
from claims.synthesis.scales import RATIOS, printed_scale
from claims.synthesis.sources import effect_of

DIFFERENCES, LOGARITHMS = "Cochrane Handbook 6.5, 6.3.1", "Cochrane Handbook 6.5, 6.3.2"
MEANS, COUNTS = "Cochrane Handbook 6.5, 6.5.1", "Cochrane Handbook 6.5, 6.4.1"
FORMULAS = {  # code: what people read, and where it stands
    "sd-from-se": (_("SD = SE × √n"), "Cochrane Handbook 6.5, 6.5.2.2"),
    "md-from-means": (
        _("mean₁ − mean₂, SE = √(SD₁²/n₁ + SD₂²/n₂)"),
        f"{MEANS}; Borenstein 2009, 4.2 and 4.6",
    ),
    "smd-from-means": (
        _("Hedges’ g = J × (mean₁ − mean₂) / pooled SD, SE = √(1/n₁ + 1/n₂ + g²/(2(n₁ + n₂)))"),
        f"{MEANS}; Hedges and Olkin 1985, chapter 5",
    ),
    "rr-from-counts": (
        _("(a/n₁) / (c/n₂), SE of the logarithm = √(1/a − 1/n₁ + 1/c − 1/n₂)"),
        f"{COUNTS}; Borenstein 2009, 5.2 and 5.3",
    ),
    "or-from-counts": (
        _("ad / bc, SE of the logarithm = √(1/a + 1/b + 1/c + 1/d)"),
        f"{COUNTS}; Borenstein 2009, 5.9 and 5.10",
    ),
    "rd-from-counts": (
        _("a/n₁ − c/n₂, SE = √(ab/n₁³ + cd/n₂³)"),
        f"{COUNTS}; Borenstein 2009, 5.15 and 5.16",
    ),
    "se-from-interval": (_("SE = width of the interval / (2 × z)"), DIFFERENCES),
    "log-se-from-interval": (_("SE of the logarithm = (ln upper − ln lower) / (2 × z)"), LOGARITHMS),
    "z-se-from-interval": (
        _("SE of Fisher’s z = (artanh upper − artanh lower) / (2 × z)"),
        f"{DIFFERENCES}; Borenstein 2009, 6.2",
    ),
    "se-from-p": (_("SE = estimate / z, with the z of this p"), DIFFERENCES),
    "log-se-from-p": (_("SE of the logarithm = ln estimate / z, with the z of this p"), LOGARITHMS),
    "z-se-from-p": (
        _("SE of Fisher’s z = artanh estimate / z, with the z of this p"),
        f"{DIFFERENCES}; Borenstein 2009, 6.2",
    ),
    "interval-from-se": (_("estimate ± 1.96 × SE"), DIFFERENCES),
    "log-interval-from-se": (_("exp(ln estimate ± 1.96 × SE)"), LOGARITHMS),
    "z-interval-from-se": (
        _("tanh(artanh estimate ± 1.96 × SE)"),
        f"{DIFFERENCES}; Borenstein 2009, 6.2 and 6.5",
    ),
}
SCALES = dict.fromkeys(RATIOS, "logarithm") | {EffectMeasure.R: "fisher-z"}
PREFIX = dict.fromkeys(RATIOS, "log-") | {EffectMeasure.R: "z-"}


@dataclass(frozen=True)
class Derived:
    """`name` is that of the number where a source would print it, such as "ci_low" or "treated.sd".

    `made_from` is a key of `sources.MADE_BY`, `formula` one of FORMULAS; `scale` says of a standard error what it is of,
    "" for the effect as it is printed.
    """

    name: str
    value: float
    made_from: str
    formula: str
    scale: str = ""


def derived_of(reported):
    """A Derived for each number that follows from what is printed and is not printed itself.

    Where the numbers per arm give the effect, it stands beside whatever is printed of it, since that is what is pooled.
    """
    effect, made_from = effect_of(reported)
    if effect is None:
        return ()
    prefix = PREFIX.get(reported.measure, "")
    found = list(spreads_of(reported)) if made_from == "arms" else []
    by = effect_formula(reported, made_from, prefix)
    low, high = (printed_scale(reported.measure, end) for end in effect.interval())
    is_from_arms = made_from == "arms"
    if is_from_arms:
        found.append(Derived("estimate", effect.printed, made_from, by))
    if made_from != "standard-error":
        found.append(Derived("standard_error", effect.se, made_from, by, SCALES.get(reported.measure, "")))
    for name, end in (("ci_low", low), ("ci_high", high)):
        if is_from_arms or (not reported.has_interval and getattr(reported, name) is None):
            found.append(Derived(name, end, made_from, f"{prefix}interval-from-se"))
    return tuple(each for each in found if each.value is not None)


def effect_formula(reported, made_from, prefix):
    if made_from != "arms":
        return f"{prefix}se-from-{made_from}"
    counts = "means" if reported.measure in (EffectMeasure.MD, EffectMeasure.SMD) else "counts"
    return f"{reported.measure.lower()}-from-{counts}"


def spreads_of(reported):
    """The standard deviation of each arm of which the source prints the standard error."""
    for arm in ("treated", "control"):  # jsonb keeps no order
        numbers = reported.arms[arm]
        if "se" in numbers:
            yield Derived(f"{arm}.sd", sd_from_se(se=numbers["se"], n=numbers["n"]), "arms", "sd-from-se")
