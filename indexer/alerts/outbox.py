"""What each alert was told of, and what is on its way: kept so that a kill loses nothing and repeats nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from crawler.errors import GocNhinError

FILE = "alerts.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS seen (       -- how far each alert has come
    alert TEXT PRIMARY KEY,
    change INTEGER NOT NULL,            -- of the archive: what came later is new
    mark TEXT NOT NULL                  -- tells that change from the one of this number in another archive
);
CREATE TABLE IF NOT EXISTS letter (     -- what is on its way, at most one an alert
    alert TEXT PRIMARY KEY,
    name TEXT NOT NULL,                 -- by which who gets it twice knows it again
    articles TEXT NOT NULL,             -- ids, JSON
    change INTEGER NOT NULL,            -- how far the alert has come once it has arrived
    mark TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """New articles on their way: the same name and the same articles however often it is tried."""

    name: str
    articles: tuple[int, ...]
    change: int
    mark: str


class Outbox:
    """`alerts.sqlite` in the data directory. Each call is kept on the disk before it returns."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    @classmethod
    @contextmanager
    def open(cls, data: Path) -> Iterator[Self]:
        """The outbox while it is used. Raises GocNhinError where it cannot be opened, read or written."""
        try:
            database = sqlite3.connect(data / FILE, isolation_level=None)
            try:
                database.executescript(f"PRAGMA synchronous = FULL; {_TABLES}")
                yield cls(database)
            finally:
                database.close()
        except (sqlite3.Error, json.JSONDecodeError) as error:
            said = "the alerts begin anew once it is moved away, if it is damaged"
            raise GocNhinError(f"{data / FILE} cannot be used: {error}; {said}") from error

    def seen(self, alert: str) -> tuple[int, str] | None:
        """How far an alert has come: the archive's change and its mark; None for one that is new."""
        row = self._db.execute("SELECT change, mark FROM seen WHERE alert = ?", (alert,)).fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def note(self, alert: str, change: int, mark: str) -> None:
        """An alert has come so far."""
        self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (alert, change, mark))

    def letter(self, alert: str) -> Letter | None:
        """What is on its way for an alert."""
        query = "SELECT name, articles, change, mark FROM letter WHERE alert = ?"
        row = self._db.execute(query, (alert,)).fetchone()
        return Letter(row[0], tuple(json.loads(row[1])), row[2], row[3]) if row else None

    def write(self, alert: str, articles: tuple[int, ...], change: int, mark: str) -> Letter:
        """Put articles on their way."""
        letter = Letter(f"goc-nhin-{uuid4().hex}", articles, change, mark)
        row = (alert, letter.name, json.dumps(articles), change, mark)
        self._db.execute("INSERT INTO letter VALUES (?, ?, ?, ?, ?)", row)
        return letter

    def arrived(self, alert: str, letter: Letter) -> None:
        """A letter has arrived: the alert has come as far as it reaches."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM letter WHERE alert = ?", (alert,))
        self.note(alert, letter.change, letter.mark)
        self._db.execute("COMMIT")
