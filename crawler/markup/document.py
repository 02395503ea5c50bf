"""A parsed page, asked by CSS. Selectors of one class, the layouts' usual ones, are answered from an index."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from lxml import etree
from parsel import Selector

from crawler.markup.body import BLOCKS

_WITH_CLASS = etree.XPath("descendant-or-self::*[@class]")
_CLASSES = etree.XPath("descendant-or-self::*/@class", smart_strings=False)
_IDS = etree.XPath("//@id", smart_strings=False)
_PLAIN = re.compile(r"([a-z][a-z0-9]*)?\.([\w-]+)(?: ([a-z][a-z0-9]*))?")
"""`.name`, `tag.name`, `.name tag`."""


class Document:
    """A page's markup and its tree."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.tree = Selector(markup or " ", type="html")
        self.root: Any = self.tree.root

    def css(self, selector: str) -> list[Selector]:
        """What the selector finds, in the page's order."""
        plain = _PLAIN.fullmatch(selector)
        if plain is None:
            return self.tree.css(selector) if self.may_hold(selector) else []
        tag, name, inner = plain.groups()
        found = [element for element in self._by_class.get(name, ()) if tag in (None, element.tag)]
        if inner:
            found = list(dict.fromkeys(one for element in found for one in element.iterdescendants(inner)))
        return [Selector(root=element, type="html") for element in found]

    def possible(self, selectors: Iterable[str]) -> str:
        """Those of the selectors that may find something, as one; "" where none may."""
        return ", ".join(selector for selector in selectors if self.may_hold(selector))

    def may_hold(self, selector: str) -> bool:
        """Whether every class and id that the selector names is given on the page: far quicker than to look."""
        classes, ids = _names(selector)
        return all(name in self._by_class for name in classes) and all(name in self._ids for name in ids)

    def names(self, part: str) -> bool:
        """Whether any class on the page has this part in its name."""
        return any(part in name for name in self._by_class)

    def drop(self, element: Any) -> None:
        """Empty an element for good."""
        element.clear(keep_tail=True)
        self.__dict__.pop("_by_class", None)

    @cached_property
    def _by_class(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = defaultdict(list)
        for element, names in zip(_WITH_CLASS(self.root), _CLASSES(self.root), strict=True):
            for name in names.split():
                found[name].append(element)
        return dict(found)

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(_IDS(self.root))


@lru_cache(1024)
def _names(selector: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes and ids without which a selector finds nothing; none where it has alternatives."""
    selector = re.sub(r"\[[^\]]*\]", "", selector)
    if re.search(r"[,\\:]", selector):
        return (), ()
    return tuple(re.findall(r"\.([\w-]+)", selector)), tuple(re.findall(r"#([\w-]+)", selector))


def spaced(element: Any) -> str:
    """An element's text with a blank where a line or a block ends."""
    if next(element.iterdescendants("br", "p", "div", "h2", "h3", "li"), None) is None:
        return str(element.text_content())
    pieces = []
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if isinstance(one.tag, str) and (one.tag in BLOCKS or one.tag == "br"):
            pieces.append(" ")
        pieces.append(
            (one.text if event == "start" and isinstance(one.tag, str) else one.tail if event == "end" else "") or ""
        )
    return "".join(pieces[:-1])
