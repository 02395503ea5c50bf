"""SQLite FTS5 over the same articles, as one would set it up: title and text indexed, an index over the dates."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

TOP = 10
_MARKS = "remove_diacritics 0"
_TABLES = """
CREATE TABLE article (id INTEGER PRIMARY KEY, title TEXT, text TEXT, published_at TEXT);
CREATE INDEX article_date ON article (published_at);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content='article', content_rowid='id', tokenize='unicode61 {marks}'
);
"""
_BY_RANK = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
_WITHIN = (
    "SELECT words.rowid FROM words JOIN article ON article.id = words.rowid"
    " WHERE words MATCH ? AND published_at BETWEEN ? AND ? ORDER BY rank LIMIT ?"
)
_BY_DATE = (
    "SELECT words.rowid FROM words JOIN article ON article.id = words.rowid"
    " WHERE words MATCH ? ORDER BY published_at DESC LIMIT ?"
)


class Fts5:
    """Top tens, and nothing else: no totals, no facets."""

    def __init__(self, path: str, articles: Iterable[dict[str, Any]], marks: str = _MARKS) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(_TABLES.format(marks=marks))
        rows = ((r["id"], r["title"], r["text"], r["published_at"]) for r in articles)
        self._db.executemany("INSERT INTO article VALUES (?, ?, ?, ?)", rows)
        self._db.execute("INSERT INTO words (words) VALUES ('rebuild')")
        self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._db.commit()

    def best(self, match: str) -> list[int]:
        return self._ids(_BY_RANK, match, TOP)

    def within(self, match: str, first: str, last: str) -> list[int]:
        return self._ids(_WITHIN, match, first, last, TOP)

    def newest(self, match: str) -> list[int]:
        return self._ids(_BY_DATE, match, TOP)

    def count(self, match: str) -> int:
        """How many match; not part of what is timed."""
        found: int = self._db.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone()[0]
        return found

    def _ids(self, statement: str, *values: object) -> list[int]:
        return [number for (number,) in self._db.execute(statement, values)]
