"""Raw pages as WARC/1.1 files, which other archive tools read too; the archive's database knows where each stands."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.atomic import make_directory, sync_directory
from crawler.dates import HANOI
from crawler.errors import ArchiveError

SOFTWARE = "goc-nhin"
_NAME = re.compile(rf"{SOFTWARE}-\d{{5,}}-\d{{14}}\.warc\.gz")
"""What a file of ours is called; others are nobody's business here."""
ROTATE_AT = 100 * 1024 * 1024
"""Bytes at which a file is full: some 6,000 pages."""
_NOT_AS_STORED = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
"""Headers of how a body travelled. It is stored decoded, as other tools expect a body without them to be."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it came: its address, when, its status, its headers and its bytes, decoded of any compression."""

    url: str
    captured_at: datetime
    body: bytes
    headers: Headers = ()
    status: int = 200

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: a file's name in the directory, and a span of its bytes."""

    file: str
    offset: int
    length: int


class WarcStore:
    """A directory of WARC files. `end` tells of a file's name how many of its bytes the database knows of.

    A record counts only once the database knows its place; what a killed run left behind it is cut off.
    """

    def __init__(self, directory: Path, end: Callable[[str], int]) -> None:
        self._directory = directory
        self._end = end
        self._current: Path | None = None
        self._dirty = False

    def append(self, page: RawPage) -> Place:
        """Write a page's response record; `sync` before the database commits its place. Raises ArchiveError."""
        try:
            if self._current is None or self._current.stat().st_size >= ROTATE_AT:
                self.sync()
                self._current = self._writable()
            with self._current.open("ab") as file:
                self._dirty = True
                return Place(self._current.name, file.tell(), file.write(_record(page)))
        except OSError as error:
            raise self._unwritable(error) from error

    def sync(self) -> None:
        """See to it that what was written is on the disk. Raises ArchiveError."""
        if not self._dirty or self._current is None:
            return
        try:
            with self._current.open("ab") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unwritable(error) from error
        self._dirty = False

    def _unwritable(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"raw pages cannot be written to {self._directory}: {error.strerror}")

    def read(self, place: Place) -> RawPage:
        """The page that stands there. Raises ArchiveError when it does not, or is not what was written."""
        path = self._directory / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                member = file.read(place.length)
        except OSError as error:
            raise ArchiveError(f"the raw page in {path} cannot be read: {error.strerror}") from error
        try:
            return _page(gzip.decompress(member))  # which checks length and CRC
        except (EOFError, gzip.BadGzipFile, zlib.error, ArchiveLoadFailed, StopIteration, ValueError) as error:
            raise ArchiveError(f"{path} is damaged at byte {place.offset}: {error}") from error

    def _writable(self) -> Path:
        """The newest file without what no one knows of, or a new one where that is full or shorter than known."""
        make_directory(self._directory)
        ours = (path for path in self._directory.iterdir() if _NAME.fullmatch(path.name))
        newest = max(ours, default=None)
        if newest is not None and self._current is None:
            end = self._end(newest.name)
            if 0 < end <= newest.stat().st_size and end < ROTATE_AT:
                os.truncate(newest, end)
                return newest
        return self._begin(int(newest.name.split("-")[-2]) + 1 if newest else 1)

    def _begin(self, serial: int) -> Path:
        now = datetime.now(UTC)
        path = self._directory / f"{SOFTWARE}-{serial:05}-{now:%Y%m%d%H%M%S}.warc.gz"
        with path.open("xb") as file:
            writer = WARCWriter(file, gzip=True, warc_version="1.1")
            about = {"software": SOFTWARE, "format": "WARC File Format 1.1", "robots": "obey"}
            writer.write_record(writer.create_warcinfo_record(path.name, about))
            os.fsync(file.fileno())
        sync_directory(self._directory)
        return path


def _record(page: RawPage) -> bytes:
    buffer = BytesIO()
    kept = [(name, value) for name, value in page.headers if name.lower() not in _NOT_AS_STORED]
    headers = StatusAndHeaders(str(page.status), [*kept, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1")
    date = page.captured_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=headers,
        warc_headers_dict={"WARC-Date": date},
    )
    writer.write_record(record)
    return gzip.compress(buffer.getvalue(), compresslevel=6, mtime=0)  # warcio's own level 9 is four times as slow


def _page(written: bytes) -> RawPage:
    record: Any = next(ArchiveIterator(BytesIO(written), check_digests="raise"))
    body = record.raw_stream.read()
    headers = tuple((name, value) for name, value in record.http_headers.headers if name != "Content-Length")
    return RawPage(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        captured_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(HANOI),
        body=body,
        headers=headers,
        status=int(record.http_headers.get_statuscode()),
    )
