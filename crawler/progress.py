"""A progress bar for crawls, on a terminal only."""

from __future__ import annotations

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from tqdm import tqdm


class Progress:
    """Counts pages against what the plan has asked for so far."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.bar = tqdm(desc="crawl", unit=" pages", disable=None, leave=False)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        progress = cls(crawler)
        crawler.signals.connect(progress.item_scraped, signals.item_scraped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def item_scraped(self) -> None:
        """One page more."""
        self.bar.total = getattr(self.crawler.spider, "expected", None)
        self.bar.update()

    def spider_closed(self) -> None:
        """Take the bar away."""
        self.bar.close()
