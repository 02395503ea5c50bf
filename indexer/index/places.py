"""Ascending numbers as sets: of documents, and of places where words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

Docs = npt.NDArray[np.int64]
"""Document numbers, ascending, each once."""
Places = npt.NDArray[np.int64]
"""Where a term stands in the collection, ascending: all documents' positions numbered through (`Reader.starts`)."""
NOWHERE: Places = np.empty(0, np.int64)


def both(one: Places, other: Places) -> Places:
    """Those that are in one and in the other; both ascending, each number once."""
    return common(*sorted((one, other), key=len))


def common(few: Places, many: Places) -> Places:
    """Those of `few` that are in `many` as well; both ascending, each number once."""
    if not len(few) or not len(many):
        return few[:0]
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    found: Places = few[many[at] == few]
    return found


def union(found: Iterable[Docs]) -> Docs:
    """Documents in any."""
    parts = list(found)
    if len(parts) == 1:
        return parts[0]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def intersection(found: Sequence[Docs]) -> Docs:
    """Documents in all, the shortest list leading."""
    return reduce(common, sorted(found, key=len))


def merged(found: Sequence[Places]) -> Places:
    """The places of all, in order; no two of them share one."""
    if len(found) == 1:
        return found[0]
    return np.sort(np.concatenate(found), kind="stable") if found else NOWHERE


def by_document(docs: Docs) -> tuple[Docs, Docs]:
    """Ascending documents, each once, and how often each was there."""
    first = beginnings(docs)
    return docs[first], lengths(first, len(docs))


def beginnings(numbers: Docs) -> Docs:
    """Where each run of one number begins."""
    new = np.empty(len(numbers), bool)
    new[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return np.flatnonzero(new)


def lengths(first: Docs, size: int) -> Docs:
    """How long each run is, by where they begin among so many numbers."""
    ends = np.empty_like(first)
    ends[:-1], ends[-1:] = first[1:], size
    return ends - first
