"""Geometry of charts: numbers in, coordinates out. The drawing is in templates/charts, the table always beside it."""

from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 96, 16, 16, 32
LEVELS = (4, 3, 2, 1, 0)  # 0 is "not rated"


@dataclass(frozen=True)
class Step:
    """One version on the line: it held from `x` to `to`, at height `y`."""

    number: int
    x: float
    to: float
    y: float


@dataclass(frozen=True)
class RatingOverTime:
    width: int
    height: int
    left: int
    right: float
    base: float
    steps: list
    path: str
    levels: list


def rating_over_time(versions, until):
    """The strength of a claim as a line of steps. `versions` are (number, moment, strength or None), the oldest first.

    `until` is the right edge, at or after the last moment. A claim with one moment fills the whole width.
    """
    first = versions[0][1]
    span = (until - first).total_seconds() or 1
    right = WIDTH - RIGHT
    xs = [LEFT + (right - LEFT) * (moment - first).total_seconds() / span for _number, moment, _s in versions]
    steps = [
        Step(number, round(x, 1), round(to, 1), height_of(strength or 0))
        for (number, _moment, strength), x, to in zip(versions, xs, [*xs[1:], right], strict=True)
    ]
    path = f"M{steps[0].x} {steps[0].y}" + "".join(f"V{step.y}H{step.to}" for step in steps)
    return RatingOverTime(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        HEIGHT - BOTTOM,
        steps,
        path,
        [(level, height_of(level)) for level in LEVELS],
    )


def height_of(level):
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (LEVELS[0] - level) / LEVELS[0], 1)
