"""The rows of evidence in the document of a version: what a study found, in which publication, and which way it points.

What a row does not have is left out where documents from before it existed must keep their bytes.
"""

from claims.choices import Directness, EffectMeasure, EvidenceDirection, QuoteRole
from claims.formats.derived import PAIRED, derived_from
from claims.formats.terms import both, term
from claims.synthesis.numbers import Reported
from studies.choices import Design, RiskOfBias
from studies.references import csl_item, reference_text


def evidence_entry(row):
    study, publication = row.study, row.publication.leads_to
    return {
        "study": {
            "key": study.key,
            "label": study.label,
            "design": term(Design(study.design)),
            "species": study.species,
            "participants": study.participants,
        },
        "publication": {
            "key": publication.key,
            "reference": reference_text(csl_item(publication_fields(publication)), "vancouver", "en"),
            "year": publication.year,
            "doi": publication.doi,
            "pmid": publication.pmid,
            "pmcid": publication.pmcid,
            "url": publication.url or None,
        },
        "direction": term(EvidenceDirection(row.direction)),
        "directness": term(Directness(row.directness)),
        "outcome_measure": both(row, "outcome_measure"),
        "finding": both(row, "finding"),
        "effect": effect(row),
        **arms_entry(row),
        "n": row.n,
        "locator": row.locator or None,
        "counts_in_synthesis": row.counts_in_synthesis,
        "note": both(row, "note"),
        **own_risk_of_bias(row),
        **quote_entry(row),
        "is_secondary": row.is_secondary,
        "verified_from": row.verified_from or None,
    }


def own_risk_of_bias(row):
    """Nothing for a result that is judged with its study, so that documents without one have the bytes they always had."""
    if not row.risk_of_bias:
        return {}
    return {
        "risk_of_bias": term(RiskOfBias(row.risk_of_bias)),
        "risk_of_bias_reason": both(row, "risk_of_bias_reason"),
    }


def arms_entry(row):
    """Nothing for a row without numbers per arm or a standard error, for the same reason; else what follows from them too."""
    if not row.arms and row.standard_error is None:
        return {}
    derived = derived_from(Reported.by(row, is_paired=row.study.design in PAIRED))
    return ({"arms": row.arms} if row.arms else {}) | ({"derived": derived} if derived else {})


def quote_entry(row):
    """Nothing for a row without a quote, for the same reason."""
    if not row.quote:
        return {}
    return {
        "quote": {
            "text": row.quote,
            "language": row.publication.leads_to.language or None,
            "role": term(QuoteRole(row.quote_role)),
            "checked_on": row.quote_checked_on and row.quote_checked_on.isoformat(),
        }
    }


def publication_fields(publication):
    names = (
        "key",
        "title",
        "authors",
        "container_title",
        "year",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "pmcid",
        "url",
        "language",
    )
    title = publication.title if publication.title_is_verified else f"[{publication.title}]"
    return {name: getattr(publication, name) for name in names} | {
        "type": publication.csl_type,
        "title": title,
    }


def effect(row):
    if not row.measure and row.p_value is None and not row.p_text:
        return None
    return {
        "measure": term(EffectMeasure(row.measure)) if row.measure else None,
        "label": both(row, "measure_label"),
        "estimate": row.estimate,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "ci_level": row.ci_level,
        **standard_error(row),
        "unit": both(row, "unit"),
        "p_value": row.p_value,
        "p_text": row.p_text or None,
    }


def standard_error(row):
    """Nothing for an effect without one, so that documents from before have the bytes they always had."""
    return {} if row.standard_error is None else {"standard_error": row.standard_error}
