"""One page's bytes → its Article. Pure: no network, no clock, no files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from parsel import Selector

from crawler.article import Article, Image
from crawler.body import Paragraph, clean, read_body
from crawler.byline import is_byline, split_authors
from crawler.characters import decoded, without_controls
from crawler.dates import parse_time
from crawler.errors import BadDate, Incomplete, NotAnArticle, OutOfScope, UnknownLayout
from crawler.layouts import CAPTIONS, FIGURES, LAYOUTS, MOST_TAGS, NESTED, NOISE, Layout
from crawler.metadata import Metadata, read_metadata, same_time, same_title
from crawler.urls import PAPER, Address, article_address

LARGEST = 5 * 1024 * 1024
"""Bytes of a page; an article's is about 70 kB."""
_OVERLOADED = re.compile(rb"<[a-zA-Z](?:[^<>\s]*\s+){5000}")
"""A tag with thousands of attributes, for which libxml2 needs quadratic time."""
_DATELINE = re.compile(r"^\(\s*[^()\s]{2,20}\s*\)\s*[-–—]\s*")
_NO_PICTURE = re.compile(r"grey\.gif|^data:|^$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, and how it was found out.

    `rules`: field → the selector or rule that gave it, for each field that is there. `checks`: whether what the page
    says of itself elsewhere agrees, for each place that says something.
    """

    article: Article
    rules: Mapping[str, str]
    checks: Mapping[str, bool]


def read_page(body: bytes, url: str, content_type: str | None = None, site: str = PAPER) -> Reading:
    """Read the article that `url` names from its page.

    `content_type` is the HTTP header, for its charset. Raises OutOfScope when `url` names no article, UnknownLayout
    when no layout fits, Incomplete when title, date or text is missing, NotAnArticle when the page is far too large.
    """
    if len(body) > LARGEST or body.count(b"<") > MOST_TAGS or _OVERLOADED.search(body):
        raise NotAnArticle(f"{len(body)} bytes with {body.count(b'<')} tags and their attributes are no article's page")
    markup = without_controls(decoded(body, content_type))
    page = Selector(markup or " ", type="html")
    address, aliases = _identity(page, article_address(url, site), site)
    layout = _layout(page)
    _drop_nested(page, address.id)
    metadata = read_metadata(page)
    rules: dict[str, str] = {}
    title = _first_text(page, (layout.title,), rules, "title")
    if not title:
        raise Incomplete(layout.name, "title", "the headline is empty")
    published = _published(page, layout, metadata, rules)
    named = split_authors(_first_text(page, layout.author, rules, "authors"))
    printed = _first_text(page, layout.lead, rules, "lead")
    section = _texts(page, layout.section, rules, "section")[-1]
    tags = _tags(page, layout, rules)
    content = _first(page, layout.body, rules)
    images = _images(content, address.url, rules)
    paragraphs, authors = _authors(named, _paragraphs(content), rules)
    text, lead = _text_and_lead(printed, paragraphs, layout, rules)
    if not text:
        raise Incomplete(layout.name, "text", "no text under the headline")
    article = Article(
        id=address.id,
        url=address.url,
        aliases=aliases,
        title=title,
        lead=lead,
        text=text,
        authors=authors,
        section=section,
        tags=tags,
        images=images,
        published_at=published,
        modified_at=_modified(metadata, published, rules),
        layout=layout.name,
    )
    return Reading(article, rules, _checks(article, metadata))


def _paragraphs(content: Selector | None) -> list[Paragraph]:
    """The body's paragraphs. What is noise there may be a field of its own, so those are read before."""
    if content is None:
        return []
    for noise in content.css(NOISE):  # by XPath: BeautifulSoup's own selectors take longer than all the rest
        noise.root.clear(keep_tail=True)
    return read_body(content.get() or "")


def _checks(article: Article, metadata: Metadata) -> dict[str, bool]:
    """What else the page says of itself, held against what was read."""
    times = {"date in meta": metadata.published, "date in JSON-LD": metadata.ld_published}
    checks = {name: same_time(article.published_at, time) for name, time in times.items() if time}
    if metadata.ld_title:
        checks["title in JSON-LD"] = same_title(article.title, metadata.ld_title)
    return checks


def _identity(page: Selector, address: Address, site: str) -> tuple[Address, tuple[int, ...]]:
    """A legacy address gives way to the new one its page states; otherwise the address itself is to be trusted."""
    if address.id > 0:
        return _stated(page, site, address), ()
    stated = _stated(page, site, address)
    return stated, (address.id,) if stated.id != address.id else ()


def _stated(page: Selector, site: str, address: Address) -> Address:
    try:
        stated = article_address(page.css("link[rel=canonical]::attr(href)").get(""), site)
    except OutOfScope:
        return address
    return stated if address.id < 0 or stated.id == address.id else address


def _layout(page: Selector) -> Layout:
    for layout in LAYOUTS:
        if page.css(layout.title):
            return layout
    title = clean(page.css("title::text").get(""))
    raise UnknownLayout(f"no known layout; the page calls itself “{title[:80]}”")


def _drop_nested(page: Selector, number: int) -> None:
    for nested in page.css(NESTED):
        if str(abs(number)) not in re.findall(r"\d+", nested.root.get("data-url", "")):
            nested.root.clear(keep_tail=True)


def _first(page: Selector, selectors: Iterable[str], rules: dict[str, str]) -> Selector | None:
    """The first body that holds any text, else the first that is there."""
    found = None
    for selector in selectors:
        for body in page.css(selector):
            if _text(body):
                rules["text"] = selector
                return body
            found = found or body
    return found


def _text(element: Selector) -> str:
    return clean(element.root.text_content())


def _texts(page: Selector, selectors: Iterable[str], rules: dict[str, str], field: str) -> list[str]:
    """The texts that the first fruitful selector finds."""
    for selector in selectors:
        texts = [_text(found) for found in page.css(selector)]
        if any(texts):
            rules[field] = selector
            return [text for text in texts if text]
    return [""]


def _first_text(page: Selector, selectors: Iterable[str], rules: dict[str, str], field: str) -> str:
    return _texts(page, selectors, rules, field)[0]


def _tags(page: Selector, layout: Layout, rules: dict[str, str]) -> tuple[str, ...]:
    texts = (text.lstrip("#").strip() for text in _texts(page, (layout.tags,), rules, "tags"))
    return tuple(dict.fromkeys(text for text in texts if text))


def _authors(
    authors: tuple[str, ...], paragraphs: list[Paragraph], rules: dict[str, str]
) -> tuple[list[Paragraph], tuple[str, ...]]:
    """The header's names, else the last paragraph's; a byline below the text is no text either way."""
    last = paragraphs[-1] if len(paragraphs) > 1 else None
    if last is None:
        return paragraphs, authors
    names = split_authors(last.text)
    if is_byline(last) or (names and set(names) <= set(authors)):
        rules.setdefault("authors", "last paragraph")
        return paragraphs[:-1], authors or names
    return paragraphs, authors


def _text_and_lead(printed: str, paragraphs: list[Paragraph], layout: Layout, rules: dict[str, str]) -> tuple[str, str]:
    texts = [paragraph.text for paragraph in paragraphs]
    if printed:
        texts = [printed, *(texts[1:] if texts[:1] == [printed] else texts)]
    elif paragraphs and paragraphs[0].bold and layout.name != "longform":
        rules["lead"] = "first paragraph, bold"
        printed = texts[0]
    return "\n\n".join(texts), _DATELINE.sub("", printed.replace("\n", " "))


def _published(page: Selector, layout: Layout, metadata: Metadata, rules: dict[str, str]) -> datetime:
    header = _first_text(page, layout.time, rules, "published_at")
    with suppress(BadDate):
        return parse_time(header)
    for rule, moment in (("meta", metadata.published), ("JSON-LD", metadata.ld_published)):
        if moment:
            rules["published_at"] = rule
            return moment
    raise Incomplete(layout.name, "published_at", f"no date in the header (“{header[:80]}”) nor in its metadata")


def _modified(metadata: Metadata, published: datetime, rules: dict[str, str]) -> datetime | None:
    for rule, moment in (("meta", metadata.modified), ("JSON-LD", metadata.ld_modified)):
        if moment:
            rules["modified_at"] = rule
            return moment if moment > published else None
    return None


def _images(content: Selector | None, base: str, rules: dict[str, str]) -> tuple[Image, ...]:
    images: dict[str, str] = {}
    for figure in content.css(FIGURES) if content is not None else ():
        sources = (figure.css(f"img::attr({name})").get("") for name in ("data-src", "src"))
        source = next((source.strip() for source in sources if not _NO_PICTURE.search(source.strip())), "")
        with suppress(ValueError):  # urljoin's word for an address that is none
            if source:
                images.setdefault(urljoin(base, source), _first_text(figure, (CAPTIONS,), {}, ""))
                rules["images"] = FIGURES
    return tuple(Image(url, caption) for url, caption in images.items())
