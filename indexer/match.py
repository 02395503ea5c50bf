"""A query tree → the documents that match it: exactly, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce

import numpy as np

from crawler.dates import HANOI, Period
from indexer.query import And, Dates, Node, Not, Or, Phrase, Prefix
from indexer.reader import Docs, Places, Reader, merged
from indexer.vietnamese import is_marked


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds documents of `reader`; where `opened`, what was typed without marks stands for every marking."""

    reader: Reader
    opened: bool = False

    def match(self, node: Node) -> Docs:
        """Every document that matches."""
        match node:
            case Phrase():
                return distinct(self.reader.docs(self.phrase(node.keys, node.field)))
            case Prefix():
                return distinct(self.reader.docs(self.places(node, node.field)))
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
        found: Docs = docs[(moments >= first) & (moments < last)]
        return found

    def spellings(self, field: str, key: str) -> Sequence[str]:
        """The keys that a typed key stands for."""
        if not self.opened or is_marked(key):
            return (key,)
        return self.reader.spellings(_stored(field), key)

    def prefix_keys(self, prefix: Prefix) -> list[str]:
        """The keys that a prefix stands for."""
        if not self.opened or is_marked(prefix.key):
            return self.reader.beginning(_stored(prefix.field), prefix.key)
        return self.reader.folded_beginning(_stored(prefix.field), prefix.key)

    def places(self, word: str | Prefix, field: str = "text") -> Places:
        """Where a word, or what it stands for, is in `title`, `text`, `author` or `tag`."""
        if field == "title":
            places = self.places(word)
            docs = self.reader.docs(places)
            within: Places = places[places - self.reader.starts[docs] < self.reader.title[docs]]
            return within
        if isinstance(word, Prefix):
            return merged([self.reader.places(field, key) for key in self.prefix_keys(word)])
        if not self.opened or is_marked(word):
            return self.reader.places(field, word)
        return self.reader.opened_places(field, word)

    def phrase(self, keys: Sequence[str], field: str = "text") -> Places:
        """Where a phrase begins: its words side by side, within one paragraph."""
        found = [self.places(key, field) - offset for offset, key in enumerate(keys)]
        return reduce(side_by_side, sorted(found, key=len))


def side_by_side(few: Places, many: Places) -> Places:
    """Those of `few` that are in `many` as well."""
    if not len(few) or not len(many):
        return few[:0]
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    both: Places = few[many[at] == few]
    return both


def distinct(docs: Docs) -> Docs:
    """Ascending documents, each once."""
    once: Docs = docs[np.concatenate(([True], docs[1:] != docs[:-1]))[: len(docs)]]
    return once


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


def _stored(field: str) -> str:
    """The index's field that holds a query's field: titles are the beginning of texts."""
    return "text" if field == "title" else field
