"""Scrapy's downloader middleware for a server that says no: wait as it asks, try later, and know when to stop."""

from __future__ import annotations

import asyncio
import random
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.reading.page import is_whole

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROBOTS = "/robots.txt"
NO_ROBOTS = (404, 410)
"""Answers that mean a site has no rules (RFC 9309, 2.3.1.3); any other failure means its rules are not known."""
REFUSED = (401, 403, 429, 451)
LONGEST_REFUSAL = 50_000
"""Bytes; an article's page is longer and never entitled so."""
_REFUSAL = re.compile(
    rb"<title>\s*(?:access denied|just a moment|attention required|403 forbidden|request (?:unsuccessful|rejected))",
    re.IGNORECASE,
)
REFUSALS_IN_A_ROW = 20
"""After so many the site does not want us today. It refuses up to 2 of 5 requests of anyone, one at a time."""
BACKOFF = 5
"""The first wait before trying again, in delays between requests; doubled each time, and up to half as much more."""
LONGEST_BACKOFF = 120.0
"""Seconds."""
CUT_SHORT_TIMES = 2
"""How often a page that was cut short is asked for again."""
LONGEST_WAIT = 600.0
"""Seconds that Retry-After may ask for; longer means another day."""


class Run(Protocol):
    """What a spider is doing, as far as it can be stopped."""

    @property
    def stopped(self) -> str | None:
        """Why no more is asked; None while it goes on."""

    def stop(self, reason: str) -> None:
        """Ask for nothing more."""

    def refuse(self, reason: str) -> None:
        """Ask for nothing more, because the site wants it so."""


class Politeness:
    """In RetryMiddleware's place: it decides what is tried again, this when, and whether at all."""

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
        if delay > LONGEST_WAIT:
            self._session.refuse(f"robots.txt asks for {delay:.0f} s between requests: that is no crawl")
        self._crawl_delay = max(self._crawl_delay, delay)

    async def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Keep robots.txt's Crawl-delay; once the run has stopped, ask for nothing more."""
        if self._crawl_delay and not self._session.stopped:
            async with self._turn:
                await asyncio.sleep(self._last + self._crawl_delay - time.monotonic())
                self._last = time.monotonic()
        if reason := self._session.stopped:
            raise IgnoreRequest(reason)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Try a refusal again later, or stop the run."""
        self._last = time.monotonic()
        if response.status == 200 and is_refusal(response.body):
            response = response.replace(status=403)
        self._in_a_row = self._in_a_row + 1 if response.status in REFUSED else 0
        if self._in_a_row >= REFUSALS_IN_A_ROW:
            self._session.refuse(f"the site refused {self._in_a_row} requests in a row: come back another day")
            return response
        wait = retry_after(response)
        if wait is not None and wait > LONGEST_WAIT:
            self._session.refuse(f"the site asks to be left alone for {wait:.0f} s: come back then")
            return response
        again = self._retry.process_response(request, response)
        if response.status == 200 and is_cut_short(response.body):
            again = (
                get_retry_request(request, spider=self._spider, reason="cut short", max_retry_times=CUT_SHORT_TIMES)
                or response
            )
        if isinstance(again, Request):
            await asyncio.sleep(max(wait or 0.0, self._backoff(again)))
        elif urlsplit(request.url).path == ROBOTS and not _are_rules(response):
            self._session.refuse(f"{request.url} answered {response.status} without rules: they are not known")
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        """A site that does not even tell its rules is not asked anything else."""
        again = self._retry.process_exception(request, exception)
        if again is None and not self._session.stopped and urlsplit(request.url).path == ROBOTS:
            what = "was not asked for" if isinstance(exception, IgnoreRequest) else "does not answer"
            self._session.stop(f"{request.url} {what}: {exception}")
        return again

    @property
    def _spider(self) -> Spider:
        spider = self.crawler.spider
        if spider is None:
            raise RuntimeError("no spider is running")
        return spider

    @property
    def _session(self) -> Run:
        session: Run = self.crawler.spider.session  # type: ignore[union-attr]
        return session

    def _backoff(self, again: Request) -> float:
        times = int(again.meta.get("retry_times", 1))
        wait: float = self.crawler.settings.getfloat("DOWNLOAD_DELAY") * BACKOFF * 2 ** (times - 1)
        return min(LONGEST_BACKOFF, wait) * random.uniform(1, 1.5)  # noqa: S311 - no secret


def is_refusal(body: bytes) -> bool:
    """Whether a protection layer's page came in the place of what was asked for, whatever its status."""
    return len(body) <= LONGEST_REFUSAL and _REFUSAL.search(body[:4000]) is not None


def is_cut_short(body: bytes) -> bool:
    """Whether a page that begins as HTML does not end so: servers and proxies break off without saying."""
    return b"<html" in body[:2000].lower() and not is_whole(body)


def retry_after(response: Response) -> float | None:
    """Seconds that the answer asks to wait; None where it does not say (RFC 9110, 10.2.3)."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _are_rules(response: Response) -> bool:
    """A refusal page may come in place of robots.txt, with status 200 too."""
    if response.status in NO_ROBOTS:
        return True
    return response.status == 200 and not response.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
