"""A request's whole result, as data and as the articles it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from crawler.article import Article
from indexer.index.match import Matcher
from indexer.index.reader import Docs, Reader, Weights
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.tree import Node

Accents = Literal["exact", "folded"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole result of a request in its order: `docs`, and the score of each.

    `accents`, `relaxed` and `notes` tell how the query was taken, `tree` and `matcher` what it was taken for.
    """

    request: SearchRequest
    reader: Reader
    matcher: Matcher
    tree: Node
    notes: tuple[Note, ...]
    accents: Accents
    relaxed: bool
    docs: Docs
    scores: Weights
    seconds: float

    def __len__(self) -> int:
        return len(self.docs)

    def articles(self) -> Iterator[Article]:
        """Every article, in full."""
        for doc in self.docs.tolist():
            yield self.reader.article(doc)

    def latest(self, most: int) -> Iterator[Article]:
        """Those that came into the archive last: the latest day in Hanoi first, of one day the newest first."""
        reader, docs = self.reader, self.docs
        order = np.lexsort((-reader.ids[docs], -reader.published[docs], -reader.archived[docs]))
        for doc in docs[order][:most].tolist():
            yield reader.article(doc)

    def first(self) -> Article | None:
        """The one published first; None where there is none."""
        published = self.reader.published[self.docs]
        return self.reader.article(int(self.docs[published.argmin()])) if len(published) else None

    def neighbours(self, number: int) -> tuple[int, int | None, int | None] | None:
        """An article's place in the result, from 1, and the ids before and behind it; None where it is not in it."""
        ids = self.reader.ids[self.docs]
        (found,) = np.nonzero(ids == number)
        if not len(found):
            return None
        place = int(found[0])
        before, behind = ids[max(0, place - 1) : place].tolist(), ids[place + 1 : place + 2].tolist()
        return place + 1, before[0] if before else None, behind[0] if behind else None
