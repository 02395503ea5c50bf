"""Characters brought to the one form in which everything is kept and compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from w3lib.encoding import html_to_unicode

MOST_MARKS = 30
"""Marks on one letter that are kept (UAX #15, Stream-Safe Text Format). Python sorts them in quadratic time."""
_LAST_BLOCK = 0x1F000
"""No character from here on is a combining mark (Unicode 15)."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
_SUSPECT = re.compile(f"[\u0300-\u036f\u0483-{chr(_LAST_BLOCK)}]{{{MOST_MARKS + 1}}}")
"""What holds every run of too many marks and is quickly looked for."""


def decoded(body: bytes, content_type: str | None = None) -> str:
    """A page's text: by its byte order mark, the HTTP header's charset or its own declaration, else UTF-8."""
    try:
        return html_to_unicode(content_type, body, default_encoding="utf-8")[1]
    except (LookupError, UnicodeError):  # Python has codecs that give no text: hex, uu, idna, undefined
        return body.decode("utf-8", "replace")


def without_controls(text: str) -> str:
    """The text without what is neither text nor white space, and no XML either (XML 1.0, 2.2), which lxml refuses."""
    return _CONTROL.sub("", text)


def nfc(text: str) -> str:
    """The text in NFC, in linear time: of more than MOST_MARKS marks on one letter the first are kept."""
    if _SUSPECT.search(text):
        text = _too_many_marks().sub(lambda found: found[0][:MOST_MARKS], text)
    return unicodedata.normalize("NFC", text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks = "".join(character for character in map(chr, range(_LAST_BLOCK)) if unicodedata.combining(character))
    return re.compile(f"[{re.escape(marks)}]{{{MOST_MARKS + 1},}}")
