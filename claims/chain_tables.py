"""Chains of steps in the interchange format."""

from claims.models import Chain, ChainStep
from kb.lib.tables import Reference, Table

CHAINS = Table(
    name="chains",
    model=Chain,
    key=("slug",),
    columns=("slug", "name_en", "name_nl"),
    references={
        "starts_with": Reference("topics", "starts_with__slug"),
        "article": Reference("articles", "article__slug", required=False),
    },
)
CHAIN_STEPS = Table(
    name="chain_steps",
    model=ChainStep,
    key=("chain", "position"),
    columns=("position",),
    references={
        "chain": Reference("chains", "chain__slug"),
        "leads_to": Reference("topics", "leads_to__slug"),
        "claim": Reference("claims", "claim__accession", required=False),
        "mention": Reference("", "mention__number", required=False),
    },
)
