"""What a row of words typed without marks was probably meant for: the reading whose words stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.index.match import Spelt, Word
from indexer.index.reader import Weights
from indexer.language.vietnamese import is_marked

TAKES_PART = 0.1
"""Of the times two words stand side by side in their most frequent spelling: how often another one has to."""

CHANCE = 1e7
"""Words of a collection by which pairs are held against chance; the result hardly depends on it."""

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as it was meant, `row`, and for each word of it the spellings that may have been meant as well."""

    row: tuple[Word, ...]
    spellings: tuple[frozenset[str], ...]


class Spelled(Protocol):
    """What is known of the spellings of words typed without marks."""

    def spellings(self, field: str, key: str, /) -> Sequence[str]:
        """The keys that a typed key stands for."""

    def often(self, key: str, /) -> int:
        """How often a spelling occurs, or in how many articles."""

    def tables(self, pairs: Sequence[tuple[str, str]], /) -> list[Counts]:
        """For each two words how often each spelling of the one stands before each of the other, by `spellings`."""


def read(known: Spelled, row: Sequence[Word]) -> Reading:
    """The likeliest reading of a row; words with no unmarked neighbour in the row stay as they were typed."""
    meant: list[Word] = list(row)
    spellings = [_all(known, word) for word in row]
    tables = _tables(known, row)
    for start, end in _stretches(tables):
        keys = [known.spellings("text", str(word)) for word in row[start:end]]
        counts = [tables[place] for place in range(start, end - 1)]
        often = [np.array([known.often(key) for key in each]) for each in keys]
        best = _likeliest([_weight(count, *pair) for count, pair in zip(counts, pairwise(often), strict=True)])
        meant[start:end] = [Spelt(key[place]) for key, place in zip(keys, best, strict=True)]
        for place, taking in enumerate(_taking_part(counts)):
            spellings[start + place] = frozenset(np.array(keys[place], object)[taking])
    return Reading(tuple(meant), tuple(spellings))


def _all(known: Spelled, word: Word) -> frozenset[str]:
    return frozenset(known.spellings("text", word)) if isinstance(word, str) else frozenset()


def _tables(known: Spelled, row: Sequence[Word]) -> dict[int, Counts]:
    """By the place of the first, the tables of neighbours that were typed without marks and occur."""
    open_ = [isinstance(word, str) and not is_marked(word) and bool(known.spellings("text", word)) for word in row]
    both = [place for place, (one, other) in enumerate(pairwise(open_)) if one and other]
    return dict(zip(both, known.tables([(str(row[place]), str(row[place + 1])) for place in both]), strict=True))


def _stretches(tables: Mapping[int, Counts]) -> list[tuple[int, int]]:
    """Where two words and more stand in a row that stand side by side anywhere."""
    found: list[tuple[int, int]] = []
    for place, table in tables.items():
        if not table.any():
            continue
        if found and found[-1][1] == place + 1:
            found[-1] = (found[-1][0], place + 2)
        else:
            found.append((place, place + 2))
    return found


def _weight(count: Counts, one: Counts, other: Counts) -> Weights:
    """How much speaks for each pair of spellings: how often they stand side by side, and how much more than by chance.

    `one` and `other` are how often each spelling occurs at all. Pairs that are seldom beside the most frequent one are
    slips of the pen, or chance.
    """
    kept = np.where(count >= TAKES_PART / 2 * count.max(), count, 0)
    return np.asarray(np.log1p(kept) * np.log1p(kept * CHANCE / np.outer(one, other)))


def _likeliest(weights: Sequence[Weights]) -> list[int]:
    """The spelling of each word such that neighbours belong together most, all pairs taken together."""
    best = np.zeros(weights[0].shape[0])
    back = []
    for count in weights:
        total = best[:, None] + count
        back.append(total.argmax(axis=0))
        best = total.max(axis=0)
    place = int(best.argmax())
    path = [place]
    for step in reversed(back):
        place = int(step[place])
        path.append(place)
    return path[::-1]


def _taking_part(counts: Sequence[Counts]) -> list[npt.NDArray[np.bool_]]:
    """For each word which of its spellings stand beside a neighbour often enough."""
    often = [count >= max(1.0, TAKES_PART * count.max()) for count in counts]
    before = [pairs.any(axis=1) for pairs in often]
    after = [pairs.any(axis=0) for pairs in often]
    return [before[0], *(one | other for one, other in zip(before[1:], after[:-1], strict=True)), after[-1]]
