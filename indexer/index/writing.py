"""Articles → Whoosh segments in a directory; a large build is shared with a second process."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, NoReturn

from tqdm import tqdm
from whoosh import index

from crawler.archive.reader import ArchiveReader
from indexer.errors import BuildFailed
from indexer.index.codec import ArrayCodec, segments_of
from indexer.index.schema import document, make_schema

MEMORY_MB = 400
"""What each process' Whoosh writer may hold before it spills to disk."""

SHARED_FROM = 1000
"""Articles from which a second process is worth its start of a second."""

SHARE = "share"
_POLL = 0.2
"""Seconds between looks at the second process."""


def write(path: Path, data: Path, archive: ArchiveReader, changed: Sequence[int], incremental: bool) -> tuple[int, int]:
    """Write the articles `changed` of the archive in `data`; documents in the index afterwards, documents written.

    `incremental`: `path` holds an index, whose documents of these articles are replaced. Raises BuildFailed.
    """
    alone = len(changed) < SHARED_FROM or (os.cpu_count() or 1) < 2
    mine, others = (changed, []) if alone else (changed[::2], changed[1::2])
    found = index.open_dir(str(path)) if incremental else index.create_in(str(path), make_schema())
    writer = _writer(found)
    if incremental:
        for number in changed:
            writer.delete_by_term("id", str(number))
    with ExitStack() as undo, _bar(len(changed)) as bar:
        share = _Share(path / SHARE, data, others) if others else None
        if share:
            undo.callback(share.stop)
        unwritten = undo.enter_context(ExitStack())
        unwritten.callback(writer.cancel)
        written = _add(writer, archive, mine, lambda: bar.update(1 + (share.news() if share else 0)))
        unwritten.pop_all()
        writer.commit()
        if share:
            more, segments = share.finish(bar.update)
            written += more
            _writer(found).commit(mergetype=lambda _, kept: [*kept, *segments])
        undo.pop_all()
    count = found.doc_count()
    found.close()
    return count, written


def removed_share(path: Path) -> float:
    """What share of an index's documents is removed and only waits for its segment to be merged."""
    found = index.open_dir(str(path), readonly=True)
    share = 1 - found.doc_count() / max(1, found.doc_count_all())
    found.close()
    return share


def _bar(total: int) -> tqdm[NoReturn]:
    return tqdm(desc="index", total=total, unit=" articles", disable=None, leave=False)


def _writer(found: Any) -> Any:
    return found.writer(limitmb=MEMORY_MB, codec=ArrayCodec())


def _add(writer: Any, archive: ArchiveReader, numbers: Sequence[int], told: Callable[[], Any]) -> int:
    written = 0
    for article in archive.current(numbers):
        came = archive.first_captured(article.id), archive.arrived(article.id)
        writer.add_document(**document(article, *came, archive.doubts(article.id)))
        written += 1
        told()
    return written


class _Share:
    """The second process: it writes its share into a directory of its own, whose segments are then taken over."""

    def __init__(self, path: Path, data: Path, numbers: Sequence[int]) -> None:
        path.mkdir()
        self._path = path
        self._seen = 0
        # Spawned, because forking a process with threads may lock up.
        context = multiprocessing.get_context("spawn")
        self._written = context.Value("q", 0)
        self._process: SpawnProcess = context.Process(target=_write_share, args=(path, data, numbers, self._written))
        self._process.start()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.join()

    def news(self) -> int:
        """Articles written since last asked."""
        before, self._seen = self._seen, self._written.value
        return self._seen - before

    def finish(self, told: Callable[[int], Any]) -> tuple[int, list[Any]]:
        """Articles written, and the segments, moved to where the others are."""
        while self._process.is_alive():
            self._process.join(_POLL)
            told(self.news())
        if self._process.exitcode != 0:
            raise BuildFailed(f"the build's second process ended with {self._process.exitcode}; the old index stays")
        found = index.open_dir(str(self._path))
        segments = segments_of(found)
        found.close()
        for file in self._path.glob("*.seg"):
            file.rename(self._path.parent / file.name)
        shutil.rmtree(self._path)
        return self._written.value, segments


def _write_share(path: Path, data: Path, numbers: Sequence[int], written: Any) -> None:
    """What the second process does; it does not outlive the first."""
    parent = multiprocessing.parent_process()

    def told() -> None:
        written.value += 1
        if parent and os.getppid() != parent.pid:
            raise SystemExit(1)

    found = index.create_in(str(path), make_schema())
    writer = _writer(found)
    with ArchiveReader.open_read_only(data) as archive:
        _add(writer, archive, numbers, told)
    writer.commit()
    found.close()
