"""What a listing says of an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.urls import Address


class Source(StrEnum):
    """The kinds of listing, as reports and the archive name them."""

    SECTION = "section"
    RSS = "rss"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Mention:
    """What a listing says of an article; None and "" where it does not."""

    source: str
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One article as a listing names it; what the listing leaves out is None or "". `pid`: where a walk can go on."""

    address: Address
    title: str = ""
    published_at: datetime | None = None
    pid: int | None = None
