"""What is worked out from the numbers of a result, as records have it: rounded, and with its formula in both languages."""

from functools import cache

from claims.formats.terms import labels
from claims.synthesis.derived import FORMULAS, derived_of
from claims.synthesis.numbers import Reported
from studies.choices import Design

DIGITS = 6  # that count; more would be another number on another machine


def derived_from(reported):
    """[{"name", "value", "scale", "made_from", "formula", "source"}] of what follows from these numbers."""
    return [entry_of(derived) for derived in derived_of(reported)]


def entry_of(derived):
    return {
        "name": derived.name,
        "value": float(f"{derived.value:.{DIGITS}g}"),
        "scale": derived.scale or None,
        "made_from": derived.made_from,
        **formula_entry(derived.formula),
    }


@cache
def formula_entry(code):
    words, source = FORMULAS[code]
    return {"formula": {"code": code, "label": labels(words)}, "source": source}


def derived_in(row):
    """The same of a row of a document: as it was written at publication, else worked out from what was."""
    return row["derived"] if "derived" in row else derived_from(reported_in(row))


def reported_in(row):
    """The numbers of a row of a document as its source prints them."""
    effect = row["effect"] or {}
    return Reported(
        measure=(effect.get("measure") or {}).get("code", ""),
        **{name: effect.get(name) for name in ("estimate", "ci_low", "ci_high", "standard_error", "p_value")},
        ci_level=effect.get("ci_level") or 95,
        p_text=effect.get("p_text") or "",
        arms=row.get("arms"),
        unit_en=(effect.get("unit") or {}).get("en", ""),
        is_paired=row["study"]["design"]["code"] in PAIRED,
    )


PAIRED = (Design.CROSSOVER_RCT,)
