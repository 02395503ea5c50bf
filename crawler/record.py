"""Kinds of values that a record has in JSON: how each is read and checked, and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.characters import nfc
from crawler.dates import EARLIEST, HANOI, LATEST
from crawler.errors import BadArticle

LARGEST_NUMBER = 2**53 - 1
"""Of an id or revision: what every JSON reader takes exactly (RFC 8259, 6)."""
Schema = dict[str, Any]


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How a field's value is read from JSON and written there, and its JSON schema.

    `read` takes the field's name and what JSON has, null apart, and raises BadArticle.
    """

    read: Callable[[str, Any], Any]
    schema: Schema
    to_json: Callable[[Any], Any] = _as_it_is


def number(least: int, most: int = LARGEST_NUMBER) -> Kind:
    """A whole number from `least` to `most`."""

    def read(name: str, value: Any) -> int:
        found: int = _typed(name, value, int)
        if not least <= found <= most:
            raise BadArticle(f"{name}: not from {least} to {most}")
        return found

    return Kind(read, {"type": "integer", "minimum": least, "maximum": most})


def several(kind: Kind, of: type[Any]) -> Kind:
    """A list of values of a kind."""

    def read(name: str, value: Any) -> tuple[Any, ...]:
        items: list[Any] = _typed(name, value, list)
        if not all(isinstance(item, of) and not isinstance(item, bool) for item in items):
            raise BadArticle(f"{name}: not a list of {of.__name__}")
        return tuple(kind.read(name, item) for item in items)

    def write(values: tuple[Any, ...]) -> list[Any]:
        return [kind.to_json(value) for value in values]

    return Kind(read, {"type": "array", "items": kind.schema}, write)


def _typed(name: str, value: Any, of: type[Any]) -> Any:
    if not isinstance(value, of) or isinstance(value, bool):
        raise BadArticle(f"{name}: not a {of.__name__}")
    return value


def _text(name: str, value: Any) -> str:
    text: str = _typed(name, value, str)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadArticle(f"{name}: holds half a surrogate pair, which is no text") from None
    return nfc(text)


def _filled(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text.strip():
        raise BadArticle(f"{name}: empty")
    return text


def _id(name: str, value: Any) -> int:
    found: int = _ANY_NUMBER.read(name, value)
    if found == 0:
        raise BadArticle(f"{name}: must not be 0")
    return found


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_typed(name, value, str))
    except ValueError:
        raise BadArticle(f"{name}: not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise BadArticle(f"{name}: has no offset, write it like 2021-03-05T06:11:00+07:00")
    try:
        return moment.astimezone(HANOI)
    except OverflowError:
        raise BadArticle(f"{name}: outside the calendar") from None


def _published(name: str, value: Any) -> datetime:
    moment = _moment(name, value)
    if not EARLIEST <= moment.year <= LATEST:
        raise BadArticle(f"{name}: not a year from {EARLIEST} to {LATEST}")
    return moment


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


_ANY_NUMBER = number(-LARGEST_NUMBER)
_MOMENT: Mapping[str, Any] = {"type": "string", "format": "date-time"}

TEXT = Kind(_text, {"type": "string"})
"""Text, brought to NFC; it may be empty."""
FILLED = Kind(_filled, {"type": "string"})
"""Text that is not blank."""
TEXTS = several(TEXT, str)
ID = Kind(_id, {"type": "integer"})
"""An article's number; negative for a legacy one."""
IDS = several(_ANY_NUMBER, int)
MOMENT = Kind(_moment, {**_MOMENT, "type": ["string", "null"]}, _iso)
"""A time with an offset, kept as Hanoi's; null where it is not known."""
PUBLISHED = Kind(_published, {**_MOMENT}, _iso)
"""A time in the years that an article may be of."""
DIGEST = Kind(_text, {"type": "string", "pattern": "^[0-9a-f]{64}$"})
"""A SHA-256 in hexadecimal."""
