"""Running a spider from a program: one run a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.warc import RawPage
from crawler.errors import CrawlError, GocNhinError
from crawler.reading.page import Reading
from crawler.runs.looking import Look
from crawler.runs.report import Report

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


def run_crawl(settings: dict[str, Any], arguments: dict[str, Any]) -> Report:
    """Crawl with these settings over `crawler.settings` and these spider arguments; its report.

    Raises GocNhinError for settings, arguments or an archive of no use. May be called once a process, since Twisted's
    reactor cannot restart.
    """
    from crawler.spiders.goc_nhin import GocNhinSpider

    return report_of(_run(GocNhinSpider, settings, arguments))


def report_of(crawler: Crawler) -> Report:
    """The report of a crawl that has ended. Raises GocNhinError where it could not begin."""
    from crawler.extensions import ArchiveExtension

    extension = crawler.get_extension(ArchiveExtension)
    if extension and extension.error:
        raise extension.error
    if extension is None or extension.run is None:
        raise CrawlError("the crawl broke off before it began")
    return extension.run.report


def run_look(settings: dict[str, Any], only: str | None = None) -> tuple[Look, list[RawPage], list[Reading]]:
    """Look at a site, or at one page of it: what was seen, the answers as they came, the articles read.

    Raises GocNhinError as the spider does. May be called once a process.
    """
    from crawler.spiders.look import LookSpider

    spider = _run(LookSpider, settings, {"only": only}).spider
    if not isinstance(spider, LookSpider):
        raise CrawlError("the look broke off before it began")
    return spider.run, spider.pages, spider.readings


def _run(kind: type[Spider], settings: dict[str, Any], arguments: dict[str, Any]) -> Crawler:
    from scrapy.crawler import CrawlerProcess
    from scrapy.exceptions import UsageError
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

    base = Settings()
    base.setmodule("crawler.settings", priority="project")
    base.update({"LOG_INSTALL_ROOT_HANDLER": False, **settings}, priority="cmdline")  # crawler.logs says who is told
    process = CrawlerProcess(base)
    try:
        crawler = process.create_crawler(kind)
    except UsageError as refused:
        raise CrawlError(str(refused)) from refused
    failures: list[Failure] = []
    process.crawl(crawler, **arguments).addErrback(failures.append)
    process.start()
    if failures:
        error = failures[0].value
        raise error if isinstance(error, GocNhinError) else CrawlError(f"the crawl broke off: {error!r}") from error
    return crawler
