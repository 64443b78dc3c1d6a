"""The evidence map: which interventions were held against which outcomes, how sure that is and which way it points."""

import json
from collections import defaultdict
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceState, Scheme, TopicKind
from claims.filters import ClaimFilter
from claims.standing import overlays
from kb.lib.strict import AnyOf

COLUMNS, ROWS, CLAIMS = 30, 60, 600  # drawn at most; the filters reach the rest
SMALLEST, LARGEST, MANY = 12, 26, 20  # pixels of a sign; from this many studies on it grows no further


class MapFilter(ClaimFilter):
    """The filters of the list of claims, and the kind of topic that stands in a row."""

    topic_kind = AnyOf(label=_("Kind of topic"), choices=TopicKind.choices, field_name="claim__outcome__kind")

    def __init__(self, data=None, queryset=None, **options):
        super().__init__(without_blanks(data), queryset, **options)

    def matching(self, *, leaving_out=None):
        """Without a row or a column a claim has no place on the map."""
        versions = super().matching(leaving_out=leaving_out).filter(claim__outcome__isnull=False)
        kinds = self.form.cleaned_data["topic_kind"]
        return versions.filter(claim__outcome__kind__in=kinds) if kinds else versions


def without_blanks(parameters):
    """The parameters without those that a form sends with nothing chosen."""
    found = parameters.copy()
    for name, values in parameters.lists():
        found.setlist(name, [value for value in values if value])
    return found


@dataclass(frozen=True)
class Mark:
    """One claim on the map."""

    card: dict
    under_review: bool

    @property
    def sign(self):
        """The shape: a warning, what was not found or not searched, or which way the evidence points."""
        state = self.card["rating"]["evidence_state"]["code"]
        if self.under_review:
            return "warning"
        return self.card["rating"]["verdict"]["code"] if state == EvidenceState.FOUND else state

    @property
    def strength(self):
        """0 where there is none, or none to lean on now."""
        strength = self.card["rating"]["strength"]
        return 0 if self.under_review or not strength else strength["value"]

    @property
    def is_reference_value(self):
        return self.card["rating"]["scheme"]["code"] == Scheme.NONE

    @property
    def studies(self):
        return self.card["tallies"]["studies"]

    @property
    def size(self):
        """The side of the sign in pixels: its area grows with the number of studies."""
        share = min(self.studies, MANY) / MANY
        return round(sqrt(SMALLEST**2 + share * (LARGEST**2 - SMALLEST**2)))


@dataclass(frozen=True)
class Row:
    topic: dict
    cells: list  # for each column its marks, or none


@dataclass(frozen=True)
class EvidenceMap:
    columns: list
    rows: list
    marks: list
    total: int

    @property
    def is_cut(self):
        return len(self.marks) < self.total


def map_of(claim_filter):
    """The map of what passes the filters: the most studied rows and columns, as many as can be read."""
    versions = claim_filter.matching().order_by()
    columns = most_claimed(versions, "claim__intervention", COLUMNS)
    rows = most_claimed(versions, "claim__outcome", ROWS)
    shown = versions.filter(claim__intervention__in=columns, claim__outcome__in=rows)
    shown = list(shown.order_by("claim__accession").only("card")[:CLAIMS])
    standing = overlays([version.pk for version in shown], claim_filter.moment)
    marks = [Mark(json.loads(version.card), standing[version.pk]["under_review"]) for version in shown]
    total = len(marks) if len(rows) < ROWS and len(columns) < COLUMNS else versions.count()
    return laid_out(marks, total)


def most_claimed(versions, role, most):
    """The topics in this role that most claims are about, as primary keys."""
    counted = versions.values(role).annotate(claims=Count("pk", distinct=True))
    return [row[role] for row in counted.order_by("-claims", f"{role}__slug")[:most]]


def laid_out(marks, total):
    places, topics = defaultdict(list), {"intervention": {}, "outcome": {}}
    for mark in marks:
        about = mark.card["about"]
        places[about["intervention"]["slug"], about["outcome"]["slug"]].append(mark)
        for role, known in topics.items():
            known.setdefault(about[role]["slug"], (about[role], []))[1].append(mark)
    columns = [topic for topic, _marks in sorted(topics["intervention"].values(), key=most_marks_first)]
    outcomes = [topic for topic, _marks in sorted(topics["outcome"].values(), key=by_kind_then_marks)]
    rows = [
        Row(outcome, [places[column["slug"], outcome["slug"]] for column in columns]) for outcome in outcomes
    ]
    listed = [mark for row in rows for cell in row.cells for mark in cell]
    return EvidenceMap(columns, rows, listed, total)


def most_marks_first(entry):
    topic, marks = entry
    return -len(marks), topic["name"][get_language()].casefold()


def by_kind_then_marks(entry):
    kinds = (TopicKind.OUTCOME, TopicKind.CONDITION, TopicKind.MECHANISM)
    kind = entry[0]["kind"]["code"]
    return (kinds.index(kind) if kind in kinds else len(kinds)), *most_marks_first(entry)
