"""The numbers of one result as its source prints them: what is worked out from them starts here and changes none of them."""

from dataclasses import dataclass, fields

from claims.choices import EffectMeasure

IN_A_UNIT = (EffectMeasure.MD, EffectMeasure.MEAN_CHANGE, EffectMeasure.RD)
BOUNDS = ("<", ">", "≤", "≥")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """None, or "" for a text, is what the source does not print.

    `standard_error` is on the pooled scale: of the logarithm for a ratio, of Fisher's z for a correlation. Of a paired
    design the numbers per arm do not give the error, since how both measurements go together is not in them.
    """

    measure: str
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_level: int = 95
    standard_error: float | None = None
    p_value: float | None = None
    p_text: str = ""
    arms: dict | None = None
    unit_en: str = ""
    is_paired: bool = False

    @classmethod
    def by(cls, row, *, is_paired=False):
        """The numbers of whatever has them under these names, such as a row of evidence."""
        names = [field.name for field in fields(cls) if field.name != "is_paired"]
        return cls(**{name: getattr(row, name) for name in names}, is_paired=is_paired)

    @property
    def p_bound(self):
        """The sign where p is printed as a bound ("< 0.001"), else ""."""
        return next((sign for sign in BOUNDS if sign in self.p_text), "")

    @property
    def unit(self):
        return plain(self.unit_en) if self.measure in IN_A_UNIT else ""

    @property
    def has_interval(self):
        return None not in (self.estimate, self.ci_low, self.ci_high)


def plain(words):
    return " ".join(words.casefold().split())
