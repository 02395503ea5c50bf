"""What putting an article into the archive does, and when it is refused. Pure."""

from __future__ import annotations

from enum import Enum

from crawler.article import Article
from crawler.errors import Doubtful, Shrunk
from crawler.reading.doubts import Doubt, in_content

SHRUNK = 0.5
"""A text shorter than this share of the one archived is taken for a broken page, not for a correction…"""
SHRUNK_FROM = 200
"""…if the one archived has so many characters at least."""

STEADY = 2
"""Fetches in a row that may each find the same paragraphs changed; the next such change is no revision any more."""
_SEEN = "seen last as "


class Outcome(Enum):
    """What putting an article did."""

    NEW = "new"
    REVISED = "revised"
    """Title, text or publishing time changed: a further revision."""
    AMENDED = "amended"
    """Only what stands around the text changed: the revision was kept and brought up to date."""
    UNCHANGED = "unchanged"


def refuse(current: Article | None, kept: tuple[Doubt, ...], article: Article, doubts: tuple[Doubt, ...]) -> None:
    """Raise Shrunk or Doubtful for a reading that must not replace the current one."""
    if current is None:
        return
    doubted = in_content(kept)
    if not doubted and len(current.text) >= SHRUNK_FROM and len(article.text) < SHRUNK * len(current.text):
        raise Shrunk(f"its text fell from {len(current.text)} to {len(article.text)} characters; the old is kept")
    if not doubted and in_content(doubts) and current.sha256 != article.sha256:
        said = "; ".join(doubt.message for doubt in doubts)
        raise Doubtful(f"it would replace a sound reading by a doubtful one, which is kept aside: {said}")


def unsteady(article: Article) -> Doubt:
    """The doubt about an article that changes at every fetch; it remembers what was seen last."""
    return Doubt("text", "unsteady", f"{_SEEN}{article.sha256[:16]}")


def at_rest(kept: tuple[Doubt, ...], article: Article) -> bool:
    """Whether a text that changed at every fetch is as it was seen last."""
    return unsteady(article) in kept
