"""Scrapy's extensions: a crawl's hold on the archive, and its progress bar. Both pass other spiders over."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Never, Self

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider
from tqdm import tqdm
from twisted.python.failure import Failure

from crawler.config import layouts, sections
from crawler.errors import GocNhinError
from crawler.logs import OURS
from crawler.runs.run import Run
from crawler.spiders.goc_nhin import GocNhinSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(OURS)
_STATUS = "downloader/response_status_count/"


class ArchiveExtension:
    """Holds a data directory for as long as the spider is open: its lock, its archive, the run and its report.

    `run` is the last run, also after it was closed; `error` why there is none. Nothing is opened where the setting
    GOC_NHIN_ARCHIVE is off, which it is in `scrapy shell` and `scrapy parse` only.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run: Run | None = None
        self.error: GocNhinError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.broken, signals.spider_error)
        crawler.signals.connect(extension.broken, signals.item_error)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """Take up the run. Raises CloseSpider where the archive cannot be had; `error` then tells why."""
        settings = self.crawler.settings
        if not isinstance(spider, GocNhinSpider) or not settings.getbool("GOC_NHIN_ARCHIVE", True):
            return
        try:
            data = Path(settings["GOC_NHIN_DATA"])
            self.run = Run(data, spider.site, spider.options, sections(), layouts())
        except GocNhinError as error:
            self.error = error
            raise CloseSpider("no_archive") from error
        self.run.report.listener = self._count
        spider.begin(self.run)

    def broken(self, failure: Failure) -> None:
        """What our own callbacks raise, such as an archive that cannot be written, Scrapy only logs: end the run."""
        error = failure.value
        if self.run:
            self.run.stop(str(error) if isinstance(error, GocNhinError) else f"{type(error).__name__}: {error}")

    def spider_closed(self, reason: str) -> None:
        """Write the report and let go of the lock."""
        if not self.run:
            return
        stats = self.crawler.stats.get_stats()
        statuses = {name.removeprefix(_STATUS): count for name, count in stats.items() if name.startswith(_STATUS)}
        self.run.close(stats.get("downloader/request_count", 0), statuses, interrupted=reason != "finished")

    def _count(self, name: str) -> None:
        self.crawler.stats.inc_value(f"{OURS}/{name}")


class ProgressBar:
    """On a terminal: articles done with against those the run knows it is to ask for, and the listings read."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        progress = cls()
        crawler.signals.connect(progress.show, signals.response_received)
        crawler.signals.connect(progress.show, signals.item_scraped)
        crawler.signals.connect(progress.show, signals.item_dropped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def show(self, spider: Spider) -> None:
        """Bring the bar up to the report."""
        if not isinstance(spider, GocNhinSpider) or not spider.run:
            return
        if self._bar is None:
            self._bar = tqdm(desc="crawl", unit=" articles", disable=None, leave=False)
        report = spider.run.report
        self._bar.total = spider.run.choice.expected or None
        self._bar.set_postfix_str(f"{report.listings} listings", refresh=False)
        self._bar.update(report.pages - self._bar.n)

    def spider_closed(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
