"""Ranking: BM25 over syllables, pairs of neighbours and whole phrases, every matching document scored.

The figures were chosen on `shared/relevance`, each the middle of a plateau; docs/architecture.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from indexer.index.likeness import LOOKED_AT, support
from indexer.index.match import Matcher, Word
from indexer.index.places import Docs, Places, beginnings
from indexer.index.reader import Reader, Weights
from indexer.index.readings import read
from indexer.query.tree import And, Node, Not, Or, Phrase, Prefix, Ways


@dataclass(frozen=True, slots=True)
class Weighting:
    """How a kind of evidence counts: BM25's k1 and b, and the weight of its sum."""

    k1: float
    b: float
    weight: float


SYLLABLE = Weighting(1.2, 0.75, 0.75)
TITLE = Weighting(1.2, 0.3, 1.0)
PAIR = Weighting(3.0, 0.6, 1.0)
"""Pairs saturate late (k1 = 3): a text that keeps using a compound is about it."""
PHRASE = Weighting(3.0, 0.6, 0.5)
"""The whole row of three words or more, besides its pairs."""
HEAD = Weighting(0.8, 0.0, 0.4)
"""Pairs in title and lead, once more."""

MEANT = 0.3
"""The share that the likeliest reading has in the score of words typed without marks."""

EARLY, EARLY_SPAN = 2.0, 60.0
"""What an occurrence counts more at an article's first syllable, and the syllables in which that falls to a third."""

FEWER = 20
"""Where so many times fewer documents are wanted than hold a word, looking up each of them is sooner done."""


def scores(matcher: Matcher, tree: Node, docs: Docs) -> Weights:
    """A score for each of the documents: what they hold of the query's words, and of its words side by side.

    Words typed without marks count in every marking, and besides in the one that was probably meant.
    """
    if not len(docs):
        return np.zeros(0)
    rows = list(runs(tree))
    total = _scored(matcher, rows, docs)
    if not matcher.opened:
        return total
    meant = _scored(matcher, [read(matcher, row).row for row in rows], docs)
    return (1 - MEANT) * total + MEANT * meant


def ranked(matcher: Matcher, tree: Node, docs: Docs) -> tuple[Docs, Weights]:
    """Documents, the best first, and the score of each; the first of them in an order to which the others among them
    have a say (`likeness`), unless just these words were asked for, in quotes.
    """
    reader, scored = matcher.reader, scores(matcher, tree, docs)
    order = best_first(reader, docs, scored)
    docs, scored = docs[order], scored[order]
    if len(docs) and scored[0] > 0 and not _is_quoted(tree):
        first = slice(0, LOOKED_AT)
        scored[first] += support(reader, docs[first], scored[first])
        order = best_first(reader, docs[first], scored[first])
        docs[first], scored[first] = docs[first][order], scored[first][order]
    return docs, scored


def _is_quoted(tree: Node) -> bool:
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return all(isinstance(part, Phrase) and len(part.keys) > 1 for part in parts)


def best_first(reader: Reader, docs: Docs, scored: Weights) -> Docs:
    """The places of documents in the order of their scores; ties by date, the newest first, then by id."""
    order: Docs = np.lexsort((-reader.ids[docs], -reader.published[docs], -np.round(scored, 9)))
    return order


def _scored(matcher: Matcher, rows: Iterable[Sequence[Word]], docs: Docs) -> Weights:
    total = Scores(matcher.reader, docs)
    for row in rows:
        total.add_run(matcher, row)
    return total.of[docs]


def _add_word(total: Scores, matcher: Matcher, word: Word) -> None:
    """A word's occurrences; those of one thing written in several ways count together, as a pair of words would."""
    if isinstance(word, Ways):
        places = matcher.begun(word)
        found = matcher.reader.occurring(places)
        total.add_rows([places], PAIR, HEAD)
    else:
        found = matcher.occurrences(word)
    total.add(found.docs, found.counts, SYLLABLE)
    total.add(found.titled, found.titled_counts, TITLE)


def runs(node: Node) -> Iterator[list[Word]]:
    """Words of title and text that were typed in a row; each side of an OR is a row of its own."""
    if isinstance(node, And):
        row: list[Word] = []
        for part in node.parts:
            if isinstance(part, Phrase) and part.field == "text":
                row.extend(part.keys)
            elif _is_of_text(part):
                row.append(part)
            elif not isinstance(part, Phrase | Ways | Prefix | Not):
                yield from runs(part)
        yield row
    elif isinstance(node, Or):
        for part in node.parts:
            yield from runs(part)
    elif isinstance(node, Phrase | Ways | Prefix):
        yield from runs(And((node,)))


def _is_of_text(part: Node) -> TypeGuard[Prefix | Ways]:
    """Whether a part is one word of title and text."""
    one = part.phrases[0] if isinstance(part, Ways) else part
    return isinstance(part, Prefix | Ways) and isinstance(one, Prefix | Phrase) and one.field == "text"


class Scores:
    """Scores of some documents, by document number; evidence in any other is passed over."""

    def __init__(self, reader: Reader, docs: Docs) -> None:
        self._reader = reader
        self._docs = np.sort(docs)
        self._wanted = np.zeros(reader.size, bool)
        self._wanted[docs] = True
        self.of: Weights = np.zeros(reader.size)

    def add_run(self, matcher: Matcher, run: Sequence[Word]) -> None:
        """Add a row's words, their pairs, and the whole of it."""
        for word in run:
            _add_word(self, matcher, word)
        self.add_rows([matcher.pair(one, other) for one, other in pairwise(run)], PAIR, HEAD)
        if len(run) > 2:
            self.add_rows([matcher.row(run)], PHRASE)

    def add(self, docs: Docs, often: npt.NDArray[Any], weighting: Weighting) -> None:
        """Add BM25 of something that is so often in each of these documents, ascending, and nowhere else."""
        kept = self._among(docs)
        self._add(docs[kept], often[kept], self._rarity(len(docs)), weighting)

    def add_rows(self, rows: Sequence[Places], weighting: Weighting, head: Weighting | None = None) -> None:
        """Add what rows of words are worth that begin at these places."""
        rows = [places for places in rows if len(places)]
        if not rows:
            return
        places, number = np.concatenate(rows), np.repeat(np.arange(len(rows)), list(map(len, rows)))
        docs = self._reader.docs(places)
        self._add_each(number, docs, places, weighting, EARLY)
        if head:
            early = places - self._reader.starts[docs] < self._reader.head[docs]
            self._add_each(number[early], docs[early], places[early], head, 0.0)

    def _add_each(self, number: Docs, docs: Docs, places: Places, weighting: Weighting, early: float) -> None:
        """Add rows by their number, each in ascending documents; an occurrence at the beginning counts `early` more."""
        first = beginnings(number * self._reader.size + docs)
        rarity = self._rarity(np.bincount(number[first]))
        kept = self._wanted[docs]
        number, docs, places = number[kept], docs[kept], places[kept]
        first = beginnings(number * self._reader.size + docs)
        if not len(first):
            return
        worth = 1 + early * np.exp((self._reader.starts[docs] - places) / EARLY_SPAN)
        self._add(docs[first], np.add.reduceat(worth, first), rarity[number[first]], weighting)

    def _add(self, docs: Docs, often: npt.NDArray[Any], rarity: Weights, weighting: Weighting) -> None:
        reader = self._reader
        length, mean = (
            (reader.title_length, reader.mean_title) if weighting is TITLE else (reader.length, reader.mean_length)
        )
        norm = 1 - weighting.b + weighting.b * length[docs] / mean
        worth = weighting.weight * rarity * often * (weighting.k1 + 1) / (often + weighting.k1 * norm)
        np.add.at(self.of, docs, worth)

    def _rarity(self, held: Any) -> Weights:
        """Inverse document frequencies, BM25's, of what so many documents hold."""
        rarity: Weights = np.log1p((len(self._reader) - held + 0.5) / (held + 0.5))
        return rarity

    def _among(self, docs: Docs) -> Docs:
        """Which of these ascending documents are wanted, by their place."""
        if FEWER * len(self._docs) > len(docs):
            return np.flatnonzero(self._wanted[docs])
        at = np.minimum(np.searchsorted(docs, self._docs), len(docs) - 1)
        kept: Docs = at[docs[at] == self._docs]
        return kept
