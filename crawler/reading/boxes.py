"""What stands inside a body and is not its text: noise, what repeats the header, boxes of links, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from parsel import Selector

from crawler.reading.body import BLOCKS, Paragraph
from crawler.reading.byline import reads_as_names
from crawler.reading.document import Document
from crawler.reading.doubts import Doubt
from crawler.reading.layouts import Layout
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
from crawler.reading.prose import LEAST

_NEVER_TEXT = "self::script or self::style or self::noscript or self::template or self::iframe or self::svg"
_SELDOM_TEXT = "self::form or self::button or self::figcaption or self::nav or self::footer or self::aside"
_BESIDES = 40
"""Characters that a header's line may have around one of its parts, such as the section and a dash."""
_LONG_PIECE = 4
"""Characters of an inline element that is more than an initial set large."""
_LINKED = 0.6
"""Share of a box' text that is links: related articles, not an argument with references."""
_RELATED = re.compile(
    r"[>»•\-–\s]*(?:(?:các\s+)?(?:tin|bài)(?:\s+viết)?\s+(?:liên quan|khác|cùng chuyên mục|mới hơn|cũ hơn|đọc nhiều)"
    r"|(?:xem|đọc)\s+(?:thêm|tiếp|nhiều)|có thể bạn quan tâm|mời (?:bạn|quý vị|quý) .{0,20}(?:xem|đọc)[^.]{0,40})\s*:?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\(?\*?\)?\s*(?:không sao chép dưới mọi hình thức|(?:vui lòng|đề nghị)[^.]{0,60}ghi rõ nguồn|ghi rõ nguồn"
    r"|bản quyền (?:thuộc|bài viết)|nghe (?:đọc )?(?:bài|audio|nội dung)|©)",
    re.IGNORECASE,
)
_DASHES = re.compile(r"[-–—|·,;:./>»›]{1,3}")
"""What is left between a header's parts when they are taken out."""
_LONGEST_NOTICE = 300
_SHARE = re.compile(
    r"(?:chia sẻ(?: bài viết)?|facebook|zalo|twitter|x|google news|email|e-mail|gửi email|in(?: bài| trang)?"
    r"|sao chép liên kết|copy link|bình luận|lưu(?: bài)?|theo dõi|messenger|telegram|linkedin|thích"
    r"|like|share|quảng cáo)",
    re.IGNORECASE,
)


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
        for noise in body.xpath(f".//*[{_NEVER_TEXT}]"):
            drop(noise.root, done)
        for element in header:
            if within(element, body.root):
                drop(element, done)
        for noise in body.xpath(f".//*[{_SELDOM_TEXT}]"):
            if sum(len(piece) >= LEAST for piece in noise.root.itertext()) < RUNNING:
                if said := plain(noise.root):
                    done.doubts.append(Doubt("text", "box", said[:80]))
                drop(noise.root)
        drop_captions(body, done)
        drop_loose_pictures(body, base, done)
        _drop_links(body, done)
        _pieces_in_words(body, done)
    return done


def without_notices(paragraphs: list[Paragraph], known: Iterable[str]) -> list[Paragraph]:
    """The paragraphs without titles of boxes, share buttons, notices, and lines that repeat the header (`known`)."""
    header = [text for text in known if text]
    return [one for one in paragraphs if not is_notice(one.text) and not _repeats(one.text, header)]


def _repeats(text: str, header: list[str]) -> bool:
    """Whether a line is one of the header's, or holds one with little besides."""
    return len(text) <= LONGEST_CAPTION and any(line in text and len(text) <= len(line) + _BESIDES for line in header)


def is_notice(text: str) -> bool:
    """Whether a line is a box' title, a share button or a notice of rights."""
    if len(text) > _LONGEST_NOTICE:
        return False
    if _RELATED.fullmatch(text) or _NOTICE.match(text) or _DASHES.fullmatch(text):
        return True
    return all(_SHARE.fullmatch(part.strip()) for part in re.split(r"\n|\s\|\s", text))


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
            if not (_RELATED.match(said) or (rest and _RELATED.fullmatch(rest))):
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
