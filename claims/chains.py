"""Chains of steps: what carries each step, and how strong that makes the whole. As strong as its weakest step."""

import json
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from claims.choices import Strength
from claims.models import Chain, ChainStep, ClaimVersion
from claims.standing import overlays


@dataclass(frozen=True)
class Link:
    """One step as readers see it. `card` is None where no published claim is about it."""

    step: object
    starts_at: object
    card: dict | None
    standing: dict | None

    @property
    def strength(self):
        """None where the step is not rated, or its rating is under review."""
        if not self.card or self.standing["under_review"]:
            return None
        rated = self.card["rating"]["strength"]
        return Strength(rated["value"]) if rated else None


@dataclass(frozen=True)
class DrawnChain:
    chain: object
    links: list

    @property
    def strength(self):
        """That of the weakest step; None where a step has none."""
        found = [link.strength for link in self.links]
        return None if None in found or not found else min(found)

    @property
    def weakest(self):
        """The steps that hold the chain back: those without a rating, else those rated lowest."""
        return [link for link in self.links if link.strength == self.strength]

    @property
    def ends_at(self):
        return self.links[-1].step.leads_to


def drawn_chains(chains=None):
    """Chains with what is published about each of their steps; a chain of which nothing is published is left out."""
    chains = Chain.objects.all() if chains is None else chains
    chains = list(
        chains.select_related("starts_with", "article").prefetch_related("steps__leads_to", "steps__mention")
    )
    claims = {step.claim_id for chain in chains for step in chain.steps.all()}
    current = ClaimVersion.objects.current().filter(claim__in=claims).only("card", "claim")
    current = {version.claim_id: version for version in current}
    standing = overlays([version.pk for version in current.values()])
    drawn = [DrawnChain(chain, list(links_of(chain, current, standing))) for chain in chains]
    return [found for found in drawn if any(link.card for link in found.links)]


def chains_through(topic):
    """The chains with this topic in them, of which something is published."""
    current = ClaimVersion.objects.current().values("claim")
    shown = Chain.objects.filter(Exists(ChainStep.objects.filter(chain=OuterRef("pk"), claim__in=current)))
    here = Exists(ChainStep.objects.filter(chain=OuterRef("pk"), leads_to=topic))
    return shown.filter(Q(starts_with=topic) | here).order_by("slug")


def links_of(chain, current, standing):
    here = chain.starts_with
    for step in chain.steps.all():
        version = current.get(step.claim_id)
        yield Link(
            step,
            here,
            json.loads(version.card) if version else None,
            standing[version.pk] if version else None,
        )
        here = step.leads_to


def claims_of_the_whole(drawn):
    """The published claims that say of people what the chain as a whole says, without its steps; the surest first."""
    versions = ClaimVersion.objects.current().filter(
        scheme="grade",
        claim__intervention__reached_from__topic=drawn.chain.starts_with,
        claim__outcome__reached_from__topic=drawn.ends_at,
    )
    return [
        json.loads(version.card)
        for version in versions.only("card").order_by(
            F("strength").desc(nulls_last=True), "claim__accession"
        )[:12]
    ]
