"""The spider that only looks: a few polite requests, nothing archived."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.archive.warc import RawPage
from crawler.config import layouts, sections
from crawler.errors import BadListing, GocNhinError
from crawler.listings.feeds import read_rss, read_sitemap, read_sitemap_index
from crawler.listings.listed import Listed
from crawler.listings.section import more_path, read_more, read_section
from crawler.manners import Manners
from crawler.markup.charset import decode
from crawler.reading.doubts import Doubt
from crawler.reading.page import Reading, read_page
from crawler.responses import header, raw_page
from crawler.runs.looking import MOST_REQUESTS, Look, Row, describe, is_shell
from crawler.settings import DOWNLOADER_MIDDLEWARES
from crawler.spiders.polite import PoliteSpider
from crawler.urls import SITEMAP_PATH, fetch_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_ARTICLES = 6
"""Articles that are looked at: the newest, the oldest listed, and some of a day long ago."""


class LookSpider(PoliteSpider):
    """Looks at a site, or with `only` at one page of it."""

    name = "goc_nhin_look"
    custom_settings = {  # noqa: RUF012 - Scrapy's way
        "RETRY_TIMES": 2,
        "DOWNLOADER_MIDDLEWARES": {**DOWNLOADER_MIDDLEWARES, "crawler.middlewares.LookMiddleware": 560},
    }

    def __init__(self, site: str, only: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run, self.only = Look(site), only
        self.sections, self.layouts = sections(), layouts()
        self.pages: list[RawPage] = []
        self.readings: list[Reading] = []
        self._waiting: deque[tuple[Row, Callable[[Row, Response], None]]] = deque()
        self._listed: dict[str, list[Listed]] = {}
        self._chosen = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """A spider that notes what robots.txt said."""
        manners = Manners.read(crawler.settings["GOC_NHIN_SITE"], crawler.settings["GOC_NHIN_DELAY"])
        spider = super().from_crawler(crawler, manners.site, *args, **kwargs)
        crawler.signals.connect(spider.robots, signals.robots_parsed)
        return spider

    def note(self, request: Request, response: Response) -> None:
        """Keep an answer as it came."""
        if request.url.endswith("/robots.txt"):
            self.run.drawn = is_shell(decode(response.body).text)
        self.pages.append(raw_page(response, request.url))

    def robots(self) -> None:
        """The site's rules are known."""
        page = next((page for page in self.pages if page.url.endswith("/robots.txt")), None)
        if page is not None:
            rules = "rules" if page.status == 200 else "no rules: nothing is forbidden"
            self.run.rows.insert(0, Row("robots.txt", page.url, page.status, rules))

    async def start(self) -> AsyncIterator[Any]:
        """The first request."""
        if self.only:
            self._ask("article", self.only, self._article)
        else:
            for section in self.sections:
                self._ask(f"section {section.slug}", section.path, partial(self._section, section.slug))
                self._ask(f"RSS {section.slug}", section.rss_path, partial(self._feed, read_rss))
            self._ask("sitemap index", SITEMAP_PATH, self._index)
        for request in self._next():
            yield request

    def _ask(self, what: str, path: str, read: Callable[[Row, Response], None], first: bool = False) -> None:
        url = fetch_url(path, self.run.site) if "://" in path else self.run.site + path
        waiting = (Row(what, url), read)
        if first:
            self._waiting.appendleft(waiting)
        else:
            self._waiting.append(waiting)

    def _next(self) -> Iterator[Request]:
        if not self._waiting and not self._chosen and not self.only:
            self._chosen = True
            for item in self._choose():
                self._ask("article", item.address.url, self._article)
        if self._waiting and not self.run.stopped and self.run.requests < MOST_REQUESTS:
            row, read = self._waiting.popleft()
            self.run.rows.append(row)
            given = {"row": row, "read": read}
            yield Request(row.url, callback=self.answered, errback=partial(self.failed, row=row), cb_kwargs=given)

    def answered(self, response: Response, row: Row, read: Callable[[Row, Response], None]) -> Iterator[Request]:
        """Note what an answer holds, and go on."""
        row.status = response.status
        try:
            read(row, response)
        except GocNhinError as error:
            shell = is_shell(decode(response.body).text) and "<html" in response.text[:2000].lower()
            row.error = "a page drawn by scripts, without text" if shell else str(error)
        yield from self._next()

    def failed(self, failure: Failure, row: Row) -> Iterator[Request]:
        """Note that there was no answer, or a refusal, and go on."""
        error = failure.value
        if isinstance(error, HttpError):
            row.status, row.error = error.response.status, f"the site answered {error.response.status}"
        else:
            row.error = str(error) or failure.getErrorMessage()
        yield from self._next()

    def _section(self, slug: str, row: Row, response: Response) -> None:
        page = read_section(decode(response.body, header(response, "Content-Type")).text, self.run.site)
        self._note(row, "section", page.listed)
        row.found += f"; channel {page.channel}" if page.channel else "; names no channel"
        if page.channel is None or page.last_pid is None:
            raise BadListing("it does not say where more is to be had")
        self._ask(f"more of {slug}", more_path(page.channel, page.last_pid), self._more, first=True)

    def _more(self, row: Row, response: Response) -> None:
        more = read_more(response.body.decode("utf-8-sig", "replace"), self.run.site)
        self._note(row, "section", more.listed)

    def _feed(self, read: Callable[[bytes, str], tuple[Listed, ...]], row: Row, response: Response) -> None:
        self._note(row, "feed", read(response.body, self.run.site))

    def _index(self, row: Row, response: Response) -> None:
        children = read_sitemap_index(response.body, self.run.site)
        span = f", {children[-1].days.first} to {children[0].days.last}" if children else ""
        row.found = f"{len(children)} sitemaps of days or months{span}"
        if not children:
            raise BadListing("it names no sitemap of a day or month")
        for child in dict.fromkeys((children[len(children) // 2], children[-1])):
            self._ask("sitemap of a day", child.path, self._day)

    def _day(self, row: Row, response: Response) -> None:
        self._note(row, "sitemap", read_sitemap(response.body, self.run.site))

    def _note(self, row: Row, kind: str, listed: tuple[Listed, ...]) -> None:
        self._listed.setdefault(kind, []).extend(listed)
        times = [item.published_at for item in listed if item.published_at]
        span = f", {min(times):%d/%m/%Y} to {max(times):%d/%m/%Y}" if times else ""
        row.found = f"{len(listed)} articles{span}"

    def _choose(self) -> list[Listed]:
        """Articles of several ages: the newest and oldest that the section lists, and some of the day's sitemap."""
        listed, days = self._listed.get("section", []), self._listed.get("sitemap", [])
        chosen = [*listed[:2], *listed[-2:], *days[:1], *days[-1:]] or self._listed.get("feed", [])[:MOST_ARTICLES]
        return list({item.address.id: item for item in chosen}.values())[:MOST_ARTICLES]

    def _article(self, row: Row, response: Response) -> None:
        content_type = header(response, "Content-Type")
        reading = read_page(response.body, response.url, content_type, self.run.site, self.layouts, self.sections)
        self.readings.append(reading)
        row.found, row.layout, row.rules = describe(reading), reading.article.layout, reading.rules
        listed = {item.address.id for item in self._listed.get("section", [])}
        said = reading.section is not None or not reading.article.section
        contradicted = (Doubt("section", "differs", f"it says “{reading.article.section}”"),)
        row.doubts = reading.doubts + (contradicted if reading.article.id in listed and not said else ())
