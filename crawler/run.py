"""Running the spider from a program: one crawl a process, its report as the answer."""

from __future__ import annotations

from typing import Any

from crawler.errors import CrawlError, GocNhinError
from crawler.report import Report


def run_crawl(settings: dict[str, Any], arguments: dict[str, Any]) -> Report:
    """Crawl with these settings over `crawler.settings` and these spider arguments.

    Raises GocNhinError as the spider does. May be called once a process, since Twisted's reactor cannot restart.
    """
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    from crawler.spiders.goc_nhin import GocNhinSpider

    base = Settings()
    base.setmodule("crawler.settings", priority="project")
    base.update({"LOG_INSTALL_ROOT_HANDLER": False, **settings}, priority="cmdline")  # crawler.logs says who is told
    process = CrawlerProcess(base)
    crawler = process.create_crawler(GocNhinSpider)
    failures: list[Failure] = []
    process.crawl(crawler, **arguments).addErrback(failures.append)
    process.start()
    if failures:
        error = failures[0].value
        raise error if isinstance(error, GocNhinError) else CrawlError(f"the crawl broke off: {error!r}") from error
    spider = crawler.spider
    if not isinstance(spider, GocNhinSpider):
        raise CrawlError("the crawl broke off before it began")
    return spider.session.report
