"""Changes of one thing in a page, as a site's next release might bring them.

`python -m tests.crawler.reading.changes 20000` tries so many and says how many articles were read right, told of by a
doubt, refused, or silently wrong.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lxml import etree, html

from crawler.errors import GocNhinError
from crawler.reading.doubts import in_content
from crawler.reading.page import read_page
from tests.replica.pieces import Piece, specimens
from tests.replica.site import create_site

TAGS = (
    "div",
    "p",
    "span",
    "section",
    "article",
    "aside",
    "h1",
    "h2",
    "h3",
    "li",
    "figure",
    "blockquote",
    "b",
    "em",
    "td",
    "main",
)
WRAPPERS = ("div", "section", "article", "main", "span", "blockquote", "center", "figure", "aside", "form")
CHARSETS = ("iso-8859-1", "windows-1258", "windows-1252", "utf-16", "us-ascii", "tcvn", "utf-8", "gb2312", "hex", "")
PROSE = 60
"""Characters of a paragraph: moving one within the text changes what the article says, which no reader can know."""


@dataclass(frozen=True)
class Original:
    """A page as it is, and the three things that must not come out wrong silently."""

    layout: str
    url: str
    body: bytes
    title: str
    published_at: datetime
    text: str


@dataclass(frozen=True)
class Changed:
    """A page with one thing changed: what was done, its bytes, its HTTP header."""

    what: str
    body: bytes
    content_type: str | None = "text/html; charset=utf-8"


@lru_cache(1)
def originals() -> list[Original]:
    """Pages of each layout, from the replica's specimens of the section."""
    client = create_site().test_client()
    return [_original(piece, client.get(piece.path).data) for piece in specimens() if piece.section == "Góc nhìn"]


def _original(piece: Piece, body: bytes) -> Original:
    return Original(piece.layout, piece.url, body, piece.title, piece.published_at, piece.text)


def change(page: Original, dice: random.Random) -> Changed:
    """One thing changed, chosen by `dice`."""
    kind = dice.choice(("class", "class", "class", "tag", "tag", "wrap", "head", "move", "charset"))
    if kind == "charset":
        return _charset(page, dice)
    tree: Any = html.document_fromstring(page.body.decode())
    what = CHANGES[kind](tree, dice)
    doctype = b"<!DOCTYPE html>\n"
    return Changed(what, doctype + etree.tostring(tree, encoding="utf-8", method="html"))


def _shown(element: Any) -> str:
    return f"{element.tag}.{element.get('class') or ''} “{' '.join(element.text_content().split())[:30]}”"


def _class(tree: Any, dice: random.Random) -> str:
    element = dice.choice(tree.xpath("//body//*[@class or @id]"))
    what = _shown(element)
    name = dice.choice([name for name in ("class", "id") if element.get(name) is not None])
    how = dice.choice(("drop", "rename", "rename one", "drop one"))
    names = element.get(name).split() or ["x"]
    if how == "drop":
        del element.attrib[name]
        return f"{name} dropped from {what}"
    chosen = set(names) if how == "rename" else {dice.choice(names)}
    new = [("" if how == "drop one" else f"v2-{one}") if one in chosen else one for one in names]
    element.set(name, " ".join(filter(None, new)))
    return f"{name} of {what} → {element.get(name)}"


def _tag(tree: Any, dice: random.Random) -> str:
    element = dice.choice(tree.xpath("//body//*[not(self::script or self::style or self::br or self::img)]"))
    what, element.tag = _shown(element), dice.choice(TAGS)
    return f"{what} → {element.tag}"


def _wrap(tree: Any, dice: random.Random) -> str:
    element = dice.choice(tree.xpath("//body//*[not(self::li or self::td or self::tr)]"))
    wrapper = element.makeelement(dice.choice(WRAPPERS))
    wrapper.tail, element.tail = element.tail, None
    element.getparent().replace(element, wrapper)
    wrapper.append(element)
    return f"{_shown(element)} wrapped in {wrapper.tag}"


def _head(tree: Any, dice: random.Random) -> str:
    element = dice.choice(tree.xpath("//head/*"))
    what = f"{etree.tostring(element, encoding='unicode')[:60]} dropped"
    element.getparent().remove(element)
    return what


def _move(tree: Any, dice: random.Random) -> str:
    blocks = [one for one in tree.xpath("//body//*[not(self::script or self::br)]") if not _is_prose(one)]
    element = dice.choice(blocks)
    inside = set(element.iter())
    places = [one for one in tree.xpath("//body//*") if one not in inside and one.getparent() is not None]
    if not places:
        return "nothing moved"
    place = dice.choice(places)
    what = f"{_shown(element)} moved before {_shown(place)}"
    element.drop_tree()
    place.addprevious(element)
    return what


def _is_prose(element: Any) -> bool:
    """A part of the text that reads as sentences: where else it stands, the article says something else."""
    text = " ".join(element.text_content().split())
    return len(text) >= PROSE or text.endswith((".", "!", "?", "…", "”", ":")) or element.tag in ("h2", "li")


CHANGES: dict[str, Callable[[Any, random.Random], str]] = {
    "class": _class,
    "tag": _tag,
    "wrap": _wrap,
    "head": _head,
    "move": _move,
}


def _charset(page: Original, dice: random.Random) -> Changed:
    claimed, header = dice.choice(CHARSETS), dice.choice(CHARSETS)
    body = page.body.replace(b"charset=utf-8", f"charset={claimed}".encode()).replace(
        b'charset="utf-8"', f'charset="{claimed}"'.encode()
    )
    mark = dice.choice((b"", b"", b"\xef\xbb\xbf"))
    return Changed(f"charsets {claimed}, {header}", mark + body, f"text/html; charset={header}" if header else None)


def judge(page: Original, changed: Changed) -> tuple[str, str]:
    """“right”, “told” (wrong, and a doubt says so), “refused” or “wrong”; and in which field."""
    try:
        reading = read_page(changed.body, page.url, changed.content_type)
    except GocNhinError as error:
        return "refused", str(error)
    article = reading.article
    wrong = [name for name in ("title", "published_at", "text") if getattr(article, name) != getattr(page, name)]
    if not wrong:
        return "right", ""
    return ("told" if in_content(reading.doubts) else "wrong"), ", ".join(wrong)


def main(examples: int, seed: int) -> None:
    dice, counts = random.Random(seed), Counter[str]()
    for _ in range(examples):
        page = dice.choice(originals())
        changed = change(page, dice)
        came, field = judge(page, changed)
        counts[came] += 1
        if came == "wrong":
            print(f"{page.layout} {page.url}: {changed.what}: {field}")
    print(", ".join(f"{count} {name} ({count / examples:.1%})" for name, count in counts.most_common()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
