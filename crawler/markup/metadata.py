"""What a page says of itself for machines: meta elements and JSON-LD. Pure, and tolerant of everything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.characters import letters, unmarked
from crawler.dates import HANOI, parse_time
from crawler.errors import BadDate
from crawler.markup.body import clean

if TYPE_CHECKING:
    from crawler.markup.document import Document

SAME_MINUTES = 2
"""Times of one article may differ by so much: headers print minutes, sitemaps round up."""
LONGEST_SCRIPT = 500_000
"""Characters of JSON-LD that are looked at; an article's takes some 3,000."""
LONGEST_TITLE = 500
_PUBLISHED = "article:published_time"
_MODIFIED = "article:modified_time"
_DEEPEST = 3
"""How deep an article may stand in JSON-LD: in a list, in a @graph, in a page's mainEntity."""
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))? ?(AM|PM)")
_UTC = re.compile(r"(?:Z|[+-]00:?00)$")
_SITE_NAME = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,60}$")
_NUMBER = re.compile(r"\d+")

Moments = tuple[datetime, ...]
"""What a time may mean, the likeliest first; one that is not ambiguous means one thing."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What meta elements and JSON-LD say; "", None and nothing where they say nothing that can be read.

    `titles` and `published`: the place that says it → what it says. `trail`: the names of the page's breadcrumbs.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, Moments] = field(default_factory=dict)
    modified: Mapping[str, datetime] = field(default_factory=dict)
    description: str = ""
    body: str = ""
    authors: str = ""
    trail: tuple[str, ...] = ()


def read_metadata(page: Document, number: int | None = None) -> Metadata:
    """Read the head of a page, and its JSON-LD wherever it stands. `number`: the article's id, to tell it by."""
    things = list(_json_ld(page))
    named = _metas(page)
    title = clean(page.tree.css("title::text").get("")[:LONGEST_TITLE])
    article = _this(things, number, named["og:title"] or title)
    titles = {
        "og:title": named["og:title"],
        "JSON-LD": _string(article, "headline"),
        "the page's title": _SITE_NAME.sub("", title),
    }
    published = {"meta": moments(named[_PUBLISHED]), "JSON-LD": moments(article.get("datePublished"))}
    modified = {"meta": moments(named[_MODIFIED]), "JSON-LD": moments(article.get("dateModified"))}
    return Metadata(
        titles={place: said for place, said in titles.items() if said},
        published={place: said for place, said in published.items() if said},
        modified={place: said[0] for place, said in modified.items() if said},
        description=named["description"] or named["og:description"] or _string(article, "description"),
        body=str(article.get("articleBody") or ""),
        authors=_names(article.get("author")) or named["author"],
        trail=tuple(_trail(things)),
    )


def moments(text: object) -> Moments:
    """What a time for machines may mean. American forms and those in UTC are known to be used for Hanoi's day and time.

    Source: sister sites on the same CMS, `5/27/2026 2:51:01 PM` and a `PublishedTime` marked Z that is Hanoi time.
    """
    if not isinstance(text, str) or len(text) > 80:
        return ()
    text = " ".join(text.split())
    found: list[datetime] = []
    if american := _AMERICAN.fullmatch(text):
        first, second, year, hour, minute, seconds = (int(part or 0) for part in american.groups()[:6])
        hour = hour % 12 + (12 if american[7] == "PM" else 0)
        for month, day in ((first, second), (second, first)):
            with suppress(ValueError):
                found.append(datetime(year, month, day, hour, minute, seconds, tzinfo=HANOI))
        return tuple(dict.fromkeys(found))
    with suppress(BadDate):
        found.append(parse_time(text))
        if _UTC.search(text):
            found.append(found[0].astimezone(UTC).replace(tzinfo=HANOI))
    return tuple(found)


def same_time(one: datetime, other: datetime) -> bool:
    """Whether two sources mean the same moment."""
    return abs((one - other).total_seconds()) <= SAME_MINUTES * 60


def may_mean(said: Iterable[datetime], moment: datetime) -> bool:
    """Whether one of the meanings of a time is this moment."""
    return any(same_time(one, moment) for one in said)


def same_title(one: str, other: str) -> bool:
    """Whether two sources mean the same headline: letters and digits count, and one may break off."""
    first, second = sorted((letters(one), letters(other)), key=len)
    return bool(first) and second.startswith(first) and 2 * len(first) >= len(second)


def names_title(slug: str, title: str) -> bool:
    """Whether an address' slug is made of this headline: its letters without marks, and it may break off."""
    return same_title(slug, unmarked(title))


def _metas(page: Document) -> dict[str, str]:
    """The first content of each meta element that is looked for; "" where there is none."""
    found = dict.fromkeys((_PUBLISHED, _MODIFIED, "og:title", "description", "og:description", "author"), "")
    for element in page.root.iter("meta"):
        for name in ("property", "name", "itemprop"):
            if not found.get(element.get(name) or "", "-"):
                found[element.get(name)] = clean((element.get("content") or "")[:5_000])
    return found


def _string(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return clean(value[:5_000]) if isinstance(value, str) else ""


def _names(author: object) -> str:
    people = author if isinstance(author, list) else [author]
    names = [one.get("name") if isinstance(one, dict) else one for one in people[:20]]
    return "; ".join(clean(name) for name in names if isinstance(name, str) and name.strip())


def _json_ld(page: Document) -> Iterator[dict[str, Any]]:
    for script in page.tree.css("script[type='application/ld+json']::text").getall():
        if len(script) > LONGEST_SCRIPT:
            continue
        try:
            yield from _things(json.loads(script.strip().rstrip(";"), strict=False), _DEEPEST)
        except (ValueError, RecursionError):
            continue


def _things(found: object, deeper: int) -> Iterator[dict[str, Any]]:
    if isinstance(found, list) and deeper:
        for one in found:
            yield from _things(one, deeper - 1)
    elif isinstance(found, dict):
        yield found
        if deeper and "Article" not in str(found.get("@type")):
            for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _things(found.get(name), deeper - 1)


def _this(things: Iterable[dict[str, Any]], number: int | None, title: str) -> dict[str, Any]:
    """The block of this page: the one that names its id, else its title, else the first that names no other page."""
    articles = [thing for thing in things if "Article" in str(thing.get("@type"))]
    addresses = [_address(article) for article in articles]
    for article, address in zip(articles, addresses, strict=True):
        if number and str(abs(number)) in _NUMBER.findall(address):
            return article
    for article in articles:
        if title and same_title(_string(article, "headline"), title):
            return article
    return next(
        (one for one, address in zip(articles, addresses, strict=True) if not re.search(r"-\d+\.html", address)), {}
    )


def _address(article: Mapping[str, Any]) -> str:
    page = article.get("mainEntityOfPage")
    named = page.get("@id") if isinstance(page, dict) else page
    return " ".join(str(value)[:500] for value in (named, article.get("url"), article.get("@id")) if value)


def _trail(things: Iterable[dict[str, Any]]) -> Iterator[str]:
    for thing in things:
        steps = thing.get("itemListElement") if "BreadcrumbList" in str(thing.get("@type")) else None
        for step in steps[:20] if isinstance(steps, list) else ():
            item = step.get("item") if isinstance(step, dict) else None
            name = (
                (step.get("name") or (item.get("name") if isinstance(item, dict) else None))
                if isinstance(step, dict)
                else None
            )
            if isinstance(name, str):
                yield clean(name)
