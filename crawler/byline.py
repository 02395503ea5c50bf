"""Who wrote it: names from a byline, and telling a byline from a paragraph."""

from __future__ import annotations

import re

from crawler.body import Paragraph, clean

LONGEST = 80
"""Characters a byline below the text may have."""
LONGEST_HEADER = 1_000
"""Characters a header's list of authors may have; what is longer is none."""

_PREFIX = re.compile(r"(?:tác giả|bài và ảnh|bài|ảnh|thực hiện)\s*:\s*", re.IGNORECASE)
_ROLE = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
_BETWEEN = re.compile(r"\s*(?:[;,&]|\s[-–—]\s|\svà\s)\s*")
_SENTENCE_END = re.compile(r"[.!?…:”\"]$")


def split_authors(text: str) -> tuple[str, ...]:
    """`"Bài: An - Bình/Phóng viên"` → `("An", "Bình")`. A role after a slash or in brackets goes, a title stays."""
    if len(text) > LONGEST_HEADER:
        return ()
    listed = _ROLE.sub("", _PREFIX.sub("", clean(text), count=1))
    names = (clean(name.split("/")[0]) for name in _BETWEEN.split(listed))
    return tuple(dict.fromkeys(name for name in names if name))


def is_byline(paragraph: Paragraph) -> bool:
    """A short last paragraph, set right or all bold, that reads as names and not as a sentence."""
    text = paragraph.text
    if len(text) > LONGEST or "\n" in text or not (paragraph.right or paragraph.bold):
        return False
    if _SENTENCE_END.search(text):
        return False
    words = [word for name in split_authors(text) for word in name.split()]
    return bool(words) and all(word[0].isupper() for word in words)
