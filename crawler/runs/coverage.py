"""How often each field was found on each layout, and whether that fell: here a changed site shows first. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from crawler.article import Article
from crawler.errors import Incomplete
from crawler.listings.listed import Mention, Source
from crawler.markup.metadata import same_time, same_title

if TYPE_CHECKING:
    from crawler.reading.page import Reading

HISTORY = timedelta(days=30)
"""The runs a run is held against."""
FALL = 0.2
"""A share of pages that lies so far below the history's is a fall…"""
CHANCE = 0.001
"""…unless it comes about by chance oftener than this."""
FEW = 10
"""Runs of fewer pages are also looked at together with such runs just before, up to so many pages."""
LONG_TEXT = 300
"""Characters: that texts are there is not enough, they must not have lost their bodies."""
FLOOR = 0.5
"""Where there is no history, listings must agree about the time on this share of the pages…"""
FLOOR_FROM = 5
"""…of so many at least."""

_FIELDS = ("title", "published_at", "text", "lead", "authors", "tags", "images")
SURE = "without doubt"
_FLOORED = frozenset(f"date in {source}" for source in Source)
_LONG = f"text of {LONG_TEXT} characters"


@dataclass
class Coverage:
    """Counts by (layout, what): on how many pages it was found or agreed, of how many it could have been."""

    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    pages: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def observe(self, reading: Reading) -> list[str]:
        """Count one page; what does not agree is returned by name."""
        article = reading.article
        for name in _FIELDS:
            self._count(article.layout, name, bool(getattr(article, name)))
        self._count(article.layout, _LONG, len(article.text) >= LONG_TEXT)
        for name, rule in reading.rules.items():
            self.rules[article.layout, name, rule] += 1
        doubted = {doubt.field for doubt in reading.doubts}
        for name in (*_FIELDS, "section", "url"):
            self._count(article.layout, f"{name} {SURE}", name not in doubted)
        return self.agree(article.layout, reading.checks)

    def agree(self, layout: str, checks: Mapping[str, bool]) -> list[str]:
        """Count which sources agree with a page; those that do not are returned."""
        for name, agrees in checks.items():
            self._count(layout, name, agrees)
        return [name for name, agrees in checks.items() if not agrees]

    def observe_incomplete(self, error: Incomplete) -> None:
        """Count a page that went into quarantine for want of a field."""
        self._count(error.layout, error.field, False)

    def _count(self, layout: str, name: str, there: bool) -> None:
        self.found[layout, name] += there
        self.pages[layout, name] += 1

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.found + other.found, self.pages + other.pages)

    def most(self) -> int:
        """Pages counted."""
        layouts: Counter[str] = Counter()
        for (layout, name), pages in self.pages.items():
            if name == "title":
                layouts[layout] += pages
        return layouts.total()

    def to_dict(self) -> dict[str, dict[str, list[int]]]:
        """Layout → what → [found, pages]."""
        told: dict[str, dict[str, list[int]]] = {}
        for (layout, name), pages in sorted(self.pages.items()):
            told.setdefault(layout, {})[name] = [self.found[layout, name], pages]
        return told

    def rules_to_dict(self) -> dict[str, dict[str, dict[str, int]]]:
        """Layout → field → rule → pages it gave the field on."""
        told: dict[str, dict[str, dict[str, int]]] = {}
        for (layout, name, rule), pages in sorted(self.rules.items()):
            told.setdefault(layout, {}).setdefault(name, {})[rule] = pages
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Mapping[str, Sequence[int]]]) -> Self:
        """What `to_dict` told."""
        coverage = cls()
        for layout, names in told.items():
            for name, (found, pages) in names.items():
                coverage.found[layout, name], coverage.pages[layout, name] = found, pages
        return coverage


def compare(article: Article, mention: Mention) -> dict[str, bool]:
    """Whether a listing says of an article what its page says."""
    checks = {}
    if mention.published_at:
        checks[f"date in {mention.source}"] = same_time(article.published_at, mention.published_at)
    if mention.title:
        checks[f"title in {mention.source}"] = same_title(article.title, mention.title)
    return checks


def fallen(now: Coverage, before: Sequence[Coverage]) -> list[str]:
    """What this run found much more seldom than the runs `before` it (the newest first) did; a line each."""
    if not now.pages:
        return []
    said = dict(_falls(now, sum(before, Coverage())))
    recent, older = now, list(before)
    while older and older[0].most() < FEW and recent.most() < FEW:
        recent += older.pop(0)
    return list((said | dict(_falls(recent, sum(older, Coverage())))).values())


def _falls(now: Coverage, past: Coverage) -> Iterator[tuple[tuple[str, str], str]]:
    for (layout, name), pages in sorted(now.pages.items()):
        share = now.found[layout, name] / pages
        said = f"{layout}: {name} on {now.found[layout, name]} of {pages} pages"
        known = past.pages[layout, name]
        if not known:
            if name in _FLOORED and pages >= FLOOR_FROM and share < FLOOR:
                yield (layout, name), f"{said} agrees"
            continue
        usual = past.found[layout, name] / known
        smoothed = (past.found[layout, name] + 1) / (known + 2)
        if usual - share > FALL and _chance(share, smoothed, pages) < CHANCE:
            yield (layout, name), f"{said}, before on {past.found[layout, name]} of {known}"


def _chance(share: float, usual: float, pages: int) -> float:
    """At most how often `pages` pages have so low a share where `usual` is usual (Chernoff's bound)."""
    distance = sum(
        part * math.log(part / whole) for part, whole in ((share, usual), (1 - share, 1 - usual)) if part > 0
    )
    return math.exp(-pages * distance)
