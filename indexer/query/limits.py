"""How much may be asked for at once: one table for parser, addresses, form, API description, help and docs."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from crawler.errors import to_translate


def _of(description: str) -> dict[str, str]:
    return {"description": description}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may hold and an address may ask for at most; `prefix_letters` is a least."""

    length: int = field(default=2000, metadata=_of(to_translate("characters of a query")))
    words: int = field(default=64, metadata=_of(to_translate("words")))
    nesting: int = field(default=16, metadata=_of(to_translate("brackets within brackets")))
    prefixes: int = field(default=8, metadata=_of(to_translate("words with *")))
    prefix_letters: int = field(default=3, metadata=_of(to_translate("letters before *, at least")))
    values: int = field(default=20, metadata=_of(to_translate("authors, tags, years or sections of a filter")))
    value_length: int = field(default=200, metadata=_of(to_translate("characters of such a name")))
    page_size: int = field(default=100, metadata=_of(to_translate("results a page")))
    page: int = field(default=100_000, metadata=_of(to_translate("pages of a result")))
    compared: int = field(default=4, metadata=_of(to_translate("queries on one chart")))
    chosen: int = field(default=50, metadata=_of(to_translate("articles in a dossier")))


LIMITS = Limits()
PAGE_SIZES = (10, 20, 50, 100)
"""Page sizes that the form offers, the usual one first."""


def described() -> dict[str, int]:
    """Each limit by what it limits."""
    return {one.metadata["description"]: getattr(LIMITS, one.name) for one in fields(LIMITS)}
