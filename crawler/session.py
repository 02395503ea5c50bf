"""One crawl's hold on a data directory: the lock, the archive, the plans and the report."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from crawler.archive import Archive
from crawler.coverage import Mention, compare, fallen
from crawler.crawls import Crawls, Walked
from crawler.database import locked, transaction
from crawler.dates import HANOI
from crawler.errors import ArchiveError, GocNhinError, Incomplete
from crawler.frontier import GONE_AGAIN, Due, Frontier
from crawler.keeping import AHEAD, Captured, Keeper
from crawler.listing import Listed, Source
from crawler.outcome import Outcome
from crawler.plan import LOOK_BACK, Options, Plan
from crawler.reading.layouts import Layouts
from crawler.report import Report
from crawler.sections import Section

RECHECKS = 50
"""Archived articles that an ordinary run asks for again at most."""
BATCH = 100
"""Articles taken off the list at once: what Scrapy holds in memory, however long the list is."""
SAVE_EVERY = 1.0
"""Seconds between two transactions: a polite crawl saves each page by itself, a fast one some at a time."""
UNREADABLE_IN_A_ROW = 50
"""Pages one after the other that no one can read: then the site is asked for nothing more."""


class Session:
    """Everything a crawl decides and keeps. Holds the lock until `close`."""

    def __init__(
        self, data: Path, site: str, options: Options, sections: tuple[Section, ...], layouts: Layouts
    ) -> None:
        self._held = ExitStack()
        self._held.enter_context(locked(data))
        archive = self._held.enter_context(Archive.open(data))
        self.site = site
        self.archive = archive
        self.frontier, self.crawls = Frontier(archive), Crawls(archive)
        self.keeper = Keeper(archive, sections, layouts)
        self.options, self.sections, self.section = options, sections, sections[0]
        self.plans = {one: Plan(options, self.crawls.baseline(one.slug, self.now()), self._known) for one in sections}
        self._history = self.crawls.history(self.now())
        self.report = Report()
        self._saving, self._saved = ExitStack(), -SAVE_EVERY
        self._crawl = self.crawls.begin(self.now())
        self._started = time.monotonic()
        self._earlier = {one: self.crawls.walked(self._kind, one.slug) for one in sections}
        self._first_listed: dict[Section, datetime] = {}
        self._unread = 0
        self._new_days: set[date] = set()
        self.stopped: str | None = None
        self.plan.asked += self.frontier.resume(self._crawl, self.now(), options.since, options.until, self.plan.room())
        self.relisted = 0
        self.rechecked = 0
        if not options.restricted:
            self.rechecked = self.frontier.recheck(self._crawl, self.now(), None if options.full else RECHECKS)

    @property
    def plan(self) -> Plan:
        """The plan of the section being walked through."""
        return self.plans[self.section]

    @property
    def expected(self) -> int:
        """Pages the run will have asked for in the end, as far as it knows now."""
        return sum(plan.asked for plan in self.plans.values()) + self.rechecked + self.relisted

    def next_section(self) -> bool:
        """Go on to the next section; whether there is one. What the run may ask for is one budget for all."""
        place = self.sections.index(self.section) + 1
        if place == len(self.sections):
            return False
        self.section = self.sections[place]
        if self.options.limit is not None:
            others = sum(plan.asked for one, plan in self.plans.items() if one != self.section)
            self.plan.asked_elsewhere = others
        return True

    @property
    def _kind(self) -> str:
        """Runs go on with the walks of their own kind only: another kind passes over what this one must see."""
        return "full" if self.options.full else "ordinary"

    def _known(self, number: int) -> bool:
        again = timedelta(0) if self.options.full else GONE_AGAIN
        return self.frontier.known(number, self.now(), again)

    @staticmethod
    def now() -> datetime:
        """The time in Hanoi, to the second."""
        return datetime.now(HANOI).replace(microsecond=0)

    def listed(self, source: Source, listed: Sequence[Listed], pid: int | None = None) -> int:
        """Put those to be fetched on the list; how many. `pid`: where the walk through the section goes on."""
        listed = self._in_time(listed)
        section = self.section.slug if source in (Source.SECTION, Source.RSS) else ""
        with transaction(self.archive.db):
            if section:
                self.relisted += self.frontier.relisted(self._crawl, listed, section)
            chosen = self.plan.choose(
                item for item in listed if not self.frontier.waits(self._crawl, item.address.id, self.now())
            )
            self.frontier.want(self._crawl, chosen, source, section)
            times = [item.published_at for item in listed if item.published_at]
            if source == Source.SECTION and times:
                newest = self._first_listed.setdefault(self.section, times[0])
                if pid is not None and not self.options.restricted and self._earlier[self.section] is None:
                    self.crawls.keep_walk(self._kind, section, Walked(newest, times[-1], pid))
        self.report.listed(source, len(listed), len(chosen))
        return len(chosen)

    def _in_time(self, listed: Sequence[Listed]) -> list[Listed]:
        """Listed articles; a time in the future is none, so that it moves no walk and no baseline."""
        latest = self.now() + AHEAD
        return [
            replace(one, published_at=None) if one.published_at and one.published_at > latest else one for one in listed
        ]

    def shortcut(self, listed: Sequence[Listed]) -> int | None:
        """Where a walk that has come to the end of these may go on instead, passing over what it need not see."""
        times = [item.published_at for item in self._in_time(listed) if item.published_at]
        earlier, options = self._earlier[self.section], self.options
        if not times:
            return None
        if earlier and not options.restricted:
            if earlier.reached < times[-1] <= earlier.newest - LOOK_BACK:
                self._earlier[self.section] = None
                return earlier.pid
        elif options.until:
            landing = self.frontier.landing(options.until, self.section.slug)
            if landing and landing[1] < times[-1]:
                return landing[0]
        return None

    def walked(self) -> None:
        """The walk through the section came to its end."""
        if not self.options.restricted:
            self.crawls.keep_walk(self._kind, self.section.slug, None)

    def source_failed(self, source: Source, reason: str) -> None:
        """A listing could not be had or read. Without the section's own a run is not finished."""
        self.report.failed(source, reason)
        if source == Source.SECTION:
            self.trouble(reason)

    def source_refused(self, source: Source) -> None:
        """A listing was refused even when asked again later. Without the section's own, a person should know."""
        self.report.refused = self.report.refused or source == Source.SECTION

    def stood_in(self, complete: bool) -> None:
        """Sitemaps have been read in the place of the section's own listings."""
        found = self.report.sources.get(Source.SITEMAP, {}).get("listed", 0)
        if found and complete and not self.stopped:
            self.report.stood_in, self.report.trouble = self.report.trouble, None

    def new_days(self) -> set[date]:
        """The days on which articles new to the archive were published."""
        return self._new_days

    def cross_check(self, listed: Sequence[Listed]) -> None:
        """Hold what a sitemap says against the articles new in this run."""
        for item in listed:
            article = self.archive.get(item.address.id)
            if article and article.published_at.date() in self._new_days:
                checks = compare(article, Mention(Source.SITEMAP, "", item.published_at))
                self._disagree(article.url, self.report.coverage.agree(article.layout, checks))
        self.report.listed(Source.SITEMAP, len(listed), 0)

    def take(self) -> list[Due]:
        """The next articles to ask for; empty when there are no more, or the run was stopped."""
        self._save()
        return [] if self.stopped else self.frontier.take(self._crawl, BATCH)

    def unchanged(self, number: int) -> None:
        """The server says that the page is as it was stored."""
        self.frontier.settle(number, "stored")
        self.frontier.checked(number, self.now())
        self.frontier.steady(number, changed=False)
        self.keeper.no_longer_ahead(number, self.now())
        self.report.counts["unchanged"] += 1

    def capture(self, captured: Captured) -> str:
        """Read and keep one page; the name under which it was counted. An archive that fails stops the run."""
        try:
            if not self.archive.db.in_transaction:
                self._saving.enter_context(transaction(self.archive.db))
            outcome = self._keep_or_quarantine(captured)
            if time.monotonic() - self._saved >= SAVE_EVERY:
                self._save()
        except ArchiveError as error:
            self.stop(str(error))
            outcome = "failed"
        self.report.counts[outcome] += 1
        return outcome

    def gone(self, number: int) -> None:
        """The site says there is no such article any more."""
        self.report.counts["missing"] += not self.archive.known(number)
        self.frontier.gone(number, self.now())
        self.report.counts["gone"] += 1

    def missed(self, number: int, reason: str, refused: bool = False) -> None:
        """An article could not be had; it stays wanted for the next run."""
        if self.stopped:
            return
        self.frontier.missed(number, self.now())
        self.report.counts["failed"] += 1
        self.report.refusals += refused
        self.report.say(reason)

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

    def close(self, requests: int, statuses: Mapping[str, int], interrupted: bool = False) -> None:
        """Write the report; only an untroubled, uninterrupted run counts as finished."""
        if interrupted:
            self.trouble("interrupted; the next run goes on from here")
        self._save()
        report = self.report
        report.requests, report.statuses = requests, dict(statuses)
        report.seconds = time.monotonic() - self._started
        report.fallen = fallen(report.coverage, self._history)
        report.first = not any(one.pages for one in self._history)
        with self._held:
            try:
                if report.trouble is None:
                    self.crawls.finish(self._crawl, self.now(), self._baselines())
                self.crawls.keep_report(self._crawl, report.to_dict())
            except ArchiveError as error:
                self.trouble(str(error))

    def _baselines(self) -> dict[str, datetime]:
        if self.options.restricted:
            return {}
        return {one.slug: plan.newest for one, plan in self.plans.items() if plan.newest}

    def _save(self) -> None:
        """End the transaction that captured pages are in."""
        try:
            self._saving.close()
        except ArchiveError as error:
            self.stop(str(error))
        self._saved = time.monotonic()

    def _keep_or_quarantine(self, captured: Captured) -> str:
        try:
            kept = self.keeper.keep(captured)
        except ArchiveError:
            raise
        except Exception as error:  # noqa: BLE001 - one bad page never stops a run; it is kept, counted and shown
            return self._quarantine(captured, error)
        self._unread = 0
        if kept.reading:
            article = kept.reading.article
            self._disagree(article.url, self.report.coverage.observe(kept.reading))
            self.report.doubt(article.url, article.layout, kept.reading.doubts)
            if kept.outcome == Outcome.NEW.value:
                self._new_days.add(article.published_at.date())
        elif kept.contradicted:
            self.report.counts["contradicted"] += 1
            self.report.say(f"{captured.page.url}: the section lists it, but the page says it is of another section")
        return kept.outcome

    def _disagree(self, url: str, names: Iterable[str]) -> None:
        for name in names:
            self.report.disagree(f"{url}: the {name} differs from the page's")

    def _quarantine(self, captured: Captured, error: Exception) -> str:
        reason = str(error) if isinstance(error, GocNhinError) else f"{type(error).__name__}: {error}"
        self._unread += 1
        if self._unread >= UNREADABLE_IN_A_ROW:
            self.refuse(f"{self._unread} pages in a row could not be read, the last because of this: {reason}")
        if not self.frontier.quarantine(captured.number, captured.page, reason):
            return "unchanged"
        if isinstance(error, Incomplete):
            self.report.coverage.observe_incomplete(error)
        self.report.say(f"{captured.page.url}: {reason}")
        return "quarantined"
