"""What a run asks for: of what its listings name, what an earlier run left, and what may have been corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.archive.archive import Archive
from crawler.archive.crawls import Walked
from crawler.archive.frontier import GONE_AGAIN, Due
from crawler.dates import now
from crawler.listings.listed import Listed, Source
from crawler.listings.plan import LOOK_BACK, Options, Plan
from crawler.listings.sections import Section
from crawler.runs.doubting import AHEAD
from crawler.runs.report import Report

RECHECKS = 50
"""Archived articles that an ordinary run asks for again at most."""
BATCH = 100
"""Articles taken off the list at once: what Scrapy holds in memory, however long the list is."""


class Choice:
    """One run's choices, kept in the archive's frontier before anything is asked for.

    `section` is the one whose listings are being walked through, `plans` has the plan of each.
    """

    def __init__(
        self, archive: Archive, crawl: int, options: Options, sections: tuple[Section, ...], report: Report
    ) -> None:
        self._archive, self._crawl, self._report = archive, crawl, report
        self.options, self.sections, self.section = options, sections, sections[0]
        crawls, frontier = archive.crawls, archive.frontier
        self.plans = {one: Plan(options, crawls.baseline(one.slug, now()), self._known) for one in sections}
        self._earlier = {one: crawls.walked(self._kind, one.slug) for one in sections}
        self._first_listed: dict[Section, datetime] = {}
        self._relisted = self._rechecked = 0
        self.plan.asked += frontier.resume(crawl, now(), options.since, options.until, self.plan.room())
        if not options.restricted:
            self._rechecked = frontier.recheck(crawl, now(), None if options.full else RECHECKS)

    @property
    def plan(self) -> Plan:
        """The plan of the section being walked through."""
        return self.plans[self.section]

    @property
    def expected(self) -> int:
        """Pages the run will have asked for in the end, as far as it knows now."""
        return sum(plan.asked for plan in self.plans.values()) + self._rechecked + self._relisted

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

    def listed(self, source: Source, listed: Sequence[Listed], pid: int | None = None) -> int:
        """Put those to be fetched on the list; how many. `pid`: where the walk through the section goes on."""
        listed = _in_time(listed)
        section = self.section.slug if source in (Source.SECTION, Source.RSS) else ""
        frontier = self._archive.frontier
        with self._archive.transaction():
            if section:
                self._relisted += frontier.relisted(self._crawl, listed, section)
            awaited = (item for item in listed if not frontier.waits(self._crawl, item.address.id, now()))
            chosen = self.plan.choose(awaited)
            frontier.want(self._crawl, chosen, source, section)
            times = [item.published_at for item in listed if item.published_at]
            if source == Source.SECTION and times:
                newest = self._first_listed.setdefault(self.section, times[0])
                if pid is not None and not self.options.restricted and self._earlier[self.section] is None:
                    self._archive.crawls.keep_walk(self._kind, section, Walked(newest, times[-1], pid))
        self._report.listed(source, len(listed), len(chosen))
        return len(chosen)

    def shortcut(self, listed: Sequence[Listed]) -> int | None:
        """Where a walk that has come to the end of these may go on instead, passing over what it need not see."""
        times = [item.published_at for item in _in_time(listed) if item.published_at]
        earlier, options = self._earlier[self.section], self.options
        if not times:
            return None
        if earlier and not options.restricted:
            if earlier.reached < times[-1] <= earlier.newest - LOOK_BACK:
                self._earlier[self.section] = None
                return earlier.pid
        elif options.until:
            landing = self._archive.frontier.landing(options.until, self.section.slug)
            if landing and landing[1] < times[-1]:
                return landing[0]
        return None

    def walked(self) -> None:
        """The walk through the section came to its end."""
        if not self.options.restricted:
            self._archive.crawls.keep_walk(self._kind, self.section.slug, None)

    def take(self) -> list[Due]:
        """The next articles to ask for; empty when there are no more."""
        return self._archive.frontier.take(self._crawl, BATCH)

    def baselines(self) -> dict[str, datetime]:
        """Section → the newest time listed, from which later runs may start; none if it left newer ones out."""
        if self.options.restricted:
            return {}
        return {one.slug: plan.newest for one, plan in self.plans.items() if plan.newest}

    @property
    def _kind(self) -> str:
        """Runs go on with the walks of their own kind only: another kind passes over what this one must see."""
        return "full" if self.options.full else "ordinary"

    def _known(self, number: int) -> bool:
        again = timedelta(0) if self.options.full else GONE_AGAIN
        return self._archive.frontier.known(number, now(), again)


def _in_time(listed: Sequence[Listed]) -> list[Listed]:
    """Listed articles; a time in the future is none, so that it moves no walk and no baseline."""
    latest = now() + AHEAD
    return [
        replace(one, published_at=None) if one.published_at and one.published_at > latest else one for one in listed
    ]
