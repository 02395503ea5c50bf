"""The crawls ever run: their reports, where the next may start, how far an interrupted one walked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive.database import Database
from crawler.runs.coverage import HISTORY, Coverage


@dataclass(frozen=True, slots=True)
class Crawl:
    """A past crawl: times in ISO 8601, and its report."""

    started_at: str
    finished_at: str | None
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Walked:
    """How far an unfinished walk has come: the span of times it listed, and where it would go on."""

    newest: datetime
    reached: datetime
    pid: int


class Crawls:
    """The crawls that `database` knows of."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, now: datetime) -> int:
        """Note that a crawl begins; its number."""
        with self._db.transaction():
            return int(self._db.execute("INSERT INTO crawl (started_at) VALUES (?)", (now.isoformat(),)).lastrowid or 0)

    def finish(self, crawl: int, now: datetime, baselines: Mapping[str, datetime]) -> None:
        """Note that it walked as far as it was asked; a section's baseline lets the next one start from there."""
        with self._db.transaction():
            self._db.execute("UPDATE crawl SET finished_at = ? WHERE id = ?", (now.isoformat(), crawl))
            rows = [(crawl, section, newest.isoformat()) for section, newest in baselines.items()]
            self._db.executemany("INSERT OR REPLACE INTO baseline VALUES (?, ?, ?)", rows)

    def keep_report(self, crawl: int, report: dict[str, Any]) -> None:
        """Store a crawl's report, finished or not."""
        with self._db.transaction():
            text = json.dumps(report, ensure_ascii=False)
            self._db.execute("UPDATE crawl SET report = ? WHERE id = ?", (text, crawl))

    def baseline(self, section: str, now: datetime) -> datetime | None:
        """The newest time that a finished crawl saw listed in a section, leaving nothing newer out.

        One in the future, which a wrong clock or a slip of the site may have left, is none.
        """
        query = "SELECT max(newest) AS newest FROM baseline WHERE section = ? AND newest <= ?"
        row = self._db.execute(query, (section, now.isoformat())).fetchone()
        return datetime.fromisoformat(row["newest"]) if row["newest"] else None

    def last(self) -> Crawl | None:
        """The newest crawl, None before the first."""
        row = self._db.execute("SELECT * FROM crawl ORDER BY id DESC LIMIT 1").fetchone()
        return Crawl(row["started_at"], row["finished_at"], json.loads(row["report"] or "{}")) if row else None

    def history(self, now: datetime) -> list[Coverage]:
        """What the runs of the last days covered, the newest first."""
        query = "SELECT report FROM crawl WHERE started_at >= ? AND report IS NOT NULL ORDER BY id DESC"
        rows = self._db.execute(query, ((now - HISTORY).isoformat(),))
        return [Coverage.from_dict(json.loads(row["report"]).get("coverage", {})) for row in rows]

    def walked(self, kind: str, section: str) -> Walked | None:
        """How far the last run of this kind came with a walk through a section that it did not finish."""
        row = self._db.execute("SELECT * FROM walk WHERE kind = ? AND section = ?", (kind, section)).fetchone()
        if row is None:
            return None
        newest, reached = (datetime.fromisoformat(row[name]) for name in ("newest", "reached"))
        return Walked(newest, reached, row["pid"])

    def keep_walk(self, kind: str, section: str, walked: Walked | None) -> None:
        """Note how far a walk has come; None once it is finished."""
        with self._db.transaction():
            self._db.execute("DELETE FROM walk WHERE kind = ? AND section = ?", (kind, section))
            if walked:
                values = (kind, section, walked.newest.isoformat(), walked.reached.isoformat(), walked.pid)
                self._db.execute("INSERT INTO walk VALUES (?, ?, ?, ?, ?)", values)
