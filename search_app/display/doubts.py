"""What is uncertain about an article, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from crawler.reading.doubts import CODES
from indexer.errors import to_translate
from indexer.index.reader import Reader

FIELDS = {
    "title": to_translate("title"),
    "text": to_translate("text"),
    "published_at": to_translate("publishing time"),
    "authors": to_translate("authors"),
    "section": to_translate("section"),
    "url": to_translate("address"),
}


def doubted(reader: Reader, number: int) -> list[str]:
    """A line for each doubt about the article with this id."""
    doc = reader.doc_of(number)
    doubts = reader.doubts(doc) if doc is not None else ()
    lines = [(gettext(FIELDS.get(doubt.field, doubt.field)), gettext(CODES[doubt.code])) for doubt in doubts]
    return [f"{field}: {said}" for field, said in lines]
