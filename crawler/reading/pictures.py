"""Pictures in a body: their addresses, lazily loaded ones too, and their captions, wherever those stand."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from parsel import Selector

from crawler.article import Image
from crawler.characters import nfc
from crawler.markup.body import clean
from crawler.markup.prose import LEAST
from crawler.reading.doubts import Doubt

LONGEST_CAPTION = 300
RUNNING = 2
"""Stretches of running text for which an element that seldom holds any is not noise."""
_CAPTIONS = "figcaption, .caption, [class*=caption], span, td, p, em, i, h2"
_SOURCES = ("data-src", "data-original", "src", "data-srcset", "srcset")
_NO_PICTURE = re.compile(r"grey\.gif|blank\.gif|spacer\.|^data:|^$")
_PHOTO_CREDIT = re.compile(
    r"(?:ảnh|nguồn ảnh|đồ họa)\s*(?::\s*\S.{0,60}|minh họa\.?|(?-i:(?:\s[A-ZĐ]\S*){1,5})\.?)$", re.IGNORECASE
)


@dataclass
class Cleaning:
    """What was taken out of a body: its pictures, elements left out on purpose, and what of that is doubtful."""

    images: dict[str, str] = field(default_factory=dict)
    passed: set[Any] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    at: dict[Any, str] = field(default_factory=dict)
    rule: str = ""

    def pictures(self) -> tuple[Image, ...]:
        """The pictures in their order."""
        return tuple(Image(url, caption) for url, caption in self.images.items())


def take_pictures(body: Selector, pictures: str, base: str, done: Cleaning) -> None:
    """The pictures that stand in elements made for them (CSS `pictures`), taken out of a body."""
    for picture in body.css(pictures) if pictures else ():
        captions = [said for said in map(text_of, picture.css("figcaption")) if said]
        if source := _source(picture, base):
            caption = next((said for said in map(text_of, picture.css(_CAPTIONS)) if said), "")
            done.images.setdefault(source, caption)
            done.at[picture.root] = source
            done.rule = done.rule or pictures
        elif not captions and next(picture.root.iter("iframe", "video", "audio", "embed", "object"), None) is None:
            if picture.root.tag == "figure":
                continue  # what holds nothing to see is no picture
            if said := plain(picture.root):
                done.doubts.append(Doubt("text", "caption", said[:80]))
        done.captions += [said for said in captions if len(said) <= LONGEST_CAPTION]
        rest = plain(picture.root)
        for said in captions:
            rest = rest.replace(said, "", 1)
        if captions and rest.strip():
            done.doubts.append(Doubt("text", "caption", rest.strip()[:80]))
        if sum(len(piece) >= LEAST for piece in picture.root.itertext()) < RUNNING:
            drop(picture.root)


def _source(picture: Selector, base: str) -> str:
    """The address of an element's first picture, lazily loaded ones too; "" where there is none."""
    inner = [Selector(text, type="html") for text in picture.css("noscript::text").getall()]
    for place in (picture, *inner):
        for tag in (*place.css("img"), *place.css("source")):
            for name in _SOURCES:
                found = (tag.root.get(name) or "").strip()
                address = found.split(",")[0].split()[0] if name.endswith("srcset") and found.strip(", ") else found
                if not _NO_PICTURE.search(address):
                    with suppress(ValueError):  # urljoin's word for an address that is none
                        return nfc(urljoin(base, address))
    return ""


def drop_loose_pictures(body: Selector, base: str, done: Cleaning) -> None:
    """Pictures that stand in no element made for them: a short text beside one is its caption."""
    for image in body.xpath(".//img | .//picture"):
        element, box = image.root, None
        if element.getparent() is None or not within(element, body.root):
            continue
        for parent in element.iterancestors():
            if parent is body.root or len(plain(parent)) > LONGEST_CAPTION or _has_links(parent):
                break
            box = parent
        source = _source(Selector(root=box if box is not None else element, type="html"), base) or _source(
            Selector(root=element.getparent(), type="html"), base
        )
        caption = plain(box) if box is not None else ""
        if source:
            done.images.setdefault(source, caption)
            done.rule = done.rule or "img"
        if caption:
            done.doubts.append(Doubt("text", "caption", caption[:80]))
        if box is not None:
            drop(box)


def drop_captions(body: Selector, done: Cleaning, named: bool = True) -> None:
    """Captions printed as paragraphs: by their class, where any is `named` so, or behind a picture by their credit."""
    for caption in body.css("[class*=caption]") if named else ():
        said = text_of(caption)
        if said and len(said) <= LONGEST_CAPTION and within(caption.root, body.root):
            _caption(caption.root, said, done)
    if not done.images:
        return
    for paragraph in body.xpath(".//p | .//div[not(*)] | .//em | .//i"):
        element = paragraph.root
        if not element.text_content().rstrip().endswith((".", "a", ")")) and ":" not in element.text_content():
            continue
        said = text_of(paragraph)
        if (
            said
            and len(said) <= LONGEST_CAPTION
            and _PHOTO_CREDIT.search(said)
            and _after_picture(element)
            and not _looks_like_byline(element)
        ):
            _caption(element, said, done)


def _caption(element: Any, said: str, done: Cleaning) -> None:
    before = next((done.at[one] for one in element.itersiblings(preceding=True) if one in done.at), None)
    if before is not None and not done.images[before]:
        done.images[before] = said
    done.doubts.append(Doubt("text", "caption", said[:80]))
    drop(element)


def _looks_like_byline(element: Any) -> bool:
    look = f"{element.get('style') or ''} {element.get('class') or ''} {element.get('align') or ''}"
    return "right" in look or next(element.iter("b", "strong"), None) is not None


def _after_picture(element: Any) -> bool:
    before = element.getprevious()
    return before is not None and (before.tag in ("figure", "img", "picture") or (len(before) == 0 and not before.text))


def drop(element: Any, done: Cleaning | None = None) -> None:
    """Empty an element; noted in `done` where it was left out on purpose."""
    element.clear(keep_tail=True)
    if done is not None:
        done.passed.add(element)


def within(element: Any, body: Any) -> bool:
    """Whether it is still there: elements dropped before are no longer in the tree."""
    return any(parent is body for parent in element.iterancestors())


def _has_links(element: Any) -> bool:
    return any(link.get("href") and plain(link) for link in element.iter("a"))


def plain(element: Any) -> str:
    """An element's text on one line, unchanged otherwise."""
    if not isinstance(element.tag, str):
        return ""  # a comment
    return " ".join(element.text_content().split())


def text_of(element: Selector) -> str:
    """An element's text, clean."""
    return clean(element.root.text_content())
