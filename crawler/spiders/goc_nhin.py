"""The spider: what to ask for next, and what an answer says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.archive.frontier import Due
from crawler.config import layouts, sections
from crawler.errors import BadListing, GocNhinError
from crawler.items import EXPORTED, ArticleItem
from crawler.listings.plan import Options
from crawler.manners import Manners
from crawler.periods import parse_period
from crawler.responses import header, raw_page, validators
from crawler.runs.captured import read_raw_page
from crawler.runs.refusals import REFUSED
from crawler.runs.run import Run
from crawler.runs.walk import Step, Walk
from crawler.spiders.polite import PoliteSpider
from crawler.urls import article_address, fetch_url

_GONE = (404, 410)
_NOT_MODIFIED = 304


class GocNhinSpider(PoliteSpider):
    """`scrapy crawl goc_nhin [-a since=DATE] [-a until=DATE] [-a full=1] [-a limit=N]`.

    Raises GocNhinError for arguments that are of no use. `run` is there once the archive has been opened; without it,
    as in `scrapy parse`, the spider reads the pages it is given and asks for nothing.
    """

    name = "goc_nhin"
    custom_settings = {"FEED_EXPORT_FIELDS": list(EXPORTED)}  # noqa: RUF012 - Scrapy's way

    def __init__(
        self,
        site: str,
        since: str | None = None,
        until: str | None = None,
        full: str | bool = False,
        limit: str | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site, self.options = site, read_options(since, until, full, limit)
        self.sections, self.layouts = sections(), layouts()
        self.run: Run | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make one. Raises GocNhinError as above."""
        site = Manners.read(crawler.settings["GOC_NHIN_SITE"], crawler.settings["GOC_NHIN_DELAY"]).site
        spider = super().from_crawler(crawler, site, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    def begin(self, run: Run) -> None:
        """Work for this run from now on."""
        self.run, self.walk = run, Walk(run)

    async def start(self) -> AsyncIterator[Any]:
        """The listings; once there is nothing else to do, `idle` feeds what they led to."""
        if self.run:
            for step in self.walk.first():
                yield self._listing(step)

    def idle(self) -> None:
        """Scrapy has nothing to do: hand it the next articles, then what is to be held against them."""
        if not self.run:
            return
        try:
            requests = self._following(self.run)
        except GocNhinError as error:
            self.run.stop(str(error))  # Scrapy only logs what is raised here, and would end as if all was well
            return
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _following(self, run: Run) -> list[Request]:
        due = run.next_articles()
        requests = [self._article(article) for article in due]
        if not due and not run.stopped:
            requests = [self._listing(step) for step in self.walk.cross_check()]
        return requests

    def parse_listing(self, response: Response, step: Step) -> Iterator[Request]:
        """What a listing leads to."""
        try:
            steps = list(self.walk.read(step, response.body, header(response, "Content-Type")))
        except BadListing as error:
            steps = list(self.walk.failed(step, f"{response.url}: {error}", unreadable=True))
        for following in steps:
            yield self._listing(following)

    def parse_article(self, response: Response, number: int | None = None) -> ArticleItem | None:
        """A page as it is read; nothing where the server says it is unchanged.

        `number` is the article that was asked for, by default the one that the address names. Raises OutOfScope for an
        address that names none.
        """
        if number is None:
            number = article_address(response.url, self.site).id
        if response.status == _NOT_MODIFIED:
            if self.run:
                self.run.intake.unchanged(number)
            return None
        try:
            reading = read_raw_page(raw_page(response), self.layouts, self.sections)
        except Exception as error:  # noqa: BLE001 - one bad page never stops a run; it is kept, counted and shown
            return ArticleItem(number, response, validators(response), error=error)
        return ArticleItem.read(number, response, validators(response), reading)

    def article_failed(self, failure: Failure, number: int) -> None:
        """An article that could not be had."""
        if not self.run:
            return
        if _status(failure) in _GONE:
            self.run.intake.gone(number)
        else:
            self.run.intake.missed(number, _reason(failure), refused=_status(failure) in REFUSED)

    def listing_failed(self, failure: Failure, step: Step) -> Iterator[Request]:
        """A listing that could not be had."""
        run, reason = self.run, _reason(failure)
        if not run or run.stopped:
            return
        if _status(failure) in REFUSED:
            run.source_refused(step.source)
        elif not isinstance(failure.value, HttpError | IgnoreRequest):
            run.stop(reason)  # a site that does not answer is not asked for anything else
            return
        forbidden = _is_forbidden(failure)
        if forbidden:
            reason = f"robots.txt forbids {self.site}{step.path}: nothing is asked in its place"
        unreadable = _status(failure) in (None, *_GONE) and not forbidden
        for following in self.walk.failed(step, reason, unreadable, forbidden):
            yield self._listing(following)

    def _article(self, due: Due) -> Request:
        request = Request(
            fetch_url(due.address.url, self.site),
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
            self.site + step.path,
            callback=self.parse_listing,
            errback=partial(self.listing_failed, step=step),
            cb_kwargs={"step": step},
        )


def _status(failure: Failure) -> int | None:
    return failure.value.response.status if isinstance(failure.value, HttpError) else None


def _is_forbidden(failure: Failure) -> bool:
    """Whether robots.txt says no, as Scrapy's middleware puts it."""
    return isinstance(failure.value, IgnoreRequest) and "robots.txt" in str(failure.value)


def read_options(
    since: str | None = None, until: str | None = None, full: str | bool = False, limit: str | int | None = None
) -> Options:
    """The spider's arguments as they are typed. Raises GocNhinError for those that are of no use."""
    if limit is not None and (not str(limit).isdecimal() or int(limit) < 1):
        raise GocNhinError(f"limit “{limit}” is no number of articles: write 1 or more")
    if str(full).lower() not in ("", "0", "1", "true", "false", "yes", "no"):
        raise GocNhinError(f"full “{full}” is neither yes nor no: write full=1, or leave it out")
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
