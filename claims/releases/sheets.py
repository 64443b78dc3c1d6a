"""The tables of a release as CSV: fewer than the JSON Lines, flat, of what stands or last stood of each claim."""

from claims.choices import VersionState
from claims.exports import TOPICS
from claims.models import Claim, ClaimVersion, Evidence, Judgement
from kb.lib.tables import Reference, Table
from studies.exports import PUBLICATIONS, STUDIES

IDENTITY = ("slug", "kind", "direction", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_nl")
PICO = ("intervention", "outcome", "comparator", "population", "condition")
VERSION = (
    "number", "statement_en", "statement_nl", "summary_en", "summary_nl", "population_en", "population_nl",
    "comparator_en", "comparator_nl", "caveats_en", "caveats_nl", "scheme", "evidence_state", "start", "strength",
    "strength_in_people", "verdict", "effect_size", "rationale_en", "rationale_nl", "would_change_en",
    "would_change_nl", "searched_through", "next_review_due", "published_at",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "position", "outcome_measure_en", "outcome_measure_nl", "direction", "directness", "finding_en", "finding_nl",
    "measure", "measure_label_en", "measure_label_nl", "estimate", "ci_low", "ci_high", "ci_level",
    "standard_error", "unit_en", "unit_nl", "p_value", "p_text", "arms", "n", "locator", "counts_in_synthesis", "note_en", "note_nl",
    "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl",
)  # fmt: skip

CLAIMS = Table(
    name="claims",
    model=ClaimVersion,
    key=("accession",),
    references={
        "accession": Reference("", "claim__accession"),
        **{name: Reference("", f"claim__{name}") for name in IDENTITY},
        **{f"{name}_topic": Reference("topics", f"claim__{name}__slug") for name in PICO},
        "merged_into": Reference("claims", "claim__merged_into__accession"),
    },
    columns=VERSION,
)
EVIDENCE = Table(
    name="evidence",
    model=Evidence,
    key=("claim", "position", "study", "outcome_measure_en"),
    references={
        "claim": Reference("claims", "version__claim__accession"),
        "number": Reference("", "version__number"),
        "study": Reference("studies", "study__key"),
        "publication": Reference("publications", "publication__key"),
    },
    columns=EVIDENCE_COLUMNS,
)
JUDGEMENTS = Table(
    name="judgements",
    model=Judgement,
    key=("claim", "domain"),
    references={
        "claim": Reference("claims", "version__claim__accession"),
        "number": Reference("", "version__number"),
    },
    columns=("domain", "step", "reason_en", "reason_nl"),
)
SHEETS = (CLAIMS, EVIDENCE, JUDGEMENTS, STUDIES, PUBLICATIONS, TOPICS)
UNIQUE_KEY = {"evidence": ("claim", "study", "outcome_measure_en")}  # position is order alone
TITLES = {
    "claims": "Claims as they stand or last stood, one a row",
    "evidence": "What studies found for each claim",
    "judgements": "Why each claim has its rating (GRADE)",
    "studies": "Studies",
    "publications": "Publications about the studies",
    "topics": "Topics",
}


def public_queryset(sheet, topics):
    """What of a sheet readers may have; `topics` answers with those that may be told."""
    shown = ClaimVersion.objects.filter(
        state=VersionState.PUBLISHED, claim__in=Claim.objects.ever_published()
    )
    asked = {
        "claims": lambda: shown,
        "evidence": lambda: Evidence.objects.filter(version__in=shown),
        "judgements": lambda: Judgement.objects.filter(version__in=shown),
        "topics": topics,
    }
    return asked[sheet.name]() if sheet.name in asked else sheet.model.objects.all()
