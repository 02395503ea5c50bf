"""An article as archived, and its way to and from JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.characters import nfc
from crawler.dates import EARLIEST, HANOI, LATEST
from crawler.errors import BadArticle

SECTION = "Góc nhìn"
LARGEST_NUMBER = 2**53 - 1
"""Of an id or revision: what every JSON reader takes exactly (RFC 8259, 6)."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article: its absolute address and its printed caption ("" if none)."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one revision.

    `id` is the site's number; negative for a legacy article whose new number is not known. `aliases` are the other ids
    it was known by. `text` holds paragraphs parted by one blank line, the lead first. Times carry an offset.
    `captured_at`, `revision` (from 1) and `layout` are the archive's; they may be unset before an article is put there.
    """

    id: int
    url: str
    title: str
    text: str
    published_at: datetime
    lead: str = ""
    authors: tuple[str, ...] = ()
    section: str = SECTION
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    aliases: tuple[int, ...] = ()
    modified_at: datetime | None = None
    captured_at: datetime | None = None
    revision: int = 1
    layout: str = ""

    @property
    def sha256(self) -> str:
        """Hex digest of title, text and published_at: what makes a revision a revision."""
        content = json.dumps([self.title, self.text, self.published_at.isoformat()], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """The article in the public shape (README, “An article”), ready for `json.dumps`."""
        return {
            "id": self.id,
            "url": self.url,
            "aliases": list(self.aliases),
            "title": self.title,
            "lead": self.lead,
            "text": self.text,
            "authors": list(self.authors),
            "section": self.section,
            "tags": list(self.tags),
            "images": [{"url": image.url, "caption": image.caption} for image in self.images],
            "published_at": self.published_at.isoformat(),
            "modified_at": self.modified_at.isoformat() if self.modified_at else None,
            "captured_at": self.captured_at.isoformat() if self.captured_at else None,
            "revision": self.revision,
            "sha256": self.sha256,
            "layout": self.layout,
        }

    @classmethod
    def from_dict(cls, record: object) -> Article:
        """Read the public shape, text brought to NFC. `sha256` is computed, never taken. Raises BadArticle."""
        if not isinstance(record, Mapping):
            raise BadArticle("an article is a JSON object")
        number = _number(record, "id", -LARGEST_NUMBER)
        if number == 0:
            raise BadArticle("id: must not be 0")
        published = _time(record, "published_at")
        if published is None:
            raise BadArticle("published_at: missing")
        if not EARLIEST <= published.year <= LATEST:
            raise BadArticle(f"published_at: not a year from {EARLIEST} to {LATEST}")
        return cls(
            id=number,
            url=_text(record, "url"),
            title=_text(record, "title"),
            text=_text(record, "text"),
            published_at=published,
            lead=_text(record, "lead", ""),
            authors=_texts(record, "authors"),
            section=_text(record, "section", SECTION),
            tags=_texts(record, "tags"),
            images=_images(record),
            aliases=tuple(
                _number({"aliases": alias}, "aliases", -LARGEST_NUMBER) for alias in _items(record, "aliases", int)
            ),
            modified_at=_time(record, "modified_at"),
            captured_at=_time(record, "captured_at"),
            revision=_number(record, "revision", 1) if record.get("revision") is not None else 1,
            layout=_text(record, "layout", ""),
        )


def _need(record: Mapping[str, Any], name: str, kind: type[Any]) -> Any:
    value = record.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadArticle(f"{name}: {'missing' if value is None else f'not a {kind.__name__}'}")
    return value


def _number(record: Mapping[str, Any], name: str, least: int) -> int:
    value: int = _need(record, name, int)
    if not least <= value <= LARGEST_NUMBER:
        raise BadArticle(f"{name}: not from {least} to {LARGEST_NUMBER}")
    return value


def _nfc(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadArticle(f"{name}: holds half a surrogate pair, which is no text") from None
    return nfc(value)


def _text(record: Mapping[str, Any], name: str, default: str | None = None) -> str:
    if default is not None and record.get(name) is None:
        return default
    value = _nfc(_need(record, name, str), name)
    if default is None and not value.strip():
        raise BadArticle(f"{name}: empty")
    return value


def _items(record: Mapping[str, Any], name: str, kind: type[Any]) -> list[Any]:
    values = _need(record, name, list) if record.get(name) is not None else []
    if not all(isinstance(value, kind) and not isinstance(value, bool) for value in values):
        raise BadArticle(f"{name}: not a list of {kind.__name__}")
    return values


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(_nfc(value, name) for value in _items(record, name, str))


def _images(record: Mapping[str, Any]) -> tuple[Image, ...]:
    return tuple(Image(_text(item, "url"), _text(item, "caption", "")) for item in _items(record, "images", dict))


def _time(record: Mapping[str, Any], name: str) -> datetime | None:
    if record.get(name) is None:
        return None
    try:
        moment = datetime.fromisoformat(_need(record, name, str))
    except ValueError:
        raise BadArticle(f"{name}: not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise BadArticle(f"{name}: has no offset, write it like 2021-03-05T06:11:00+07:00")
    try:
        return moment.astimezone(HANOI)
    except OverflowError:
        raise BadArticle(f"{name}: outside the calendar") from None
