"""The archive: articles, every revision, the raw pages they were read from, and what changed since when."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler.article import Article
from crawler.database import Database, open_database, transaction
from crawler.errors import ArchiveError, BadArticle
from crawler.joining import join
from crawler.logs import OURS
from crawler.migrate import migrate
from crawler.outcome import STEADY, Outcome, at_rest, refuse, unsteady
from crawler.paragraphs import digests, places_changed
from crawler.rawpages import RawPages
from crawler.reading.doubts import Doubt, distinct, in_content
from crawler.warc import RawPage

FILE = "archive.sqlite"
PAGES = "warc"
"""The directory of raw pages."""

log = logging.getLogger(f"{OURS}.archive")


class Archive:
    """One data directory's archive. A context manager; use it from one thread at a time."""

    def __init__(self, connection: Database, pages: Path) -> None:
        self.db = connection
        self.pages = RawPages(connection, pages)
        migrate(connection, self.pages.store)

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

    def put(
        self,
        article: Article,
        page: RawPage,
        rules: Mapping[str, str] | None = None,
        doubts: Iterable[Doubt] = (),
        changes: int = 0,
    ) -> Outcome:
        """Store what a page says, the `rules` by which it was read (field → rule), and what is doubtful about it.

        The same content again changes nothing; changed content is the next revision. A sound reading takes the place
        of a doubtful one as an amendment. A legacy page that is still up after its article moved changes nothing: the
        new address speaks for it. `changes`: fetches in a row that have found this article changed; once the same
        paragraphs change again and again, that is a doubt and no revision. Raises Shrunk when most of the text is
        gone, Doubtful when a doubtful reading differs from a sound one; then nothing was changed.
        """
        doubts = distinct(doubts)
        with transaction(self.db):
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            refuse(self.get(article.id), self.doubts(article.id), article, doubts)
            if article.aliases:
                join(self, article)
            current, kept = self.get(article.id), self.doubts(article.id)
            article = replace(article, aliases=self.aliases(article.id), captured_at=page.captured_at)
            if current is None:
                outcome = Outcome.REVISED if self.known(article.id) else Outcome.NEW
                article = replace(article, revision=self._last_revision(article.id) + 1)
            elif current.sha256 != article.sha256 and in_content(kept) and not in_content(doubts):
                outcome, article = Outcome.AMENDED, replace(article, revision=current.revision)
            elif current.sha256 != article.sha256:
                if changes >= STEADY and self._changes_as_before(current, article) and not at_rest(kept, article):
                    return self._unsteady(current, kept, article)
                outcome, article = Outcome.REVISED, replace(article, revision=current.revision + 1)
            else:
                outcome = Outcome.AMENDED
                article = replace(article, revision=current.revision, captured_at=current.captured_at)
                if article == current and (doubts == kept or (not in_content(kept) and in_content(doubts))):
                    return Outcome.UNCHANGED
                if article == current:
                    self.keep_doubts(article, doubts, rules)
                    return outcome
            self._store(article, self.pages.keep(page), rules or {}, doubts)
            return outcome

    def put_imported(self, article: Article, now: datetime) -> Outcome:
        """Store an exported article. One whose content the archive holds, in any revision, changes nothing."""
        with transaction(self.db):
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            join(self, article)
            known = {row["sha256"] for row in self._revisions(article.id)}
            if article.sha256 in known:
                return Outcome.UNCHANGED
            current = self.get(article.id)
            revision = max(article.revision, self._last_revision(article.id) + 1)
            aliases = self.aliases(article.id)
            captured = article.captured_at or now
            whole = replace(article, aliases=aliases, captured_at=captured, revision=revision)
            self._store(whole, None, {}, ())
            return Outcome.REVISED if current else Outcome.NEW

    def mend(self, article: Article, rules: Mapping[str, str], doubts: Iterable[Doubt] = ()) -> None:
        """Replace what was once read of a revision; the revision and its page stay."""
        with transaction(self.db):
            record = json.dumps(article.to_dict(), ensure_ascii=False)
            self.db.execute(
                "UPDATE revision SET sha256 = ?, record = ? WHERE article = ? AND number = ?",
                (article.sha256, record, article.id, article.revision),
            )
            self.db.execute(
                "UPDATE article SET published_at = ?, layout = ? WHERE id = ? AND revision = ?",
                (article.published_at.isoformat(), article.layout, article.id, article.revision),
            )
            if article.revision == self._last_revision(article.id):
                self._note_paragraphs(article)
            self.keep_doubts(article, doubts, rules)

    def doubts(self, number: int, revision: int | None = None) -> tuple[Doubt, ...]:
        """What is doubtful about a revision, by default the current one; empty for an id the archive does not hold."""
        query = (
            "SELECT doubts FROM revision JOIN article ON article.id = article"
            " WHERE article.id = ? AND number = coalesce(?, article.revision)"
        )
        row = self.db.execute(query, (number, revision)).fetchone()
        return tuple(Doubt(**one) for one in json.loads(row["doubts"])) if row else ()

    def keep_doubts(
        self, article: Article, doubts: Iterable[Doubt], rules: Mapping[str, str] | None = None, news: bool = True
    ) -> None:
        """Note what is doubtful about a revision, and the rules by which it was read; an index learns of `news`."""
        told = json.dumps([doubt.to_record() for doubt in distinct(doubts)], ensure_ascii=False)
        with transaction(self.db):
            query = "UPDATE revision SET doubts = ?, rules = coalesce(?, rules) WHERE article = ? AND number = ?"
            given = json.dumps(rules) if rules is not None else None
            self.db.execute(query, (told, given, article.id, article.revision))
            if news:
                self.changed(article.id)

    def get(self, number: int) -> Article | None:
        """The current revision of the article with this id, or alias; None also for one that cannot be read."""
        query = (
            "SELECT article, number, record FROM revision"
            " JOIN article ON article.id = revision.article AND number = article.revision"
            " WHERE article.id = coalesce((SELECT article FROM alias WHERE alias = ?), ?)"
        )
        row = self.db.execute(query, (number, number)).fetchone()
        return self._read(row) if row else None

    def revisions(self, number: int) -> list[Article]:
        """Every revision that can be read, the oldest first; empty for an id the archive does not hold."""
        return [article for row in self._revisions(number) if (article := self._read(row))]

    def unreadable(self, number: int) -> dict[int, str]:
        """Revision → why it is no article, of what was altered or written by a faulty version."""
        found = {}
        for row in self._revisions(number):
            try:
                Article.from_dict(json.loads(row["record"]))
            except (BadArticle, ValueError) as error:
                found[row["number"]] = str(error)
        return found

    def first_captured(self, number: int) -> datetime:
        """When the article came into the archive. Raises ArchiveError for an id it does not hold."""
        query = (
            "SELECT json_extract(record, '$.captured_at') AS captured FROM revision WHERE article = ?"
            " AND captured IS NOT NULL ORDER BY number LIMIT 1"
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

    def mark(self, change: int) -> str:
        """What tells a change of this archive from that of the same number in any other; "" where there is none."""
        row = self.db.execute("SELECT mark FROM change WHERE number = ?", (change,)).fetchone()
        return str(row["mark"]) if row else ""

    def changed_since(self, number: int) -> list[int]:
        """Ids touched by changes after `number`, each once. An id that `get` no longer knows under it was joined."""
        rows = self.db.execute("SELECT DISTINCT article FROM change WHERE number > ? ORDER BY article", (number,))
        return [row["article"] for row in rows]

    def rules(self, number: int, revision: int) -> dict[str, str]:
        """Field → the rule that gave it, of a revision read from a page."""
        query = "SELECT rules FROM revision WHERE article = ? AND number = ?"
        row = self.db.execute(query, (number, revision)).fetchone()
        return dict(json.loads(row["rules"])) if row else {}

    def _revisions(self, number: int) -> list[sqlite3.Row]:
        query = "SELECT article, number, sha256, record FROM revision WHERE article = ? ORDER BY number"
        return self.db.execute(query, (number,)).fetchall()

    def _read(self, row: sqlite3.Row) -> Article | None:
        """The row's article. Ids and revision numbers move when articles are joined, so the columns hold them."""
        try:
            article = Article.from_dict(json.loads(row["record"]))
        except (BadArticle, ValueError) as error:
            log.warning("article %d revision %d cannot be read: %s", row["article"], row["number"], error)
            return None
        return replace(article, id=row["article"], revision=row["number"], aliases=self.aliases(row["article"]))

    def aliases(self, number: int) -> tuple[int, ...]:
        """The other ids an article is known by, ascending."""
        rows = self.db.execute("SELECT alias FROM alias WHERE article = ? ORDER BY alias", (number,))
        return tuple(row["alias"] for row in rows)

    def _last_revision(self, number: int) -> int:
        query = "SELECT coalesce(max(number), 0) FROM revision WHERE article = ?"
        return int(self.db.execute(query, (number,)).fetchone()[0])

    def _changes_as_before(self, current: Article, article: Article) -> bool:
        """Whether just those paragraphs changed that had changed from the revision before to the current one."""
        if (current.title, current.published_at) != (article.title, article.published_at):
            return False
        before = next((one for one in self.revisions(current.id) if one.revision == current.revision - 1), None)
        places = places_changed(current.text, article.text)
        return before is not None and places is not None and places == places_changed(before.text, current.text)

    def _unsteady(self, current: Article, kept: tuple[Doubt, ...], article: Article) -> Outcome:
        """Note what was seen last, so that a text that has come to rest is known."""
        rest = [doubt for doubt in kept if doubt.code != "unsteady"]
        doubts = (*rest, unsteady(article))
        self.keep_doubts(current, doubts, news=len(rest) == len(kept))
        return Outcome.AMENDED if len(rest) == len(kept) else Outcome.UNCHANGED

    def _note_paragraphs(self, article: Article) -> None:
        self.db.execute("DELETE FROM paragraph WHERE article = ?", (article.id,))
        rows = ((digest, article.id) for digest in digests(article.text))
        self.db.executemany("INSERT OR IGNORE INTO paragraph VALUES (?, ?)", rows)

    def _store(self, article: Article, page: int | None, rules: Mapping[str, str], doubts: Iterable[Doubt]) -> None:
        published = article.published_at.isoformat()
        self.db.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " revision = excluded.revision, published_at = excluded.published_at, layout = excluded.layout",
            (article.id, article.revision, published, article.layout),
        )
        record = json.dumps(article.to_dict(), ensure_ascii=False)
        self.db.execute(
            "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.revision, article.sha256, record, page, json.dumps(rules), "[]"),
        )
        self._note_paragraphs(article)
        self.keep_doubts(article, doubts)

    def changed(self, number: int) -> None:
        """Note that an index must look at an article again."""
        self.db.execute("INSERT INTO change (article) VALUES (?)", (number,))

    def _is_alias(self, number: int) -> bool:
        return self.db.execute("SELECT 1 FROM alias WHERE alias = ?", (number,)).fetchone() is not None

    def known(self, number: int) -> bool:
        """Whether an article is archived under this id, not under another."""
        return self.db.execute("SELECT 1 FROM article WHERE id = ?", (number,)).fetchone() is not None
