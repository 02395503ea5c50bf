"""What an archive holds: articles in every revision, and what is known about each."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler.archive.crawls import Crawls
from crawler.archive.database import Database, open_read_only, record_digest
from crawler.archive.frontier import Frontier
from crawler.archive.joining import is_archived
from crawler.archive.pages import RawPages
from crawler.article import Article
from crawler.errors import ArchiveError, BadArticle
from crawler.logs import OURS
from crawler.reading.doubts import Doubt

FILE = "archive.sqlite"
PAGES = "warc"
"""The directory of raw pages."""

log = logging.getLogger(f"{OURS}.archive")


class ArchiveReader:
    """One data directory's archive, to be read. A context manager; use it from one thread at a time.

    `pages` are the raw pages, `frontier` the addresses ever listed, `crawls` the crawls ever run.
    """

    def __init__(self, database: Database, pages: Path) -> None:
        self._db = database
        self.pages = RawPages(database, pages)
        self.frontier, self.crawls = Frontier(database, self.pages), Crawls(database)

    @classmethod
    def open_read_only(cls, data: Path) -> ArchiveReader:
        """Open `data`/archive.sqlite without the lock: nothing in it can be changed, nor brought to a new schema.

        Raises ArchiveError where it is absent, unreadable, or of another version's schema.
        """
        return ArchiveReader(open_read_only(data / FILE), data / PAGES)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def get(self, number: int) -> Article | None:
        """The current revision of the article with this id, or alias; None also for one that cannot be read."""
        query = (
            "SELECT article, number, record FROM revision"
            " JOIN article ON article.id = revision.article AND number = article.revision"
            " WHERE article.id = coalesce((SELECT article FROM alias WHERE alias = ?), ?)"
        )
        row = self._db.execute(query, (number, number)).fetchone()
        return self._read(row) if row else None

    def revisions(self, number: int) -> list[Article]:
        """Every revision that can be read of the article with this id, or alias, the oldest first.

        Empty for an id the archive does not hold.
        """
        row = self._db.execute("SELECT article FROM alias WHERE alias = ?", (number,)).fetchone()
        return [article for row in self._revisions(row["article"] if row else number) if (article := self._read(row))]

    def current(self, numbers: Iterable[int]) -> Iterator[Article]:
        """The current revisions of these ids, in their order; an id that was joined with another is passed over."""
        for number in numbers:
            if not self._is_alias(number) and (article := self.get(number)):
                yield article

    def ids(self) -> list[int]:
        """Every article's id, ascending."""
        return [row["id"] for row in self._db.execute("SELECT id FROM article ORDER BY id")]

    def known(self, number: int) -> bool:
        """Whether an article is archived under this id, not under another."""
        return is_archived(self._db, number)

    def aliases(self, number: int) -> tuple[int, ...]:
        """The other ids an article is known by, ascending."""
        rows = self._db.execute("SELECT alias FROM alias WHERE article = ? ORDER BY alias", (number,))
        return tuple(row["alias"] for row in rows)

    def _is_alias(self, number: int) -> bool:
        return self._db.execute("SELECT 1 FROM alias WHERE alias = ?", (number,)).fetchone() is not None

    def first_captured(self, number: int) -> datetime:
        """When the article came into the archive. Raises ArchiveError for an id it does not hold."""
        query = (
            "SELECT json_extract(record, '$.captured_at') AS captured FROM revision WHERE article = ?"
            " AND captured IS NOT NULL ORDER BY number LIMIT 1"
        )
        row = self._db.execute(query, (number,)).fetchone()
        if row is None:
            raise ArchiveError(f"there is no article {number} in the archive")
        return datetime.fromisoformat(row["captured"])

    def arrived(self, number: int) -> int:
        """The change by which an article came into the archive, under whatever id. Raises ArchiveError."""
        query = (
            "SELECT min(number) FROM change WHERE article = ? OR article IN (SELECT alias FROM alias WHERE article = ?)"
        )
        found = self._db.execute(query, (number, number)).fetchone()[0]
        if found is None:
            raise ArchiveError(f"there is no article {number} in the archive")
        return int(found)

    def counts(self) -> dict[str, int | str | None]:
        """Articles, revisions, and the first and last publishing time (None in an empty archive)."""
        query = (
            "SELECT count(*) AS articles, (SELECT count(*) FROM revision) AS revisions,"
            " min(published_at) AS first, max(published_at) AS last FROM article"
        )
        return dict(self._db.execute(query).fetchone())

    def last_change(self) -> int:
        """The number of the newest change; 0 in an empty archive."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) FROM change").fetchone()[0])

    def mark(self, change: int) -> str:
        """What tells a change of this archive from that of the same number in any other; "" where there is none."""
        row = self._db.execute("SELECT mark FROM change WHERE number = ?", (change,)).fetchone()
        return str(row["mark"]) if row else ""

    def changed_since(self, number: int) -> list[int]:
        """Ids touched by changes after `number`, each once. An id that `get` no longer knows under it was joined."""
        rows = self._db.execute("SELECT DISTINCT article FROM change WHERE number > ? ORDER BY article", (number,))
        return [row["article"] for row in rows]

    def rules(self, number: int, revision: int) -> dict[str, str]:
        """Field → the rule that gave it, of a revision read from a page."""
        query = "SELECT rules FROM revision WHERE article = ? AND number = ?"
        row = self._db.execute(query, (number, revision)).fetchone()
        return dict(json.loads(row["rules"])) if row else {}

    def doubts(self, number: int, revision: int | None = None) -> tuple[Doubt, ...]:
        """What is doubtful about a revision, by default the current one; empty for an id the archive does not hold."""
        query = (
            "SELECT doubts FROM revision JOIN article ON article.id = article"
            " WHERE article.id = ? AND number = coalesce(?, article.revision)"
        )
        row = self._db.execute(query, (number, revision)).fetchone()
        return tuple(Doubt(**one) for one in json.loads(row["doubts"])) if row else ()

    def doubtful(self) -> dict[int, tuple[Doubt, ...]]:
        """Id → what is doubtful about the current revision, of every article about which anything is; newest first."""
        query = (
            "SELECT id, doubts FROM article JOIN revision ON article = id AND number = article.revision"
            " WHERE doubts != '[]' ORDER BY published_at DESC, id DESC"
        )
        rows = self._db.execute(query)
        return {row["id"]: tuple(Doubt(**one) for one in json.loads(row["doubts"])) for row in rows}

    def lengths(self, section: str, most: int) -> list[int]:
        """Characters of the texts of a section's `most` newest articles, by id."""
        query = (
            "SELECT length(json_extract(record, '$.text')) FROM article JOIN revision"
            " ON article = id AND number = article.revision"
            " WHERE json_extract(record, '$.section') = ? ORDER BY id DESC LIMIT ?"
        )
        return [row[0] for row in self._db.execute(query, (section, most))]

    def printing(self, paragraph: int, most: int) -> list[int]:
        """Ids of at most so many articles that print a paragraph, by its digest (`paragraphs.digests`)."""
        query = "SELECT article FROM paragraph WHERE digest = ? LIMIT ?"
        return [row["article"] for row in self._db.execute(query, (paragraph, most))]

    def unreadable(self, number: int) -> dict[int, str]:
        """Revision → why it is no article, of what was altered or written by a faulty version."""
        found = {}
        for row in self._revisions(number):
            try:
                Article.from_dict(json.loads(row["record"]))
            except (BadArticle, ValueError) as error:
                found[row["number"]] = str(error)
        return found

    def altered(self, number: int) -> list[int]:
        """The revisions whose record, or whose sha256, is no longer what was stored."""
        found = []
        for row in self._revisions(number):
            article = self._read(row)
            if record_digest(row["record"]) != row["digest"] or (article and article.sha256 != row["sha256"]):
                found.append(row["number"])
        return found

    def unsound(self) -> Iterator[str]:
        """What SQLite finds wrong with the file, a line each. Raises ArchiveError where it cannot be read."""
        try:
            for row in self._db.execute("PRAGMA integrity_check"):
                if row[0] != "ok":
                    yield str(row[0])
            for row in self._db.execute("PRAGMA foreign_key_check"):
                yield f"a row of {row['table']} names a row of {row['parent']} that is not there"
        except sqlite3.Error as error:
            raise ArchiveError(str(error)) from error

    def _revisions(self, number: int) -> list[sqlite3.Row]:
        query = "SELECT article, number, sha256, record, digest FROM revision WHERE article = ? ORDER BY number"
        return self._db.execute(query, (number,)).fetchall()

    def _read(self, row: sqlite3.Row) -> Article | None:
        """The row's article. Ids and revision numbers move when articles are joined, so the columns hold them."""
        try:
            article = Article.from_dict(json.loads(row["record"]))
        except (BadArticle, ValueError) as error:
            log.warning("article %d revision %d cannot be read: %s", row["article"], row["number"], error)
            return None
        return replace(article, id=row["article"], revision=row["number"], aliases=self.aliases(row["article"]))

    def _last_revision(self, number: int) -> int:
        query = "SELECT coalesce(max(number), 0) FROM revision WHERE article = ?"
        return int(self._db.execute(query, (number,)).fetchone()[0])
