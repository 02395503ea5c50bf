"""The query tree: what a query means, before any index is asked. Printing a tree and parsing it again gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crawler.periods import Period

FIELDS = ("title", "author", "tag")
"""Field names a query may use; `date` besides them. Words without one are sought in title and text."""

OPERATORS = ("AND", "OR", "NOT")
_BARE = re.compile(r"\w[\w.,/%-]*")
"""A word that means itself without quotes."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in one field; a single word is a phrase of one. `source` is what was typed."""

    keys: tuple[str, ...]
    field: str = "text"
    source: str = ""

    def __str__(self) -> str:
        words = " ".join(self.source.split())
        bare = len(self.keys) == 1 and _BARE.fullmatch(words) and words not in OPERATORS
        quoted = words if bare else f'"{words}"'
        return quoted if self.field == "text" else f"{self.field}:{quoted}"


@dataclass(frozen=True, slots=True)
class Ways:
    """One thing in every way of writing it, the typed one first; no parser gives it, only `indexer.query.variants`."""

    phrases: tuple[Phrase, ...]

    def __str__(self) -> str:
        return str(self.phrases[0])


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so."""

    key: str
    field: str = "text"
    source: str = ""

    def __str__(self) -> str:
        return f"{self.source}*" if self.field == "text" else f"{self.field}:{self.source}*"


@dataclass(frozen=True, slots=True)
class Dates:
    """Published on these days; an open end is the calendar's."""

    period: Period

    def __str__(self) -> str:
        first = "" if self.period.first == date.min else self.period.first.isoformat()
        last = "" if self.period.last == date.max else self.period.last.isoformat()
        return f"date:{first}" if first == last else f"date:{first}..{last}"


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the part does not match."""

    part: Node

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


@dataclass(frozen=True, slots=True)
class And:
    """Everything that all parts match; without parts, everything there is."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Everything that any part matches."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


Node = Phrase | Ways | Prefix | Dates | Not | And | Or
EVERYTHING = And(())


def words(node: Node) -> Iterator[Phrase | Prefix]:
    """What a match is made of, in the order typed; nothing that is excluded."""
    if isinstance(node, Phrase | Prefix):
        yield node
    elif isinstance(node, Ways):
        yield from node.phrases
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from words(part)
