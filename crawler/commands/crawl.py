"""`scrapy crawl`: mistakes are told in one line, and the exit code is that of `goc-nhin crawl`."""

from __future__ import annotations

import argparse
import inspect
import logging
from typing import Any

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from crawler.cli.shared import FAILED, USAGE, exit_code
from crawler.errors import GocNhinError
from crawler.logs import configure, say
from crawler.process import report_of
from crawler.spiders.goc_nhin import GocNhinSpider, read_options


class Command(crawl.Command):
    """As Scrapy's own, but for our spider's mistakes, summary and exit code."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options. Ends with 2 and one line where settings or arguments are of no use to our spider."""
        super().process_options(args, opts)
        if args == [GocNhinSpider.name] and self.settings is not None:
            configure()
            try:
                _check(opts.spargs)
                GocNhinSpider.update_settings(self.settings.copy())
            except (GocNhinError, UsageError) as error:
                self._end(str(error), USAGE)
                raise SystemExit(USAGE) from error

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; `exitcode` is that of `goc-nhin crawl`."""
        if args != [GocNhinSpider.name] or self.crawler_process is None:
            super().run(args, opts)
            return
        crawler = self._create_crawler(GocNhinSpider)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed:
            self.exitcode = FAILED
            return
        try:
            report = report_of(crawler)
        except GocNhinError as error:
            self._end(str(error), exit_code(error))
            return
        say(f"crawl: {report.summary()}")
        if report.needs_person or report.trouble:
            self._end(report.needs_person or report.trouble or "", exit_code(report))

    def _end(self, said: str, code: int) -> None:
        say(f"scrapy crawl: {' '.join(said.split())}", logging.ERROR)
        self.exitcode = code


def _check(arguments: dict[str, Any]) -> None:
    """Raise GocNhinError for arguments that the spider does not take."""
    known = list(inspect.signature(read_options).parameters)
    for name in arguments:
        if name not in known:
            raise GocNhinError(f"unknown argument “{name[:40]}”: the spider takes {', '.join(known)}")
    read_options(**arguments)
