"""Ranking: BM25 over syllables, pairs of neighbours and whole phrases, every matching document scored.

The figures were chosen on `shared/relevance`, each the middle of a plateau; docs/architecture.md has the measurements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.match import Matcher, side_by_side
from indexer.query import And, Node, Not, Or, Phrase, Prefix
from indexer.reader import Docs, Places, Reader, Weights


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
    reader = matcher.reader
    total = np.zeros(len(reader.facts))
    for run in runs(tree):
        found = [matcher.places(word) for word in run]
        for places in found:
            _add_word(reader, places, total)
        pairs = [side_by_side(*_shorter(one, other - 1)) for one, other in pairwise(found)]
        for places in pairs:
            _add_row(reader, places, PAIR, HEAD, total)
        if len(pairs) > 1:
            whole = pairs[0]
            for offset, places in enumerate(pairs[1:], 1):
                whole = side_by_side(*_shorter(whole, places - offset))
            _add_row(reader, whole, PHRASE, None, total)
    return total[docs]


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


def _shorter(one: Places, other: Places) -> tuple[Places, Places]:
    return (one, other) if len(one) <= len(other) else (other, one)


def _add_word(reader: Reader, places: Places, total: Weights) -> None:
    docs = reader.docs(places)
    _add(reader, docs, None, SYLLABLE, total)
    _add(reader, docs[places - reader.starts[docs] < reader.title[docs]], None, TITLE, total)


def _add_row(reader: Reader, places: Places, weighting: Weighting, head: Weighting | None, total: Weights) -> None:
    docs = reader.docs(places)
    positions = places - reader.starts[docs]
    _add(reader, docs, 1 + EARLY * np.exp(-positions / EARLY_SPAN), weighting, total)
    if head:
        _add(reader, docs[positions < reader.head[docs]], None, head, total)


def _add(
    reader: Reader, docs: Docs, worth: npt.NDArray[np.float64] | None, weighting: Weighting, total: Weights
) -> None:
    """Add BM25 of occurrences, each counting its `worth` (default 1), to the documents they are in."""
    if not len(docs):
        return
    first = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
    often = np.diff(first, append=len(docs)) if worth is None else np.add.reduceat(worth, first)
    docs = docs[first]
    length, mean = (reader.title, reader.mean_title) if weighting is TITLE else (reader.length, reader.mean_length)
    norm = 1 - weighting.b + weighting.b * length[docs] / mean
    idf = np.log1p((len(reader) - len(docs) + 0.5) / (len(docs) + 0.5))
    total[docs] += weighting.weight * idf * often * (weighting.k1 + 1) / (often + weighting.k1 * norm)
