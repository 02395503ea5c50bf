from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.index.reader import Reader
from indexer.index.segments import Segments
from tests.helpers import article, indexed


class Alone:
    """Whatever is asked of Whoosh through this is slow, and told when two threads are in it at once."""

    def __init__(self, real: Any, told: list[str], inside: list[str]) -> None:
        self._real, self._told, self._inside = real, told, inside

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        return self._watched(name, real) if callable(real) else real

    def __getitem__(self, doc: int) -> Any:
        return self._watched("[]", self._real.__getitem__)(doc)

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if self._inside:
                self._told.append(f"{name} while {self._inside[0]}")
            self._inside.append(name)
            try:
                time.sleep(0.001)
                return real(*arguments)
            finally:
                self._inside.pop()

        return call


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return indexed(tmp_path, [article(number, f"chợ quê số {number}") for number in range(1, 9)])


def test_one_thread_at_a_time_is_in_whooshs_files(reader: Reader) -> None:
    segments: Segments = reader._segments
    told: list[str] = []
    inside: list[str] = []
    expected = [segments.article(doc) for doc in range(segments.size)]
    segments._columns = {name: Alone(column, told, inside) for name, column in segments._columns.items()}
    leaves = [(Alone(leaf, told, inside), base) for leaf, base in segments._reader.leaf_readers()]
    segments._reader = Alone(segments._reader, told, inside)
    segments._reader.__dict__["leaf_readers"] = lambda: leaves
    found: list[Any] = []

    def work() -> None:
        for doc in range(segments.size):
            found.append((doc, segments.article(doc)))
            list(segments.postings("text", "chợ"))
            segments.beginning("text", "ch")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == []
    assert all(one == expected[doc] for doc, one in found)
    assert len(found) == 4 * segments.size
