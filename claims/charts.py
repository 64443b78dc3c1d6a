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


CELL, NAMES, HEADS = 44, 330, 300  # pixels: a cell, room for the names of rows and of columns
KEYS, ACROSS = 4, 230  # the key: so many beside each other, so wide


@dataclass(frozen=True)
class Drawn:
    """One sign of the map with its corner, its side and the strength below it."""

    sign: str
    x: float
    y: float
    side: int
    bars: list
    words: str


@dataclass(frozen=True)
class MapDrawing:
    width: int
    height: int
    columns: list
    rows: list
    signs: list
    key: list


def evidence_map(columns, rows, signs_said):
    """The map as a drawing on its own. `columns` are names; `rows` are (name, cells), a cell a list of
    (sign, side, strength, words). More than one sign in a cell stand side by side, smaller. `signs_said` are (sign, what it says).
    """
    heads = [(name, NAMES + CELL * at + CELL / 2, HEADS - 8) for at, name in enumerate(columns)]
    names = [(name, NAMES - 12, HEADS + CELL * at + CELL / 2) for at, (name, _cells) in enumerate(rows)]
    signs = []
    for down, (_name, cells) in enumerate(rows):
        for across, cell in enumerate(cells):
            room = CELL / max(len(cell), 1)
            for at, (sign, side, strength, words) in enumerate(cell):
                side = min(side, room - 2)
                middle = NAMES + CELL * across + room * at + room / 2
                top = HEADS + CELL * down
                bars = bars_at(middle, top + CELL - 4, min(room - 4, 20), strength)
                y = round(top + (CELL - 14 - side) / 2 + 1, 1)
                signs.append(Drawn(sign, round(middle - side / 2, 1), y, side, bars, words))
    width = max(NAMES + CELL * len(columns) + HEADS // 2 + 20, KEYS * ACROSS)
    foot = HEADS + CELL * len(rows) + 20
    key = [
        (sign, said, 12 + ACROSS * (at % KEYS), foot + 24 * (at // KEYS))
        for at, (sign, said) in enumerate(signs_said)
    ]
    return MapDrawing(width, foot + 24 * -(-len(signs_said) // KEYS) + 40, heads, names, signs, key)


def bars_at(middle, base, width, strength):
    """Four bars that grow, the first so many of them full: [(x, y, width, height, is full)]."""
    step = width / 4
    return [
        (round(middle - width / 2 + step * at, 1), round(base - 2 * (at + 1), 1), round(step - 1, 1), 2 * (at + 1), at < strength)
        for at in range(4)
    ]  # fmt: skip
