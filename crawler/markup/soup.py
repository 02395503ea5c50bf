"""An article's body: HTML → the paragraphs a reader reads, in order."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from crawler.markup.body import BLOCKS, Paragraph, clean

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_RIGHT = re.compile(r"text-align:\s*right|\balign-right\b|\btext-right\b")


def read_body(markup: str) -> list[Paragraph]:
    """Paragraphs of a body, table rows as `a | b`, `<br>` as a line break, two as a paragraph's end. Total."""
    soup = BeautifulSoup(markup, "lxml", multi_valued_attributes=None)
    paragraphs: list[Paragraph] = []
    current = _Collector(paragraphs)
    _walk(soup, current)
    current.flush()
    return paragraphs


class _Collector:
    """Gathers inline pieces until a block begins or ends."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.pieces: list[str] = []
        self.plain = False
        self.right = False

    def add(self, text: str, bold: bool, right: bool) -> None:
        self.pieces.append(text)
        if _INVISIBLE.sub("", text).strip():
            self.plain = self.plain or not bold
            self.right = self.right or right

    def line_break(self) -> None:
        """A second one in a row ends the paragraph, as people write who know no other way."""
        blank = next((piece for piece in reversed(self.pieces) if _INVISIBLE.sub("", piece).strip(" ")), "") == "\n"
        if blank:
            self.flush()
        else:
            self.add("\n", True, False)

    def flush(self) -> None:
        lines = (clean(line) for line in "".join(self.pieces).split("\n"))
        text = "\n".join(line for line in lines if _INVISIBLE.sub("", line))
        if text:
            self.paragraphs.append(Paragraph(text, bold=not self.plain, right=self.right))
        self.pieces, self.plain, self.right = [], False, False


_Step = tuple[Tag | NavigableString, bool, bool, bool]
"""A node, whether it is bold and set right, and whether the walk is leaving it."""


def _walk(root: Tag, into: _Collector) -> None:
    """Depth first without recursion: a hostile page may nest deeper than Python's stack."""
    stack: list[_Step] = [(root, False, False, False)]
    while stack:
        node, bold, right, leaving = stack.pop()
        if leaving:
            into.flush()
        elif isinstance(node, Tag):
            stack.extend(_enter(node, bold, right, into))
        elif not isinstance(node, PreformattedString):
            into.add(re.sub(r"\s+", " ", node), bold, right)


def _enter(tag: Tag, bold: bool, right: bool, into: _Collector) -> list[_Step]:
    """Note what a tag means for the text so far; the steps it leads to, the last one first."""
    in_cell = tag.name in ("td", "th") and len(tag.find_all(["p", "div"], recursive=False)) < 2
    if tag.name in BLOCKS:
        into.flush()
    elif tag.name == "br":
        into.line_break()
    elif in_cell and "".join(into.pieces).strip():
        into.add(" | ", True, False)
    bold = bold or tag.name in ("b", "strong")
    right = right or _is_right(tag)
    children = [child for child in tag.children if isinstance(child, NavigableString | Tag)]
    steps: list[_Step] = [(_inline(child) if in_cell else child, bold, right, False) for child in reversed(children)]
    return [(tag, bold, right, True), *steps] if tag.name in BLOCKS else steps


def _inline(child: NavigableString | Tag) -> NavigableString | Tag:
    """A paragraph that fills a table cell stays on the row's line."""
    if isinstance(child, Tag) and child.name in ("p", "div"):
        child.name = "span"
    return child


def _is_right(tag: Tag) -> bool:
    look = f"{tag.get('style') or ''} {tag.get('class') or ''} text-align:{tag.get('align')}"
    return bool(_RIGHT.search(look))
