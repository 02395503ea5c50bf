"""NDJSON files of articles → the archive, all or nothing."""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Never, cast

from tqdm import tqdm

from crawler.archive.archive import Archive
from crawler.article import Article
from crawler.errors import BadArticle

_LONGEST_LINE = 20 * 1024 * 1024


def import_articles(archive: Archive, file: Path, now: datetime) -> Counter[str]:
    """Put every article of the file into the archive; how many were new, revised, unchanged.

    `now` is the capture time of articles that state none. Raises BadArticle naming the line, and then nothing was
    imported; OSError where the file cannot be read.
    """
    counts: Counter[str] = Counter()
    with file.open("rb") as raw, archive.transaction(), _bar(file) as bar:
        for article in _articles(file.name, raw):
            counts[archive.put_imported(article, now).value] += 1
            bar.update(raw.tell() - bar.n)
    return counts


def _bar(file: Path) -> tqdm[Never]:
    return tqdm(desc="import", total=file.stat().st_size, unit="B", unit_scale=True, disable=None, leave=False)


def _articles(name: str, raw: BinaryIO) -> Iterator[Article]:
    number = 1
    try:
        for line in _lines(_unpacked(name, raw)):
            if line.strip():
                yield Article.from_dict(json.loads(line))
            number += 1
    except (BadArticle, ValueError, RecursionError) as error:
        what = str(error) if isinstance(error, BadArticle) else "not a line of JSON"
        raise BadArticle(f"{name}, line {number}: {what}; nothing was imported") from error
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error) as error:
        raise BadArticle(f"{name} is cut short or not compressed as its name says; nothing was imported") from error


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    first = True
    while line := stream.readline(_LONGEST_LINE):
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _unpacked(name: str, raw: BinaryIO) -> BinaryIO:
    if name.endswith(".xz"):
        return cast(BinaryIO, lzma.open(raw))
    if name.endswith(".gz"):
        return cast(BinaryIO, gzip.open(raw))
    return raw
