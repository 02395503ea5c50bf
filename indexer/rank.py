"""Ranking: BM25 over syllables and over pairs of neighbours, every matching document scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.match import Matcher
from indexer.query import And, Node, Not, Or, Phrase, Prefix
from indexer.reader import Docs, Weights


@dataclass(frozen=True, slots=True)
class Weighting:
    """How a field counts: BM25's k1 and b, and the weight of its sum."""

    field: str
    k1: float
    b: float
    weight: float


SYLLABLES = (Weighting("text", 1.2, 0.75, 0.75), Weighting("title", 1.2, 0.3, 1.0))
PAIRS = (Weighting("pairs", 3.0, 0.75, 1.0), Weighting("head", 3.0, 0.0, 1.0))
"""Pairs saturate late (k1 = 3): a text that keeps using a compound is about it."""


def scores(matcher: Matcher, tree: Node, docs: Docs) -> Weights:
    """A score for each of the documents: what they hold of the query's words, and of its words side by side."""
    total = np.zeros(len(matcher.reader.facts))
    for run in runs(tree):
        for word in run:
            for weighting in SYLLABLES:
                _add(matcher, weighting, _keys(matcher, weighting, word), total)
        for first, second in pairwise(run):
            if isinstance(first, str) and isinstance(second, str):
                for weighting in PAIRS:
                    _add(matcher, weighting, matcher.pairs(weighting.field, first, second), total)
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


def _keys(matcher: Matcher, weighting: Weighting, word: str | Prefix) -> Iterable[str]:
    return matcher.prefix_keys(word) if isinstance(word, Prefix) else matcher.spellings(weighting.field, word)


def _add(matcher: Matcher, weighting: Weighting, keys: Iterable[str], total: Weights) -> None:
    """Add one word's BM25; its spellings count as one word."""
    reader = matcher.reader
    found = [postings for key in keys if len((postings := reader.postings(weighting.field, key))[0])]
    if not found:
        return
    docs, often = found[0] if len(found) == 1 else _as_one(found)
    length = reader.title_length if weighting.field == "title" else reader.length
    norm = 1 - weighting.b + weighting.b * length[docs] / reader.mean_length(weighting.field)
    idf = np.log1p((len(reader) - len(docs) + 0.5) / (len(docs) + 0.5))
    total[docs] += weighting.weight * idf * often * (weighting.k1 + 1) / (often + weighting.k1 * norm)


def _as_one(found: list[tuple[Docs, Weights]]) -> tuple[Docs, Weights]:
    docs, inverse = np.unique(np.concatenate([docs for docs, _ in found]), return_inverse=True)
    often: Weights = np.bincount(inverse, np.concatenate([weights for _, weights in found])).astype(np.float64)
    return docs, often
