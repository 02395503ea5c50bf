from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.bench import kept
from tests.bench.line import Line

LINES = [
    Line("a & b", 2.0, 1.0, "twice"),
    Line("seconds", 30.0, 3.0, "ten times too slow", at_most=True),
    Line("times its speed", 0.5, None, "half as fast", why="it does less"),
]


def test_a_chart_says_how_far_each_figure_is_from_what_is_wanted() -> None:
    assert [round(kept.better(line), 2) for line in LINES] == [2.0, 0.1, 0.5]
    drawn = ET.fromstring(kept.chart(LINES))
    bars = list(drawn.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert [float(bar.get("x", 0)) for bar in bars[:2]] == [kept.MIDDLE, kept.MIDDLE - kept.DECADE]
    assert [bar.get("fill") for bar in bars] == [kept.KEPT, kept.MISSED, kept.TOLD]
    assert "| seconds | 30 | ≤ 3 | **no** | ten times too slow |" in kept.page(LINES, "2026-11-27", "a machine")


def test_a_figure_is_never_written_with_an_exponent() -> None:
    assert [Line("", value, None, "").figure for value in (1213.6, 999.4, 0.8164)] == ["1214", "999", "0.816"]


def test_where_another_is_ahead_the_page_says_so_and_why() -> None:
    assert "- times its speed: it does less.\n" in kept.page(LINES, "2026-11-27", "a machine")
    assert "ahead" not in kept.page(LINES[:2], "2026-11-27", "a machine")
