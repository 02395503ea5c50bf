"""A text and whether it is whole: held against the page's running text, its description, its articleBody."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from crawler.article import Image
from crawler.characters import PARAGRAPH, letters
from crawler.markup.body import Paragraph, clean
from crawler.markup.document import Document
from crawler.markup.metadata import Metadata
from crawler.markup.prose import Block, holding, left_out
from crawler.reading.doubts import Doubt
from crawler.reading.layouts import Layout
from crawler.reading.lines import is_notice
from crawler.reading.pictures import Cleaning

SHORTER, LONGER = 0.7, 1.5
"""Of what the page's `articleBody` holds: a text beyond these is in doubt."""
LONGEST_LEAD = 900
LONGEST_PARAGRAPH, LONGEST_ALONE = 3_000, 1_500
"""Characters of a paragraph, and of one that is nearly all of the text, from which paragraphs may have run together."""
_ENDED = re.compile(r"[.!?…:;\"”’'»)\]*]$")
SHORTEST_DESCRIPTION = 40
"""Letters of a description that tell a lead by."""
DATELINE = re.compile(r"^\(\s*[^()\s]{2,20}\s*\)\s*[-–—]\s*")


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


def put_together(found: Text, texts: list[str], printed: str) -> None:
    """Set text and lead; `printed` is the lead as the page has it."""
    found.text, found.lead = "\n\n".join(texts), DATELINE.sub("", printed.replace("\n", " "))


def holds(element: Any, block: Block) -> bool:
    """Whether a block stands in an element."""
    return block.element is element or any(parent is element for parent in block.element.iterancestors())


def hold_against_page(
    found: Text,
    page: Document,
    layout: Layout,
    blocks: list[Block],
    content: list[Selector],
    cleaned: Cleaning,
    metadata: Metadata,
    around: frozenset[Any],
    layout_has_lead: bool,
) -> None:
    """What of the page's running text was not read: the lead, if it stands alone above the body; else a doubt."""
    if not found.text:
        return
    read = "\n".join((found.text, *(image.caption for image in found.images), *cleaned.captions))
    roots = [body.root for body in content]
    missing = left_out(blocks, read, roots, frozenset(cleaned.passed), around)
    if missing:
        noise = {one.root for selector in layout.noise for one in page.css(selector)} - around
        missing = [one for one in missing if not is_notice(one.text) and not noise & holding([one.element])]
    above = [block for block in missing if _stands_above(block, blocks, roots)]
    said = letters(metadata.description)
    lead = next((one for one in above if len(said) >= SHORTEST_DESCRIPTION and _agree(one.letters, said)), None)
    if lead is None and not layout_has_lead and not found.lead and len(above) == 1 == len(missing):
        lead = above[0]
        found.doubt("other_rule", f"taken for the lead: {lead.text}")
    if lead is not None and not layout_has_lead:
        printed = clean(lead.element.text_content())[:LONGEST_LEAD]
        if letters(printed) != said:
            found.doubt("other_rule", f"taken for the lead: {printed}")
        found.rules["lead"] = "running text above the body"
        put_together(found, [printed, found.text], printed)
        missing = [block for block in missing if block.letters not in letters(printed)]
    if missing:
        found.doubt("left_out", missing[0].text)


def _agree(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) or shorter[:SHORTEST_DESCRIPTION] in longer


def _stands_above(block: Block, blocks: list[Block], roots: list[Any]) -> bool:
    """Whether it comes before the body's first running text."""
    first = next((one for one in blocks if any(holds(root, one) for root in roots)), None)
    if first is None or any(holds(root, block) for root in roots):
        return False
    return blocks.index(block) < blocks.index(first)


def judge(found: Text, paragraphs: list[Paragraph], metadata: Metadata) -> None:
    """Doubts about a text as it came out."""
    if not found.text:
        return
    lead = letters(found.lead)
    if lead and all(letters(one.text) in lead for one in paragraphs):
        found.doubt("only_lead", found.lead)
    described = letters(metadata.description)
    if lead and found.lead.endswith(("...", "…")) and described.startswith(lead) and described != lead:
        found.doubt("breaks_off", f"the lead: {found.lead[-60:]}")
    parts = found.text.split(PARAGRAPH)
    if max(map(len, parts)) > LONGEST_PARAGRAPH or (len(parts) <= 2 and len(parts[-1]) > LONGEST_ALONE):
        found.doubt("ambiguous", f"a paragraph of {max(map(len, parts))} characters")
    last = found.text.rsplit("\n", 1)[-1]
    if not _ENDED.search(last):
        found.doubt("breaks_off", f"…{last[-60:]}")
    body = letters(re.sub(r"<[^>]*>", " ", metadata.body))
    if body and not SHORTER <= len(letters(found.text)) / len(body) <= LONGER:
        found.doubt("differs", f"{len(letters(found.text))} letters, its articleBody has {len(body)}")
