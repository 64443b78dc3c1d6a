"""What was looked at for a claim and what became of it: results by the way they point, and those that do not count by why."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from claims.choices import Directness, EvidenceDirection
from studies.models import ReviewInclusion

WHY = {  # the first that holds
    "fallen": _("Retracted"),
    "other-outcome": _("Measures another outcome"),
    "in-a-review": _("Inside a review that counts"),
    "noted": _("For the reason in its note"),
    "unrecorded": _("No reason recorded"),
}
LEFT, WORDS, TOP, ROW = 8, 150, 12, 30  # pixels
WIDTH, UNIT = 640, 18  # pixels: of the drawing, and of one result where there are few


@dataclass(frozen=True)
class Bar:
    """The results that point one way: `counted` of them count in the rating, `others` do not."""

    direction: EvidenceDirection
    counted: int
    others: int
    y: int
    marks: tuple  # (x, width, whether it counts)


@dataclass(frozen=True)
class LookedAt:
    """Numbers of studies and results; `left_out` is ((why, words, results), ...), the reasons that hold of any."""

    searched_through: str | None
    studies: int
    results: int
    counted_studies: int
    counted: int
    left_out: tuple
    bars: tuple

    @property
    def others(self):
        return self.results - self.counted

    @property
    def height(self):
        """Of the drawing of the bars, in pixels."""
        return 2 * TOP + ROW * len(self.bars)


def looked_at_for(document, fallen=frozenset()):
    """LookedAt of a version. `fallen` are the keys of studies that were retracted."""
    rows = document["evidence"]
    counted = [row for row in rows if counts(row, fallen)]
    others = [row for row in rows if not counts(row, fallen)]
    inside = trials_inside({row["study"]["key"] for row in counted}) if others else set()
    reasons = [why_not(row, fallen, inside) for row in others]
    return LookedAt(
        document["searched_through"],
        len({row["study"]["key"] for row in rows}),
        len(rows),
        len({row["study"]["key"] for row in counted}),
        len(counted),
        tuple((why, words, reasons.count(why)) for why, words in WHY.items() if why in reasons),
        tuple(bars_of(rows, fallen)),
    )


def counts(row, fallen):
    return row["counts_in_synthesis"] and row["study"]["key"] not in fallen


def why_not(row, fallen, inside):
    holds = {
        "fallen": row["study"]["key"] in fallen,
        "other-outcome": row["directness"]["code"] == Directness.OTHER_OUTCOME,
        "in-a-review": row["study"]["key"] in inside,
        "noted": row["note"] is not None,
    }
    return next((why for why, is_so in holds.items() if is_so), "unrecorded")


def trials_inside(reviews):
    """The trials that these reviews include, as far as that is recorded."""
    return set(ReviewInclusion.objects.filter(review__key__in=reviews).values_list("trial__key", flat=True))


def bars_of(rows, fallen):
    pointing = {
        direction: [counts(row, fallen) for row in rows if row["direction"]["code"] == direction]
        for direction in EvidenceDirection
    }
    most = max(map(len, pointing.values()), default=0)
    unit = min(UNIT, (WIDTH - LEFT - WORDS) / most) if most else UNIT
    for place, (direction, found) in enumerate(pointing.items()):
        marks = tuple(
            (round(LEFT + WORDS + unit * at, 1), round(unit - min(4, unit / 4), 1), is_counted)
            for at, is_counted in enumerate(sorted(found, reverse=True))
        )
        yield Bar(direction, sum(found), len(found) - sum(found), TOP + ROW * place, marks)
