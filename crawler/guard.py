"""Scrapy's downloader middleware that keeps every request, redirects too, on the site's own hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.urls import fetch_url, in_scope

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Guard:
    """In OffsiteMiddleware's place, which looks at host names only: a port, a scheme, a user name count as well.

    A mirror's redirect to the paper's own host is followed on the mirror.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """Let it pass, send it to the mirror, or end it."""
        site = self.crawler.spider.session.site  # type: ignore[union-attr]
        if not in_scope(request.url, site):
            raise IgnoreRequest(f"it is not at {site}")
        url = fetch_url(request.url, site)
        return request.replace(url=url) if url != request.url else None
