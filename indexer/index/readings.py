"""What a row of words typed without marks was probably meant for: the reading whose words stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.index.match import Matcher, Spelt, Word
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


def read(matcher: Matcher, row: Sequence[Word]) -> Reading:
    """The likeliest reading of a row; words with no unmarked neighbour in the row stay as they were typed."""
    meant: list[Word] = list(row)
    spellings = [_all(matcher, word) for word in row]
    for start, end in _stretches(matcher, row):
        keys = [matcher.spellings("text", str(word)) for word in row[start:end]]
        counts = [matcher.spelt(str(one), str(other)) for one, other in pairwise(row[start:end])]
        often = [np.array([len(matcher.reader.places("text", key)) for key in each]) for each in keys]
        best = _likeliest([_weight(count, *pair) for count, pair in zip(counts, pairwise(often), strict=True)])
        meant[start:end] = [Spelt(key[place]) for key, place in zip(keys, best, strict=True)]
        for place, taking in enumerate(_taking_part(counts)):
            spellings[start + place] = frozenset(np.array(keys[place], object)[taking])
    return Reading(tuple(meant), tuple(spellings))


def _all(matcher: Matcher, word: Word) -> frozenset[str]:
    return frozenset(matcher.spellings("text", word)) if isinstance(word, str) else frozenset()


def _stretches(matcher: Matcher, row: Sequence[Word]) -> list[tuple[int, int]]:
    """Where two words and more stand in a row that were typed without marks, occur, and stand side by side anywhere."""
    open_ = [isinstance(word, str) and not is_marked(word) and bool(matcher.spellings("text", word)) for word in row]
    joined = [
        one and other and len(matcher.pair(*pair)) > 0
        for (one, other), pair in zip(pairwise(open_), pairwise(row), strict=True)
    ]
    found: list[tuple[int, int]] = []
    for place, together in enumerate(joined):
        if together and found and found[-1][1] == place + 1:
            found[-1] = (found[-1][0], place + 2)
        elif together:
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
