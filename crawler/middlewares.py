"""Scrapy's downloader middlewares: requests stay on the site's own hosts, and its refusals are kept to.

Each lets a spider of somebody else pass as if it were not there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.runs.looking import MOST_REQUESTS, Look
from crawler.runs.refusals import REFUSED, are_rules, backoff, is_cut_short, is_refusal, retry_after
from crawler.urls import fetch_url, in_scope

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROBOTS = "/robots.txt"
REFUSALS_IN_A_ROW = 20
"""After so many the site does not want us today. It refuses up to 2 of 5 requests of anyone, one at a time."""
CUT_SHORT_TIMES = 2
"""How often a page that was cut short is asked for again."""
LONGEST_WAIT = 600.0
"""Seconds that Retry-After may ask for; longer means another day."""


class Stoppable(Protocol):
    """What a spider is doing, as far as it can be stopped."""

    site: str

    @property
    def stopped(self) -> str | None:
        """Why no more is asked; None while it goes on."""

    def stop(self, reason: str) -> None:
        """Ask for nothing more."""

    def refuse(self, reason: str) -> None:
        """Ask for nothing more, because the site wants it so."""


class SiteMiddleware:
    """In OffsiteMiddleware's place, which looks at host names only: a port, a scheme, a user name count as well.

    A mirror's redirect to the paper's own host is followed on the mirror.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """Let it pass, send it to the mirror, or end it."""
        run = run_of(self.crawler)
        if run is None:
            return None
        if not in_scope(request.url, run.site):
            raise IgnoreRequest(f"it is not at {run.site}")
        url = fetch_url(request.url, run.site)
        return request.replace(url=url) if url != request.url else None


class PolitenessMiddleware:
    """In RetryMiddleware's place: it decides what is tried again, this when, and whether at all.

    A spider without a run is served as RetryMiddleware would.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._retry = RetryMiddleware.from_crawler(crawler)
        self._in_a_row = 0
        self._crawl_delay = 0.0
        self._last = time.monotonic()
        self._turn = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        politeness = cls(crawler)
        crawler.signals.connect(politeness.robots_parsed, signals.robots_parsed)
        return politeness

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """Scrapy obeys every rule of robots.txt but Crawl-delay."""
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"]) or 0.0
        run = run_of(self.crawler)
        if run and delay > LONGEST_WAIT:
            run.refuse(f"robots.txt asks for {delay:.0f} s between requests: that is no crawl")
        self._crawl_delay = max(self._crawl_delay, delay)

    async def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Keep robots.txt's Crawl-delay; once the run has stopped, ask for nothing more."""
        run = run_of(self.crawler)
        if self._crawl_delay and not (run and run.stopped):
            async with self._turn:
                await asyncio.sleep(self._last + self._crawl_delay - time.monotonic())
                self._last = time.monotonic()
        if run and run.stopped:
            raise IgnoreRequest(run.stopped)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Try a refusal again later, or stop the run."""
        self._last = time.monotonic()
        run = run_of(self.crawler)
        if response.status == 200 and is_refusal(response.body):
            response = response.replace(status=403)
        self._in_a_row = self._in_a_row + 1 if response.status in REFUSED else 0
        wait = retry_after(response.headers.get("Retry-After"))
        if run and (no := self._is_no(wait)):
            run.refuse(no)
            return response
        again = self._again(request, response)
        if isinstance(again, Request):
            delay = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
            await asyncio.sleep(max(wait or 0.0, backoff(int(again.meta.get("retry_times", 1)), delay)))
        elif run and urlsplit(request.url).path == ROBOTS and not are_rules(response.status, response.body):
            run.refuse(f"{request.url} answered {response.status} without rules: they are not known")
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        """A site that does not even tell its rules is not asked anything else."""
        again = self._retry.process_exception(request, exception)
        run = run_of(self.crawler)
        if again is None and run and not run.stopped and urlsplit(request.url).path == ROBOTS:
            what = "was not asked for" if isinstance(exception, IgnoreRequest) else "does not answer"
            run.stop(f"{request.url} {what}: {exception}")
        return again

    def _is_no(self, wait: float | None) -> str | None:
        """Why an answer means that the site wants no more of us today; None where it does not."""
        if self._in_a_row >= REFUSALS_IN_A_ROW:
            return f"the site refused {self._in_a_row} requests in a row: come back another day"
        if wait is not None and wait > LONGEST_WAIT:
            return f"the site asks to be left alone for {wait:.0f} s: come back then"
        return None

    def _again(self, request: Request, response: Response) -> Request | Response:
        spider = self.crawler.spider
        again = self._retry.process_response(request, response)
        if spider and response.status == 200 and is_cut_short(response.body):
            cut = get_retry_request(request, spider=spider, reason="cut short", max_retry_times=CUT_SHORT_TIMES)
            again = cut or response
        return again


def run_of(crawler: Crawler) -> Stoppable | None:
    """What the crawler's spider is doing; None for a spider that is not one of ours, or does nothing."""
    run: Stoppable | None = getattr(crawler.spider, "run", None)
    return run


class LookMiddleware:
    """Counts what a look at a site asks for, ends it at MOST_REQUESTS, and hands the spider each answer as it came."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count it, or end it."""
        look = run_of(self.crawler)
        if isinstance(look, Look):
            if look.requests >= MOST_REQUESTS:
                raise IgnoreRequest(f"{MOST_REQUESTS} requests are enough: {request.url} was not asked for")
            look.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the spider note it."""
        note: Callable[[Request, Response], None] | None = getattr(self.crawler.spider, "note", None)
        if note:
            note(request, response)
        return response
