"""One page's bytes → its Article. Pure: no network, no clock, no files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from urllib.parse import urljoin

from parsel import Selector, SelectorList
from w3lib.encoding import html_to_unicode

from crawler.article import Article, Image
from crawler.body import Paragraph, clean, read_body
from crawler.byline import is_byline, split_authors
from crawler.dates import parse_time
from crawler.errors import BadDate, NotAnArticle, OutOfScope, UnknownLayout
from crawler.layouts import CAPTIONS, FIGURES, LAYOUTS, NESTED, Layout
from crawler.urls import PAPER, Address, article_address

_DATELINE = re.compile(r"^\(\s*[^()\s]{2,20}\s*\)\s*[-–—]\s*")
_NO_PICTURE = re.compile(r"grey\.gif|^data:|^$")


def read_page(body: bytes, url: str, content_type: str | None = None, site: str = PAPER) -> Article:
    """Read the article that `url` names from its page.

    `content_type` is the HTTP header, for its charset. Raises OutOfScope when `url` names no article, UnknownLayout
    when no layout fits, NotAnArticle when title, date or text is missing.
    """
    page = Selector(html_to_unicode(content_type, body, default_encoding="utf-8")[1] or " ", type="html")
    address, aliases = _identity(page, article_address(url, site), site)
    layout = _layout(page)
    _drop_nested(page, address.id)
    title = _first_text(page, (layout.title,))
    if not title:
        raise NotAnArticle("the headline is empty")
    content = _first(page, layout.body)
    paragraphs = read_body(content.get() or "") if content is not None else []
    paragraphs, authors = _authors(page, layout, paragraphs)
    text, lead = _text_and_lead(_first_text(page, layout.lead), paragraphs, layout)
    if not text:
        raise NotAnArticle("no text under the headline")
    published = _published(page, layout)
    return Article(
        id=address.id,
        url=address.url,
        aliases=aliases,
        title=title,
        lead=lead,
        text=text,
        authors=authors,
        section=_texts(page, layout.section)[-1],
        tags=_unique(clean(tag.xpath("string()").get("")).lstrip("#").strip() for tag in page.css(layout.tags)),
        images=_images(content, address.url),
        published_at=published,
        modified_at=_modified(page, published),
        layout=layout.name,
    )


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
        if str(abs(number)) not in re.findall(r"\d+", nested.attrib["data-url"]):
            nested.drop()


def _first(page: Selector, selectors: Iterable[str]) -> Selector | None:
    for selector in selectors:
        found: SelectorList[Selector] = page.css(selector)
        if found:
            return found[0]
    return None


def _texts(page: Selector, selectors: Iterable[str]) -> list[str]:
    """The texts that the first fruitful selector finds."""
    for selector in selectors:
        texts = [clean(found.xpath("string()").get("")) for found in page.css(selector)]
        if any(texts):
            return [text for text in texts if text]
    return [""]


def _first_text(page: Selector, selectors: Iterable[str]) -> str:
    return _texts(page, selectors)[0]


def _authors(page: Selector, layout: Layout, paragraphs: list[Paragraph]) -> tuple[list[Paragraph], tuple[str, ...]]:
    """The header's names, else the last paragraph's; a byline below the text is no text either way."""
    authors = split_authors(_first_text(page, layout.author))
    last = paragraphs[-1] if len(paragraphs) > 1 else None
    if last is None:
        return paragraphs, authors
    names = split_authors(last.text)
    if is_byline(last) or (authors and set(names) <= set(authors)):
        return paragraphs[:-1], authors or names
    return paragraphs, authors


def _text_and_lead(printed: str, paragraphs: list[Paragraph], layout: Layout) -> tuple[str, str]:
    texts = [paragraph.text for paragraph in paragraphs]
    if printed:
        texts = [printed, *(texts[1:] if texts[:1] == [printed] else texts)]
    elif paragraphs and paragraphs[0].bold and layout.name != "longform":
        printed = texts[0]
    return "\n\n".join(texts), _DATELINE.sub("", printed.replace("\n", " "))


def _published(page: Selector, layout: Layout) -> datetime:
    header = _first_text(page, layout.time)
    for text in (header, page.css("meta[property='article:published_time']::attr(content)").get("")):
        try:
            return parse_time(text)
        except BadDate:
            continue
    raise NotAnArticle(f"no date in the header (“{header[:80]}”) nor in its metadata")


def _modified(page: Selector, published: datetime) -> datetime | None:
    try:
        modified = parse_time(page.css("meta[property='article:modified_time']::attr(content)").get(""))
    except BadDate:
        return None
    return modified if modified > published else None


def _images(content: Selector | None, base: str) -> tuple[Image, ...]:
    images: dict[str, str] = {}
    for figure in content.css(FIGURES) if content is not None else ():
        sources = (figure.css(f"img::attr({name})").get("") for name in ("data-src", "src"))
        source = next((source.strip() for source in sources if not _NO_PICTURE.search(source.strip())), "")
        with suppress(ValueError):  # urljoin's word for an address that is none
            if source:
                images.setdefault(urljoin(base, source), _first_text(figure, (CAPTIONS,)))
    return tuple(Image(url, caption) for url, caption in images.items())


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
