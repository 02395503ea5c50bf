"""The addresses crawls have found and what became of them, in the archive's own database: nothing is lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from crawler.archive.database import Database
from crawler.archive.pages import RawPages
from crawler.archive.waiting import overdue, waits
from crawler.archive.warc import RawPage
from crawler.listings.listed import Listed, Mention
from crawler.listings.plan import midnight
from crawler.urls import Address

GONE_AGAIN = timedelta(days=1)
"""An article that was gone and never archived, and is still listed so long after, is asked for again."""

State = Literal["wanted", "stored", "elsewhere", "quarantined", "gone"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional (RFC 9110, 13.1): the ETag and Last-Modified of the page as stored."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Due:
    """An article to ask for; with validators, one that is archived and may have been corrected since."""

    address: Address
    validators: Validators = NO_VALIDATORS


class Frontier:
    """The addresses ever listed, beside the articles in `database`; `pages` keeps what is no article."""

    def __init__(self, database: Database, pages: RawPages) -> None:
        self._db, self._pages = database, pages
        self._db.create_function("waits", 3, waits, deterministic=True)
        self._db.create_function("overdue", 3, overdue, deterministic=True)

    def known(self, number: int, now: datetime, gone_again: timedelta = GONE_AGAIN) -> bool:
        """Whether this id needs no fetching: archived, no article of the section, or gone when last asked for.

        What was gone and is listed is asked for again after `gone_again`.
        """
        query = (
            "SELECT 1 FROM frontier WHERE article = :number AND state != 'wanted' AND"
            " (state != 'gone' OR (tried_at > :long_ago AND tried_at <= :now))"
            " UNION ALL SELECT 1 FROM article WHERE id = :number UNION ALL SELECT 1 FROM alias WHERE alias = :number"
        )
        values = {"number": number, "long_ago": (now - gone_again).isoformat(), "now": now.isoformat()}
        return self._db.execute(query, values).fetchone() is not None

    def waits(self, crawl: int, number: int, now: datetime) -> bool:
        """Whether this id is on the crawl's list already, or has failed so often that it is let wait."""
        query = "SELECT due IS ? OR waits(attempts, tried_at, ?) FROM frontier WHERE article = ? AND state = 'wanted'"
        row = self._db.execute(query, (crawl, now.isoformat(), number)).fetchone()
        return bool(row and row[0])

    def want(self, crawl: int, listed: Iterable[Listed], source: str = "", section: str = "") -> None:
        """Put addresses on the crawl's list before any is asked for. `section`: whose own listing names them."""
        with self._db.transaction():
            for item in listed:
                moment = item.published_at.isoformat() if item.published_at else None
                values = (item.address.id, item.address.url, moment, item.title, source, section, crawl, crawl)
                self._db.execute(
                    "INSERT INTO frontier (article, url, listed_at, title, source, section, crawl, due, state)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'wanted') ON CONFLICT (article) DO UPDATE SET"
                    " url = excluded.url, listed_at = excluded.listed_at, title = excluded.title,"
                    " source = excluded.source, due = excluded.due, state = 'wanted',"
                    " section = iif(excluded.section = '', section, excluded.section)",
                    values,
                )

    def relisted(self, crawl: int, listed: Iterable[Listed], section: str) -> int:
        """What a section's own listing says now of addresses known already; how many are to be asked for again.

        One listed under another address than it was fetched from is asked for there; one that was put aside, and is now
        listed by another section than before, is asked for too.
        """
        again = 0
        with self._db.transaction():
            for item in listed:
                query = "SELECT url, state, section, title FROM frontier WHERE article = ? AND state != 'wanted'"
                row = self._db.execute(query, (item.address.id,)).fetchone()
                if row is None:
                    continue
                moved = row["url"] != item.address.url
                claimed = row["state"] == "elsewhere" and row["section"] != section
                if moved or claimed:
                    query = (
                        "UPDATE frontier SET url = ?, section = ?, due = ?, etag = NULL, last_modified = NULL"
                        " WHERE article = ?"
                    )
                    self._db.execute(query, (item.address.url, section, crawl, item.address.id))
                    again += 1
                if item.title and item.title != row["title"]:
                    values = (item.title, item.address.id)
                    self._db.execute("UPDATE frontier SET title = ? WHERE article = ?", values)
        return again

    def section(self, number: int) -> str:
        """The slug of the section whose own listing named an article; "" where none did."""
        row = self._db.execute("SELECT section FROM frontier WHERE article = ?", (number,)).fetchone()
        return str(row["section"]) if row else ""

    def url(self, number: int) -> str:
        """The address an article was listed under; "" where it was not."""
        row = self._db.execute("SELECT url FROM frontier WHERE article = ?", (number,)).fetchone()
        return str(row["url"]) if row else ""

    def changes(self, number: int) -> int:
        """Fetches in a row that each found an article changed."""
        row = self._db.execute("SELECT changes FROM frontier WHERE article = ?", (number,)).fetchone()
        return int(row["changes"]) if row else 0

    def steady(self, number: int, changed: bool) -> None:
        """Note whether a fetch found an article changed."""
        with self._db.transaction():
            query = "UPDATE frontier SET changes = iif(?, changes + 1, 0) WHERE article = ?"
            self._db.execute(query, (changed, number))

    def resume(
        self, crawl: int, now: datetime, since: date | None = None, until: date | None = None, most: int | None = None
    ) -> int:
        """Put what earlier crawls found and did not get on this one's list, the newest first; how many.

        Only what was listed within these days, both included, or without a time.
        """
        query = (
            "UPDATE frontier SET due = :crawl WHERE article IN (SELECT article FROM frontier WHERE state = 'wanted'"
            " AND (listed_at IS NULL OR (listed_at >= :first AND listed_at < :beyond))"
            " AND NOT waits(attempts, tried_at, :now) ORDER BY listed_at DESC LIMIT :most)"
        )
        values = {
            "crawl": crawl,
            "now": now.isoformat(),
            "first": midnight(since).isoformat() if since else "",
            "beyond": midnight(until + timedelta(1)).isoformat() if until else "9999",
            "most": -1 if most is None else most,
        }
        with self._db.transaction():
            return self._db.execute(query, values).rowcount

    def recheck(self, crawl: int, now: datetime, most: int | None) -> int:
        """Put archived articles on the list: the `most` overdue of those due, or with None all there are; how many.

        What was taken down or put in quarantine since is among them: it may be back.
        """
        query = (
            "UPDATE frontier SET due = :crawl WHERE article IN (SELECT article FROM frontier"
            " WHERE (state IN ('stored', 'gone', 'quarantined')"
            " OR (:most < 0 AND state = 'elsewhere' AND section != ''))"
            " AND checked_at IS NOT NULL"
            " AND overdue(checked_at, listed_at, :now) >= :least"
            " ORDER BY overdue(checked_at, listed_at, :now) DESC LIMIT :most)"
        )
        least, limit = (-math.inf, -1) if most is None else (1.0, most)
        values = {"crawl": crawl, "now": now.isoformat(), "least": least, "most": limit}
        with self._db.transaction():
            return self._db.execute(query, values).rowcount

    def take(self, crawl: int, most: int) -> list[Due]:
        """The next of the crawl's list, what is new before what is archived; they are taken off it, not settled."""
        query = "SELECT * FROM frontier WHERE due = ? ORDER BY state != 'wanted', listed_at DESC, article DESC LIMIT ?"
        taken = []
        with self._db.transaction():
            for row in self._db.execute(query, (crawl, most)).fetchall():
                archived = row["state"] != "wanted"
                validators = Validators(row["etag"], row["last_modified"]) if archived else NO_VALIDATORS
                taken.append(Due(Address(row["article"], row["url"]), validators))
                self._db.execute("UPDATE frontier SET due = NULL WHERE article = ?", (row["article"],))
        return taken

    def wanted(self) -> int:
        """How many addresses were found and not yet fetched."""
        return int(self._db.execute("SELECT count(*) FROM frontier WHERE state = 'wanted'").fetchone()[0])

    def mention(self, number: int) -> Mention | None:
        """What the listing that named an article first said of it."""
        row = self._db.execute("SELECT source, title, listed_at FROM frontier WHERE article = ?", (number,)).fetchone()
        if row is None or not row["source"]:
            return None
        moment = datetime.fromisoformat(row["listed_at"]) if row["listed_at"] else None
        return Mention(row["source"], row["title"], moment)

    def landing(self, day: date, section: str) -> tuple[int, datetime] | None:
        """The archived article listed soonest after `day`, from which a walk can go on into that day; its time."""
        query = (
            "SELECT article, listed_at FROM frontier WHERE state = 'stored' AND article > 0 AND listed_at >= ?"
            " AND source = 'section' AND section = ? ORDER BY listed_at LIMIT 1"
        )
        row = self._db.execute(query, (midnight(day + timedelta(1)).isoformat(), section)).fetchone()
        return (row["article"], datetime.fromisoformat(row["listed_at"])) if row else None

    def settle(self, number: int, state: State) -> None:
        """An address is done with."""
        with self._db.transaction():
            query = "UPDATE frontier SET state = ?, attempts = 0, tried_at = NULL WHERE article = ?"
            self._db.execute(query, (state, number))
            if state not in ("quarantined", "elsewhere"):
                self._db.execute("DELETE FROM quarantine WHERE article = ?", (number,))

    def gone(self, number: int, now: datetime) -> None:
        """The site says there is no such article any more."""
        with self._db.transaction():
            self.settle(number, "gone")
            query = (
                "UPDATE frontier SET tried_at = :now, checked_at = iif(checked_at IS NULL, NULL, :now)"
                " WHERE article = :number"
            )
            self._db.execute(query, {"now": now.isoformat(), "number": number})

    def moved(self, number: int, address: Address) -> None:
        """An article has turned out to be at another address, which alone is asked for from now on."""
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO frontier (article, url, listed_at, title, source, crawl, state)"
                " SELECT ?, ?, listed_at, title, source, crawl, 'stored' FROM frontier WHERE article = ?"
                " ON CONFLICT (article) DO UPDATE SET state = 'stored'",
                (address.id, address.url, number),
            )
            self._db.execute("UPDATE frontier SET checked_at = NULL, due = NULL WHERE article = ?", (number,))

    def checked(self, number: int, now: datetime, validators: Validators | None = None) -> None:
        """The server has just told what a stored page is; without `validators`, that it is unchanged."""
        with self._db.transaction():
            query = "UPDATE frontier SET checked_at = ? WHERE article = ?"
            self._db.execute(query, (now.isoformat(), number))
            if validators:
                query = "UPDATE frontier SET etag = ?, last_modified = ? WHERE article = ?"
                self._db.execute(query, (validators.etag, validators.last_modified, number))

    def unconditional(self, number: int) -> None:
        """The page is not what the archive has of it: the server is to send it whatever it was before."""
        with self._db.transaction():
            query = "UPDATE frontier SET etag = NULL, last_modified = NULL WHERE article = ?"
            self._db.execute(query, (number,))

    def missed(self, number: int, now: datetime) -> None:
        """An address could not be had this time; it stays wanted."""
        with self._db.transaction():
            query = "UPDATE frontier SET attempts = attempts + 1, tried_at = ? WHERE article = ?"
            self._db.execute(query, (now.isoformat(), number))

    def quarantine(self, number: int, page: RawPage, reason: str, state: State = "quarantined") -> bool:
        """Keep a page that could not be read as an article, with the reason; whether that is news.

        It is asked for again as archived articles are: what came may have been a page for the moment. With `state`
        "elsewhere" it is a page that its section's own listing named and that says it is of another section.
        """
        with self._db.transaction():
            row = self._db.execute("SELECT reason FROM quarantine WHERE article = ?", (number,)).fetchone()
            news = row is None or row["reason"] != reason
            if news:
                values = (number, page.url, reason, self._pages.keep(page))
                self._db.execute("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?)", values)
            self.settle(number, state)
            self.checked(number, page.captured_at)
        return news

    def kept_pages(self) -> Iterator[tuple[int, RawPage]]:
        """Every page kept that is no article, with the article it was asked for as."""
        for row in self._db.execute("SELECT article, page FROM quarantine ORDER BY article").fetchall():
            yield row["article"], self._pages.get(row["page"])

    def quarantined(self) -> dict[str, str]:
        """Address → reason of every page kept in quarantine."""
        query = (
            "SELECT quarantine.url, reason FROM quarantine JOIN frontier USING (article)"
            " WHERE state = 'quarantined' ORDER BY quarantine.url"
        )
        return {row["url"]: row["reason"] for row in self._db.execute(query)}
