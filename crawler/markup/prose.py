"""Running text on a page: where it stands, which element holds it, and what of it was not read."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from crawler.characters import letters, nfc
from crawler.markup.document import Document

LEAST = 60
"""Characters of text between two tags from which it counts as running text: menus and titles of lists are shorter."""
MOST_OF_IT = 0.75
"""The element that holds the text is the deepest with this share of the page's running text."""
LEAST_TEXT = 200
"""Characters of running text without which a page has no text of its own."""
MOST_BLOCKS = 2_000
LARGEST_FOR_EXTRACTION = 1_000_000
"""Characters of a page that the general extractor is given; an article's has some 70,000."""
_XPATH = etree.XPath(f"descendant::text()[string-length(.) >= {LEAST}][not(parent::script or parent::style)]")
_TEXTUAL = frozenset({"p", "div", "section", "blockquote", "ul", "ol", "table"})
_NOT_SHOWN = frozenset({"script", "style", "noscript", "template", "textarea", "option", "title", "svg", "iframe"})
_ASIDE = frozenset({"aside", "footer", "nav", "select", "button", "label", "dialog"})
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:comments?|binh-?luan|footer|copyright|cookies?|popup|modal|menu|sidebar|related?|relate-news|subscribe|newsletter"
    r"|most-?read|breadcrumb|login|poll|rating|hotline|author-?bio|toolbar|advert\w*|tin-lien-quan)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OTHER_ARTICLE = re.compile(r"-\d{3,}\.html|/tin-tuc/.*/\d{3,}/", re.IGNORECASE)
_CARD = 4
"""Steps up from a text to the card that may hold it: a box with another article's title and lead."""
_LONGEST_CARD = 700
"""Characters of a card, its title, lead and time together."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of running text and the element it stands in."""

    element: Any
    text: str

    @property
    def letters(self) -> str:
        """What counts of the text when it is compared."""
        return letters(self.text)


def running_text(page: Document) -> list[Block]:
    """The page's running text in its order, but for what is never shown."""
    found = []
    for piece in _XPATH(page.root)[:MOST_BLOCKS]:
        element = piece.getparent()
        if piece.is_tail:
            element = element.getparent()
        if element is None or element.tag in _NOT_SHOWN:
            continue
        text = nfc(" ".join(piece.split()))
        if len(text) >= LEAST:
            found.append(Block(element, text))
    return found


def is_aside(element: Any, around: frozenset[Any] = frozenset()) -> bool:
    """Whether a text stands where an article's never does: the site's own header or footer, a comment, a card.

    `around`: elements that hold the article itself, which are none of these whatever they are called.
    """
    for step, parent in enumerate(_up(element)):
        if parent in around:
            return False
        if parent.tag == "header" and next(parent.iter("nav", "ul"), None) is not None:
            return True
        if parent.tag == "header" and parent.getparent() is not None and parent.getparent().tag == "body":
            return next(parent.iter("h1", "h2"), None) is None
        if parent.tag in _ASIDE or is_aside_by_name(parent):
            return True
        if step < _CARD and _is_card(parent):
            return True
    return False


def is_aside_by_name(element: Any) -> bool:
    """Whether an element's class or id names what is no part of an article."""
    if not isinstance(element.tag, str) or element.tag in ("body", "html"):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(named) > 1 and _names_aside(named)


@lru_cache(4096)
def _names_aside(named: str) -> bool:
    return _ASIDE_NAME.search(named) is not None


def holding(elements: Iterable[Any]) -> frozenset[Any]:
    """These elements and all that hold them."""
    return frozenset(parent for element in elements for parent in _up(element))


def follows_text(element: Any) -> bool:
    """Whether running text comes before an element under the same parent: a lead does not stand there."""
    return any(
        one.tag in _TEXTUAL and len(" ".join(one.text_content().split())) >= LEAST
        for one in element.itersiblings(preceding=True)
    )


def precedes(element: Any, other: Any) -> bool:
    """Whether an element begins before another in the page, neither holding the other."""
    up, down = [element, *element.iterancestors()], [other, *other.iterancestors()]
    if element in down or other in up:
        return False
    common = next(one for one in up if one in down)
    return bool(common.index(up[up.index(common) - 1]) < common.index(down[down.index(common) - 1]))


def breaks_off(text: str) -> bool:
    """Whether a text is cut with dots."""
    return text.rstrip().endswith(("...", "…"))


def main_element(blocks: Iterable[Block]) -> Any | None:
    """The element that holds a page's running text by its amount alone; None where there is too little."""
    weights: dict[Any, int] = {}
    total = 0
    for block in blocks:
        if is_aside(block.element):
            continue
        total += len(block.text)
        for parent in _up(block.element):
            weights[parent] = weights.get(parent, 0) + len(block.text)
    if total < LEAST_TEXT:
        return None
    holding = [element for element, weight in weights.items() if weight >= MOST_OF_IT * total]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()))


def left_out(
    blocks: Iterable[Block], text: str, content: Iterable[Any], passed: frozenset[Any], around: frozenset[Any]
) -> list[Block]:
    """What of the page's running text is not in `text`.

    Outside the elements `content` that were read, only what is no aside counts; `passed` are elements left out on
    purpose, `around` elements that hold the article.
    """
    missing, inside = [], set(content)
    read = ""
    for block in blocks:
        if block.text in text:
            continue
        read = read or letters(text)
        if block.letters not in read:
            above = set(_up(block.element))
            if above & passed or (not above & inside and is_aside(block.element, around)):
                continue
            missing.append(block)
    return missing


def general_extraction(markup: str, url: str) -> str:
    """What trafilatura takes for the page's text, paragraphs parted by a blank line; "" where it finds none."""
    if len(markup) > LARGEST_FOR_EXTRACTION:
        return ""
    from trafilatura import extract  # slow to import, and seldom needed

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without text is no news to anyone
    found = extract(markup, url=url, include_comments=False, include_tables=False, favor_precision=True)
    return "\n\n".join(line.strip() for line in (found or "").splitlines() if line.strip())


def _is_card(element: Any) -> bool:
    if element.tag in ("body", "html", "main"):
        return False
    links = element.xpath(".//a[@href]/@href")
    if not links or not any(_OTHER_ARTICLE.search(href) for href in links[:20]):
        return False
    return len(element.text_content()) <= _LONGEST_CARD


def _up(element: Any) -> Iterator[Any]:
    yield element
    yield from element.iterancestors()
