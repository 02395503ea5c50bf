"""The demo: a replica of the site on this machine, crawled and indexed like the real one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.archive.reader import FILE, ArchiveReader
from crawler.errors import GocNhinError

MARK = "bài mẫu"
"""The tag every specimen carries."""


@contextmanager
def replica() -> Iterator[str]:
    """The replica's address while it is being served, by a process of its own."""
    command = [sys.executable, "-m", "goc_nhin_replica", "--with-parent"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise GocNhinError("the replica did not start: run “make install” again")
            yield address
        finally:
            process.terminate()


def refuse_real_archive(data: Path) -> None:
    """Specimens never go among real articles. Raises GocNhinError."""
    if not (data / FILE).exists():
        return
    with ArchiveReader.open_read_only(data) as archive:
        if any(MARK not in article.tags for article in archive.current(archive.ids())):
            raise GocNhinError(
                f"{data} holds real articles, which the demo's specimens would mix with: give another --data"
            )
