"""The engine within this process: the Whoosh index of a data directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crawler.article import Article
from crawler.reading.doubts import Doubt
from indexer.answers import page as pages
from indexer.answers.about import about
from indexer.answers.answer import Answer
from indexer.answers.complete import completions
from indexer.answers.highlight import Highlighter, highlighter
from indexer.answers.names import names
from indexer.answers.search import search
from indexer.answers.similar import similar
from indexer.engines.protocol import Accents, Completion, Facet, Generation, Name, Piece, Result
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest


@dataclass(frozen=True)
class Found:
    """A Result that is an answer in memory."""

    answer: Answer

    def __len__(self) -> int:
        return len(self.answer)

    @property
    def request(self) -> SearchRequest:
        return self.answer.request

    @property
    def generation(self) -> Generation:
        return self.answer.generation

    @property
    def accents(self) -> Accents:
        return self.answer.accents

    @property
    def relaxed(self) -> bool:
        return self.answer.relaxed

    @property
    def phrase_total(self) -> int | None:
        return self.answer.phrase_total

    def page(self, number: int, size: int) -> dict[str, Any]:
        return pages.page(self.answer, number, size)

    def timeline(self) -> dict[str, Any]:
        return pages.timeline(self.answer)

    def phrases(self) -> dict[str, Any]:
        return pages.phrases(self.answer, about(self.answer))

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        return self.answer.counts(facet)

    def ids(self) -> list[int]:
        found: list[int] = self.answer.reader.ids[self.answer.docs].tolist()
        return found

    def articles(self) -> Iterator[Article]:
        return self.answer.articles()

    def latest(self, most: int) -> Iterator[Article]:
        return self.answer.latest(most)

    def first(self) -> Article | None:
        return self.answer.first()

    def neighbours(self, number: int) -> tuple[int, int | None, int | None] | None:
        return self.answer.neighbours(number)

    def highlighted(self, text: str) -> list[Piece]:
        return self._highlighter.whole(text)

    @cached_property
    def _highlighter(self) -> Highlighter:
        return highlighter(self.answer.matcher, self.answer.tree)


class Embedded:
    """An Engine over an opened generation; safe to share between threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.generation = reader.generation

    def __len__(self) -> int:
        return len(self._reader)

    def prepare(self) -> None:
        self._reader.prepare()

    def check(self) -> None:
        return

    def search(self, request: SearchRequest) -> Result:
        answer = search(self._reader, request)
        answer.matcher.forget()
        return Found(answer)

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        return self._reader.facet_counts(facet, self._reader.everything)

    def article(self, number: int) -> Article | None:
        doc = self._reader.doc_of(number)
        return None if doc is None else self._reader.article(doc)

    def doubts(self, number: int) -> tuple[Doubt, ...]:
        doc = self._reader.doc_of(number)
        return () if doc is None else self._reader.doubts(doc)

    def similar(self, number: int) -> list[Article]:
        doc = self._reader.doc_of(number)
        return [] if doc is None else [self._reader.article(like) for like in similar(self._reader, doc)]

    def completions(self, typed: str) -> list[Completion]:
        return completions(self._reader, typed)

    def has_name(self, kind: Name, name: str) -> bool:
        return names(self._reader, kind).has(name)
