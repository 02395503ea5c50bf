"""An index held against its archive, whichever engine keeps it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from crawler.archive.reader import ArchiveReader
from crawler.article import Article


def digest(article: Article) -> str:
    """Tells an article from any other, and from any other state of it."""
    return hashlib.sha256(json.dumps(article.to_dict(), ensure_ascii=False).encode()).hexdigest()


def differences(archive: ArchiveReader, change: int, mark: str, stored: Iterable[tuple[int, str]]) -> Iterator[str]:
    """A line for each article that is other than in the archive.

    `change` and `mark` are the archive's last change that the index has; `stored` are its articles' ids and digests.
    """
    if mark != archive.mark(change):
        yield "was built from another archive, or before a backup was restored: run “goc-nhin index”"
        return
    if change != archive.last_change():
        yield "is behind the archive: run “goc-nhin index”"
        return
    indexed = dict(stored)
    for number in archive.ids():
        found, article = indexed.pop(number, None), archive.get(number)
        if found is None and article:
            yield f"article {number} is missing"
        elif found and article and found != digest(article):
            yield f"article {number} is not as the archive has it"
    for number in indexed:
        yield f"article {number} is not in the archive"
