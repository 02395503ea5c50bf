"""What a page says of itself for machines: meta elements and JSON-LD. Pure, and tolerant of everything."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parsel import Selector

from crawler.dates import parse_time
from crawler.errors import BadDate

SAME_MINUTES = 2
"""Times of one article may differ by so much: headers print minutes, sitemaps round up."""
LONGEST_SCRIPT = 500_000
"""Characters of JSON-LD that are looked at; an article's takes some 3,000."""
_PUBLISHED = "article:published_time"
_MODIFIED = "article:modified_time"
_DEEPEST = 3
"""How deep an article may stand in JSON-LD: in a list, in a @graph, in a page's mainEntity."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Times and headline from meta elements and JSON-LD; None and "" where they say nothing that can be read."""

    published: datetime | None = None
    modified: datetime | None = None
    ld_published: datetime | None = None
    ld_modified: datetime | None = None
    ld_title: str = ""


def read_metadata(page: Selector) -> Metadata:
    """Read the head of a page, and its JSON-LD wherever it stands."""
    article = next(_articles(page), {})
    title = article.get("headline")
    return Metadata(
        published=_moment(page.css(f"meta[property='{_PUBLISHED}']::attr(content)").get()),
        modified=_moment(page.css(f"meta[property='{_MODIFIED}']::attr(content)").get()),
        ld_published=_moment(article.get("datePublished")),
        ld_modified=_moment(article.get("dateModified")),
        ld_title=title if isinstance(title, str) else "",
    )


def same_time(one: datetime, other: datetime) -> bool:
    """Whether two sources mean the same moment."""
    return abs((one - other).total_seconds()) <= SAME_MINUTES * 60


def same_title(one: str, other: str) -> bool:
    """Whether two sources mean the same headline: letters and digits count, and one may break off."""
    first, second = sorted((_letters(one), _letters(other)), key=len)
    return bool(first) and second.startswith(first) and 2 * len(first) >= len(second)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", html.unescape(html.unescape(text))).casefold()


def _moment(text: object) -> datetime | None:
    try:
        return parse_time(text) if isinstance(text, str) and len(text) <= 80 else None
    except BadDate:
        return None


def _articles(page: Selector) -> Iterator[dict[str, Any]]:
    for script in page.css("script[type='application/ld+json']::text").getall():
        if len(script) > LONGEST_SCRIPT:
            continue
        try:
            yield from _of_type_article(json.loads(script, strict=False), _DEEPEST)
        except (ValueError, RecursionError):
            continue


def _of_type_article(found: object, deeper: int) -> Iterator[dict[str, Any]]:
    if isinstance(found, list) and deeper:
        for one in found:
            yield from _of_type_article(one, deeper - 1)
    elif isinstance(found, dict):
        if "Article" in str(found.get("@type")):
            yield found
        elif deeper:
            for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _of_type_article(found.get(name), deeper - 1)
