"""One crawl's hold on a data directory: the lock, the archive, the plan and the report."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import Archive, RawPage
from crawler.article import SECTION, Article
from crawler.database import locked, transaction
from crawler.dates import HANOI
from crawler.errors import GocNhinError, OutOfScope
from crawler.frontier import NO_VALIDATORS, Frontier, Recheck, Validators
from crawler.listing import Listed
from crawler.page import read_page
from crawler.plan import Options, Plan
from crawler.report import Report
from crawler.urls import article_address

RECHECKS = 50
"""Archived articles that an ordinary run asks for again at most."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Captured:
    """An answer to a request for article `number`: the page, the addresses that led to it, its validators."""

    number: int
    page: RawPage
    redirects: tuple[str, ...] = ()
    validators: Validators = NO_VALIDATORS


class Session:
    """Everything a crawl decides and keeps. Holds the lock until `close`."""

    def __init__(self, data: Path, site: str, options: Options) -> None:
        self._held = ExitStack()
        self._held.enter_context(locked(data))
        archive = self._held.enter_context(Archive.open(data))
        self.site = site
        self.archive = archive
        self.frontier = Frontier(archive)
        self.report = Report()
        self.plan = Plan(options, self.frontier.baseline(), self.frontier.known)
        self._crawl = self.frontier.begin(_now())
        self._started = time.monotonic()
        self.stopped: str | None = None

    def pending(self) -> list[Listed]:
        """What earlier runs still owe, within this run's limits."""
        return self.plan.resume(self.frontier.wanted())

    def choose(self, listed: Iterable[Listed]) -> list[Listed]:
        """Which of a listing's articles to fetch now; they are on the frontier before they are asked for."""
        known_before = {item.address.id for item in self.frontier.wanted()}
        chosen = self.plan.choose(item for item in listed if item.address.id not in known_before)
        self.frontier.want(self._crawl, chosen)
        return chosen

    def rechecks(self) -> list[Recheck]:
        """Archived articles to ask for again: in a full run all, in a restricted one none, else those that are due."""
        if self.plan.options.restricted:
            return []
        return self.frontier.rechecks(_now(), None if self.plan.options.full else RECHECKS)

    def unchanged(self, number: int) -> None:
        """The server says that the page is as it was stored."""
        self.frontier.checked(number, _now())
        self.report.counts["unchanged"] += 1

    def capture(self, captured: Captured) -> str:
        """Read and keep one page; the name under which it was counted."""
        try:
            outcome = self._keep(captured)
        except GocNhinError as error:
            outcome = self._quarantine(captured, str(error))
        except Exception as error:  # noqa: BLE001 - one bad page never stops a run; it is kept, counted and shown
            outcome = self._quarantine(captured, f"{type(error).__name__}: {error}")
        self.report.counts[outcome] += 1
        return outcome

    def gone(self, number: int) -> None:
        """The site says there is no such article any more."""
        self.frontier.settle(number, "gone")
        self.report.counts["gone"] += 1

    def missed(self, number: int, reason: str, refused: bool = False) -> None:
        """An article could not be had; it stays wanted for the next run."""
        self.frontier.missed(number)
        self.report.counts["failed"] += 1
        self.report.refusals += refused
        if not self.stopped:
            self.report.reasons.append(reason)

    def trouble(self, reason: str) -> None:
        """The run cannot do what it was asked; the first reason is the one told."""
        self.report.trouble = self.report.trouble or reason

    def stop(self, reason: str) -> None:
        """Ask for nothing more in this run."""
        self.stopped = self.stopped or reason
        self.trouble(reason)

    def refuse(self, reason: str) -> None:
        """Stop because the site wants it so: a person should know."""
        self.stop(reason)
        self.report.refused = True

    def close(self, requests: int, interrupted: bool = False) -> None:
        """Write the report; only an untroubled, uninterrupted run counts as finished."""
        if interrupted:
            self.trouble("interrupted; the next run goes on from here")
        self.report.requests = requests
        self.report.seconds = time.monotonic() - self._started
        if self.report.trouble is None:
            newest = None if self.plan.options.restricted else self.plan.newest
            self.frontier.finish(self._crawl, _now(), newest)
        self.frontier.keep_report(self._crawl, self.report.to_dict())
        self._held.close()

    def _keep(self, captured: Captured) -> str:
        page = captured.page
        if urlsplit(page.url).path.rstrip("/") == "/404":
            self.frontier.settle(captured.number, "gone")
            return "gone"
        article = read_page(page.body, page.url, page.content_type, self.site)
        article = replace(article, aliases=(*article.aliases, *self._former_ids(captured, article)))
        if article.section.casefold() != SECTION.casefold():
            self.frontier.settle(captured.number, "elsewhere")
            return "elsewhere"
        with transaction(self.archive.db):
            outcome = self.archive.put(article, page)
            self.frontier.settle(captured.number, "stored")
            self.frontier.checked(captured.number, page.captured_at, captured.validators)
        return outcome.value

    def _former_ids(self, captured: Captured, article: Article) -> set[int]:
        ids = {captured.number} if captured.number < 0 else set()
        for url in captured.redirects:
            try:
                ids.add(article_address(url, self.site).id)
            except OutOfScope:
                continue
        return {number for number in ids if number < 0} - {article.id, *article.aliases}

    def _quarantine(self, captured: Captured, reason: str) -> str:
        self.frontier.quarantine(captured.number, captured.page, reason)
        self.report.reasons.append(f"{captured.page.url}: {reason}")
        log.warning("quarantined %s: %s", captured.page.url, reason)
        return "quarantined"


def _now() -> datetime:
    return datetime.now(HANOI).replace(microsecond=0)
