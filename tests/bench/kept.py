"""What was measured, kept as JSON and as a page with a chart."""

from __future__ import annotations

import json
import math
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from html import escape

from tests.bench.line import Line
from tests.helpers import ROOT

RESULTS, PAGE, CHART = ROOT / "build/bench.json", ROOT / "docs/bench.md", ROOT / "docs/bench.svg"
ROW, TOP, MIDDLE, DECADE, WIDTH = 20, 52, 560, 150, 920
"""Pixels of the chart: a row, what stands above the first, where 1 is, a factor of ten, and all of it."""
FURTHEST = 2.0
"""Decades to either side that are drawn."""
KEPT, MISSED, TOLD, INK, PAPER = "#2f6b4f", "#8c1c13", "#8a8578", "#1d1b18", "#fbf9f4"


def keep(lines: Sequence[Line]) -> None:
    """Write all three."""
    day, on = time.strftime("%Y-%m-%d"), machine()
    told = {"day": day, "machine": on, "lines": [asdict(line) for line in lines]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    CHART.write_text(chart(lines), "utf-8")
    PAGE.write_text(page(lines, day, on), "utf-8")


def machine() -> str:
    """Processors, memory, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, Python {platform.python_version()}"


def page(lines: Sequence[Line], day: str, told: str) -> str:
    """The page."""
    rows = [
        f"| {line.name} | {line.figure} | {line.wanted} | "
        f"{'' if line.floor is None else 'yes' if line.holds else '**no**'} | {line.said} |"
        for line in lines
    ]
    head = [
        "# What was measured",
        "",
        f"Written by `make bench` on {day}: {told}. All of one run; times are the best of some rounds.",
        "",
        "![How far each figure is from what is wanted](bench.svg)",
        "",
        "| figure | measured | wanted | reached | of it |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, "", *_ahead(lines)])


def _ahead(lines: Sequence[Line]) -> list[str]:
    """Where others are ahead, and why; those of one reason together."""
    reasons = dict[str, list[str]]()
    for line in lines:
        if line.behind:
            reasons.setdefault(line.why, []).append(line.name)
    if not reasons:
        return []
    return ["## Where others are ahead", "", *(f"- {', '.join(names)}: {why}." for why, names in reasons.items()), ""]


def chart(lines: Sequence[Line]) -> str:
    """Bars from what is wanted, or from the other: to the right better, each decade as wide as the next."""
    height = TOP + ROW * len(lines) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img"'
        ' font-family="Noto Sans, DejaVu Sans, sans-serif" font-size="12" aria-label="What was measured">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        f'<text x="20" y="24" font-size="15" font-weight="bold" fill="{INK}">What was measured, against what is wanted'
        "</text>",
    ]
    for factor in (0.1, 1, 10, 100):
        x = MIDDLE + DECADE * math.log10(factor)
        parts.append(f'<text x="{x:.0f}" y="44" text-anchor="middle" fill="{INK}">{factor:g} ×</text>')
        parts.append(f'<path d="M{x:.0f} {TOP - 4}V{height - 12}" stroke="{INK}" stroke-opacity=".25"/>')
    for number, line in enumerate(lines):
        parts += _bar(line, TOP + ROW * number)
    return "\n".join([*parts, "</svg>", ""])


def better(line: Line) -> float:
    """How many times better than wanted, or than the other."""
    small = 1e-9
    value, floor = max(line.value, small), max(1.0 if line.floor is None else line.floor, small)
    return floor / value if line.at_most else value / floor


def _bar(line: Line, y: int) -> list[str]:
    long = DECADE * max(-FURTHEST / 2, min(FURTHEST, math.log10(better(line))))
    x, color = min(MIDDLE, MIDDLE + long), TOLD if line.floor is None else KEPT if line.holds else MISSED
    end = MIDDLE + max(long, 0) + 6
    return [
        f'<text x="{MIDDLE - DECADE - 10}" y="{y + 14}" text-anchor="end" fill="{INK}">{escape(line.name)}</text>',
        f'<rect x="{x:.1f}" y="{y + 4}" width="{max(abs(long), 1.5):.1f}" height="{ROW - 8}" fill="{color}"/>',
        f'<text x="{end:.0f}" y="{y + 14}" fill="{INK}">{line.figure}</text>',
    ]
