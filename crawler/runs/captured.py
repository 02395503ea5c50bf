"""An answer to a request for an article, and reading its page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.archive.frontier import NO_VALIDATORS, Validators
from crawler.archive.warc import RawPage
from crawler.listings.sections import Section
from crawler.reading.layouts import Layouts
from crawler.reading.page import Reading, read_page


@dataclass(frozen=True, slots=True)
class Captured:
    """An answer to a request for article `number`: the page, the addresses that led to it, its validators.

    `reading` is what it was read as, `error` why it could not be read; with neither it is yet to be read.
    """

    number: int
    page: RawPage
    redirects: tuple[str, ...] = ()
    validators: Validators = NO_VALIDATORS
    reading: Reading | None = None
    error: Exception | None = None


def read_raw_page(page: RawPage, layouts: Layouts, sections: tuple[Section, ...]) -> Reading:
    """What a page says, whether it came from the paper or from a mirror. Raises GocNhinError."""
    return read_page(page.body, page.url, page.header("Content-Type"), origin(page.url), layouts, sections)


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
