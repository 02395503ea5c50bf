"""What in a body does not look like its other paragraphs: text in a box of its own, or in no paragraph at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from crawler.markup.body import BLOCKS
from crawler.reading.doubts import Doubt

_PARAGRAPHS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "blockquote", "dt", "dd", "pre", "center"}
)
_BOXES = frozenset({"div", "section", "article", "aside", "main", "header", "footer"})
MOST = 0.7
"""Share of a body's text that stands in paragraphs from which text elsewhere is out of place."""
FEW = 0.3
"""Share of a body's text under which an element with a name of its own is a box in it."""


def misplaced(body: Any) -> list[Doubt]:
    """Doubts about text that stands in a bare box, or in paragraphs within a named one, unlike most of the body's."""
    own = [(element, text) for element in body.iter() if isinstance(element.tag, str) and (text := _own(element))]
    whole = sum(len(text) for _, text in own) or 1
    if sum(len(text) for element, text in own if element.tag in _PARAGRAPHS) < MOST * whole:
        return []
    found = [text for element, text in own if element.tag in _BOXES and element is not body]
    weights: Counter[Any] = Counter()
    first: dict[Any, str] = {}
    for element, text in own:
        for parent in _named_boxes(element, body):
            weights[parent] += len(text)
            first.setdefault(parent, text)
    found += [first[box] for box, weight in weights.items() if weight < FEW * whole]
    return [Doubt("text", "box", f"kept: {text[:70]}") for text in found[:1]]


def _own(element: Any) -> str:
    """The text that a block holds itself, in inline elements too."""
    if element.tag not in BLOCKS:
        return ""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in BLOCKS:
            pieces.append(child.text_content())
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


def _named_boxes(element: Any, body: Any) -> Iterator[Any]:
    for parent in element.iterancestors():
        if parent is body:
            return
        if parent.tag in _BOXES and (parent.get("class") or parent.get("id")):
            yield parent
