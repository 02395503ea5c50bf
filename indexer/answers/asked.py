"""What a page of results needs of an answer, whichever engine gave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from crawler.article import Article
from indexer.answers.highlight import Highlighter
from indexer.answers.names import Names
from indexer.engines.protocol import Answered, Facet, Name
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.tree import Node


@dataclass(frozen=True, slots=True)
class Hit:
    """An article of a result, the archive's change by which it came, and the words it lacks, as they were typed."""

    article: Article
    arrived: int
    score: float
    highlighter: Highlighter
    lacks: tuple[str, ...] = ()


class Asked(Answered, Protocol):
    """An answer of which a page can be made."""

    @property
    def said(self) -> tuple[Note, ...]:
        """What is to be known of how the query was taken."""

    @property
    def correction(self) -> Node | None:
        """What was probably meant instead."""

    @property
    def seconds(self) -> float:
        """What it took to find."""

    def hits(self, start: int, end: int) -> Iterable[Hit]:
        """Some of it, in its order."""

    def nearest(self) -> Iterable[Hit]:
        """What is near where few articles or none match."""

    def of_all(self, facet: Facet) -> list[tuple[str, int]]:
        """How many of all articles there are each value of a facet has."""

    def names(self, kind: Name) -> Names:
        """All authors or tags there are."""

    def again(self, request: SearchRequest) -> Asked:
        """What another request finds in the same generation. Raises BadQuery."""
