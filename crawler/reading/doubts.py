"""Doubts: what is uncertain about an article as it was read, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from crawler.errors import to_translate

CODES = {
    "other_rule": to_translate("found by a general rule, not where the layout has it; nothing else confirms it"),
    "confirmed": to_translate("found by a general rule, not where the layout has it; the page confirms it"),
    "extractor": to_translate("taken by a general extractor; neither layout nor structure gave it"),
    "differs": to_translate("at odds with what the page says of itself elsewhere"),
    "listing": to_translate("at odds with the listing or sitemap that names the article"),
    "ambiguous": to_translate("could be read in more than one way"),
    "future": to_translate("lies in the future"),
    "unsaid": to_translate("not said by the page; the listing that named it is trusted"),
    "left_out": to_translate("running text stands on the page outside what was read"),
    "box": to_translate("something that looks like a box, not like running text, was left out"),
    "caption": to_translate("something that looks like a caption was left out"),
    "only_lead": to_translate("nothing but the lead"),
    "length": to_translate("much shorter or longer than the page's own account or the section's usual"),
    "breaks_off": to_translate("ends in the middle of a sentence"),
    "cut_short": to_translate("the page ends before its closing tag"),
    "not_vietnamese": to_translate("holds letters that are not Vietnamese: the encoding may be wrong"),
    "encoding": to_translate("in an old encoding, or another than the page claims"),
    "repeated": to_translate("a paragraph stands word for word in several other articles: a box or an advertisement"),
    "unsteady": to_translate("changes at every fetch"),
    "other_address": to_translate("the page names the address of a different article; they were not joined"),
}
"""Code → what it means, the doubted field being the subject."""
CONTENT = frozenset({"title", "text", "published_at"})
_NOT_THE_PAGES = frozenset({"confirmed", "listing", "future", "length", "repeated", "unsteady"})
"""Codes that do not say the page may have been read wrongly."""


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """What is uncertain: a field of the article, a code of CODES, and what was seen."""

    field: str
    code: str
    detail: str = ""

    @property
    def message(self) -> str:
        """The whole as a sentence for people."""
        said = f"{self.field}: {CODES[self.code]}"
        return f"{said} ({self.detail})" if self.detail else said

    def to_dict(self) -> dict[str, str]:
        """The public shape: field, code, message."""
        return {"field": self.field, "code": self.code, "message": self.message}

    def to_record(self) -> dict[str, str]:
        """The archive's shape: field, code, detail."""
        return asdict(self)


def distinct(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Each doubt once a field and code, in a fixed order."""
    first: dict[tuple[str, str], Doubt] = {}
    for doubt in sorted(doubts):
        first.setdefault((doubt.field, doubt.code), doubt)
    return tuple(first.values())


def in_content(doubts: Iterable[Doubt]) -> bool:
    """Whether title, text or time may have been read wrongly: such a reading does not replace a sound one."""
    return any(doubt.field in CONTENT and doubt.code not in _NOT_THE_PAGES for doubt in doubts)
