"""Doubts: what is uncertain about an article as it was read, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

CODES = {
    "other_rule": "not found where the layout has it, but by a general rule that nothing else on the page confirms",
    "confirmed": "not found where the layout has it, but by a general rule, and the page confirms it elsewhere",
    "extractor": "taken by a general extractor, since neither the layout nor the page's structure gave it",
    "differs": "at odds with what the page says of itself elsewhere",
    "listing": "at odds with the listing or sitemap that names the article",
    "ambiguous": "could be read in more than one way",
    "future": "lies in the future",
    "unsaid": "not said by the page; the listing that named it is trusted",
    "left_out": "running text stands on the page outside what was read",
    "box": "something that looks like a box, not like running text, was left out",
    "caption": "something that looks like a caption was left out",
    "only_lead": "nothing but the lead",
    "length": "much shorter or longer than the page's own account or the section's usual",
    "breaks_off": "ends in the middle of a sentence",
    "cut_short": "the page ends before its closing tag",
    "not_vietnamese": "holds letters that are not Vietnamese: the encoding may be wrong",
    "encoding": "in an old encoding, or another than the page claims",
    "repeated": "a paragraph stands word for word in several other articles: a box or an advertisement",
    "unsteady": "changes at every fetch",
    "other_address": "the page or a redirect names the address of a different article; they were not joined",
}
"""Code → what it means, the doubted field being the subject."""
CONTENT = frozenset({"title", "text", "published_at"})
_NOT_THE_PAGES = frozenset({"confirmed", "listing", "future", "length", "repeated", "unsteady", "cut_short"})
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
