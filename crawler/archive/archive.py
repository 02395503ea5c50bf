"""The archive as a run writes it: what a page says is put there as a revision, an amendment, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler.archive.database import Database, open_database, record_digest
from crawler.archive.joining import join, note_change
from crawler.archive.migrate import migrate
from crawler.archive.outcome import STEADY, Outcome, at_rest, refuse, unsteady
from crawler.archive.pages import RawPages
from crawler.archive.paragraphs import digests, places_changed
from crawler.archive.reader import FILE, PAGES, ArchiveReader
from crawler.archive.warc import RawPage
from crawler.article import Article
from crawler.reading.doubts import Doubt, distinct, in_content


class Archive(ArchiveReader):
    """One data directory's archive, to be written by whoever holds the directory's lock.

    An archive of an earlier version is brought to today's schema when it is opened.
    """

    def __init__(self, database: Database, pages: Path) -> None:
        migrate(database, RawPages(database, pages).store)
        super().__init__(database, pages)

    @classmethod
    def open(cls, data: Path, create: bool = True) -> Self:
        """Open `data`/archive.sqlite. Raises ArchiveError: unreadable, or absent where `create` is false."""
        return cls(open_database(data / FILE, create), data / PAGES)

    def close(self) -> None:
        """See to it that what was stored is on the disk, and let go of the file. Raises ArchiveError.

        A commit goes to SQLite's log, which is synced when it is copied into the file; at the last moment SQLite would
        do that by itself, but not tell of a failure.
        """
        try:
            self._db.settle()
        finally:
            super().close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also within a transaction already under way. Raises ArchiveError."""
        with self._db.transaction():
            yield

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""
        return self._db.in_transaction

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
        with self.transaction():
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            refuse(self.get(article.id), self.doubts(article.id), article, doubts)
            if article.aliases:
                join(self._db, article)
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
        """Store an exported article. One whose content the archive holds, in any revision, changes nothing.

        One that was captured before the current revision is kept, and the current one stays so, as a further revision.
        After one that was captured later, the site is asked for the page without conditions, to have the last word.
        """
        with self.transaction():
            if self._is_alias(article.id):
                return Outcome.UNCHANGED
            join(self._db, article)
            known = {row["sha256"] for row in self._revisions(article.id)}
            if article.sha256 in known:
                return Outcome.UNCHANGED
            current, doubts = self.get(article.id), self.doubts(article.id)
            revision = max(article.revision, self._last_revision(article.id) + 1)
            aliases = self.aliases(article.id)
            captured = article.captured_at or now
            whole = replace(article, aliases=aliases, captured_at=captured, revision=revision)
            self._store(whole, None, {}, ())
            if current is None:
                return Outcome.NEW
            if current.captured_at and captured < current.captured_at:
                self._stays(current, doubts)
            else:
                self.frontier.unconditional(article.id)
            return Outcome.REVISED

    def mend(self, article: Article, rules: Mapping[str, str], doubts: Iterable[Doubt] = ()) -> None:
        """Replace what was once read of a revision; the revision and its page stay."""
        with self.transaction():
            record = json.dumps(article.to_dict(), ensure_ascii=False)
            self._db.execute(
                "UPDATE revision SET sha256 = ?, record = ?, digest = ? WHERE article = ? AND number = ?",
                (article.sha256, record, record_digest(record), article.id, article.revision),
            )
            self._db.execute(
                "UPDATE article SET published_at = ?, layout = ? WHERE id = ? AND revision = ?",
                (article.published_at.isoformat(), article.layout, article.id, article.revision),
            )
            if article.revision == self._last_revision(article.id):
                self._note_paragraphs(article)
            self.keep_doubts(article, doubts, rules)

    def keep_doubts(
        self, article: Article, doubts: Iterable[Doubt], rules: Mapping[str, str] | None = None, news: bool = True
    ) -> None:
        """Note what is doubtful about a revision, and the rules by which it was read; an index learns of `news`."""
        told = json.dumps([doubt.to_record() for doubt in distinct(doubts)], ensure_ascii=False)
        with self.transaction():
            query = "UPDATE revision SET doubts = ?, rules = coalesce(?, rules) WHERE article = ? AND number = ?"
            given = json.dumps(rules) if rules is not None else None
            self._db.execute(query, (told, given, article.id, article.revision))
            if news:
                note_change(self._db, article.id)

    def _stays(self, current: Article, doubts: tuple[Doubt, ...]) -> None:
        """Make what was the current revision so again, above what is older."""
        query = "SELECT page, rules FROM revision WHERE article = ? AND number = ?"
        row = self._db.execute(query, (current.id, current.revision)).fetchone()
        again = replace(current, revision=self._last_revision(current.id) + 1)
        self._store(again, row["page"], json.loads(row["rules"]), doubts)

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
        self._db.execute("DELETE FROM paragraph WHERE article = ?", (article.id,))
        rows = ((digest, article.id) for digest in digests(article.text))
        self._db.executemany("INSERT OR IGNORE INTO paragraph VALUES (?, ?)", rows)

    def _store(self, article: Article, page: int | None, rules: Mapping[str, str], doubts: Iterable[Doubt]) -> None:
        published = article.published_at.isoformat()
        self._db.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " revision = excluded.revision, published_at = excluded.published_at, layout = excluded.layout",
            (article.id, article.revision, published, article.layout),
        )
        record = json.dumps(article.to_dict(), ensure_ascii=False)
        self._db.execute(
            "INSERT OR REPLACE INTO revision (article, number, sha256, record, page, rules, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.revision, article.sha256, record, page, json.dumps(rules), record_digest(record)),
        )
        self._note_paragraphs(article)
        self.keep_doubts(article, doubts)
