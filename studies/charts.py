"""Geometry of the traffic lights: what was judged in, coordinates out, as text with a point.

The drawing is templates/charts/risk_of_bias.svg, its table always beside it.
"""

from dataclasses import dataclass

from studies.bias import TOOLS
from studies.lights import MEDIUM, Judged, Light

WIDTH, LEFT, STEP = 368, 18, 20.5
FIRST = LEFT + 30  # of the domains; the overall stands before them
LETTER_BELOW = {MEDIUM: 6}  # the middle of a light; in a triangle there is more room below
TITLE, NUMBERS, LABEL, LIGHTS = 22, 14, 16, 26  # heights


@dataclass(frozen=True)
class Placed:
    """A light with its middle, and where its letter stands on."""

    light: Light
    x: str
    y: str
    letter_y: str


@dataclass(frozen=True)
class Line:
    judged: Judged
    label_y: str
    placed: tuple


@dataclass(frozen=True)
class Group:
    """What was judged with one tool; without a tool, what has an overall alone, or what nobody judged.

    `numbers` are (number of the domain, x).
    """

    tool: str
    name: str
    is_judged: bool
    title_y: str
    numbers_y: str
    numbers: tuple
    lines: tuple


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    left: int
    groups: tuple

    @property
    def judged(self):
        return [line.judged for line in self.lines]

    @property
    def levels(self):
        """The shapes that are in it."""
        return sorted({placed.light.level for line in self.lines for placed in line.placed})

    @property
    def lines(self):
        return [line for group in self.groups for line in group.lines]

    @property
    def has_domains(self):
        return any(group.tool for group in self.groups)

    @property
    def is_judged(self):
        return any(group.is_judged for group in self.groups)


def drawing_of(judged):
    """A group for each tool, in the order of the tools; then what has no domains, and last what nobody judged."""
    groups, top = [], 0
    for code, is_judged in [*((code, True) for code in TOOLS), ("", True), ("", False)]:
        members = [each for each in judged if (each.tool, each.is_judged) == (code, is_judged)]
        if members:
            groups.append(group_of(code, is_judged, members, top))
            top += TITLE + (NUMBERS if code else 0) + (LABEL + LIGHTS) * len(members)
    return Drawing(WIDTH, top + 4, LEFT - 10, tuple(groups))


def group_of(code, is_judged, members, top):
    domains = range(1, len(TOOLS[code].domains) + 1) if code else ()
    first = top + TITLE + (NUMBERS if code else 0)
    return Group(
        tool=code,
        name=TOOLS[code].name if code else "",
        is_judged=is_judged,
        title_y=str(top + 15),
        numbers_y=str(first - 2),
        numbers=tuple((number, text(place(number))) for number in domains),
        lines=tuple(line_of(each, first + (LABEL + LIGHTS) * at) for at, each in enumerate(members)),
    )


def line_of(judged, top):
    middle = top + LABEL + LIGHTS / 2
    lights = [(judged.overall, LEFT)]
    lights += [(light, place(number)) for number, light in enumerate(judged.domains, start=1)]
    placed = tuple(
        Placed(light, text(x), text(middle), text(middle + LETTER_BELOW.get(light.level, 4)))
        for light, x in lights
    )
    return Line(judged, text(top + LABEL - 3), placed)


def place(number):
    return FIRST + STEP * (number - 1)


def text(number):
    return f"{number:.1f}"
