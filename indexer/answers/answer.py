"""A request's whole result, as data and as the articles it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crawler.article import Article
from indexer.answers.asked import Hit
from indexer.answers.highlight import highlighter
from indexer.answers.known import Indexed
from indexer.answers.names import Names, names
from indexer.answers.near import Near, are_few, near_notes, nearest
from indexer.answers.spelling import meant
from indexer.answers.take import is_unmarked, openly, row_of
from indexer.engines.protocol import Accents, Facet, Generation, Name
from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection
from indexer.index.reader import Reader, Weights
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.tree import Node


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
    again: Callable[[SearchRequest], Answer]
    """What another request finds in the same generation. Raises BadQuery."""

    @cached_property
    def phrase_total(self) -> int | None:
        """How many hold the words of a row side by side; None for anything but two words or more."""
        row = row_of(self.typed, self.matcher.opened, self.request.literal)
        return None if row is None else len(intersection([self.matcher.match(row), self.docs_in_order]))

    @property
    def docs_in_order(self) -> Docs:
        """The documents by their numbers."""
        return np.sort(self.docs)

    @cached_property
    def correction(self) -> Node | None:
        """The query that was probably meant instead; it has results with the same filters."""
        if self.request.literal:
            return None
        return meant(Indexed(self.matcher), self.typed, len(self), self.names("author"), self._total_of)

    def _total_of(self, tree: Node) -> int:
        """How many articles a tree would find with the same filters."""
        matchers = {opened: Matcher(self.reader, opened) for opened in (False, True)}
        taken = openly(lambda one, opened: intersection([matchers[opened].match(one), self.allowed]), tree)
        return len(taken.found)

    @cached_property
    def near(self) -> Near:
        """What is nearest where few articles or none match; with a query's spelling mended where that helps."""
        if self.request.literal or not are_few(self.matcher, self.tree, self.docs):
            return Near.none(self.matcher, self.tree)
        tree = self.correction or self.typed
        return nearest(Matcher(self.reader, is_unmarked(tree)), tree, self.allowed, self.docs_in_order)

    @property
    def said(self) -> tuple[Note, ...]:
        """What is to be known of how the query was taken, and of what is near."""
        return (*self.notes, *near_notes(self.typed, self.request.literal, len(self), len(self.near), self.correction))

    @property
    def generation(self) -> Generation:
        """What it was answered from."""
        return self.reader.generation

    def hits(self, start: int, end: int) -> Iterator[Hit]:
        """Some of it, in its order."""
        marks = highlighter(self.matcher, self.tree)
        for doc, score in zip(self.docs[start:end].tolist(), self.scores[start:end].tolist(), strict=True):
            yield Hit(self.reader.article(doc), int(self.reader.arrived[doc]), score, marks)

    def nearest(self) -> Iterator[Hit]:
        """What is near, each with the words it lacks."""
        near, marks = self.near, highlighter(self.near.matcher, self.near.tree)
        for doc, score, lacks in zip(near.docs.tolist(), near.scores.tolist(), near.lacks, strict=True):
            yield Hit(self.reader.article(doc), int(self.reader.arrived[doc]), score, marks, lacks)

    def counts(self, facet: Facet) -> list[tuple[str, int]]:
        """How many of its articles each value of a facet has."""
        return self.reader.facet_counts(facet, self.docs)

    def of_all(self, facet: Facet) -> list[tuple[str, int]]:
        """The same of all articles there are."""
        return self.reader.facet_counts(facet, self.reader.everything)

    def names(self, kind: Name) -> Names:
        """All authors or tags there are."""
        return names(self.reader, kind)

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
