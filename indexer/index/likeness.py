"""Which of a result's first documents are like others of them: what the best have in common speaks for a document."""

from __future__ import annotations

import numpy as np

from indexer.index.places import Docs, beginnings, lengths
from indexer.index.reader import Reader, Weights
from indexer.index.row import Row

LOOKED_AT = 60
"""Documents of a result that are put in order anew, its first ones."""
MOST_ALIKE = 5
"""Documents that speak for each, those most like it."""
WEIGHT = 0.4
"""What their mean score counts, beside the document's own."""
UNLIKE = 0.2
"""The likeness of a document that says nothing: one that is like no other is left where it is."""


def support(reader: Reader, docs: Docs, scored: Weights) -> Weights:
    """What each of a result's best documents gains: the mean score of those most like it, each by its likeness.

    Alike are documents whose neighbouring words are the same: the cosine of how often each pair stands in them, rare
    words counting more. The figures were chosen on `shared/relevance`; docs/architecture.md has what else was tried.
    """
    if len(docs) < 2:
        return np.zeros(len(docs))
    alike = _alike(reader, docs)
    nearest = np.argsort(-np.round(alike, 9), axis=1, kind="stable")[:, : min(MOST_ALIKE, len(docs) - 1)]
    shares = np.take_along_axis(alike, nearest, axis=1)
    mean: Weights = (shares * scored[nearest]).sum(axis=1) / (shares.sum(axis=1) + UNLIKE)
    return WEIGHT * mean


def _alike(reader: Reader, docs: Docs) -> Weights:
    """A table of cosines, 0 to 1; a document is not like itself."""
    row, number = reader.row, len(docs)
    # One sort of pair and document together, as one number, tells how often each is in each and which are shared.
    held = [
        _pairs(row, int(reader.starts[doc]), int(reader.starts[doc + 1])) * number + of for of, doc in enumerate(docs)
    ]
    packed = np.sort(np.concatenate(held))
    first = beginnings(packed)
    pair, of = np.divmod(packed[first], number)
    begins = beginnings(pair)
    often, shared = lengths(first, len(packed)), lengths(begins, len(pair))
    one, other = np.divmod(pair[begins], len(row.keys))
    rarity = np.log(len(reader) / np.clip(row.often, 1, len(reader)))
    weights = often * np.repeat(np.sqrt(rarity[one] + rarity[other]), shared)
    length = np.sqrt(np.bincount(of, weights**2, minlength=number))
    # A pair that one document alone holds makes it less like all others, and nothing else.
    kept = np.repeat(shared > 1, shared)
    lines, of = np.repeat(np.cumsum(shared > 1) - 1, shared)[kept], of[kept]
    table = np.zeros((int((shared > 1).sum()), number), np.float32)
    table[lines, of] = weights[kept] / np.maximum(length, 1e-9)[of]
    alike = (table.T @ table).astype(np.float64)
    np.fill_diagonal(alike, 0)
    return alike


def _pairs(row: Row, start: int, end: int) -> Docs:
    """The pairs of neighbours between two places, each as one number."""
    at = row.at[start:end].astype(np.int64)
    return (at[:-1] * len(row.keys) + at[1:])[(at[:-1] > 0) & (at[1:] > 0)]
