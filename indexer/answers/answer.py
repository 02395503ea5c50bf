"""A request's whole result, as data and as the articles it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crawler.article import Article
from indexer.answers.names import names
from indexer.answers.near import Near, are_few, nearest
from indexer.answers.spelling import correction, is_odd
from indexer.answers.take import is_unmarked, openly
from indexer.engines.protocol import Accents
from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection
from indexer.index.rank import runs
from indexer.index.reader import Reader, Weights
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.tree import And, Node, Phrase
from indexer.query.variants import expand


@dataclass(frozen=True)
class Answer:
    """The whole result of a request in its order: `docs`, and the score of each.

    `typed` is the query's tree, `tree` and `matcher` what it was taken for; `accents` and `notes` tell how. `allowed`
    are the documents that the filters let through.
    """

    request: SearchRequest
    reader: Reader
    matcher: Matcher
    typed: Node
    tree: Node
    notes: tuple[Note, ...]
    accents: Accents
    allowed: Docs
    docs: Docs
    scores: Weights
    seconds: float

    @cached_property
    def phrase(self) -> Docs | None:
        """Those documents that hold the words of a row side by side; None for anything but two words or more."""
        parts = self.typed.parts if isinstance(self.typed, And) else ()
        found = [part for part in parts if isinstance(part, Phrase) and part.field == "text"]
        if len(found) < 2 or len(found) < len(parts):
            return None
        row = Phrase(tuple(key for part in found for key in part.keys), "text")
        tree = row if self.request.literal else expand(row, self.matcher.opened)
        return intersection([self.matcher.match(tree), self.docs_in_order])

    @property
    def docs_in_order(self) -> Docs:
        """The documents by their numbers."""
        return np.sort(self.docs)

    @property
    def _names_author(self) -> bool:
        """Whether words of a row are an author's name, so that they are no slip of others."""
        row = [key for run in runs(self.typed) for key in run if isinstance(key, str)]
        return any(True for _ in names(self.reader, "author").among(row))

    @cached_property
    def correction(self) -> Node | None:
        """The query that was probably meant instead; it has results with the same filters."""
        if self.request.literal or self._names_author or (len(self) and not is_odd(self.matcher, self.typed)):
            return None
        return correction(self.matcher, self.typed, lambda tree: len(openly(self.reader, tree, self.allowed).docs))

    @cached_property
    def near(self) -> Near:
        """What is nearest where few articles or none match; with a query's spelling mended where that helps."""
        if self.request.literal or not are_few(self.matcher, self.tree, self.docs):
            return Near.none(self.matcher, self.tree)
        tree = self.correction or self.typed
        return nearest(Matcher(self.reader, is_unmarked(tree)), tree, self.allowed, self.docs_in_order)

    @property
    def near_notes(self) -> tuple[Note, ...]:
        """What is to be known of what is near."""
        if len(self.near):
            return (Note.of("near_corrected", query=str(self.correction)),) if self.correction else ()
        row = isinstance(self.typed, And) and not len(self)
        return (Note("nothing_near"),) if row and not self.request.literal else ()

    @property
    def relaxed(self) -> bool:
        """Whether not one article matches, and those with most of the query's weight are shown."""
        return not len(self) and len(self.near) > 0

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
