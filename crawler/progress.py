"""A progress bar for crawls, on a terminal only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.crawler import Crawler
from tqdm import tqdm

if TYPE_CHECKING:
    from crawler.spiders.goc_nhin import GocNhinSpider


class Progress:
    """Articles done with against those the run knows it is to ask for, and the listings read."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.bar = tqdm(desc="crawl", unit=" articles", disable=None, leave=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        progress = cls(crawler)
        crawler.signals.connect(progress.show, signals.response_received)
        crawler.signals.connect(progress.show, signals.item_scraped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def show(self, spider: GocNhinSpider) -> None:
        """Bring the bar up to the report."""
        report = spider.session.report
        self.bar.total = spider.expected or None
        self.bar.set_postfix_str(f"{report.listings} listings", refresh=False)
        self.bar.update(report.pages - self.bar.n)

    def spider_closed(self) -> None:
        """Take the bar away."""
        self.bar.close()
