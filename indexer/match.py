"""A query tree → the documents that match it: exactly, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import pairwise, product

import numpy as np

from crawler.dates import HANOI, Period
from indexer.query import And, Dates, Node, Not, Or, Phrase, Prefix
from indexer.reader import Docs, Reader
from indexer.schema import PAIR
from indexer.vietnamese import is_marked

MOST_SPELLINGS = 64
"""Spellings one unmarked pair is opened up to."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds documents of `reader`; where `opened`, what was typed without marks stands for every marking."""

    reader: Reader
    opened: bool = False

    def match(self, node: Node) -> Docs:
        """Every document that matches."""
        match node:
            case Phrase():
                return self._phrase(node)
            case Prefix():
                return union(self.reader.postings(node.field, key)[0] for key in self.prefix_keys(node))
            case Dates():
                return self.published(node.period)
            case Not():
                return np.setdiff1d(self.reader.everything, self.match(node.part), assume_unique=True)
            case Or():
                return union(self.match(part) for part in node.parts)
            case And():
                found = [self.match(part) for part in node.parts]
                return intersection(found) if found else self.reader.everything

    def published(self, period: Period) -> Docs:
        """Documents published on these days."""
        docs, published = self.reader.everything, self.reader.published
        first = _midnight(period.first) if period.first > date.min else -np.inf
        last = _midnight(period.last + timedelta(1)) if period.last < date.max else np.inf
        moments = published[docs]
        return docs[(moments >= first) & (moments < last)]

    def spellings(self, field: str, key: str) -> Sequence[str]:
        """The keys that a typed key stands for."""
        if not self.opened or is_marked(key):
            return (key,)
        return self.reader.spellings(field, key)

    def prefix_keys(self, prefix: Prefix) -> list[str]:
        """The keys that a prefix stands for."""
        if not self.opened or is_marked(prefix.key):
            return self.reader.beginning(prefix.field, prefix.key)
        return self.reader.folded_beginning(prefix.field, prefix.key)

    def pairs(self, field: str, first: str, second: str) -> list[str]:
        """The keys in a field of pairs that two neighbours stand for."""
        both = product(self.spellings("text", first), self.spellings("text", second))
        found = (f"{one}{PAIR}{other}" for one, other in both)
        if not self.opened:
            return list(found)
        return [pair for pair in found if self.reader.has(field, pair)][:MOST_SPELLINGS]

    def _word(self, field: str, key: str) -> Docs:
        return union(self.reader.postings(field, spelling)[0] for spelling in self.spellings(field, key))

    def _phrase(self, phrase: Phrase) -> Docs:
        if len(phrase.keys) == 1:
            return self._word(phrase.field, phrase.keys[0])
        if phrase.field == "text":
            neighbours = [self.pairs("pairs", *two) for two in pairwise(phrase.keys)]
            found = [union(self.reader.postings("pairs", pair)[0] for pair in two) for two in neighbours]
        else:
            found = [self._word(phrase.field, key) for key in phrase.keys]
        docs = intersection(found)
        certain = phrase.field == "text" and len(phrase.keys) == 2 and not self.opened
        return docs if certain else self._side_by_side(phrase, docs)

    def _side_by_side(self, phrase: Phrase, docs: Docs) -> Docs:
        """Those of the documents in which the words stand in a row."""
        starts: dict[int, set[int]] | None = None
        for offset, key in enumerate(phrase.keys):
            places: dict[int, set[int]] = {}
            for spelling in self.spellings(phrase.field, key):
                for doc, positions in self.reader.positions(phrase.field, spelling, docs).items():
                    places.setdefault(doc, set()).update(position - offset for position in positions)
            if starts is not None:
                places = {doc: places[doc] & before for doc, before in starts.items() if doc in places}
            starts = {doc: found for doc, found in places.items() if found}
        return np.array(sorted(starts or ()), np.int64)


def union(found: Iterable[Docs]) -> Docs:
    """Documents in any."""
    parts = list(found)
    if len(parts) == 1:
        return parts[0]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def intersection(found: Sequence[Docs]) -> Docs:
    """Documents in all, the shortest list leading."""
    return reduce(lambda some, more: np.intersect1d(some, more, assume_unique=True), sorted(found, key=len))


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), HANOI).timestamp()
