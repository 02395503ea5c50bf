"""Counts over time → what an SVG chart is drawn from: pure geometry, in the units of its viewBox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 116
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 22
LABELS = 12
"""Periods named under a chart, at most."""
MOST_MONTHS = 36
"""Up to so many months are shown by month, more by year."""


@dataclass(frozen=True, slots=True)
class Point:
    """A period (`2021` or `2021-03`), its matches, their share of all articles then, and where it is drawn."""

    period: str
    count: int
    share: float
    x: float
    y: float
    width: float
    height: float


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

    def line(self, number: int) -> str:
        """A series as the `points` of a polyline."""
        return " ".join(f"{point.x + point.width / 2:.1f},{point.y:.1f}" for point in self.series[number])


def chart(found: Sequence[Mapping[str, int]], everything: Mapping[str, int], shares: bool = False) -> Chart:
    """A chart of counts by period, or of their shares; `everything` has all articles by period."""
    periods = _periods(everything)
    width = (WIDTH - LEFT - RIGHT) / max(1, len(periods))
    values = [[_value(counts, everything, period, shares) for period in periods] for counts in found]
    top = max((value for row in values for value in row), default=0) or 1
    span = HEIGHT - TOP - BOTTOM
    series = []
    for counts, row in zip(found, values, strict=True):
        points = []
        for place, (period, value) in enumerate(zip(periods, row, strict=True)):
            height = span * value / top
            count, share = counts.get(period, 0), _value(counts, everything, period, shares=True)
            x = LEFT + place * width
            points.append(Point(period, count, share, x, HEIGHT - BOTTOM - height, width, height))
        series.append(tuple(points))
    return Chart(tuple(series), top, _labels(periods, width))


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
