"""Claims and their evidence as rows of a table."""

from django.conf import settings

from claims.formats.derived import derived_in
from kb.lib.jsonlines import canonical

CLAIM = (
    "accession", "version", "permalink", "kind", "statement_en", "statement_nl", "plain_sentence_en", "plain_sentence_nl",
    "intervention", "outcome", "population", "condition", "direction", "scheme", "strength", "strength_value", "verdict",
    "effect_size", "evidence_state", "under_review", "studies", "supports", "disputes", "no_difference", "inconclusive",
    "searched_through", "next_review_due", "updated_at",
)  # fmt: skip
DERIVED = ("estimate", "standard_error", "ci_low", "ci_high")
EVIDENCE = (
    "accession", "version", "study", "label", "design", "species", "participants", "publication", "year", "doi", "pmid", "standing", "direction",
    "directness", "outcome_measure_en", "outcome_measure_nl", "finding_en", "finding_nl", "measure", "estimate", "ci_low", "ci_high",
    "ci_level", "standard_error", "unit_en", "p_value", "p_text", "n", "locator", "counts_in_synthesis",
    "arms", *(f"derived_{name}" for name in DERIVED), "derived_from", "derived_by",
)  # fmt: skip


def claim_row(document, *, under_review=False):
    about, rating, tallies = document["about"], document["rating"], document["tallies"]
    return (
        document["accession"],
        document["version"],
        f"{settings.SITE_URL}{document['path']}",
        document["kind"]["code"],
        *both(document["statement"]),
        *both(document["plain_sentence"]),
        *(
            about[name] and about[name]["slug"]
            for name in ("intervention", "outcome", "population", "condition")
        ),
        code(about["direction"]),
        code(rating["scheme"]),
        code(rating["strength"]),
        rating["strength"] and rating["strength"]["value"],
        code(rating["verdict"]),
        code(rating["effect_size"]),
        code(rating["evidence_state"]),
        under_review,
        *(tallies[name] for name in ("studies", "supports", "disputes", "no-difference", "inconclusive")),
        document["searched_through"],
        document["next_review_due"],
        document["updated_at"],
    )


def evidence_rows(document, retracted):
    """`retracted` are the keys of the publications that were."""
    for row in document["evidence"]:
        study, report, effect = row["study"], row["publication"], row["effect"] or {}
        yield (
            document["accession"],
            document["version"],
            *(study[name] for name in ("key", "label")),
            code(study["design"]),
            study["species"],
            study["participants"],
            *(report[name] for name in ("key", "year", "doi", "pmid")),
            "retracted" if report["key"] in retracted else "",
            code(row["direction"]),
            code(row["directness"]),
            *both(row["outcome_measure"]),
            *both(row["finding"]),
            code(effect.get("measure")),
            *(effect.get(name) for name in ("estimate", "ci_low", "ci_high", "ci_level", "standard_error")),
            (effect.get("unit") or {}).get("en"),
            effect.get("p_value"),
            effect.get("p_text"),
            row["n"],
            row["locator"],
            row["counts_in_synthesis"],
            canonical(row["arms"]) if "arms" in row else None,
            *derived_cells(row),
        )


def derived_cells(row):
    """What we worked out, in columns of its own; then what from, and by which formulas."""
    found = derived_in(row)
    by_name = {each["name"]: each["value"] for each in found}
    return (
        *map(by_name.get, DERIVED),
        found[0]["made_from"] if found else None,
        ";".join(dict.fromkeys(each["formula"]["code"] for each in found)) or None,
    )


def code(entry):
    return entry and entry["code"]


def both(words):
    return (words["en"], words["nl"]) if words else (None, None)
