"""The spider: what to ask for next, nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.config import Manners, layouts, sections
from crawler.dates import parse_period
from crawler.errors import BadListing, GocNhinError
from crawler.frontier import Due, Validators
from crawler.keeping import Captured
from crawler.plan import Options
from crawler.politeness import REFUSED
from crawler.session import Session
from crawler.urls import fetch_url
from crawler.walk import Step, Walk
from crawler.warc import Headers, RawPage

_GONE = (404, 410)
_NOT_MODIFIED = 304


class GocNhinSpider(Spider):
    """`scrapy crawl goc_nhin [-a since=DATE] [-a until=DATE] [-a full=1] [-a limit=N]`."""

    name = "goc_nhin"

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.walk = Walk(session)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Set the crawler's manners and open the session. Raises GocNhinError for bad arguments."""
        settings = crawler.settings
        manners = Manners.read(settings["GOC_NHIN_SITE"], settings["GOC_NHIN_DELAY"])
        options = _options(kwargs)
        session = Session(Path(settings["GOC_NHIN_DATA"]), manners.site, options, sections(), layouts())
        spider = super().from_crawler(crawler, session, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        crawler.signals.connect(spider.broken, signals.spider_error)
        crawler.signals.connect(spider.broken, signals.item_error)
        crawler.signals.connect(spider.spider_closed, signals.spider_closed)
        return spider

    @classmethod
    def update_settings(cls, settings: Any) -> None:
        """The site's manners as Scrapy's settings."""
        super().update_settings(settings)
        Manners.read(settings["GOC_NHIN_SITE"], settings["GOC_NHIN_DELAY"]).apply(settings)

    @property
    def expected(self) -> int:
        """Pages the run will have asked for in the end, as far as it knows now."""
        return self.session.expected

    async def start(self) -> AsyncIterator[Any]:
        """The listings; once there is nothing else to do, `idle` feeds what they led to."""
        for step in self.walk.first():
            yield self._listing(step)

    def idle(self) -> None:
        """Scrapy has nothing to do: hand it the next articles, then what is to be held against them."""
        due = self.session.take()
        requests = [self._article(article) for article in due]
        if not due and not self.session.stopped:
            requests = [self._listing(step) for step in self.walk.cross_check()]
        engine = self.crawler.engine
        if requests and engine is not None:
            for request in requests:
                engine.crawl(request)
            raise DontCloseSpider

    def parse_listing(self, response: Response, step: Step) -> Iterator[Request]:
        """What a listing leads to."""
        try:
            steps = list(self.walk.read(step, response.body, _header(response, "Content-Type")))
        except BadListing as error:
            steps = list(self.walk.failed(step, f"{response.url}: {error}", unreadable=True))
        for following in steps:
            yield self._listing(following)

    def parse_article(self, response: Response, number: int) -> Captured | None:
        """A page to be kept; nothing where the server says it is unchanged."""
        if response.status == _NOT_MODIFIED:
            self.session.unchanged(number)
            return None
        page = RawPage(response.url, self.session.now(), response.body, _headers(response), response.status)
        validators = Validators(_header(response, "ETag"), _header(response, "Last-Modified"))
        return Captured(number, page, tuple(response.meta.get("redirect_urls", ())), validators)

    def article_failed(self, failure: Failure, number: int) -> None:
        """An article that could not be had."""
        if _status(failure) in _GONE:
            self.session.gone(number)
        else:
            self.session.missed(number, _reason(failure), refused=_status(failure) in REFUSED)

    def listing_failed(self, failure: Failure, step: Step) -> Iterator[Request]:
        """A listing that could not be had."""
        reason = _reason(failure)
        if self.session.stopped:
            return
        refused = _status(failure) in REFUSED
        if refused:
            self.session.source_refused(step.source)
        elif not isinstance(failure.value, HttpError | IgnoreRequest):
            self.session.stop(reason)  # a site that does not answer is not asked for anything else
            return
        forbidden = _is_forbidden(failure)
        if forbidden:
            reason = f"robots.txt forbids {self.session.site}{step.path}: nothing is asked in its place"
        unreadable = _status(failure) in (None, *_GONE) and not forbidden
        for following in self.walk.failed(step, reason, unreadable, forbidden):
            yield self._listing(following)

    def broken(self, failure: Failure) -> None:
        """What our own callbacks raise, such as an archive that cannot be written, Scrapy only logs: end the run."""
        error = failure.value
        self.session.stop(str(error) if isinstance(error, GocNhinError) else f"{type(error).__name__}: {error}")

    def spider_closed(self, reason: str) -> None:
        """Write the report and let go of the lock."""
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        start = "downloader/response_status_count/"
        statuses = {name.removeprefix(start): count for name, count in stats.items() if name.startswith(start)}
        requests = stats.get("downloader/request_count", 0)
        self.session.close(requests, statuses, interrupted=reason != "finished")

    def _article(self, due: Due) -> Request:
        request = Request(
            fetch_url(due.address.url, self.session.site),
            callback=self.parse_article,
            errback=partial(self.article_failed, number=due.address.id),
            cb_kwargs={"number": due.address.id},
        )
        given = {"If-None-Match": due.validators.etag, "If-Modified-Since": due.validators.last_modified}
        for name, value in given.items():
            if value:
                request.headers[name] = value
                request.meta["handle_httpstatus_list"] = [_NOT_MODIFIED]
        return request

    def _listing(self, step: Step) -> Request:
        return Request(
            self.session.site + step.path,
            callback=self.parse_listing,
            errback=partial(self.listing_failed, step=step),
            cb_kwargs={"step": step},
        )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _headers(response: Response) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def _status(failure: Failure) -> int | None:
    return failure.value.response.status if isinstance(failure.value, HttpError) else None


def _is_forbidden(failure: Failure) -> bool:
    """Whether robots.txt says no, as Scrapy's middleware puts it."""
    return isinstance(failure.value, IgnoreRequest) and "robots.txt" in str(failure.value)


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
