"""What becomes of the answers to a run's requests: kept, put in quarantine, or noted as missing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date

from crawler.archive.archive import Archive
from crawler.archive.outcome import Outcome
from crawler.dates import now
from crawler.errors import ArchiveError, GocNhinError, Incomplete
from crawler.listings.listed import Listed, Mention, Source
from crawler.runs.captured import Captured
from crawler.runs.coverage import compare
from crawler.runs.keeping import Keeper
from crawler.runs.report import Report

SAVE_EVERY = 1.0
"""Seconds between two transactions: a polite crawl saves each page by itself, a fast one some at a time."""
UNREADABLE_IN_A_ROW = 50
"""Pages one after the other that no one can read: then the site is asked for nothing more."""


class Intake:
    """Takes in answers. `new_days` are the days on which articles new to the archive were published."""

    def __init__(self, archive: Archive, keeper: Keeper, report: Report) -> None:
        self._archive, self._keeper, self._report = archive, keeper, report
        self._saving, self._saved = ExitStack(), -SAVE_EVERY
        self._unread = 0
        self.new_days: set[date] = set()

    def capture(self, captured: Captured) -> str:
        """Keep one page; the name under which it was counted. An archive that fails stops the run."""
        try:
            if not self._archive.in_transaction:
                self._saving.enter_context(self._archive.transaction())
            outcome = self._keep_or_quarantine(captured)
            if time.monotonic() - self._saved >= SAVE_EVERY:
                self.save()
        except ArchiveError as error:
            self._report.stop(str(error))
            outcome = "failed"
        self._report.count(outcome)
        return outcome

    def unchanged(self, number: int) -> None:
        """The server says that the page is as it was stored."""
        frontier = self._archive.frontier
        frontier.settle(number, "stored")
        frontier.checked(number, now())
        frontier.steady(number, changed=False)
        self._keeper.no_longer_ahead(number, now())
        self._report.count("unchanged")

    def gone(self, number: int) -> None:
        """The site says there is no such article any more."""
        if not self._archive.known(number):
            self._report.count("missing")
        self._archive.frontier.gone(number, now())
        self._report.count("gone")

    def missed(self, number: int, reason: str, refused: bool = False) -> None:
        """An article could not be had; it stays wanted for the next run."""
        if self._report.stopped:
            return
        self._archive.frontier.missed(number, now())
        self._report.count("failed")
        self._report.refusals += refused
        self._report.say(reason)

    def cross_check(self, listed: Sequence[Listed]) -> None:
        """Hold what a sitemap says against the articles new in this run."""
        for item in listed:
            article = self._archive.get(item.address.id)
            if article and article.published_at.date() in self.new_days:
                checks = compare(article, Mention(Source.SITEMAP, "", item.published_at))
                self._disagree(article.url, self._report.coverage.agree(article.layout, checks))
        self._report.listed(Source.SITEMAP, len(listed), 0)

    def save(self) -> None:
        """End the transaction that captured pages are in."""
        try:
            self._saving.close()
        except ArchiveError as error:
            self._report.stop(str(error))
        self._saved = time.monotonic()

    def _keep_or_quarantine(self, captured: Captured) -> str:
        try:
            kept = self._keeper.keep(captured)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - one bad page never stops a run; it is kept, counted and shown
            return self._quarantine(captured, error)
        self._unread = 0
        if kept.reading:
            article = kept.reading.article
            self._disagree(article.url, self._report.coverage.observe(kept.reading))
            self._report.doubt(article.url, article.layout, kept.reading.doubts)
            if kept.outcome == Outcome.NEW.value:
                self.new_days.add(article.published_at.date())
        elif kept.contradicted:
            self._report.count("contradicted")
            self._report.say(f"{captured.page.url}: the section lists it, but the page says it is of another section")
        return kept.outcome

    def _disagree(self, url: str, names: Iterable[str]) -> None:
        for name in names:
            self._report.disagree(f"{url}: the {name} differs from the page's")

    def _quarantine(self, captured: Captured, error: Exception) -> str:
        reason = str(error) if isinstance(error, GocNhinError) else f"{type(error).__name__}: {error}"
        self._unread += 1
        if self._unread >= UNREADABLE_IN_A_ROW:
            self._report.refuse(f"{self._unread} pages in a row could not be read, the last because of this: {reason}")
        if not self._archive.frontier.quarantine(captured.number, captured.page, reason):
            return "unchanged"
        if isinstance(error, Incomplete):
            self._report.coverage.observe_incomplete(error)
        self._report.say(f"{captured.page.url}: {reason}")
        return "quarantined"
