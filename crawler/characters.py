"""Characters brought to the one form in which everything is kept and compared."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

PARAGRAPH = "\n\n"
"""What parts two paragraphs of a text, and where several values are written as one text, two of them."""

MOST_MARKS = 30
"""Marks on one letter that are kept (UAX #15, Stream-Safe Text Format). Python sorts them in quadratic time."""
_LAST_BLOCK = 0x1F000
"""No character from here on is a combining mark (Unicode 15)."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_CONTROL_BYTES = bytes([*range(0x09), *range(0x0E, 0x1C), 0x7F])
_NO_CHARACTERS = str.maketrans("", "", "\ufffe\uffff")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LETTERS = re.compile(r"[^\W_]+")
_SUSPECT = re.compile(f"[\u0300-\u036f\u0483-{chr(_LAST_BLOCK)}]{{{MOST_MARKS + 1}}}")
"""What holds every run of too many marks and is quickly looked for."""


def without_controls(text: str) -> str:
    """The text without what is neither text nor white space, and no XML either (XML 1.0, 2.2), which lxml refuses."""
    if "\ufffe" in text or "\uffff" in text:
        text = text.translate(_NO_CHARACTERS)
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _CONTROL_BYTES)) == len(raw):  # the usual case, and ten times as fast to tell
        return text
    return _CONTROL.sub("", text)


def well_formed(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair, which JSON can hold and nothing else can."""
    return _SURROGATE.sub("\ufffd", text)


def unmarked(text: str) -> str:
    """The text in lower case without Vietnamese marks: `Tạo Đà` → `tao da`."""
    pieces = unicodedata.normalize("NFD", nfc(text).casefold().replace("đ", "d"))
    return "".join(character for character in pieces if not unicodedata.combining(character))


def letters(text: str) -> str:
    """Letters and digits alone, in lower case: what two prints of one text have in common."""
    return "".join(_LETTERS.findall(html.unescape(html.unescape(text)) if "&" in text else text)).casefold()


def nfc(text: str) -> str:
    """The text in NFC, in linear time: of more than MOST_MARKS marks on one letter the first are kept."""
    if _SUSPECT.search(text):
        text = _too_many_marks().sub(lambda found: found[0][:MOST_MARKS], text)
    return unicodedata.normalize("NFC", text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks = "".join(character for character in map(chr, range(_LAST_BLOCK)) if unicodedata.combining(character))
    return re.compile(f"[{re.escape(marks)}]{{{MOST_MARKS + 1},}}")
