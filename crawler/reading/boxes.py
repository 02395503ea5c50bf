"""What stands inside a body and is not its text: noise, what repeats the header, boxes of links, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from parsel import Selector

from crawler.markup.body import BLOCKS
from crawler.markup.document import Document
from crawler.markup.prose import LEAST, is_aside_by_name
from crawler.reading.byline import reads_as_names
from crawler.reading.doubts import Doubt
from crawler.reading.layouts import Layout
from crawler.reading.lines import begins_box, is_notice
from crawler.reading.pictures import (
    LONGEST_CAPTION,
    RUNNING,
    Cleaning,
    drop,
    drop_captions,
    drop_loose_pictures,
    plain,
    take_pictures,
    text_of,
    within,
)
from crawler.reading.shape import misplaced

_NEVER_TEXT = (
    "self::script or self::style or self::noscript or self::template or self::iframe or self::svg"
    " or self::video or self::audio or self::object or self::embed or self::canvas"
)
_HIDDEN = (
    "@hidden or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(concat(' ', @class, ' '), ' sr-only ') or contains(concat(' ', @class, ' '), ' visually-hidden ')"
)
"""What a browser does not show."""
_SELDOM = frozenset({"form", "button", "figcaption", "nav", "footer", "aside"})
_SELDOM_TEXT = " or ".join(f"self::{tag}" for tag in sorted(_SELDOM))
_LONG_PIECE = 4
"""Characters of an inline element that is more than an initial set large."""
_LINKED = 0.6
"""Share of a box' text that is links: related articles, not an argument with references."""


def clean_content(
    content: Iterable[Selector], page: Document, layout: Layout, base: str, header: Iterable[Any] = ()
) -> Cleaning:
    """Take out of the body's elements what is not text.

    `base`: the page's address, which pictures' may be relative to. `header`: elements that are fields of their own.
    """
    done = Cleaning()
    pictures, known = page.possible(layout.pictures or ("figure",)), page.possible(layout.noise)
    for body in content:
        take_pictures(body, pictures, base, done)
        for noise in body.css(known) if known else ():
            drop(noise.root, done)
        for noise in body.xpath(f".//*[{_NEVER_TEXT} or {_HIDDEN}]"):
            drop(noise.root, done)
        for element in header:
            if within(element, body.root):
                block = next(
                    parent for parent in element.iterancestors() if parent.tag in BLOCKS or parent is body.root
                )
                rest = plain(block).replace(plain(element), "", 1).strip(" -–|·")
                if rest and block is not body.root:
                    done.doubts.append(Doubt("text", "box", f"a part of the header: {rest[:50]}"))
                drop(element, done)
        _drop_asides(body, done)
        drop_captions(body, done, named=page.names("caption"))
        drop_loose_pictures(body, base, done)
        _drop_links(body, done)
        _pieces_in_words(body, done)
        done.doubts += misplaced(body.root)
    return done


def _drop_asides(body: Selector, done: Cleaning) -> None:
    """Forms, buttons and the like without running text, and what is called a poll, a comment or a newsletter."""
    for one in body.xpath(f".//*[{_SELDOM_TEXT} or @class or @id]"):
        element = one.root
        named = is_aside_by_name(element)
        if not (named or element.tag in _SELDOM) or not within(element, body.root):
            continue
        if named or sum(len(piece) >= LEAST for piece in element.itertext()) < RUNNING:
            if said := plain(element):
                done.doubts.append(Doubt("text", "box", said[:80]))
            drop(element)


def _drop_links(body: Selector, done: Cleaning) -> None:
    """Boxes of links: the largest elements whose text is mostly links, and cards under a linked heading."""
    for link in body.xpath(".//a[@href]"):
        element, box = link.root, None
        if not within(element, body.root) or not text_of(link):
            continue
        heading = any(parent.tag in ("h2", "h3", "h4", "h5") for parent in _below(element, body.root))
        for parent in _below(element, body.root):
            text = plain(parent)
            linked = sum(len(plain(one)) for one in parent.iter("a") if one.get("href"))
            card = heading and len(text) <= 2 * LONGEST_CAPTION and linked >= 0.15 * len(text)
            if linked < _LINKED * len(text) and not card:
                break
            box = parent
        if box is None and _stands_alone(element):
            box = element
        if box is None or box.tag in ("span", "b", "strong", "em", "i", "u", "font"):
            if _is_glued(element):
                done.doubts.append(Doubt("text", "box", f"a link within a word: {plain(element)[:60]}"))
        else:
            said = plain(box)
            rest = said.replace(plain(element), "", 1).strip()
            if not (begins_box(said) or (rest and is_notice(rest))):
                done.doubts.append(Doubt("text", "box", said[:80]))
            drop(box, done)


def _stands_alone(link: Any) -> bool:
    """Whether a link is a line of its own: no text and nothing inline beside it."""
    before, behind = link.getprevious(), link.getnext()
    ahead = before.tail if before is not None else link.getparent().text
    if (ahead or "").strip() or (link.tail or "").strip():
        return False
    return all(one is None or one.tag in BLOCKS or not len(plain(one)) for one in (before, behind))


def _is_glued(element: Any) -> bool:
    """Whether an inline element touches what is written around it without a blank, or a sentence begins behind it."""
    before, following = element.getprevious(), element.getnext()
    ahead = (before.tail if before is not None else element.getparent().text) or ""
    behind = element.tail or ""
    if not behind.strip() and following is not None:
        behind += plain(following)
    if before is None and not ahead.strip() and re.match(r"\s*[A-ZĐÂĂÊÔƠƯ(“]", behind):
        return True
    return bool(re.search(r"\w$", ahead) or re.match(r"[\w(“]", behind))


def _pieces_in_words(body: Selector, done: Cleaning) -> None:
    """A name, or any longer piece, that touches the next word or sentence without a blank is none of the text's."""
    for piece in body.xpath(".//b | .//strong | .//span | .//em | .//i"):
        said = text_of(piece)
        name = len(said.split()) > 1 and reads_as_names(said) and _is_glued(piece.root)
        if name or (len(said) >= _LONG_PIECE and said[-1].isalnum() and re.match(r"[A-ZĐ(“]", piece.root.tail or "")):
            done.doubts.append(Doubt("text", "box", f"a piece within a word: {said[:60]}"))
        elif len(said) >= _LONG_PIECE and said[-1].isalnum() and not piece.root.tail:
            following = piece.root.getnext()
            if following is not None and following.tag not in BLOCKS and re.match(r"[A-ZĐ(“]", plain(following)):
                done.doubts.append(Doubt("text", "box", f"a piece within a word: {said[:60]}"))


def _below(element: Any, body: Any) -> Iterator[Any]:
    for parent in element.iterancestors():
        if parent is body:
            return
        yield parent
