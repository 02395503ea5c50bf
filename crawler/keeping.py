"""What becomes of a page that was fetched: whose article it is, what is doubtful about it, where it is kept."""

from __future__ import annotations

import re
import statistics
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.article import Article
from crawler.coverage import compare
from crawler.database import transaction
from crawler.errors import NotAnArticle, OtherArticle, OutOfScope
from crawler.frontier import NO_VALIDATORS, Frontier, Validators
from crawler.outcome import Outcome
from crawler.paragraphs import with_digests
from crawler.reading.doubts import Doubt, distinct
from crawler.reading.layouts import Layouts
from crawler.reading.metadata import letters, names_title, same_title
from crawler.reading.page import Reading, is_whole, read_page
from crawler.sections import Section
from crawler.urls import Address, article_address
from crawler.warc import RawPage

AHEAD = timedelta(hours=1)
"""By how much the site's clock may be ahead of ours before a time is in the future."""
SEVERAL = 2
"""Other articles that hold the same paragraph from which it is taken for a box."""
USUAL_OF = 200
"""Articles whose length tells what is usual in a section…"""
USUAL_FROM = 20
"""…if there are so many."""
SHORT, LONG = 0.2, 6.0
"""Of the usual length: a text beyond these is in doubt."""
FEWEST_WORDS = 3
"""Words of an address' slug that tell a headline."""
_SAME_BEGINNING = 200
"""Letters at the beginning of two texts by which they are the same article's."""


@dataclass(frozen=True, slots=True)
class Captured:
    """An answer to a request for article `number`: the page, the addresses that led to it, its validators."""

    number: int
    page: RawPage
    redirects: tuple[str, ...] = ()
    validators: Validators = NO_VALIDATORS


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
        self.archive, self.frontier = archive, Frontier(archive)
        self.sections, self.layouts = sections, layouts
        self._lengths: dict[str, deque[int]] = {}

    def read(self, page: RawPage) -> Reading:
        """What a page says, which was kept from the paper or a mirror. Raises GocNhinError."""
        content_type = page.header("Content-Type")
        return read_page(page.body, page.url, content_type, _origin(page.url), self.layouts, self.sections)

    def keep(self, captured: Captured) -> Kept:
        """Read a page and keep it. Raises GocNhinError where it is not to be kept as an article."""
        page, number = captured.page, captured.number
        if urlsplit(page.url).path.rstrip("/") == "/404":
            self.frontier.gone(number, page.captured_at)
            return Kept("gone")
        reading = self._of_the_section(self.read(page), number)
        if not is_whole(page.body):
            raise NotAnArticle("the page was cut short: it has no </html>")
        if reading is None:
            return self._elsewhere(captured)
        article, doubts = self._identified(reading, captured)
        mention = self.frontier.mention(number)
        listed = compare(article, mention) if mention else {}
        reading = replace(reading, article=article, checks={**reading.checks, **listed})
        doubts = distinct((*doubts, *self._outside(article, page, listed)))
        with transaction(self.archive.db):
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

    def doubts(self, reading: Reading, article: Article, page: RawPage) -> tuple[Doubt, ...]:
        """What is doubtful about an archived article whose page was read again."""
        mention = self.frontier.mention(article.id) or next(
            (said for alias in article.aliases if (said := self.frontier.mention(alias))), None
        )
        outside = self._outside(article, page, compare(article, mention) if mention else {})
        kept = [doubt for doubt in self.archive.doubts(article.id, article.revision) if doubt.code == "unsteady"]
        own = [doubt for doubt in reading.doubts if doubt.field != "url" or article.id == reading.article.id]
        return distinct((*own, *outside, *kept))

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

    # --- whose article it is

    def _identified(self, reading: Reading, captured: Captured) -> tuple[Article, tuple[Doubt, ...]]:
        """The article under its own id, joined with what it was before only where title or text agree."""
        article, doubts, number = reading.article, reading.doubts, captured.number
        stated, own = reading.stated, article.id
        if stated is not None and own < 0 < stated.id and self._agrees(stated.id, article):
            article = replace(article, id=stated.id, url=stated.url, aliases=(own,))
            doubts = tuple(doubt for doubt in doubts if doubt.code != "other_address")
        elif article.aliases and self._denies(article.id, article):
            other = article_address(captured.page.url, _origin(captured.page.url))
            doubts = (*doubts, Doubt("url", "other_address", article.url))
            article = replace(article, id=other.id, url=other.url, aliases=())
        if article.id != number and number not in article.aliases and self._led_wrongly(number, article):
            raise OtherArticle(f"asked for as {number}, it leads to a different article, {article.url}")
        former = {alias for alias in self._former_ids(captured, article) if self._led_rightly(alias, article)}
        aliases = tuple(alias for alias in dict.fromkeys((*article.aliases, *sorted(former))) if alias != article.id)
        return replace(article, aliases=aliases), doubts

    def _agrees(self, number: int, article: Article) -> bool:
        """Whether the archive knows an id as this article."""
        known = self.archive.get(number)
        return known is not None and _same(known, article)

    def _denies(self, number: int, article: Article) -> bool:
        """Whether the archive knows an id as a different article."""
        known = self.archive.get(number)
        return known is not None and not _same(known, article)

    def _led_rightly(self, number: int, article: Article) -> bool:
        """Whether an address that was left by a redirect is known to be this article's."""
        known = self.archive.get(number)
        if known is not None:
            return _same(known, article)
        title, slug = self._said_of(number)
        return same_title(title, article.title) or names_title(slug, article.title)

    def _led_wrongly(self, number: int, article: Article) -> bool:
        """Whether it is known to be another's. Of an old address that is a bare number nothing may be known."""
        known = self.archive.get(number) is not None or any(self._said_of(number))
        return known and not self._led_rightly(number, article)

    def _said_of(self, number: int) -> tuple[str, str]:
        """The title under which an address was listed, and its slug; "" for one too short to tell anything."""
        mention, url = self.frontier.mention(number), self.frontier.url(number)
        slug = re.sub(r"-?\d+$", "", url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html"))
        title = mention.title if mention else ""
        telling = [said if len(re.findall(r"[^\W_]+", said)) >= FEWEST_WORDS else "" for said in (title, slug)]
        return telling[0], telling[1]

    def _former_ids(self, captured: Captured, article: Article) -> set[int]:
        ids = {captured.number} if captured.number < 0 else set()
        for url in captured.redirects:
            try:
                ids.add(article_address(url, _origin(url)).id)
            except OutOfScope:
                continue
        return {number for number in ids if number < 0} - {article.id, *article.aliases}

    # --- what is doubtful from the outside

    def _outside(self, article: Article, page: RawPage, listed: dict[str, bool]) -> Iterator[Doubt]:
        for name, agrees in listed.items():
            if not agrees:
                field = "title" if name.startswith("title") else "published_at"
                yield Doubt(field, "listing", name.rsplit(" ", 1)[-1])
        if article.published_at > page.captured_at + AHEAD:
            yield Doubt("published_at", "future", f"{article.published_at:%d/%m/%Y}")
        if detail := self._unusual(article):
            yield Doubt("text", "length", detail)
        repeated = self._repeated(article)
        if repeated:
            yield Doubt("text", "repeated", next(iter(repeated))[:80])

    def _unusual(self, article: Article) -> str:
        lengths = self._lengths.get(article.section)
        if lengths is None:
            query = (
                "SELECT length(json_extract(record, '$.text')) FROM article JOIN revision"
                " ON article = id AND number = article.revision"
                " WHERE json_extract(record, '$.section') = ? ORDER BY id DESC LIMIT ?"
            )
            rows = self.archive.db.execute(query, (article.section, USUAL_OF)).fetchall()
            lengths = self._lengths[article.section] = deque((row[0] for row in rows), USUAL_OF)
        usual = statistics.median(lengths) if len(lengths) >= USUAL_FROM else 0
        lengths.append(len(article.text))
        if usual and not SHORT * usual <= len(article.text) <= LONG * usual:
            return f"{len(article.text)} characters, usual are {usual:.0f}"
        return ""

    def _repeated(self, article: Article) -> dict[str, list[int]]:
        """The paragraphs that stand in several other articles, and in which; nothing for a reprint of a whole one."""
        paragraphs = with_digests(article.text)
        found = {}
        for digest, paragraph in paragraphs.items():
            query = "SELECT article FROM paragraph WHERE digest = ? AND article != ? LIMIT 20"
            others = [row["article"] for row in self.archive.db.execute(query, (digest, article.id))]
            others = [number for number in others if number not in article.aliases]
            if len(others) >= SEVERAL:
                found[paragraph] = others
        return found if 2 * len(found) < len(paragraphs) or len(paragraphs) == 1 else {}

    def _noticed_repeats(self, article: Article, doubts: Iterable[Doubt]) -> None:
        """The first articles with a box are doubtful too, once a further one shows it."""
        if not any(doubt.code == "repeated" for doubt in doubts):
            return
        for paragraph, others in self._repeated(article).items():
            if len(others) > SEVERAL:
                continue
            for number in others:
                kept, current = self.archive.doubts(number), self.archive.get(number)
                if current and not any(doubt.code == "repeated" for doubt in kept):
                    self.archive.keep_doubts(current, (*kept, Doubt("text", "repeated", paragraph[:80])))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _same(one: Article, other: Article) -> bool:
    first, second = letters(one.text), letters(other.text)
    return same_title(one.title, other.title) or first[:_SAME_BEGINNING] == second[:_SAME_BEGINNING]
