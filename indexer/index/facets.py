"""What articles are counted by: each facet's values, and as two columns which document has which of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt

from crawler.dates import HANOI
from indexer.language.vietnamese import keys

Column = tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Values in their own order; documents, and the place of the value each has: one with two values is there twice."""


def coded(pairs: Iterable[tuple[int, str]]) -> Column:
    """The column of (document, value) pairs."""
    both = list(pairs)
    names = sorted({value for _, value in both})
    code = {name: number for number, name in enumerate(names)}
    return names, np.array([doc for doc, _ in both], np.int64), np.array([code[value] for _, value in both], np.int64)


def plainest(pairs: Iterable[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """Values that filters take for one (văn hoá, văn hóa) in the way they are most often written, once a document."""
    both = list(pairs)
    often: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for _, value in both:
        often[tuple(keys(value)) or (value,)][value] += 1
    shown = {value: min(ways, key=lambda way: (-ways[way], way)) for ways in often.values() for value in ways}
    return dict.fromkeys((doc, shown[value]) for doc, value in both)


def month(moment: float) -> str:
    """A moment's month in Hanoi, `2021-03`."""
    return f"{datetime.fromtimestamp(moment, HANOI):%Y-%m}"
