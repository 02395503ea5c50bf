"""An article's text: which elements hold it, its paragraphs, lead and byline, and whether it is whole."""

from __future__ import annotations

import re
from typing import Any

from parsel import Selector

from crawler.characters import PARAGRAPH, letters
from crawler.markup.body import Paragraph, clean
from crawler.markup.document import Document
from crawler.markup.metadata import Metadata
from crawler.markup.prose import (
    LEAST_TEXT,
    Block,
    general_extraction,
    holding,
    is_aside,
    main_element,
    running_text,
)
from crawler.reading.boxes import clean_content
from crawler.reading.byline import is_byline, is_name_alone, is_source, reads_as_names, split_authors
from crawler.reading.doubts import Doubt
from crawler.reading.fields import Place
from crawler.reading.layouts import Layout
from crawler.reading.lines import is_notice, without_notices
from crawler.reading.pictures import plain
from crawler.reading.whole import DATELINE, SHORTEST_DESCRIPTION, Text, hold_against_page, holds, judge, put_together

LEAST_SHARE = 0.5
"""Of the page's running text that a layout's body must hold to be taken for the article's."""
LONGEST_BYLINE = 120
"""Characters of a byline of several lines."""
REPEATED_WITHIN = 3
"""Paragraphs at the beginning among which a lead printed above may stand again."""
_CAPTION = re.compile(r"(?:ảnh|hình|đồ họa)(?:\s+minh họa)?\s*(?::\s*\S.{0,60}|\.?)", re.IGNORECASE)


def read_text(
    page: Document,
    layout: Layout,
    metadata: Metadata,
    *,
    printed: str,
    header: tuple[Place, ...],
    authors: tuple[str, ...],
    base: str,
    headline: Any,
) -> Text:
    """Read the text; it may come out empty.

    `printed` is the lead as the layout has it, `header` what else stands above, which the body may hold or repeat,
    `authors` the header's names, `base` the page's address, `headline` the element of the title.
    """
    found = Text()
    blocks = running_text(page)
    content = _content(page, layout, blocks, found)
    if headline is not None and any(one.root is headline for one in content):
        content = []
    cleaned = clean_content(content, page, layout, base, [place.element for place in header])
    found.images, found.doubts = cleaned.pictures(), [*found.doubts, *cleaned.doubts]
    if cleaned.images:
        found.rules["images"] = cleaned.rule
    for body in content:
        body.root.tag = "div"  # in a table's cell paragraphs would be parts of a row
    paragraphs = [one for body in content for one in _paragraphs(body.get() or "")]
    if not paragraphs:
        paragraphs = _otherwise(page.markup, metadata, base, found)
    paragraphs, doubts = without_notices(paragraphs, [place.text for place in header if not place.is_tag])
    found.doubts += doubts
    paragraphs = _byline(_without_captions(paragraphs, found), authors, found)
    _join(paragraphs, printed, layout, metadata, found)
    cleaned.captions += [place.text for place in header]
    around = holding([*([headline] if headline is not None else []), *(body.root for body in content)])
    hold_against_page(found, page, layout, blocks, content, cleaned, metadata, around, layout_has_lead=bool(printed))
    judge(found, paragraphs, metadata)
    return found


def _content(page: Document, layout: Layout, blocks: list[Block], found: Text) -> list[Selector]:
    """The elements that hold the body: the layout's, else the page's own by structure."""
    for selector in layout.body:
        bodies = [one for one in page.css(selector) if plain(one.root)]
        bodies = [one for one in bodies if not any(other.root in set(one.root.iterancestors()) for other in bodies)]
        chosen = _chosen(bodies, blocks)
        if chosen and _holds_enough(chosen, blocks):
            found.rules["text"] = selector
            if len(chosen) > 1:
                found.doubt("ambiguous", f"it stands in {len(chosen)} elements {selector}")
            return chosen
    for rule in ("[itemprop=articleBody]",):
        chosen = _chosen(page.css(rule), blocks)
        if chosen and _holds_enough(chosen, blocks):
            found.rules["text"] = rule
            found.doubt("other_rule", rule)
            return chosen
    element = main_element(blocks)
    if element is None:
        return []
    found.rules["text"] = "the element with most of the running text"
    found.doubt("other_rule", _described(element))
    return [Selector(root=element, type="html")]


def _chosen(bodies: list[Selector] | Any, blocks: list[Block]) -> list[Selector]:
    """Of several bodies those with text: all that stand side by side under one headline, else the longest."""
    texts = [plain(body.root) for body in bodies]
    full = [(body, len(text)) for body, text in zip(bodies, texts, strict=True) if text and not is_notice(text)]
    if not full:
        return list(bodies[:1])
    roots = [body.root for body, _ in full]
    if len({root.getparent() for root in roots}) == 1 and not any(map(_has_headline, roots[1:])):
        return [body for body, _ in full]
    weights = [sum(len(block.text) for block in blocks if holds(root, block)) for root in roots]
    return [full[weights.index(max(weights))][0]]


def _has_headline(body: Any) -> bool:
    """Whether a further article begins with this body, or just before it."""
    before = body.getprevious()
    near = [body, *([before] if before is not None and isinstance(before.tag, str) else [])]
    return any(next(one.iter("h1"), None) is not None for one in near)


def _holds_enough(bodies: list[Selector], blocks: list[Block]) -> bool:
    own = [block for block in blocks if any(holds(body.root, block) for body in bodies)]
    others = [block for block in blocks if block not in own and not is_aside(block.element)]
    inside, outside = (sum(len(block.text) for block in some) for some in (own, others))
    return inside >= LEAST_SHARE * (inside + outside)


def _described(element: Any) -> str:
    name = " ".join(f".{part}" for part in (element.get("class") or "").split()[:2]).replace(" ", "")
    return f"{element.tag}{name}"


def _otherwise(markup: str, metadata: Metadata, base: str, found: Text) -> list[Paragraph]:
    """The text from JSON-LD's articleBody, else from the general extractor."""
    if metadata.body:
        found.rules["text"] = "JSON-LD's articleBody"
        found.doubt("other_rule", "only JSON-LD has it")
        if "<" in metadata.body:
            return _paragraphs(metadata.body)
        return [Paragraph(text) for line in metadata.body.splitlines() if (text := clean(line))]
    text = general_extraction(markup, base) if len(markup) >= LEAST_TEXT else ""
    if text:
        found.rules["text"] = "trafilatura"
        found.doubt("extractor", text)
    return [Paragraph(text) for part in text.split(PARAGRAPH) if (text := clean(part))]


def _without_captions(paragraphs: list[Paragraph], found: Text) -> list[Paragraph]:
    kept = []
    for one in paragraphs:
        if _CAPTION.fullmatch(one.text) and not (one is paragraphs[-1] and is_byline(one)):
            found.doubt("caption", one.text)
        else:
            kept.append(one)
    return kept


def _byline(paragraphs: list[Paragraph], authors: tuple[str, ...], found: Text) -> list[Paragraph]:
    """The paragraphs without the byline, wherever it stands; the header's names are told from it, others noted."""
    kept = []
    for number, one in enumerate(paragraphs):
        names = split_authors(one.text) if len(one.text) <= 200 else ()
        last = number == len(paragraphs) - 1 and number > 0
        if names and set(names) <= set(authors):
            found.authors = found.authors or names
        elif last and is_byline(one) and names:
            found.authors = names
            if authors:
                found.doubt("ambiguous", f"a last line taken for a byline, the header names others: {one.text}")
        elif last and "\n" in one.text and len(one.text) <= LONGEST_BYLINE and _reads_as_byline(one.text):
            found.authors = split_authors(one.text.split("\n")[0])
            found.doubt("ambiguous", f"last lines taken for a byline: {one.text}")
        elif last and is_source(one.text):
            found.sourced = True
        elif last and is_name_alone(one):
            found.authors = names
            found.doubts.append(Doubt("authors", "ambiguous", f"told by its shape: {one.text}"))
            found.doubt("ambiguous", f"a last line taken for the author: {one.text}")
        else:
            if is_byline(one) and names and not last:
                found.doubt("ambiguous", f"a line like a name within the text: {one.text}")
            kept.append(one)
    return kept


def _reads_as_byline(text: str) -> bool:
    """Names, and below them credits."""
    first, *others = text.split("\n")
    return reads_as_names(first) and all(_CAPTION.fullmatch(line.strip(".")) for line in others)


def _join(paragraphs: list[Paragraph], printed: str, layout: Layout, metadata: Metadata, found: Text) -> None:
    texts = [paragraph.text for paragraph in paragraphs]
    said = letters(metadata.description)
    if printed:
        lead = letters(DATELINE.sub("", printed))
        again = [text for text in texts[:REPEATED_WITHIN] if letters(DATELINE.sub("", text)) == lead]
        texts = [printed, *(text for text in texts if text not in again)]
    elif paragraphs and paragraphs[0].bold and layout.name != "longform" and not is_name_alone(paragraphs[0]):
        found.rules["lead"] = "first paragraph, bold"
        printed = texts[0]
    elif texts and len(said) >= SHORTEST_DESCRIPTION and letters(texts[0]) == said:
        found.rules["lead"] = "first paragraph, as in the description"
        printed = texts[0]
    put_together(found, texts, printed)


def _paragraphs(markup: str) -> list[Paragraph]:
    from crawler.markup.soup import read_body  # slow to load, and most commands read no page

    return read_body(markup)
