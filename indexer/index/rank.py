"""Ranking: BM25 over syllables, pairs of neighbours and whole phrases, every matching document scored.

The figures were chosen on `shared/relevance`, each the middle of a plateau; docs/architecture.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.index.match import Matcher, common
from indexer.index.reader import Docs, Places, Reader, Weights, by_document
from indexer.query.tree import And, Node, Not, Or, Phrase, Prefix


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

EARLY, EARLY_SPAN = 2.0, 60.0
"""What an occurrence counts more at an article's first syllable, and the syllables in which that falls to a third."""


def scores(matcher: Matcher, tree: Node, docs: Docs) -> Weights:
    """A score for each of the documents: what they hold of the query's words, and of its words side by side."""
    total = Scores(matcher.reader, docs)
    for run in runs(tree):
        for word in run:
            found = matcher.occurrences(word)
            total.add(found.docs, found.counts, SYLLABLE)
            total.add(found.titled, found.titled_counts, TITLE)
        pairs = [matcher.pair(one, other) for one, other in pairwise(run)]
        for places in pairs:
            total.add_row(places, PAIR, HEAD)
        if len(pairs) > 1:
            begun = (places - offset for offset, places in enumerate(pairs))
            total.add_row(reduce(common, sorted(begun, key=len)), PHRASE)
    return total.of[docs]


def runs(node: Node) -> Iterator[list[str | Prefix]]:
    """Words of title and text that were typed in a row; each side of an OR is a row of its own."""
    if isinstance(node, And):
        row: list[str | Prefix] = []
        for part in node.parts:
            if isinstance(part, Phrase | Prefix) and part.field == "text":
                row.extend(part.keys if isinstance(part, Phrase) else [part])
            elif not isinstance(part, Phrase | Prefix | Not):
                yield from runs(part)
        yield row
    elif isinstance(node, Or):
        for part in node.parts:
            yield from runs(part)
    elif isinstance(node, Phrase | Prefix):
        yield from runs(And((node,)))


class Scores:
    """Scores of some documents, by document number; evidence in any other is passed over."""

    def __init__(self, reader: Reader, docs: Docs) -> None:
        self._reader = reader
        self._wanted = np.zeros(reader.size, bool)
        self._wanted[docs] = True
        self.of: Weights = np.zeros(reader.size)

    def add(self, docs: Docs, often: npt.NDArray[Any], weighting: Weighting) -> None:
        """Add BM25 of something that is so often in each of these documents, and nowhere else."""
        reader = self._reader
        idf = np.log1p((len(reader) - len(docs) + 0.5) / (len(docs) + 0.5))
        wanted = self._wanted[docs]
        docs, often = docs[wanted], often[wanted]
        length, mean = (
            (reader.title_length, reader.mean_title) if weighting is TITLE else (reader.length, reader.mean_length)
        )
        norm = 1 - weighting.b + weighting.b * length[docs] / mean
        self.of[docs] += weighting.weight * idf * often * (weighting.k1 + 1) / (often + weighting.k1 * norm)

    def add_row(self, places: Places, weighting: Weighting, head: Weighting | None = None) -> None:
        """Add what a row of words is worth that begins at each of these places."""
        docs = self._reader.docs(places)
        positions = places - self._reader.starts[docs]
        once, counts = by_document(docs)
        if not len(once):
            return
        worth = 1 + EARLY * np.exp(-positions / EARLY_SPAN)
        self.add(once, np.add.reduceat(worth, np.cumsum(counts) - counts), weighting)
        if head:
            self.add(*by_document(docs[positions < self._reader.head[docs]]), head)
