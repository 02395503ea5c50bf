"""Running a spider from a program: one run a process, the spider as the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.errors import CrawlError, GocNhinError
from crawler.looking import Look
from crawler.reading.page import Reading
from crawler.report import Report
from crawler.warc import RawPage

if TYPE_CHECKING:
    from scrapy import Spider


def run_crawl(settings: dict[str, Any], arguments: dict[str, Any]) -> Report:
    """Crawl with these settings over `crawler.settings` and these spider arguments; its report.

    Raises GocNhinError as the spider does. May be called once a process, since Twisted's reactor cannot restart.
    """
    from crawler.spiders.goc_nhin import GocNhinSpider

    spider = _run(GocNhinSpider, settings, arguments)
    if not isinstance(spider, GocNhinSpider):
        raise CrawlError("the crawl broke off before it began")
    return spider.session.report


def run_look(settings: dict[str, Any], only: str | None = None) -> tuple[Look, list[RawPage], list[Reading]]:
    """Look at a site, or at one page of it: what was seen, the answers as they came, the articles read.

    Raises GocNhinError as the spider does. May be called once a process.
    """
    from crawler.spiders.look import LookSpider

    spider = _run(LookSpider, settings, {"only": only})
    if not isinstance(spider, LookSpider):
        raise CrawlError("the look broke off before it began")
    return spider.session, spider.pages, spider.readings


def _run(kind: type[Spider], settings: dict[str, Any], arguments: dict[str, Any]) -> Spider | None:
    from scrapy.crawler import CrawlerProcess
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    base = Settings()
    base.setmodule("crawler.settings", priority="project")
    base.update({"LOG_INSTALL_ROOT_HANDLER": False, **settings}, priority="cmdline")  # crawler.logs says who is told
    process = CrawlerProcess(base)
    crawler = process.create_crawler(kind)
    failures: list[Failure] = []
    process.crawl(crawler, **arguments).addErrback(failures.append)
    process.start()
    if failures:
        error = failures[0].value
        raise error if isinstance(error, GocNhinError) else CrawlError(f"the crawl broke off: {error!r}") from error
    return crawler.spider
