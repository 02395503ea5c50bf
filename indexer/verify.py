"""Proof that archive and index are sound and equal; what is not, by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from crawler.archive.reader import ArchiveReader
from crawler.errors import ArchiveError, GocNhinError
from indexer.engines.choice import store


def problems(data: Path, archive: ArchiveReader) -> Iterator[str]:
    """One line for each thing that is wrong; nothing where all is well. Reads everything there is."""
    yield from archive_problems(archive)
    yield from (f"index: {problem}" for problem in store(data).problems(archive))


def archive_problems(archive: ArchiveReader) -> Iterator[str]:
    """What is wrong with the archive alone, its raw pages included."""
    try:
        yield from (f"archive: {problem}" for problem in archive.unsound())
        for number in archive.ids():
            yield from _article_problems(archive, number)
        for row in archive.pages.rows():
            yield from _page_problems(archive, row)
    except (sqlite3.Error, GocNhinError, ValueError) as error:
        yield f"archive: {error}"


def _article_problems(archive: ArchiveReader, number: int) -> Iterator[str]:
    for revision, reason in archive.unreadable(number).items():
        yield f"archive: article {number} revision {revision} cannot be read and is passed over: {reason}"
    for revision in archive.altered(number):
        yield f"archive: article {number} revision {revision} is not what was stored"
    if archive.get(number) is None and not archive.unreadable(number):
        yield f"archive: article {number} lacks its current revision"


def _page_problems(archive: ArchiveReader, row: int) -> Iterator[str]:
    try:
        archive.pages.get(row)
    except ArchiveError as error:
        yield f"archive: {error}"
