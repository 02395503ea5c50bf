"""Scrapy's pipeline: hands each captured page to the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crawler.keeping import Captured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ArchivePipeline:
    """Reads and keeps each page the spider brings."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_item(self, item: Captured) -> Captured:
        """Keep the page; the item goes on as it came."""
        from crawler.spiders.goc_nhin import GocNhinSpider

        spider = self.crawler.spider
        if isinstance(spider, GocNhinSpider):
            spider.session.capture(item)
        return item
