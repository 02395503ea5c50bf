"""What is uncertain about an article, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from crawler.reading.doubts import CODES, Doubt
from indexer.errors import to_translate

FIELDS = {
    "title": to_translate("title"),
    "text": to_translate("text"),
    "published_at": to_translate("publishing time"),
    "authors": to_translate("authors"),
    "section": to_translate("section"),
    "url": to_translate("address"),
}


def doubted(doubts: Iterable[Doubt]) -> list[str]:
    """A line for each doubt about an article."""
    lines = [(gettext(FIELDS.get(doubt.field, doubt.field)), gettext(CODES[doubt.code])) for doubt in doubts]
    return [f"{field}: {said}" for field, said in lines]
