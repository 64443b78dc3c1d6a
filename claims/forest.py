"""Geometry of a forest plot: results and pools in one measure in, coordinates out, as text with a point.

The drawing is templates/charts/forest_plot.svg, its table always beside it. Label above line, so that it can be read
on a narrow screen.
"""

import math
from dataclasses import dataclass

from claims.choices import EffectMeasure
from claims.synthesis import Pooled, Prediction, pooled_scale, printed_scale
from claims.synthesis.scales import RATIOS

WIDTH, LEFT, RIGHT = 360, 16, 344
TOP, ROW, LABEL, MARK, AXIS, FOOTNOTE = 12, 38, 11, 25, 36, 16  # LABEL and MARK lie below the top of a row
SMALLEST, LARGEST = 3.0, 8.0  # half the side of a square
DIAMOND = 6
REACH = 1.5  # how far an interval may run past the estimates, in their range, before it gets an arrow
RATIO_TICKS = sorted(step * 10**power for power in range(-4, 5) for step in (1, 2, 5))
CORRELATION_TICKS = (-0.9, -0.7, -0.5, -0.3, 0, 0.3, 0.5, 0.7, 0.9)
LEVEL = 0.95


@dataclass(frozen=True)
class Tick:
    x: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One result. `left_out` says why it does not weigh; `arrows` are the points of those at ends that run off the axis."""

    result: object
    y: str
    label_y: str
    x: str
    low: str
    high: str
    square: tuple  # x, y, side
    arrows: tuple
    weight: float | None
    printed: tuple

    @property
    def state(self):
        return self.result.left_out or "weighing"

    @property
    def is_worked_out(self):
        """Whether the numbers that are drawn are not those that the source prints."""
        return self.result.reported is None


@dataclass(frozen=True, kw_only=True)
class Diamond:
    """One pool. `arrows` are as of a Line. `prediction` is (x, x) of its ends, `predicted` the same as people read it; None where there is none."""

    outcome: tuple
    pooled: Pooled
    y: str
    label_y: str
    points: str
    arrows: tuple
    prediction: tuple | None
    predicted: tuple | None


@dataclass(frozen=True, kw_only=True)
class Forest:
    number: int
    measure: EffectMeasure
    unit: tuple
    width: int
    height: int
    base: int
    left: int
    right: int
    none_x: str
    ticks: tuple
    lines: tuple
    diamonds: tuple
    refusals: tuple

    @property
    def has_worked_out(self):
        return any(line.is_worked_out for line in self.lines)


def forests_of(scales):
    """A Forest for each measure and unit that two or more results are in, numbered from 1."""
    drawn = [scale for scale in scales if len(scale.results) > 1]
    return [forest_of(scale, number) for number, scale in enumerate(drawn, start=1)]


def forest_of(scale, number=1):
    pooled = [pool for pool in scale.pools if isinstance(pool.pooled, Pooled)]
    low, high = bounds(scale.results, pooled)
    base = TOP + ROW * (len(scale.results) + len(pooled))

    def at(value):
        return LEFT + (RIGHT - LEFT) * (min(max(value, low), high) - low) / (high - low)

    weights = {
        result: weight.percent
        for pool in pooled
        for result, weight in zip(pool.results, pool.pooled.weights, strict=True)
    }
    lines = [
        line_of(result, TOP + ROW * place, at, (low, high), weights.get(result))
        for place, result in enumerate(scale.results)
    ]
    diamonds = [
        diamond_of(pool, TOP + ROW * place, at, (low, high))
        for place, pool in enumerate(pooled, start=len(scale.results))
    ]
    return Forest(
        number=number,
        measure=EffectMeasure(scale.measure),
        unit=scale.unit,
        width=WIDTH,
        height=base + AXIS + (FOOTNOTE if any(each.reported is None for each in scale.results) else 0),
        base=base,
        left=LEFT,
        right=RIGHT,
        none_x=text(at(0)),
        ticks=tuple(
            Tick(text(at(place)), value)
            for value, place in ticks(scale.measure, low, high)
            if low <= place <= high
        ),
        lines=tuple(lines),
        diamonds=tuple(diamonds),
        refusals=tuple(pool.pooled for pool in scale.pools if not isinstance(pool.pooled, Pooled)),
    )


def bounds(results, pooled):
    """The ends of the axis on the pooled scale: no effect and every estimate with its interval, unless that runs far off."""
    estimates = [0.0, *(result.effect.value for result in results)]
    ends = [end for result in results for end in interval_of(result)]
    ends += [end for pool in pooled for end in (pool.pooled.low, pool.pooled.high)]
    lowest, highest = min(estimates), max(estimates)
    reach = REACH * max(highest - lowest, min(result.effect.se for result in results))
    low = max(min([*ends, lowest]), lowest - reach)
    high = min(max([*ends, highest]), highest + reach)
    margin = (high - low) / 20
    return low - margin, high + margin


def line_of(result, top, at, limits, weight):
    effect, y = result.effect, top + MARK
    low, high = interval_of(result)
    side = SMALLEST if weight is None else SMALLEST + (LARGEST - SMALLEST) * math.sqrt(weight / 100)
    x = at(effect.value)
    return Line(
        result=result,
        y=text(y),
        label_y=text(top + LABEL),
        x=text(x),
        low=text(at(low)),
        high=text(at(high)),
        square=(text(x - side), text(y - side), text(2 * side)),
        arrows=tuple(arrows(low, high, limits, y)),
        weight=weight,
        printed=result.reported
        or tuple(printed_scale(effect.measure, value) for value in (effect.value, low, high)),
    )


def interval_of(result):
    """Its 95% limits on the pooled scale: as the source prints them, else by its standard error."""
    if result.reported is None:
        return result.effect.interval(LEVEL)
    return tuple(pooled_scale(result.effect.measure, end) for end in result.reported[1:])


def arrows(low, high, limits, y):
    if low < limits[0]:
        yield f"{LEFT},{y} {LEFT + 6},{y - 4} {LEFT + 6},{y + 4}"
    if high > limits[1]:
        yield f"{RIGHT},{y} {RIGHT - 6},{y - 4} {RIGHT - 6},{y + 4}"


def diamond_of(pool, top, at, limits):
    pooled, y = pool.pooled, top + MARK
    corners = ((pooled.low, 0), (pooled.value, -DIAMOND), (pooled.high, 0), (pooled.value, DIAMOND))
    is_predicted = isinstance(pooled.prediction, Prediction)
    ends = (pooled.prediction.low, pooled.prediction.high) if is_predicted else (pooled.low, pooled.high)
    return Diamond(
        outcome=pool.outcome,
        pooled=pooled,
        y=text(y),
        label_y=text(top + LABEL),
        points=" ".join(f"{text(at(value))},{text(y + below)}" for value, below in corners),
        arrows=tuple(arrows(min(pooled.low, *ends), max(pooled.high, *ends), limits, y)),
        prediction=tuple(text(at(end)) for end in ends) if is_predicted else None,
        predicted=tuple(printed_scale(pooled.measure, end) for end in ends) if is_predicted else None,
    )


def ticks(measure, low, high):
    """[(value as read, place on the pooled scale)]: round numbers, about five of them."""
    if measure in RATIOS:
        found = [(value, math.log(value)) for value in RATIO_TICKS if low <= math.log(value) <= high]
        if len(found) < 3:
            return close_ratios(low, high)
        step = 1 + len(found) // 8
        one = next((place for place, (value, _at) in enumerate(found) if value == 1), 0)
        return found[one % step :: step]
    if measure == EffectMeasure.R:
        return [(value, math.atanh(value)) for value in CORRELATION_TICKS]
    step = round_step((high - low) / 5)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [(round(step * place, 10), step * place) for place in range(first, last + 1)]


def close_ratios(low, high):
    """Where no two of the usual ticks fit: steps of a round size around 1."""
    step = round_step((math.exp(high) - math.exp(low)) / 4)
    first, last = math.ceil(math.exp(low) / step), math.floor(math.exp(high) / step)
    return [(round(step * place, 10), math.log(step * place)) for place in range(max(first, 1), last + 1)]


def round_step(size):
    """The smallest of 1, 2, 5, 10, ... times a power of ten that is at least this size."""
    power = 10 ** math.floor(math.log10(size))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= size * (1 - 1e-9))


def text(number):
    return f"{number:.1f}"
