"""A collection as one long row of words: what stands at a place, and what follows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from indexer.index.places import Places

Numbers = npt.NDArray[np.int32]
Grams = npt.NDArray[np.int64]
MOST_KEYS = 50_000
"""Words that have a number, the most frequent; four of their numbers fit into 64 bits."""
LARGE, SELDOM = 2_000, 3
"""In a collection of so many articles, words that fewer than these hold have no number either."""


def frequent(frequencies: Mapping[str, int], articles: int) -> dict[str, int]:
    """The words that have a number, the most frequent first, and how many articles hold each."""
    least = SELDOM if articles >= LARGE else 1
    known = sorted((key for key, often in frequencies.items() if often >= least), key=lambda key: -frequencies[key])
    return {key: frequencies[key] for key in known[:MOST_KEYS]}


class Row:
    """`at`: place → the number of the word there, 0 where it has none; `keys` and `often` (articles): by number;
    `alone`: the keys that have no place in common with others, as those of a date have → number.

    `known` are `frequent` words; `placed` has each with places where it stands, any number of times.
    """

    def __init__(
        self, size: int, known: Mapping[str, int], placed: Iterable[tuple[str, npt.NDArray[np.int64]]]
    ) -> None:
        self.keys = ["", *known]
        self.often = np.array([0, *known.values()], np.int64)
        # One place more than there are, so that there is no word before the first and none behind the last.
        self.at: Numbers = np.zeros(size + 1, np.int32)
        numbers = {key: number for number, key in enumerate(known, 1)}
        shared: set[int] = set()
        for key, places in placed:
            before = self.at[places]
            if before.any():
                shared |= {numbers[key], *np.unique(before).tolist()}
            self.at[places] = numbers[key]
        self.alone = {key: number for key, number in numbers.items() if number not in shared}

    def followed(self, places: Places, key: str) -> Places:
        """Those of some places that a word stands behind which is `alone`."""
        found: Places = places[self.at[places + 1] == self.alone[key]]
        return found

    def preceded(self, places: Places, key: str) -> Places:
        """The places of a word that is `alone`, of those before some places."""
        found: Places = places[self.at[places - 1] == self.alone[key]] - 1
        return found

    def grams(self, spans: Sequence[tuple[int, int]], length: int) -> tuple[npt.NDArray[np.int32], Grams]:
        """Rows of `length` words that stand within any of these spans of places, by their numbers, and how many spans
        hold each. A word without a number parts rows, as does the end of a paragraph.
        """
        if not len(spans):
            return np.empty((0, length), np.int32), np.empty(0, np.int64)
        parts = [self.at[start:end] for start, end in spans]
        gap = np.zeros(length, np.int32)
        numbers = np.concatenate([piece for part in parts for piece in (part, gap)]).astype(np.int64)
        span = np.repeat(np.arange(len(parts)), [len(part) + length for part in parts])
        windows = [numbers[place : len(numbers) - length + 1 + place] for place in range(length)]
        whole = np.logical_and.reduce([window > 0 for window in windows])
        base = np.int64(len(self.keys))
        packed = np.add.reduce([window * base ** (length - 1 - place) for place, window in enumerate(windows)])[whole]
        # Spans ascend already, so that after a stable sort each gram's come in order.
        order = np.argsort(packed, kind="stable")
        packed, span = packed[order], span[: len(whole)][whole][order]
        new = np.concatenate(([True], packed[1:] != packed[:-1]))[: len(packed)]
        first = new | np.concatenate(([True], span[1:] != span[:-1]))[: len(packed)]
        starts = np.flatnonzero(new)
        counts = np.add.reduceat(first.astype(np.int64), starts) if len(starts) else np.empty(0, np.int64)
        grams = packed[starts]
        columns = [grams // base ** (length - 1 - place) % base for place in range(length)]
        return np.stack(columns, axis=1).astype(np.int32), counts
