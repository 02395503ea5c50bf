"""Counts over time → what an SVG chart is drawn from: pure geometry, in the units of its viewBox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LOW = 720, 116, 54
"""Of pictures; a low one stands above the results."""
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 22
GAP = 1
"""Between a bar and its period's edge."""
TICK = 4
"""Between the axis and what stands left of it."""
LEGEND, LEGEND_LINE = 18, 30
"""The height of a line of a legend, and the length of the sample in it."""
COLOURS = ("#8c1c13", "#1f5f8b", "#3f7d20", "#7a4a9e")
DASHES = ("", "6 3", "2 3", "9 3 2 3")
"""What series are told apart by, in style.css as well."""
LABELS = 12
"""Periods named under a chart, at most."""
MOST_MONTHS = 36
"""Up to so many months are shown by month, more by year."""


@dataclass(frozen=True, slots=True)
class Point:
    """A period (`2021` or `2021-03`), its matches, their share of all articles then, and where it is drawn.

    One that is not over yet is `unfinished`: its articles are no less than before, they are not all there.
    """

    period: str
    count: int
    share: float
    x: float
    y: float
    width: float
    height: float
    unfinished: bool = False

    @property
    def middle(self) -> float:
        """Where a line's point stands."""
        return self.x + self.width / 2

    @property
    def bar(self) -> tuple[float, float]:
        """Where its bar begins, and how wide it is."""
        return self.x + GAP, self.width - 2 * GAP


@dataclass(frozen=True, slots=True)
class Chart:
    """Series of points over the same periods; `top` is the value at the upper edge, `labels` are (x, period)."""

    series: tuple[tuple[Point, ...], ...]
    top: float
    labels: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def base(self) -> int:
        """Where zero is."""
        return self.height - BOTTOM

    @property
    def left(self) -> int:
        """Where the axis begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.width - RIGHT

    @property
    def tick(self) -> int:
        """Where numbers beside the axis end."""
        return LEFT - TICK

    @property
    def under(self) -> int:
        """The line on which periods are named."""
        return self.height - BOTTOM // 4 - 1

    @property
    def rows(self) -> list[tuple[str, tuple[Point, ...]]]:
        """Each period with the points of all series."""
        return [(points[0].period, points) for points in zip(*self.series, strict=True)]

    def legend(self, names: Sequence[str]) -> list[LegendLine]:
        """The lines of a legend under the chart."""
        return [
            LegendLine(
                name,
                COLOURS[place],
                DASHES[place],
                self.line(place),
                self.unfinished(place),
                self.height + LEGEND * (place + 1),
            )
            for place, name in enumerate(names)
        ]

    def height_with(self, names: Sequence[str]) -> int:
        """The height of a picture with a legend of these."""
        return self.height + LEGEND * len(names) + TOP

    def line(self, number: int) -> str:
        """A series as the `points` of a polyline, as far as its periods are over."""
        return _polyline([point for point in self.series[number] if not point.unfinished])

    def unfinished(self, number: int) -> str:
        """The rest of a series, from the last period that is over; "" where all are."""
        points = self.series[number]
        return _polyline(points[-2:]) if points and points[-1].unfinished else ""


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A series in a picture of its own: its name, how it is drawn, its points, and the bottom of its legend's line.

    `rest` are the points from the last period that is over to the one that is not.
    """

    name: str
    colour: str
    dash: str
    points: str
    rest: str
    bottom: int

    @property
    def sample(self) -> tuple[int, int, int]:
        """From where to where the sample is drawn, and how high."""
        return LEFT, LEFT + LEGEND_LINE, self.bottom - 6

    @property
    def text(self) -> tuple[int, int]:
        """Where its name stands."""
        return LEFT + LEGEND_LINE + 8, self.bottom - 2


def chart(
    found: Sequence[Mapping[str, int]],
    everything: Mapping[str, int],
    today: str = "",
    shares: bool = False,
    height: int = HEIGHT,
) -> Chart:
    """A chart of counts by period, or of their shares; `everything` has all articles by period, `today` is a day."""
    periods = _periods(everything)
    width = (WIDTH - LEFT - RIGHT) / max(1, len(periods))
    values = [[_value(counts, everything, period, shares) for period in periods] for counts in found]
    top = max((value for row in values for value in row), default=0) or 1
    span = height - TOP - BOTTOM
    series = []
    for counts, row in zip(found, values, strict=True):
        points = []
        for place, (period, value) in enumerate(zip(periods, row, strict=True)):
            tall = span * value / top
            count, share = counts.get(period, 0), _value(counts, everything, period, shares=True)
            x = LEFT + place * width
            over = not today.startswith(period)
            points.append(Point(period, count, share, x, height - BOTTOM - tall, width, tall, not over))
        series.append(tuple(points))
    return Chart(tuple(series), top, _labels(periods, width), height=height)


def _polyline(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x + point.width / 2:.1f},{point.y:.1f}" for point in points)


def _value(counts: Mapping[str, int], everything: Mapping[str, int], period: str, shares: bool) -> float:
    count = counts.get(period, 0)
    return count / everything[period] if shares and everything.get(period) else 0.0 if shares else count


def _periods(everything: Mapping[str, int]) -> list[str]:
    """Every period from the first to the last, those without articles too."""
    if not everything:
        return []
    first, last = min(everything), max(everything)
    if len(first) == 4:
        return [str(year) for year in range(int(first), int(last) + 1)]
    months = range(_number(first), _number(last) + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _labels(periods: Sequence[str], width: float) -> tuple[tuple[float, str], ...]:
    step = -(-len(periods) // LABELS) or 1
    return tuple((LEFT + (place + 0.5) * width, periods[place]) for place in range(0, len(periods), step))
