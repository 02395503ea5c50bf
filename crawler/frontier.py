"""What crawls have found and done, in the archive's own database, so that an interrupted run loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from crawler.archive import Archive, RawPage, read_page_row
from crawler.article import Article
from crawler.database import transaction
from crawler.listing import Listed
from crawler.urls import Address

YOUNGEST_RECHECK = timedelta(hours=1)
RECHECK_SHARE = 0.1
"""An article is asked for again after a tenth of its age, but not within the hour: what is old is seldom corrected."""

State = Literal["wanted", "stored", "elsewhere", "quarantined", "gone"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional (RFC 9110, 13.1): the ETag and Last-Modified of the page as stored."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Recheck:
    """An archived article that may have been corrected since."""

    address: Address
    validators: Validators


@dataclass(frozen=True, slots=True)
class Crawl:
    """A past crawl: times in ISO 8601, and its report."""

    started_at: str
    finished_at: str | None
    report: dict[str, Any]


class Frontier:
    """The addresses ever listed and the crawls ever run, beside the articles of `archive`."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.db = archive.db

    def begin(self, now: datetime) -> int:
        """Note that a crawl begins; its number."""
        with transaction(self.db):
            return int(self.db.execute("INSERT INTO crawl (started_at) VALUES (?)", (now.isoformat(),)).lastrowid or 0)

    def finish(self, crawl: int, now: datetime, baseline: datetime | None) -> None:
        """Note that it walked as far as it was asked; `baseline` lets the next one start from there."""
        values = (now.isoformat(), baseline.isoformat() if baseline else None, crawl)
        with transaction(self.db):
            self.db.execute("UPDATE crawl SET finished_at = ?, baseline = ? WHERE id = ?", values)

    def keep_report(self, crawl: int, report: dict[str, Any]) -> None:
        """Store a crawl's report, finished or not."""
        with transaction(self.db):
            text = json.dumps(report, ensure_ascii=False)
            self.db.execute("UPDATE crawl SET report = ? WHERE id = ?", (text, crawl))

    def baseline(self) -> datetime | None:
        """The newest listed time of the last finished crawl that left nothing newer out."""
        row = self.db.execute("SELECT max(baseline) AS newest FROM crawl WHERE finished_at IS NOT NULL").fetchone()
        return datetime.fromisoformat(row["newest"]) if row["newest"] else None

    def last(self) -> Crawl | None:
        """The newest crawl, None before the first."""
        row = self.db.execute("SELECT * FROM crawl ORDER BY id DESC LIMIT 1").fetchone()
        return Crawl(row["started_at"], row["finished_at"], json.loads(row["report"] or "{}")) if row else None

    def known(self, number: int) -> bool:
        """Whether this id needs no fetching: archived, or seen to be no article of the section."""
        row = self.db.execute("SELECT state FROM frontier WHERE article = ?", (number,)).fetchone()
        return (row is not None and row["state"] != "wanted") or self.archive.get(number) is not None

    def want(self, crawl: int, listed: Iterable[Listed]) -> None:
        """Put addresses on the list before any is asked for."""
        with transaction(self.db):
            for item in listed:
                moment = item.published_at.isoformat() if item.published_at else None
                self.db.execute(
                    "INSERT INTO frontier (article, url, listed_at, crawl, state) VALUES (?, ?, ?, ?, 'wanted')"
                    " ON CONFLICT (article) DO UPDATE SET url = excluded.url, listed_at = excluded.listed_at",
                    (item.address.id, item.address.url, moment, crawl),
                )

    def wanted(self) -> list[Listed]:
        """What earlier runs found and did not get, the newest first."""
        rows = self.db.execute("SELECT * FROM frontier WHERE state = 'wanted' ORDER BY listed_at DESC, article DESC")
        return [
            Listed(
                Address(row["article"], row["url"]),
                published_at=datetime.fromisoformat(row["listed_at"]) if row["listed_at"] else None,
            )
            for row in rows
        ]

    def settle(self, number: int, state: State) -> None:
        """An address is done with."""
        with transaction(self.db):
            self.db.execute("UPDATE frontier SET state = ? WHERE article = ?", (state, number))
            if state != "quarantined":
                self.db.execute("DELETE FROM quarantine WHERE article = ?", (number,))

    def checked(self, number: int, now: datetime, validators: Validators | None = None) -> None:
        """The server has just told what a stored page is; without `validators`, that it is unchanged."""
        with transaction(self.db):
            query = "UPDATE frontier SET checked_at = ? WHERE article = ?"
            self.db.execute(query, (now.isoformat(), number))
            if validators:
                query = "UPDATE frontier SET etag = ?, last_modified = ? WHERE article = ?"
                self.db.execute(query, (validators.etag, validators.last_modified, number))

    def rechecks(self, now: datetime, most: int | None) -> list[Recheck]:
        """Stored articles to ask for again, the most overdue first: `most` of those due, or with None all there are."""
        overdue = []
        for row in self.db.execute("SELECT * FROM frontier WHERE state = 'stored' AND checked_at IS NOT NULL"):
            waited = now - datetime.fromisoformat(row["checked_at"])
            published = datetime.fromisoformat(row["listed_at"]) if row["listed_at"] else now
            share = waited / max(YOUNGEST_RECHECK, (now - published) * RECHECK_SHARE)
            if most is None or share >= 1:
                validators = Validators(row["etag"], row["last_modified"])
                overdue.append((share, row["article"], Recheck(Address(row["article"], row["url"]), validators)))
        overdue.sort(key=lambda item: item[:2], reverse=True)
        return [recheck for *_, recheck in overdue[:most]]

    def missed(self, number: int) -> None:
        """An address could not be had this time; it stays wanted."""
        with transaction(self.db):
            self.db.execute("UPDATE frontier SET attempts = attempts + 1 WHERE article = ?", (number,))

    def quarantine(self, number: int, page: RawPage, reason: str) -> None:
        """Keep a page that could not be read as an article, with the reason."""
        with transaction(self.db):
            values = (number, page.url, reason, self.archive.keep_page(page))
            self.db.execute("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?)", values)
            self.settle(number, "quarantined")

    def quarantined_pages(self) -> list[tuple[int, RawPage]]:
        """Every page kept in quarantine, with the article it was asked for as."""
        query = (
            "SELECT frontier.article AS number, page.* FROM quarantine JOIN page ON page.id = quarantine.page"
            " JOIN frontier ON frontier.article = quarantine.article"
        )
        return [(row["number"], read_page_row(row)) for row in self.db.execute(query).fetchall()]

    def release(self, number: int, article: Article | None, page: RawPage) -> None:
        """A quarantined page can be read now: store its article, None where it is of another section."""
        with transaction(self.db):
            if article:
                self.archive.put(article, page)
            self.settle(number, "stored" if article else "elsewhere")

    def quarantined(self) -> dict[str, str]:
        """Address → reason of every page kept in quarantine."""
        return {row["url"]: row["reason"] for row in self.db.execute("SELECT url, reason FROM quarantine ORDER BY url")}
