"""The index being served: one reader for all threads, exchanged when a new generation is published."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from flask import abort, current_app

from crawler.article import Article
from crawler.errors import GocNhinError
from indexer import generation
from indexer.reader import Reader

log = logging.getLogger(__name__)


class LiveIndex:
    """Opens a data directory's current generation, and the next one when the pointer moves."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._seen = ""

    def reader(self) -> Reader:
        """The reader to answer this request with. Raises IndexMissing, IndexDamaged while there is none.

        One request opens a new generation; the others meanwhile are answered from the old one.
        """
        reader = self._reader
        if reader is None:
            with self._lock:
                return self._reader or self._open()
        if self._moved() and self._lock.acquire(blocking=False):
            try:
                return self._open() if self._moved() else self._reader or reader
            except GocNhinError as error:
                log.error("the new generation cannot be served: %s", error)
            finally:
                self._lock.release()
        return reader

    def _moved(self) -> bool:
        try:
            return generation.current_name(self._data) != self._seen
        except GocNhinError:
            return False

    def _open(self) -> Reader:
        # Noted before opening, so that a damaged generation is not tried again with every request.
        self._seen = generation.current_name(self._data)
        self._reader = Reader.open(self._data)
        return self._reader


def reader() -> Reader:
    """The current app's reader."""
    live: LiveIndex = current_app.extensions["live_index"]
    return live.reader()


def article(number: int) -> Article:
    """The article with this id, or known by it before; otherwise the request ends with 404."""
    index = reader()
    doc = index.doc_of(number)
    if doc is None:
        abort(404, f"Không có bài số {number} trong kho lưu trữ này.")
    return index.article(doc)
