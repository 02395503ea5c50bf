"""The spider: what to ask for next, nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.archive import RawPage
from crawler.config import Manners
from crawler.dates import HANOI, parse_period
from crawler.errors import BadListing, GocNhinError
from crawler.frontier import Recheck, Validators
from crawler.listing import Listed, more_path, read_more, read_section
from crawler.plan import Options
from crawler.session import Captured, Session
from crawler.urls import SECTION_PATH, Address, fetch_url

_GONE = (404, 410)
_REFUSED = (401, 403, 429, 451)
_NOT_MODIFIED = 304
_FIRST, _NEXT, _LAST = 20, 10, 0
"""Scrapy priorities: what was begun comes before what follows, and what is new before what is archived."""


class GocNhinSpider(Spider):
    """`scrapy crawl goc_nhin [-a since=DATE] [-a until=DATE] [-a full=1] [-a limit=N]`."""

    name = "goc_nhin"

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._pids: set[int] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Set the crawler's manners and open the session. Raises GocNhinError for bad arguments."""
        settings = crawler.settings
        manners = Manners.read(settings["GOC_NHIN_SITE"], settings["GOC_NHIN_DELAY"])
        options = _options(kwargs)
        session = Session(Path(settings["GOC_NHIN_DATA"]), manners.site, options)
        spider = super().from_crawler(crawler, session, *args, allowed_domains=manners.hosts, **kwargs)
        crawler.signals.connect(spider.spider_closed, signals.spider_closed)
        return spider

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The site's manners as Scrapy's settings."""
        super().update_settings(settings)
        manners = Manners.read(settings["GOC_NHIN_SITE"], settings["GOC_NHIN_DELAY"])
        settings.set("USER_AGENT", manners.user_agent, "spider")
        settings.set("DOWNLOAD_DELAY", manners.delay, "spider")
        settings.set("AUTOTHROTTLE_START_DELAY", manners.delay, "spider")
        settings.set("AUTOTHROTTLE_ENABLED", manners.delay > 0, "spider")

    @property
    def asked(self) -> int:
        """Article pages asked for so far."""
        return self.session.plan.asked

    async def start(self) -> AsyncIterator[Any]:
        """What earlier runs still owe, then the section page, then what may have been corrected."""
        for request in self._articles(self.session.pending()):
            yield request
        yield self._listing(SECTION_PATH, self.parse_section)
        for recheck in self.session.rechecks():
            yield self._again(recheck)

    def parse_section(self, response: Response) -> Iterator[Request]:
        """The section page: its articles, and where more of them are."""
        try:
            page = read_section(_text(response), self.session.site)
        except BadListing as error:
            self.session.trouble(f"{response.url}: {error}")
            return
        yield from self._articles(self.session.choose(page.listed))
        if page.channel is None or page.last_pid is None:
            self.session.trouble(f"{response.url} does not name its channel: only its own articles were fetched")
        elif self.session.plan.goes_on(page.listed):
            yield from self._more(page.channel, page.last_pid)

    def parse_more(self, response: Response, channel: int) -> Iterator[Request]:
        """One answer of getMoreArticle, and the next."""
        try:
            more = read_more(_text(response), self.session.site)
        except BadListing as error:
            self.session.trouble(f"{response.url}: {error}")
            return
        yield from self._articles(self.session.choose(more.listed))
        if more.last_pid is not None and self.session.plan.goes_on(more.listed):
            yield from self._more(channel, more.last_pid)

    def parse_article(self, response: Response, number: int) -> Captured | None:
        """A page to be kept; nothing where the server says it is unchanged."""
        if response.status == _NOT_MODIFIED:
            self.session.unchanged(number)
            return None
        page = RawPage(
            url=response.url,
            content_type=_header(response, "Content-Type"),
            captured_at=datetime.now(HANOI).replace(microsecond=0),
            body=response.body,
        )
        validators = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
        return Captured(number, page, tuple(response.meta.get("redirect_urls", ())), validators)

    def article_failed(self, failure: Failure, number: int) -> None:
        """An article that could not be had."""
        error = failure.value
        status = error.response.status if isinstance(error, HttpError) else None
        if status in _GONE:
            self.session.gone(number)
        else:
            self.session.missed(number, _reason(failure), refused=status in _REFUSED)

    def listing_failed(self, failure: Failure) -> None:
        """Without its listings a run cannot say it is finished."""
        self.session.trouble(_reason(failure))

    def spider_closed(self, reason: str) -> None:
        """Write the report and let go of the lock."""
        stats = self.crawler.stats
        requests = stats.get_value("downloader/request_count", 0) if stats else 0
        self.session.close(requests, interrupted=reason != "finished")

    def _articles(self, listed: Iterable[Listed]) -> Iterator[Request]:
        for item in listed:
            yield self._article(item.address, priority=_FIRST)

    def _again(self, recheck: Recheck) -> Request:
        given = {"If-None-Match": recheck.validators.etag, "If-Modified-Since": recheck.validators.last_modified}
        request = self._article(recheck.address, priority=_LAST)
        for name, value in given.items():
            if value:
                request.headers[name] = value
        request.meta["handle_httpstatus_list"] = [_NOT_MODIFIED]
        return request

    def _article(self, address: Address, priority: int) -> Request:
        return Request(
            fetch_url(address.url, self.session.site),
            callback=self.parse_article,
            errback=partial(self.article_failed, number=address.id),
            cb_kwargs={"number": address.id},
            priority=priority,
            dont_filter=True,
        )

    def _more(self, channel: int, last_pid: int) -> Iterator[Request]:
        if last_pid not in self._pids:  # a listing that names the same end again would never end
            self._pids.add(last_pid)
            yield self._listing(more_path(channel, last_pid), self.parse_more, channel=channel)

    def _listing(self, path: str, callback: Any, **kwargs: Any) -> Request:
        url = self.session.site + path
        return Request(
            url, callback=callback, errback=self.listing_failed, cb_kwargs=kwargs, priority=_NEXT, dont_filter=True
        )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _text(response: Response) -> str:
    if not isinstance(response, TextResponse):
        raise BadListing("the answer is no text")
    return response.text


def _options(arguments: dict[str, Any]) -> Options:
    since, until = arguments.pop("since", None), arguments.pop("until", None)
    full, limit = arguments.pop("full", False), arguments.pop("limit", None)
    if limit is not None and (not str(limit).isdecimal() or int(limit) < 1):
        raise GocNhinError(f"limit “{limit}” is no number of articles: write 1 or more")
    return Options(
        since=parse_period(since).first if since else None,
        until=parse_period(until).last if until else None,
        full=str(full).lower() in ("1", "true", "yes"),
        limit=int(limit) if limit is not None else None,
    )


def _reason(failure: Failure) -> str:
    error = failure.value
    if isinstance(error, HttpError):
        return f"{error.response.url} answered {error.response.status}"
    request = getattr(failure, "request", None)
    where = request.url if request is not None else "the site"
    if isinstance(error, IgnoreRequest):
        return f"{where} was not asked for: {error or 'robots.txt forbids it'}"
    return f"{where} does not answer: {failure.getErrorMessage()}"
