"""Which listings a crawl asks for, one after the other: the section's pages, its RSS, and sitemaps where those fail.

Pure but for the run, which chooses from what is listed and keeps it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from crawler.dates import now
from crawler.errors import BadListing
from crawler.listings.feeds import Child, read_rss, read_sitemap, read_sitemap_index
from crawler.listings.listed import Listed, Source
from crawler.listings.section import more_path, read_more, read_section
from crawler.listings.sections import Section
from crawler.markup.charset import decode
from crawler.runs.run import Run
from crawler.urls import SITEMAP_PATH

MOST_LISTINGS = 5_000
"""Listings a run asks for; 20,000 articles need some 1,400."""
MOST_FROM_SITEMAPS = 2_000
"""Pages a run asks for because a sitemap named them: most are of other sections. The next run goes on."""
MOST_CROSS_CHECKS = 7
"""Days of new articles, the newest, whose sitemaps are held against them."""
PINNED_BEYOND, PINNED_GAPS = timedelta(days=30), 20
"""A listing's last article that is older than the one before it by so much, and by so many usual gaps, is pinned."""
RSS_REACHES = timedelta(days=30)
"""RSS names the newest articles only: a run that ends so long ago does not ask for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One listing to ask for.

    `instead`: what to ask for if this one, a shortcut, lists nothing. `previous`: what was listed before it. `again`:
    it is asked for because the one before brought nothing new.
    """

    source: Source
    path: str
    channel: int | None = None
    child: Child | None = None
    instead: Step | None = None
    previous: tuple[Listed, ...] = ()
    again: bool = False


class Walk:
    """One crawl's way through the listings: `first`, then `read` or `failed` for each step, each naming the next."""

    def __init__(self, run: Run) -> None:
        self._run, self._choice = run, run.choice
        self._asked: set[str] = set()
        self._children: deque[Child] = deque()
        self._seen: set[int] = set()
        self._longest = 0
        self._unreadable: list[Section] = []
        self._standing_in = False
        self._from_sitemaps = 0

    def first(self) -> Iterator[Step]:
        """Where every crawl begins."""
        yield from self._ask(Step(Source.SECTION, self._choice.section.path))

    def read(self, step: Step, body: bytes, content_type: str | None = None) -> Iterator[Step]:
        """What follows from a listing's answer. Raises BadListing, and then `failed` is to be called."""
        if step.source == Source.RSS:
            self._choice.listed(Source.RSS, read_rss(body, self._run.site))
            yield from self._after_rss()
        elif step.source == Source.SITEMAP:
            yield from self._sitemap(step, body)
        elif step.channel is None:
            yield from self._section(decode(body, content_type).text)
        else:
            yield from self._more(step, step.channel, body)

    def failed(self, step: Step, reason: str, unreadable: bool, forbidden: bool = False) -> Iterator[Step]:
        """A listing could not be had, or not be read: the other sources go on.

        Sitemaps stand in for a section that is `unreadable`, never for one that was refused or is ill for a while.
        Nothing stands in for one that robots.txt has `forbidden`.
        """
        self._run.source_failed(step.source, reason)
        if step.source == Source.SECTION and forbidden:
            yield from self._after_rss()
        elif step.source == Source.SECTION:
            if unreadable:
                self._unreadable.append(self._choice.section)
            yield from self._rss()
        elif step.source == Source.RSS:
            yield from self._after_rss()
        elif step.child:
            yield from self._next_child()

    def cross_check(self) -> Iterator[Step]:
        """Once articles are archived: the sitemaps of the days of the new ones."""
        run = self._run
        if run.intake.new_days and not self._choice.options.restricted and not run.report.trouble:
            yield from self._ask(Step(Source.SITEMAP, SITEMAP_PATH))

    def _ask(self, step: Step) -> Iterator[Step]:
        """Each address once: a listing that names itself as what comes next would never end."""
        if step.path in self._asked:
            return
        self._asked.add(step.path)
        if len(self._asked) > MOST_LISTINGS:
            self._run.report.note_trouble(f"{MOST_LISTINGS} listings and no end: the rest is left for another run")
        else:
            yield step

    def _section(self, text: str) -> Iterator[Step]:
        page = read_section(text, self._run.site)
        self._note(page.listed)
        self._choice.listed(Source.SECTION, page.listed, page.last_pid)
        if not self._choice.plan.goes_on(page.listed):
            yield from self._walked()
        elif page.channel is None or page.last_pid is None:
            raise BadListing("the section page does not name its channel, without which more cannot be asked for")
        else:
            yield from self._onward(page.channel, page.last_pid, page.listed)

    def _more(self, step: Step, channel: int, body: bytes) -> Iterator[Step]:
        more = read_more(body.decode("utf-8-sig", "replace"), self._run.site)
        if not more.listed and step.instead:
            yield from self._ask(step.instead)
            return
        new = [one for one in more.listed if one.address.id not in self._seen]
        self._choice.listed(Source.SECTION, more.listed, more.last_pid)
        if not new and not more.sponsored:
            yield from self._nothing_new(step, channel, more.listed)
            return
        self._note(more.listed)
        last_pid = more.last_pid or (more.listed[-1].address.id if more.listed else None)
        if last_pid is None or not self._choice.plan.goes_on(more.listed):
            yield from self._walked()
        else:
            yield from self._onward(channel, last_pid, more.listed)

    def _note(self, listed: tuple[Listed, ...]) -> None:
        self._seen.update(one.address.id for one in listed)
        self._longest = max(self._longest, len(listed))

    def _nothing_new(self, step: Step, channel: int, listed: tuple[Listed, ...]) -> Iterator[Step]:
        """Nothing after a full listing, or only what is known: asked once more from one article earlier.

        From there at least the last article must be listed: if just that comes, the section has come to its end.
        """
        earlier = step.previous[-2].pid if len(step.previous) > 1 else None
        full = len(step.previous) >= self._longest
        if not step.again and earlier is not None and (listed or full):
            again = Step(Source.SECTION, more_path(channel, earlier), channel, previous=step.previous, again=True)
            if steps := list(self._ask(again)):
                yield from steps
                return
        ids = {one.address.id for one in listed}
        if ids == {one.address.id for one in step.previous[-1:]} or not (ids or step.again):
            yield from self._walked()
            return
        raise BadListing(f"it brings nothing new after {len(self._seen)} articles: what is older cannot be reached so")

    def _onward(self, channel: int, last_pid: int, listed: tuple[Listed, ...]) -> Iterator[Step]:
        step = Step(Source.SECTION, more_path(channel, go_on_from(listed, last_pid)), channel, previous=listed)
        ahead = self._choice.shortcut(listed)
        if ahead is not None and more_path(channel, ahead) not in self._asked:
            step = Step(Source.SECTION, more_path(channel, ahead), channel, instead=step, previous=listed)
        if step.path in self._asked:
            raise BadListing(f"it leads back to {step.path} after {len(self._seen)} articles")
        yield from self._ask(step)

    def _walked(self) -> Iterator[Step]:
        self._choice.walked()
        yield from self._rss()

    def _rss(self) -> Iterator[Step]:
        until = self._choice.options.until
        recent = until is None or until >= (now() - RSS_REACHES).date()
        if recent and not self._choice.plan.is_full():
            yield from self._ask(Step(Source.RSS, self._choice.section.rss_path))
        else:
            yield from self._after_rss()

    def _after_rss(self) -> Iterator[Step]:
        if self._choice.next_section():
            self._seen, self._longest = set(), 0
            yield from self.first()
        elif self._unreadable and not self._choice.plan.is_full():
            self._choice.section = self._unreadable[0]
            self._standing_in = True
            yield from self._ask(Step(Source.SITEMAP, SITEMAP_PATH))

    def _sitemap(self, step: Step, body: bytes) -> Iterator[Step]:
        if step.child is None:
            self._children = deque(self._wanted(read_sitemap_index(body, self._run.site)))
        elif self._standing_in:
            self._from_sitemaps += self._choice.listed(Source.SITEMAP, read_sitemap(body, self._run.site))
        else:
            self._run.intake.cross_check(read_sitemap(body, self._run.site))
        yield from self._next_child()

    def _wanted(self, children: tuple[Child, ...]) -> Iterator[Child]:
        """Those of the days a section that fails leaves open; or of the newest days with new articles."""
        if self._standing_in:
            horizon, until = self._choice.plan.horizon(), self._choice.options.until
            for child in children:
                if (horizon is None or child.days.last >= horizon.date()) and (
                    until is None or child.days.first <= until
                ):
                    yield child
            return
        days = sorted(self._run.intake.new_days, reverse=True)[:MOST_CROSS_CHECKS]
        for child in children:
            if any(child.days.first <= day <= child.days.last for day in days):
                yield child

    def _next_child(self) -> Iterator[Step]:
        if self._standing_in and (self._choice.plan.is_full() or self._from_sitemaps >= MOST_FROM_SITEMAPS):
            self._children.clear()
        if self._children:
            child = self._children.popleft()
            yield from self._ask(Step(Source.SITEMAP, child.path, child=child))
        elif self._standing_in:
            self._standing_in = False
            self._run.report.sitemaps_stood_in(complete=self._from_sitemaps < MOST_FROM_SITEMAPS)


def go_on_from(listed: tuple[Listed, ...], last_pid: int) -> int:
    """The article to go on from: the last one, unless it is an older piece pinned to the end of the listing."""
    times = [one.published_at for one in listed if one.published_at]
    if len(listed) > 1 and listed[-1].published_at is None and len(times) == len(listed) - 1:
        return listed[-2].pid or last_pid
    if len(times) < 3 or len(times) < len(listed) or listed[-1].pid != last_pid:
        return last_pid
    gaps = sorted(abs(one - other) for one, other in pairwise(times[:-1]))
    gap = times[-2] - times[-1]
    pinned = gap > PINNED_BEYOND and gap > PINNED_GAPS * gaps[len(gaps) // 2]
    return (listed[-2].pid or last_pid) if pinned else last_pid
