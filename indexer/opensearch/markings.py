"""The spellings of words typed without marks, and how many articles have which two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from indexer.index.readings import Counts
from indexer.language.vietnamese import is_marked
from indexer.opensearch.documents import TOGETHER
from indexer.opensearch.queries import Query, counted

if TYPE_CHECKING:
    from indexer.opensearch.engine import Clustered

AT_ONCE = 1000
"""Pairs counted at once."""


class Markings:
    """Spelled, in one snapshot."""

    def __init__(self, engine: Clustered) -> None:
        self._engine = engine

    def spellings(self, _: str, key: str, /) -> Sequence[str]:
        """The keys that a typed key stands for."""
        return (key,) if is_marked(key) else self._engine.lexicon.markings.get(key, ())

    def often(self, key: str, /) -> int:
        """How many articles hold a spelling."""
        return self._engine.lexicon.frequencies.get(key, 0)

    def tables(self, pairs: Sequence[tuple[str, str]], /) -> list[Counts]:
        """For each two words how many articles have each spelling of the one before each of the other."""
        spellings = [(self.spellings("text", one), self.spellings("text", other)) for one, other in pairs]
        asked = [spelt for both in spellings for spelt in product(*both)]
        counts: list[int] = []
        for start in range(0, len(asked), AT_ONCE):
            some = (side_by_side(*spelt) for spelt in asked[start : start + AT_ONCE])
            counts += counted(self._engine.snapshot, some)
        found, place = [], 0
        for one, other in spellings:
            size = len(one) * len(other)
            found.append(np.array(counts[place : place + size], np.int64).reshape(len(one), len(other)))
            place += size
        return found


def side_by_side(one: str, other: str) -> Query:
    """Articles that have two keys, just as they are, side by side."""
    return {"term": {"pair": {"value": one + TOGETHER + other}}}
