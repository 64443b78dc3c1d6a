"""The summary of findings in GRADE's layout: of each claim the outcome, people and studies, effects and certainty with reasons.

Numbers of people are added up only where nobody can be in it twice: see `People`.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, F, IntegerField, Value, When

from claims.choices import ClaimKind, Scheme
from claims.models import ClaimVersion
from claims.standing import overlays
from studies.choices import Design
from studies.models import Study

EFFECTS = 3  # shown in a row; the page of the claim has them all
KINDS = (
    ClaimKind.EFFICACY, ClaimKind.HARM, ClaimKind.INTERACTION, ClaimKind.ASSOCIATION, ClaimKind.BIOAVAILABILITY,
    ClaimKind.DIAGNOSIS, ClaimKind.INTAKE, ClaimKind.MECHANISM,
)  # fmt: skip
SUMMING = (Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.GUIDELINE, Design.REGULATORY_OPINION)  # fmt: skip


@dataclass(frozen=True)
class People:
    """How many people were in the studies that count.

    Reviews share trials, with each other and with trials that stand beside them. So with a review among several studies
    `number` is that of the largest alone, and `is_least` says that there were at least so many. None: no number is known.
    """

    number: int | None
    is_least: bool


@dataclass(frozen=True)
class Note:
    """One step of a rating with its reason, numbered through the whole table."""

    number: int
    domain: dict
    step: int
    reason: dict | None


@dataclass(frozen=True)
class Finding:
    """`merged` holds {key: key of the study it went up in}: two studies that were merged count as one."""

    document: dict
    standing: dict
    notes: list = field(default_factory=list)
    merged: dict = field(default_factory=dict)

    @property
    def counted(self):
        """The rows of evidence that weigh in the rating."""
        return [row for row in self.document["evidence"] if row["counts_in_synthesis"]]

    @property
    def studies(self):
        """How many studies weigh in the rating."""
        return len({self.merged.get(row["study"]["key"], row["study"]["key"]) for row in self.counted})

    @property
    def people(self):
        return people_in(self.counted, self.merged)

    @property
    def has_other_species(self):
        return any(not in_people(row) for row in self.counted)

    @property
    def effects(self):
        """The rows that weigh and have a number as published."""
        return [row for row in self.counted if row["effect"] and row["effect"]["estimate"] is not None]

    @property
    def first_effects(self):
        return self.effects[:EFFECTS]

    @property
    def more_effects(self):
        return len(self.effects[EFFECTS:])


def in_people(row):
    return row["study"]["species"] == "human"


def people_in(rows, merged):
    """How many people these rows are about, each study with the largest number that it has here."""
    largest, designs = defaultdict(int), set()
    for row in rows:
        if in_people(row):
            key = merged.get(row["study"]["key"], row["study"]["key"])
            largest[key] = max(largest[key], row["n"] or 0)
            designs.add(row["study"]["design"]["code"])
    if not any(largest.values()):
        return People(None, False)
    if len(largest) > 1 and designs & set(SUMMING):
        return People(max(largest.values()), True)
    return People(sum(largest.values()), not all(largest.values()))


def findings_of(versions, at=None):
    """The findings of these versions in their order, their steps numbered from one."""
    versions = list(versions)
    standing = overlays([version.pk for version in versions], at)
    merged = dict(
        Study.objects.exclude(merged_into=None).order_by("pk").values_list("key", "merged_into__key")
    )
    found, number = [], 0
    for version in versions:
        document = json.loads(version.document)
        steps = [line for line in document["rating"]["judgements"] if line["step"]]
        notes = [
            Note(number + at, line["domain"], line["step"], line["reason"])
            for at, line in enumerate(steps, 1)
        ]
        number += len(notes)
        found.append(Finding(document, standing[version.pk], notes, merged))
    return found


def by_kind():
    """Orders versions by what they are about: benefits first, then harms, mechanisms last."""
    places = [When(claim__kind=kind, then=Value(place)) for place, kind in enumerate(KINDS)]
    return Case(*places, output_field=IntegerField())


def rated_about(topic):
    """The claims about a topic or one below it that are about an effect."""
    versions = ClaimVersion.objects.filter(listing__topics__contains=[topic.pk]).exclude(scheme=Scheme.NONE)
    return versions.only("document").order_by(
        by_kind(),
        "claim__outcome__slug",
        F("strength").desc(nulls_last=True),
        "claim__accession",
    )


def tried_for(outcome):
    """The claims of one outcome, or of one below it, whatever was tried; the surest first."""
    versions = ClaimVersion.objects.filter(
        listing__isnull=False, claim__outcome__reached_from__topic=outcome, scheme=Scheme.GRADE
    )
    return versions.only("document").order_by(
        F("strength").desc(nulls_last=True), "claim__intervention__slug", "claim__accession"
    )
