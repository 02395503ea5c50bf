"""Listings → the articles they name: the section page and getMoreArticle's JSON. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parsel import Selector

from crawler.characters import without_controls
from crawler.dates import parse_time
from crawler.errors import BadDate, BadListing, OutOfScope
from crawler.listings.listed import Listed
from crawler.markup.body import clean
from crawler.reading.layouts import MOST_TAGS
from crawler.urls import PAPER, absolute, article_address

_CHANNEL = (
    re.compile(r"\bchannelId\s*:\s*['\"]?0*([1-9]\d*)"),
    re.compile(r"channel_empty_\d+_0*([1-9]\d*)_\d+"),
    re.compile(r"api/getarticle(?:bychannel|topread)/0*([1-9]\d*)", re.IGNORECASE),
)
"""Where a section page may name its channel; 0 is none."""
LONGEST_ANSWER = 1024 * 1024
"""Characters of a getMoreArticle answer; its fifteen articles take some 15,000."""
_TIME_FIELDS = ("TimeX2", "PublishedTime", "Time_ddMMyyyyHHmm")
_FEATURED = "//*[contains(concat(' ', normalize-space(@class), ' '), ' b-grid ')][not(ancestor::li[@pid])]"
"""Cards outside the list; they come first, since where to go on is told by the list's end."""
_SIDE_BOXES = "aside, header, footer, nav, [data-view=mostRead]"


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section page: its articles newest first, and where "more" starts (None where the page does not say)."""

    listed: tuple[Listed, ...]
    channel: int | None
    last_pid: int | None


def read_section(text: str, site: str = PAPER) -> SectionPage:
    """Read a section page. Raises BadListing when it names neither an article nor a channel, or is far too large."""
    if text.count("<") > MOST_TAGS:
        raise BadListing(f"{text.count('<')} tags are no section page")
    page = Selector(without_controls(text) or " ", type="html")
    for box in page.css(_SIDE_BOXES):
        box.root.clear(keep_tail=True)
    listed = _unique(_card(card, site) for card in (*page.xpath(_FEATURED), *page.css("li[pid]")))
    pids = [int(pid) for pid in page.css("li[pid]::attr(pid)").getall() if pid.isdecimal()]
    channel = next((int(found[1]) for pattern in _CHANNEL if (found := pattern.search(text))), None)
    if not listed and channel is None:
        raise BadListing("the section page lists no article and names no channel: its layout may have changed")
    last = pids[-1] if pids else (listed[-1].address.id if listed else None)
    return SectionPage(listed, channel, last)


def more_path(channel: int, last_pid: int) -> str:
    """The path that lists what comes after `last_pid` (0: from the newest)."""
    return f"/api/getMoreArticle/channel_empty_{last_pid}_{channel}_0"


@dataclass(frozen=True, slots=True)
class More:
    """One answer of getMoreArticle: its articles, and the pid to go on from (None at the end).

    `sponsored`: it held nothing but pieces that are no articles of the section.
    """

    listed: tuple[Listed, ...]
    last_pid: int | None
    sponsored: bool = False


def read_more(text: str, site: str = PAPER) -> More:
    """Read a getMoreArticle answer; sponsored pieces are left out. Raises BadListing when it is not such JSON."""
    if len(text) > LONGEST_ANSWER:
        raise BadListing(f"{len(text)} characters are no answer of getMoreArticle")
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        raise BadListing(f"getMoreArticle did not answer with JSON but “{text[:80]}”") from None
    if isinstance(items, dict):
        items = items.get("articles")
    if not isinstance(items, list) or (items and not any(isinstance(item, dict) for item in items)):
        raise BadListing("getMoreArticle answered with JSON that is no list of articles")
    items = [item for item in items if isinstance(item, dict)]
    pids = [pid for item in items if (pid := _number(item.get("PublisherId"))) is not None]
    listed = _unique(_item(item, site) for item in items if item.get("BlockedInstantArticleCreate") is not True)
    return More(listed, pids[-1] if pids else None, sponsored=bool(pids) and not listed)


def _unique(found: Iterable[Listed | None]) -> tuple[Listed, ...]:
    return tuple({listed.address.id: listed for listed in found if listed}.values())


def _card(card: Selector, site: str) -> Listed | None:
    for link in card.css(".b-grid__title a, h2 a, h3 a, h4 a"):
        try:
            address = article_address(absolute(link.root.get("href", ""), site), site)
        except OutOfScope:
            continue
        title = clean(link.xpath("string()").get(""))
        time = moment([card.css(".b-grid__time").xpath("string()").get("")])
        return Listed(address, title, time, _number(card.root.get("pid")))
    return None


def _item(item: Mapping[str, Any], site: str) -> Listed | None:
    for name in ("LinktoMe2", "LinktoMe"):
        try:
            address = article_address(absolute(str(item.get(name) or ""), site), site)
        except OutOfScope:
            continue
        time = moment([item.get(name) for name in _TIME_FIELDS])
        return Listed(address, clean(str(item.get("Title") or "")), time, _number(item.get("PublisherId")))
    return None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= 12 else None


def moment(texts: Iterable[object]) -> datetime | None:
    """The first of the texts that is a time."""
    for text in texts:
        try:
            return parse_time(str(text or ""))
        except BadDate:
            continue
    return None
