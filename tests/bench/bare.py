"""`python -m tests.bench.bare CONNECTIONS FILE`: a bare Scrapy spider that only downloads the addresses in FILE."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

connections, addresses = int(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").split()


class Bare(Spider):
    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        for address in addresses:
            yield Request(address, dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> None:
        pass


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS": connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "LOG_LEVEL": "CRITICAL",
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Bare)
process.start()
