"""An article's text: which elements hold it, its paragraphs, lead and byline, and whether it is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from crawler.article import Image
from crawler.reading.body import Paragraph, clean, read_body
from crawler.reading.boxes import clean_content, is_notice, without_notices
from crawler.reading.byline import is_byline, is_name_alone, is_source, split_authors
from crawler.reading.document import Document
from crawler.reading.doubts import Doubt
from crawler.reading.fields import Place
from crawler.reading.layouts import Layout
from crawler.reading.metadata import Metadata, letters
from crawler.reading.pictures import Cleaning
from crawler.reading.prose import LEAST_TEXT, Block, general_extraction, is_aside, left_out, main_element, running_text

SHORTER, LONGER = 0.7, 1.5
"""Of what the page's `articleBody` holds: a text beyond these is in doubt."""
LEAST_SHARE = 0.5
"""Of the page's running text that a layout's body must hold to be taken for the article's."""
LONGEST_LEAD = 900
SHORTEST_DESCRIPTION = 40
"""Letters of a description that tell a lead by."""
_DATELINE = re.compile(r"^\(\s*[^()\s]{2,20}\s*\)\s*[-–—]\s*")
_ENDED = re.compile(r"[.!?…:;\"”’'»)\]*]$")
_CAPTION = re.compile(r"(?:ảnh|hình|đồ họa)(?:\s+minh họa)?\s*(?::\s*\S.{0,60}|\.?)", re.IGNORECASE)


@dataclass
class Text:
    """The text and what was learnt on the way. `sourced`: it names another paper as its source, so nobody wrote it."""

    text: str = ""
    lead: str = ""
    authors: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    sourced: bool = False
    rules: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, code: str, detail: str) -> None:
        """Note a doubt about the text."""
        self.doubts.append(Doubt("text", code, detail[:80]))


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
    paragraphs = [one for body in content for one in read_body(body.get() or "")]
    if not paragraphs:
        paragraphs = _otherwise(page.markup, metadata, base, found)
    paragraphs = _byline(
        _without_captions(without_notices(paragraphs, [place.text for place in header]), found), authors, found
    )
    _join(paragraphs, printed, layout, metadata, found)
    cleaned.captions += [place.text for place in header]
    _hold_against_page(found, blocks, content, cleaned, metadata, layout_has_lead=bool(printed))
    _judge(found, paragraphs, metadata)
    return found


def _content(page: Document, layout: Layout, blocks: list[Block], found: Text) -> list[Selector]:
    """The elements that hold the body: the layout's, else the page's own by structure."""
    for selector in layout.body:
        bodies = [one for one in page.css(selector) if clean(one.root.text_content())]
        bodies = [one for one in bodies if not any(other.root in set(one.root.iterancestors()) for other in bodies)]
        chosen = _chosen(bodies, blocks)
        if chosen and _holds_enough(chosen, blocks):
            found.rules["text"] = selector
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
    """Of several bodies those with running text: all that stand side by side, else the longest."""
    weights = [sum(len(block.text) for block in blocks if _holds(body.root, block)) for body in bodies]
    full = [(body, weight) for body, weight in zip(bodies, weights, strict=True) if weight]
    if not full:
        return list(bodies[:1])
    if len({body.root.getparent() for body, _ in full}) == 1:
        return [body for body, _ in full]
    return [max(full, key=lambda one: one[1])[0]]


def _holds_enough(bodies: list[Selector], blocks: list[Block]) -> bool:
    own = [block for block in blocks if any(_holds(body.root, block) for body in bodies)]
    others = [block for block in blocks if block not in own and not is_aside(block.element)]
    inside, outside = (sum(len(block.text) for block in some) for some in (own, others))
    return inside >= LEAST_SHARE * (inside + outside)


def _holds(element: Any, block: Block) -> bool:
    return block.element is element or any(parent is element for parent in block.element.iterancestors())


def _described(element: Any) -> str:
    name = " ".join(f".{part}" for part in (element.get("class") or "").split()[:2]).replace(" ", "")
    return f"{element.tag}{name}"


def _otherwise(markup: str, metadata: Metadata, base: str, found: Text) -> list[Paragraph]:
    """The text from JSON-LD's articleBody, else from the general extractor."""
    if metadata.body:
        found.rules["text"] = "JSON-LD's articleBody"
        found.doubt("other_rule", "only JSON-LD has it")
        if "<" in metadata.body:
            return read_body(metadata.body)
        return [Paragraph(text) for line in metadata.body.splitlines() if (text := clean(line))]
    text = general_extraction(markup, base) if len(markup) >= LEAST_TEXT else ""
    if text:
        found.rules["text"] = "trafilatura"
        found.doubt("extractor", text)
    return [Paragraph(text) for part in text.split("\n\n") if (text := clean(part))]


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


def _join(paragraphs: list[Paragraph], printed: str, layout: Layout, metadata: Metadata, found: Text) -> None:
    texts = [paragraph.text for paragraph in paragraphs]
    said = letters(metadata.description)
    if printed:
        again = texts[:1] and letters(texts[0]) == letters(printed)
        texts = [printed, *(texts[1:] if again else texts)]
    elif paragraphs and paragraphs[0].bold and layout.name != "longform" and not is_name_alone(paragraphs[0]):
        found.rules["lead"] = "first paragraph, bold"
        printed = texts[0]
    elif texts and len(said) >= SHORTEST_DESCRIPTION and letters(texts[0]) == said:
        found.rules["lead"] = "first paragraph, as in the description"
        printed = texts[0]
    _set(found, texts, printed)


def _set(found: Text, texts: list[str], printed: str) -> None:
    found.text, found.lead = "\n\n".join(texts), _DATELINE.sub("", printed.replace("\n", " "))


def _hold_against_page(
    found: Text,
    blocks: list[Block],
    content: list[Selector],
    cleaned: Cleaning,
    metadata: Metadata,
    layout_has_lead: bool,
) -> None:
    """What of the page's running text was not read: the lead, if it stands alone above the body; else a doubt."""
    if not found.text:
        return
    read = "\n".join((found.text, *(image.caption for image in found.images), *cleaned.captions))
    roots = [body.root for body in content]
    missing = [one for one in left_out(blocks, read, roots, frozenset(cleaned.passed)) if not is_notice(one.text)]
    above = [block for block in missing if _stands_above(block, blocks, roots)]
    said = letters(metadata.description)
    lead = next((one for one in above if len(said) >= SHORTEST_DESCRIPTION and _agree(one.letters, said)), None)
    if lead is None and not layout_has_lead and not found.lead and len(above) == 1 == len(missing):
        lead = above[0]
        found.doubt("other_rule", f"taken for the lead: {lead.text}")
    if lead is not None and not layout_has_lead:
        printed = clean(lead.element.text_content())[:LONGEST_LEAD]
        found.rules["lead"] = "running text above the body"
        _set(found, [printed, found.text], printed)
        missing = [block for block in missing if block.letters not in letters(printed)]
    if missing:
        found.doubt("left_out", missing[0].text)


def _agree(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) or shorter[:SHORTEST_DESCRIPTION] in longer


def _stands_above(block: Block, blocks: list[Block], roots: list[Any]) -> bool:
    """Whether it comes before the body's first running text."""
    first = next((one for one in blocks if any(_holds(root, one) for root in roots)), None)
    if first is None or any(_holds(root, block) for root in roots):
        return False
    return blocks.index(block) < blocks.index(first)


def _judge(found: Text, paragraphs: list[Paragraph], metadata: Metadata) -> None:
    if not found.text:
        return
    if found.lead and not [one for one in paragraphs if letters(one.text) not in letters(found.lead)]:
        found.doubt("only_lead", found.lead)
    last = found.text.rsplit("\n", 1)[-1]
    if not _ENDED.search(last):
        found.doubt("breaks_off", f"…{last[-60:]}")
    body = letters(re.sub(r"<[^>]*>", " ", metadata.body))
    if body and not SHORTER <= len(letters(found.text)) / len(body) <= LONGER:
        found.doubt("length", f"{len(letters(found.text))} letters, its articleBody has {len(body)}")
