"""What becomes of a page that was fetched: kept as an article, put aside, or known not to be one of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.archive.archive import Archive
from crawler.archive.outcome import Outcome
from crawler.archive.warc import RawPage
from crawler.article import Article
from crawler.errors import NotAnArticle
from crawler.listings.sections import Section
from crawler.reading.doubts import Doubt, distinct
from crawler.reading.layouts import Layouts
from crawler.reading.page import Reading, is_whole
from crawler.runs.captured import Captured, read_raw_page
from crawler.runs.coverage import compare
from crawler.runs.doubting import AHEAD, SEVERAL, OutsideDoubts
from crawler.runs.identity import Identity
from crawler.urls import Address


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a page: the name under which it is counted, and its reading where it was read.

    `contradicted`: it says it is of another section than the one whose own listing names it.
    """

    outcome: str
    reading: Reading | None = None
    contradicted: bool = False


class Keeper:
    """Puts pages into one archive: the same way while crawling and when they are read again."""

    def __init__(self, archive: Archive, sections: tuple[Section, ...], layouts: Layouts) -> None:
        self.archive, self.frontier = archive, archive.frontier
        self.sections, self.layouts = sections, layouts
        self.outside, self._identity = OutsideDoubts(archive), Identity(archive)

    def read(self, page: RawPage) -> Reading:
        """What a page says, which was kept from the paper or a mirror. Raises GocNhinError."""
        return read_raw_page(page, self.layouts, self.sections)

    def keep(self, captured: Captured) -> Kept:
        """Read a page and keep it. Raises GocNhinError where it is not to be kept as an article."""
        page, number = captured.page, captured.number
        if urlsplit(page.url).path.rstrip("/") == "/404":
            self.frontier.gone(number, page.captured_at)
            return Kept("gone")
        if captured.error:
            raise captured.error
        reading = self._of_the_section(captured.reading or self.read(page), number)
        if not is_whole(page.body):
            raise NotAnArticle("the page was cut short: it has no </html>")
        if reading is None:
            return self._elsewhere(captured)
        article, doubts = self._identity.identified(reading, captured)
        mention = self.frontier.mention(number)
        listed = compare(article, mention) if mention else {}
        reading = replace(reading, article=article, checks={**reading.checks, **listed})
        doubts = distinct((*doubts, *self.outside.of(article, page, listed)))
        with self.archive.transaction():
            outcome = self.archive.put(article, page, reading.rules, doubts, self.frontier.changes(number))
            self.frontier.settle(number, "stored")
            if article.id != number:
                self.frontier.moved(number, Address(article.id, article.url))
            self.frontier.checked(article.id, page.captured_at, captured.validators)
            self.frontier.steady(number, outcome is Outcome.REVISED or self._is_unsteady(article.id))
            self._noticed_repeats(article, doubts)
        return Kept(outcome.value, replace(reading, doubts=doubts))

    def no_longer_ahead(self, number: int, now: datetime) -> None:
        """Take back the doubt about a time in the future once it is past: a clock was wrong, or time went by."""
        article, kept = self.archive.get(number), self.archive.doubts(number)
        rest = [doubt for doubt in kept if doubt.code != "future"]
        if article and len(rest) < len(kept) and article.published_at <= now + AHEAD:
            self.archive.keep_doubts(article, rest)

    def _is_unsteady(self, number: int) -> bool:
        return any(doubt.code == "unsteady" for doubt in self.archive.doubts(number))

    def _of_the_section(self, reading: Reading, number: int) -> Reading | None:
        """The reading with its section settled: a section's own listing is believed unless the page denies it."""
        if reading.section is not None:
            return reading
        listing = self.frontier.section(number)
        if reading.article.section:
            return None
        section = next((one for one in self.sections if one.slug == listing), None)
        known = self.archive.get(number)
        if section is None and known is None:
            raise NotAnArticle("the page names no section, and no section's own listing named it")
        name = section.name if section else known.section if known else ""
        return replace(reading, article=replace(reading.article, section=name), section=section)

    def _elsewhere(self, captured: Captured) -> Kept:
        """A page of another section; kept if one of ours lists it, since then one of the two is wrong."""
        if not self.frontier.section(captured.number):
            self.frontier.settle(captured.number, "elsewhere")
            return Kept("elsewhere")
        reason = "it says that it is of another section than the one that lists it"
        self.frontier.quarantine(captured.number, captured.page, reason, "elsewhere")
        return Kept("elsewhere", contradicted=True)

    def _noticed_repeats(self, article: Article, doubts: Iterable[Doubt]) -> None:
        """The first articles with a box are doubtful too, once a further one shows it."""
        if not any(doubt.code == "repeated" for doubt in doubts):
            return
        for paragraph, others in self.outside.repeated(article).items():
            if len(others) > SEVERAL:
                continue
            for number in others:
                kept, current = self.archive.doubts(number), self.archive.get(number)
                if current and not any(doubt.code == "repeated" for doubt in kept):
                    self.archive.keep_doubts(current, (*kept, Doubt("text", "repeated", paragraph[:80])))
