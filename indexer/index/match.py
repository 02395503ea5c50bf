"""A query tree → the documents that match it: exactly, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from crawler.dates import HANOI
from crawler.periods import Period
from indexer.index.places import Docs, Places, both, by_document, intersection, union
from indexer.index.reader import Occurrences, Reader
from indexer.language.vietnamese import is_marked
from indexer.query.tree import And, Dates, Node, Not, Or, Phrase, Prefix, Ways


class Spelt(NamedTuple):
    """A word in just this spelling, also where what was typed without marks stands for every marking."""

    key: str


Word = str | Spelt | Prefix | Ways
"""A word's key, the beginning of some, or one thing in every way of writing it."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds documents of `reader`; where `opened`, what was typed without marks stands for every marking."""

    reader: Reader
    opened: bool = False
    _pairs: dict[tuple[Word, Word, str], Places] = field(default_factory=dict, repr=False, compare=False)

    def forget(self) -> None:
        """Let go of what was worked out on the way."""
        self._pairs.clear()

    def match(self, node: Node) -> Docs:
        """Every document that matches."""
        match node:
            case Phrase(keys=(key,)):
                return self._holding(key, node.field)
            case Phrase():
                return by_document(self.reader.docs(self.phrase(node.keys, node.field)))[0]
            case Ways():
                return union(self.match(phrase) for phrase in node.phrases)
            case Prefix():
                return self._holding(node, node.field)
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
        if (period.first, period.last) == (date.min, date.max):
            return docs
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

    def places(self, word: str | Spelt | Prefix, field: str = "text") -> Places:
        """Where a word, or what it stands for, is in `text`, `author` or `tag`."""
        if isinstance(word, Spelt):
            return self.reader.places(field, word.key)
        if isinstance(word, Prefix):
            return union(self.reader.places(field, key) for key in self.prefix_keys(word))
        if not self.opened or is_marked(word):
            return self.reader.places(field, word)
        return self.reader.opened_places(field, word)

    def occurrences(self, word: str | Spelt | Prefix, field: str = "text") -> Occurrences:
        """The documents that hold a word, or what it stands for, and how often."""
        if isinstance(word, Spelt):
            return self.reader.occurrences(field, word.key)
        if isinstance(word, Prefix):
            return self.reader.occurring(self.places(word, field))
        if not self.opened or is_marked(word):
            return self.reader.occurrences(field, word)
        return self.reader.opened_occurrences(field, word)

    def phrase(self, keys: Sequence[Word], field: str = "text") -> Places:
        """Where two words or more begin that stand side by side within one paragraph."""
        if field == "title":
            return self.reader.titled(self.phrase(keys))
        start, (one, other) = min(enumerate(pairwise(keys)), key=lambda pair: min(map(self._frequency, pair[1])))
        # Few places are left by the rarest two, so that no other two need to be found in the whole collection.
        found = self.pair(one, other, field) - start
        for offset, word in enumerate(keys):
            if offset in (start, start + 1):
                continue
            if not len(found):
                break
            found = both(found + offset, self.begun(word, field)) - offset
        return found

    def pair(self, one: Word, other: Word, field: str = "text") -> Places:
        """Where two words begin that stand side by side; worked out once."""
        known = (one, other, field)
        if known not in self._pairs:
            self._pairs[known] = self._adjacent(one, other, field)
        return self._pairs[known]

    def _adjacent(self, one: Word, other: Word, field: str) -> Places:
        """By the places of the rarer word and what stands beside them, where the words have but one key each."""
        first, second = self._exactly(one), self._exactly(other)
        known = self.reader.row.alone if field == "text" else {}
        if first is not None and second is not None:
            leads = self.reader.frequency(first) <= self.reader.frequency(second)
            if leads and second in known:
                return self.reader.row.followed(self.reader.places(field, first), second)
            if not leads and first in known:
                return self.reader.row.preceded(self.reader.places(field, second), first)
        return self._before(one, self.begun(other, field), field)

    def _frequency(self, word: Word) -> float:
        """In how many documents a word is; infinite where it may stand for others."""
        key = self._exactly(word)
        return inf if key is None else self.reader.frequency(key)

    def _exactly(self, word: Word) -> str | None:
        """The one key that a word stands for; None where it may stand for others."""
        if isinstance(word, Spelt):
            return word.key
        return word if isinstance(word, str) and (not self.opened or is_marked(word)) else None

    def often(self, key: str) -> int:
        """How often a spelling occurs."""
        return len(self.reader.places("text", key))

    def tables(self, pairs: Sequence[tuple[str, str]]) -> list[Docs]:
        """For each two words how often each spelling of the one stands before each of the other, by `spellings`."""
        return [self._table(*pair) for pair in pairs]

    def _table(self, one: str, other: str) -> Docs:
        places = self.pair(one, other)
        size = len(self.spellings("text", other))
        before, after = self._labels(one, places), self._labels(other, places + 1)
        counts = np.bincount(before * size + after, minlength=len(self.spellings("text", one)) * size)
        return counts.reshape(-1, size)

    def _labels(self, word: str, places: Places) -> Docs:
        labels: Docs = self.reader.opened_labels("text", word)[np.searchsorted(self.places(word), places)]
        return labels

    def begun(self, word: Word, field: str = "text") -> Places:
        """Where a word begins, or any way of writing it."""
        if not isinstance(word, Ways):
            return self.places(word, field)
        return union(self._written(phrase) for phrase in word.phrases)

    def row(self, words: Sequence[Word]) -> Places:
        """Where words begin that stand side by side within one paragraph, each in any way of writing it."""
        if not any(isinstance(word, Ways) for word in words):
            return self.phrase(words)
        found = self.begun(words[-1])
        for word in reversed(words[:-1]):
            found = self._before(word, found, "text")
        return found

    def _before(self, word: Word, places: Places, field: str) -> Places:
        """Where a word begins that ends just before one of these places."""
        if isinstance(word, Ways):
            return union(both(self._written(one), places - len(one.keys)) for one in word.phrases)
        return both(self.places(word, field), places - 1)

    def _written(self, phrase: Phrase) -> Places:
        return self.phrase(phrase.keys) if len(phrase.keys) > 1 else self.places(phrase.keys[0])

    def _holding(self, word: str | Prefix, field: str) -> Docs:
        """Documents that hold a word."""
        if field == "title":
            return self.occurrences(word).titled
        return self.occurrences(word, field).docs


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), HANOI).timestamp()


def _stored(field: str) -> str:
    """The index's field that holds a query's field: titles are the beginning of texts."""
    return "text" if field == "title" else field
