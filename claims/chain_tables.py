"""Chains of steps in the interchange format."""

from django.db.models import Exists, OuterRef

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


def public_chains():
    """The chains of which something was ever published."""
    carried = ChainStep.objects.filter(chain=OuterRef("pk"), claim__accession__isnull=False)
    return Chain.objects.filter(Exists(carried))


def public_steps():
    return ChainStep.objects.filter(chain__in=public_chains())


def topics_in_chains():
    """Keys of the topics that those chains start with or lead to."""
    chains, steps = public_chains(), public_steps()
    return {*chains.values_list("starts_with", flat=True), *steps.values_list("leads_to", flat=True)}
