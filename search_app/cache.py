"""Whole pages as HTML, so that a page is worked out once for all workers of a server."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import weakref
from contextlib import suppress
from pathlib import Path

MOST = 2048
"""Pages kept, of 50 kB at most, as a rule."""
PATIENCE = 0.5
"""Seconds that a worker waits for another that writes; then it goes without."""


_FOUND = "SELECT html, id < (SELECT max(id) FROM pages) - :recent FROM pages WHERE key = :key"
_RENEWED = "UPDATE pages SET id = (SELECT max(id) FROM pages) + 1 WHERE key = :key"


class PageCache:
    """Pages in a file that processes share, or in memory; those not asked for longest go first.

    Safe to share between threads. A page that cannot be had is made anew, so nothing is synced, and no error is raised.
    """

    def __init__(self, path: Path | None = None, most: int = MOST) -> None:
        self._most, self._lock = most, threading.Lock()
        self._db = sqlite3.connect(path or ":memory:", timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._db.close)
        with suppress(sqlite3.Error):
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute("CREATE TABLE IF NOT EXISTS pages (id INTEGER PRIMARY KEY, key TEXT UNIQUE, html TEXT)")

    def get(self, key: str) -> str | None:
        """The page of a key; None where it is not kept."""
        named = {"key": _digest(key), "recent": self._most // 2}
        with self._lock, suppress(sqlite3.Error):
            for html, is_old in self._db.execute(_FOUND, named).fetchall():
                if is_old:
                    self._db.execute(_RENEWED, named)
                return str(html)
        return None

    def put(self, key: str, html: str) -> None:
        """Keep a page by its key, and let the oldest go where there are too many."""
        with self._lock, suppress(sqlite3.Error):
            self._db.execute("INSERT OR REPLACE INTO pages (key, html) VALUES (?, ?)", (_digest(key), html))
            self._db.execute("DELETE FROM pages WHERE id <= (SELECT max(id) FROM pages) - ?", (self._most,))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
