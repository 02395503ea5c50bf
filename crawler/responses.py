"""Scrapy's responses as the archive takes them."""

from __future__ import annotations

from scrapy.http import Response

from crawler.archive.frontier import Validators
from crawler.archive.warc import Headers, RawPage
from crawler.dates import now


def header(response: Response, name: str) -> str | None:
    """A header's first value; None where there is none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def raw_page(response: Response, url: str | None = None) -> RawPage:
    """A response that has just come, under its own address or another."""
    headers: Headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return RawPage(url or response.url, now(), response.body, headers, response.status)


def validators(response: Response) -> Validators:
    """What makes the next request for it conditional."""
    return Validators(header(response, "ETag"), header(response, "Last-Modified"))
