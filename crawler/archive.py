"""The archive: articles, every revision, the raw pages they were read from, and what changed since when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Self

from crawler.article import Article
from crawler.database import Database, open_database, transaction
from crawler.errors import ArchiveError, Shrunk
from crawler.migrate import migrate
from crawler.warc import Place, RawPage, WarcStore

FILE = "archive.sqlite"
PAGES = "warc"
"""The directory of raw pages."""
SHRUNK = 0.5
"""A text shorter than this share of the one archived is taken for a broken page, not for a correction…"""
SHRUNK_FROM = 200
"""…if the one archived has so many characters at least."""


class Outcome(Enum):
    """What putting an article did."""

    NEW = "new"
    REVISED = "revised"
    """Title, text or publishing time changed: a further revision."""
    AMENDED = "amended"
    """Only what stands around the text changed: the revision was kept and brought up to date."""
    UNCHANGED = "unchanged"


class Archive:
    """One data directory's archive. A context manager; use it from one thread at a time."""

    def __init__(self, connection: Database, pages: Path) -> None:
        self.db = connection
        self._pages = WarcStore(pages, self._indexed)
        connection.before_commit = self._pages.sync
        migrate(connection, self._pages)

    @classmethod
    def open(cls, data: Path, create: bool = True) -> Self:
        """Open `data`/archive.sqlite. Raises ArchiveError: unreadable, or absent where `create` is false."""
        return cls(open_database(data / FILE, create), data / PAGES)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def put(self, article: Article, page: RawPage, rules: Mapping[str, str] | None = None) -> Outcome:
        """Store what a page says, and the `rules` by which it was read (field → rule).

        The same content again changes nothing; changed content is the next revision.
        A legacy page that is still up after its article moved changes nothing either: the new address speaks for it.
        Raises Shrunk, and changes nothing, when most of the text is gone.
        """
        with transaction(self.db):
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            current = self.get(article.id)
            if current and len(current.text) >= SHRUNK_FROM and len(article.text) < SHRUNK * len(current.text):
                raise Shrunk(
                    f"its text fell from {len(current.text)} to {len(article.text)} characters; the old is kept"
                )
            if article.aliases:
                self._join(article)
                current = self.get(article.id)
            article = replace(article, aliases=self._aliases(article.id), captured_at=page.captured_at)
            if current is None:
                outcome, article = Outcome.NEW, replace(article, revision=1)
            elif current.sha256 != article.sha256:
                outcome, article = Outcome.REVISED, replace(article, revision=current.revision + 1)
            else:
                outcome = Outcome.AMENDED
                article = replace(article, revision=current.revision, captured_at=current.captured_at)
                if article == current:
                    return Outcome.UNCHANGED
            self._store(article, self.keep_page(page), rules or {})
            return outcome

    def put_imported(self, article: Article, now: datetime) -> Outcome:
        """Store an exported article. One whose content the archive holds, in any revision, changes nothing."""
        with transaction(self.db):
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            self._join(article)
            known = {row["sha256"] for row in self._revisions(article.id)}
            if article.sha256 in known:
                return Outcome.UNCHANGED
            current = self.get(article.id)
            revision = max(article.revision, current.revision + 1 if current else 1)
            aliases = self._aliases(article.id)
            captured = article.captured_at or now
            whole = replace(article, aliases=aliases, captured_at=captured, revision=revision)
            self._store(whole, None, {})
            return Outcome.REVISED if current else Outcome.NEW

    def mend(self, article: Article, rules: Mapping[str, str]) -> None:
        """Replace what was once read of a revision; the revision and its page stay."""
        with transaction(self.db):
            record = json.dumps(article.to_dict(), ensure_ascii=False)
            self.db.execute(
                "UPDATE revision SET sha256 = ?, record = ?, rules = ? WHERE article = ? AND number = ?",
                (article.sha256, record, json.dumps(rules), article.id, article.revision),
            )
            self.db.execute(
                "UPDATE article SET published_at = ?, layout = ? WHERE id = ? AND revision = ?",
                (article.published_at.isoformat(), article.layout, article.id, article.revision),
            )
            self._changed(article.id)

    def get(self, number: int) -> Article | None:
        """The current revision of the article with this id, or with this alias."""
        query = (
            "SELECT article, number, record FROM revision"
            " JOIN article ON article.id = revision.article AND number = article.revision"
            " WHERE article.id = coalesce((SELECT article FROM alias WHERE alias = ?), ?)"
        )
        row = self.db.execute(query, (number, number)).fetchone()
        return self._read(row) if row else None

    def revisions(self, number: int) -> list[Article]:
        """Every revision kept, the oldest first; empty for an id the archive does not hold."""
        return [self._read(row) for row in self._revisions(number)]

    def first_captured(self, number: int) -> datetime:
        """When the article came into the archive. Raises ArchiveError for an id it does not hold."""
        query = (
            "SELECT json_extract(record, '$.captured_at') AS captured FROM revision WHERE article = ?"
            " ORDER BY number LIMIT 1"
        )
        row = self.db.execute(query, (number,)).fetchone()
        if row is None:
            raise ArchiveError(f"there is no article {number} in the archive")
        return datetime.fromisoformat(row["captured"])

    def digests(self, number: int) -> dict[int, str]:
        """Revision → the sha256 it was stored with."""
        return {row["number"]: row["sha256"] for row in self._revisions(number)}

    def ids(self) -> list[int]:
        """Every article's id, ascending."""
        return [row["id"] for row in self.db.execute("SELECT id FROM article ORDER BY id")]

    def current(self, numbers: Iterable[int]) -> Iterator[Article]:
        """The current revisions of these ids, in their order; an id that was joined with another is passed over."""
        for number in numbers:
            if not self._is_alias(number) and (article := self.get(number)):
                yield article

    def counts(self) -> dict[str, int | str | None]:
        """Articles, revisions, and the first and last publishing time (None in an empty archive)."""
        query = (
            "SELECT count(*) AS articles, (SELECT count(*) FROM revision) AS revisions,"
            " min(published_at) AS first, max(published_at) AS last FROM article"
        )
        return dict(self.db.execute(query).fetchone())

    def last_change(self) -> int:
        """The number of the newest change; 0 in an empty archive."""
        return int(self.db.execute("SELECT coalesce(max(number), 0) FROM change").fetchone()[0])

    def changed_since(self, number: int) -> list[int]:
        """Ids touched by changes after `number`, each once. An id that `get` no longer knows under it was joined."""
        rows = self.db.execute("SELECT DISTINCT article FROM change WHERE number > ? ORDER BY article", (number,))
        return [row["article"] for row in rows]

    def rules(self, number: int, revision: int) -> dict[str, str]:
        """Field → the rule that gave it, of a revision read from a page."""
        query = "SELECT rules FROM revision WHERE article = ? AND number = ?"
        row = self.db.execute(query, (number, revision)).fetchone()
        return dict(json.loads(row["rules"])) if row else {}

    def keep_page(self, page: RawPage) -> int:
        """Store a raw page and tell its row."""
        place = self._pages.append(page)
        values = (page.url, page.captured_at.isoformat(), place.file, place.offset, place.length)
        query = "INSERT INTO page (url, captured_at, file, offset, length) VALUES (?, ?, ?, ?, ?)"
        return int(self.db.execute(query, values).lastrowid or 0)

    def page(self, row: int) -> RawPage:
        """A raw page kept. Raises ArchiveError when its file is missing or damaged."""
        found = self.db.execute("SELECT file, offset, length FROM page WHERE id = ?", (row,)).fetchone()
        return self._pages.read(Place(*found))

    def raw_page(self, number: int, revision: int) -> RawPage | None:
        """The page a revision was read from; None for an imported one. Raises ArchiveError as `page` does."""
        query = "SELECT page FROM revision WHERE article = ? AND number = ?"
        row = self.db.execute(query, (number, revision)).fetchone()
        return self.page(row["page"]) if row and row["page"] is not None else None

    def page_rows(self) -> list[int]:
        """The rows of all raw pages, in the order they were kept."""
        return [row["id"] for row in self.db.execute("SELECT id FROM page ORDER BY id")]

    def _indexed(self, file: str) -> int:
        query = "SELECT coalesce(max(offset + length), 0) FROM page WHERE file = ?"
        return int(self.db.execute(query, (file,)).fetchone()[0])

    def _revisions(self, number: int) -> list[sqlite3.Row]:
        query = "SELECT article, number, sha256, record FROM revision WHERE article = ? ORDER BY number"
        return self.db.execute(query, (number,)).fetchall()

    def _read(self, row: sqlite3.Row) -> Article:
        """The row's article. Ids and revision numbers move when articles are joined, so the columns hold them."""
        article = Article.from_dict(json.loads(row["record"]))
        return replace(article, id=row["article"], revision=row["number"], aliases=self._aliases(row["article"]))

    def _aliases(self, number: int) -> tuple[int, ...]:
        rows = self.db.execute("SELECT alias FROM alias WHERE article = ? ORDER BY alias", (number,))
        return tuple(row["alias"] for row in rows)

    def _store(self, article: Article, page: int | None, rules: Mapping[str, str]) -> None:
        published = article.published_at.isoformat()
        self.db.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " revision = excluded.revision, published_at = excluded.published_at, layout = excluded.layout",
            (article.id, article.revision, published, article.layout),
        )
        record = json.dumps(article.to_dict(), ensure_ascii=False)
        self.db.execute(
            "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?)",
            (article.id, article.revision, article.sha256, record, page, json.dumps(rules)),
        )
        self._changed(article.id)

    def _changed(self, number: int) -> None:
        self.db.execute("INSERT INTO change (article) VALUES (?)", (number,))

    def _is_alias(self, number: int) -> bool:
        return self.db.execute("SELECT 1 FROM alias WHERE alias = ?", (number,)).fetchone() is not None

    def _known(self, number: int) -> bool:
        return self.db.execute("SELECT 1 FROM article WHERE id = ?", (number,)).fetchone() is not None

    def _join(self, article: Article) -> None:
        """Bring what is known under the article's other ids under its own, once they are learnt."""
        for alias in article.aliases:
            if alias == article.id or alias in self._aliases(article.id):
                continue
            if self._known(alias):
                self._rename(alias, article.id)
            self.db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (alias, article.id))
            self._changed(article.id)

    def _rename(self, old: int, new: int) -> None:
        """Give `old`'s revisions to `new`, before those `new` has: the legacy page was there first."""
        if self._known(new):
            count = self.db.execute("SELECT max(number) FROM revision WHERE article = ?", (old,)).fetchone()[0]
            # Through negative numbers, since an UPDATE checks the primary key row by row.
            self.db.execute("UPDATE revision SET number = -(number + ?) WHERE article = ?", (count, new))
            self.db.execute("UPDATE revision SET number = -number WHERE article = ?", (new,))
            self.db.execute("UPDATE revision SET article = ? WHERE article = ?", (new, old))
            self.db.execute("UPDATE article SET revision = revision + ? WHERE id = ?", (count, new))
            self.db.execute("UPDATE alias SET article = ? WHERE article = ?", (new, old))
            self.db.execute("DELETE FROM article WHERE id = ?", (old,))
        else:
            self.db.execute("UPDATE article SET id = ? WHERE id = ?", (new, old))
        self._changed(old)
