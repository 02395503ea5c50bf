"""An article as archived, and its way to and from JSON. Each of its fields is declared once, here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Any

from crawler.characters import PARAGRAPH
from crawler.errors import BadArticle
from crawler.record import DIGEST, FILLED, ID, IDS, MOMENT, PUBLISHED, TEXT, TEXTS, Kind, number, several

SECTION = "Góc nhìn"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article: its absolute address and its printed caption ("" if none)."""

    url: str
    caption: str = ""


def _image(name: str, value: Any) -> Image:
    if value.get("url") is None:
        raise BadArticle(f"{name}: url: missing")
    caption = "" if value.get("caption") is None else TEXT.read(name, value["caption"])
    return Image(FILLED.read(name, value["url"]), caption)


_IMAGE = Kind(
    _image,
    {
        "type": "object",
        "properties": {"url": FILLED.schema, "caption": TEXT.schema},
        "required": ["url", "caption"],
    },
    lambda image: {"url": image.url, "caption": image.caption},
)


def _of(kind: Kind) -> dict[str, Kind]:
    return {"kind": kind}


MOST_REVISIONS = 1_000_000
"""Of one article; a greater number is no count of revisions, and leaves no room for further ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article in one revision.

    `id` is the site's number; negative for a legacy article whose new number is not known. `aliases` are the other ids
    it was known by. `text` holds paragraphs parted by one blank line, the lead first. Times carry an offset.
    `captured_at`, `revision` (from 1) and `layout` are the archive's; they may be unset before an article is put there.
    """

    id: int = field(metadata=_of(ID))
    url: str = field(metadata=_of(FILLED))
    aliases: tuple[int, ...] = field(default=(), metadata=_of(IDS))
    title: str = field(metadata=_of(FILLED))
    lead: str = field(default="", metadata=_of(TEXT))
    text: str = field(metadata=_of(FILLED))
    authors: tuple[str, ...] = field(default=(), metadata=_of(TEXTS))
    section: str = field(default=SECTION, metadata=_of(TEXT))
    tags: tuple[str, ...] = field(default=(), metadata=_of(TEXTS))
    images: tuple[Image, ...] = field(default=(), metadata=_of(several(_IMAGE, dict)))
    published_at: datetime = field(metadata=_of(PUBLISHED))
    modified_at: datetime | None = field(default=None, metadata=_of(MOMENT))
    captured_at: datetime | None = field(default=None, metadata=_of(MOMENT))
    revision: int = field(default=1, metadata=_of(number(1, MOST_REVISIONS)))
    layout: str = field(default="", metadata=_of(TEXT))

    @property
    def sha256(self) -> str:
        """Hex digest of title, text and published_at: what makes a revision a revision."""
        content = json.dumps([self.title, self.text, self.published_at.isoformat()], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs."""
        return self.text.split(PARAGRAPH)

    def to_dict(self) -> dict[str, Any]:
        """The article in the public shape, FIELDS, ready for `json.dumps`."""
        return {name: kind.to_json(getattr(self, name)) for name, kind in FIELDS.items()}

    @classmethod
    def from_dict(cls, record: object) -> Article:
        """Read the public shape, text brought to NFC. `sha256` is computed, never taken. Raises BadArticle."""
        if not isinstance(record, Mapping):
            raise BadArticle("an article is a JSON object")
        return cls(**dict(_values(record)))


def _values(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in fields(Article):
        value = record.get(one.name)
        if value is not None:
            yield one.name, FIELDS[one.name].read(one.name, value)
        elif one.default is MISSING:
            raise BadArticle(f"{one.name}: missing")


def _public() -> Iterator[tuple[str, Kind]]:
    for one in fields(Article):
        if one.name == "layout":
            yield "sha256", DIGEST
        yield one.name, one.metadata["kind"]


FIELDS: Mapping[str, Kind] = dict(_public())
"""An article's fields in the public shape, in their order: JSON, CSV columns and the API's description have them so."""
