"""What an index knows of words, by which a query that finds little is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.index.match import Matcher, Word
from indexer.language.vietnamese import fold
from indexer.query.tree import Node


class Known(Protocol):
    """Words of title and text; where `opened`, what was typed without marks stands for every marking."""

    @property
    def opened(self) -> bool:
        """How marks are taken."""

    def taken(self, opened: bool) -> Known:
        """The same words, with marks taken so."""

    def __len__(self) -> int:
        """How many articles there are."""

    def matches(self, tree: Node) -> bool:
        """Whether any article matches."""

    def spellings(self, key: str) -> Sequence[str]:
        """The keys that a typed key stands for."""

    def markings(self, folded: str) -> Sequence[str]:
        """The keys that are `folded` without their marks."""

    def frequency(self, key: str) -> int:
        """Articles that hold a key."""

    def expect(self, pairs: Iterable[tuple[Word, Word]]) -> None:
        """These pairs will be asked for."""

    def together(self, one: Word, other: Word) -> int:
        """How often two words stand side by side."""

    def written(self, key: str) -> str:
        """A key as articles write it, in small letters."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """Known by a Whoosh index."""

    matcher: Matcher

    @property
    def opened(self) -> bool:
        return self.matcher.opened

    def taken(self, opened: bool) -> Known:
        return Indexed(Matcher(self.matcher.reader, opened))

    def __len__(self) -> int:
        return len(self.matcher.reader)

    def matches(self, tree: Node) -> bool:
        return len(self.matcher.match(tree)) > 0

    def spellings(self, key: str) -> Sequence[str]:
        return self.matcher.spellings("text", key)

    def markings(self, folded: str) -> Sequence[str]:
        return self.matcher.reader.spellings("text", folded)

    def frequency(self, key: str) -> int:
        return self.matcher.reader.frequency(key)

    def expect(self, pairs: Iterable[tuple[Word, Word]]) -> None:
        return

    def together(self, one: Word, other: Word) -> int:
        return len(self.matcher.pair(one, other))

    def written(self, key: str) -> str:
        written = self.matcher.reader.written(self.matcher.places(key), 1).lower()
        return fold(written) if self.opened and fold(key) == key else written
