"""Articles that hold not all of a query's words but most of its weight: the rare word leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.index.match import Matcher, Spelt
from indexer.index.places import Docs, intersection
from indexer.index.rank import best_first, runs, scores
from indexer.index.reader import Reader, Weights
from indexer.index.readings import Spelled, read
from indexer.query.messages import Note
from indexer.query.questions import without_questions
from indexer.query.tree import And, Dates, Node, Not, Phrase, Prefix, Ways
from indexer.query.variants import expand

HALF = 0.5
"""Of the weight of all words, their inverse document frequencies, that an article has to hold."""
FEW = 5
"""Results fewer than these are always followed by articles that are near…"""
HANDFUL = 10
"""…and up to these if none of them has the query's rarest pair of words side by side."""
COMMON = 0.1
"""Of all articles: a word that more of them hold, and more than are shown, makes nothing near."""
MOST = 10
"""Articles that are near, at most."""


@dataclass(frozen=True, slots=True)
class Near:
    """Documents, the nearest first, with their scores, and for each the words it lacks as they were typed."""

    docs: Docs
    scores: Weights
    lacks: tuple[tuple[str, ...], ...]
    matcher: Matcher
    tree: Node

    def __len__(self) -> int:
        return len(self.docs)

    @classmethod
    def none(cls, matcher: Matcher, tree: Node) -> Near:
        """Where nothing is near, or enough matches."""
        return cls(np.empty(0, np.int64), np.empty(0), (), matcher, tree)


def near_notes(typed: Node, literal: bool, total: int, near: int, correction: Node | None) -> tuple[Note, ...]:
    """What is to be known of `near` articles that are near where `total` match."""
    if near:
        return (Note.of("near_corrected", query=str(correction)),) if correction else ()
    is_row = isinstance(typed, And) and bool(typed.parts)
    return (Note("nothing_near"),) if is_row and not total and not literal else ()


def are_few(matcher: Matcher, tree: Node, docs: Docs) -> bool:
    """Whether so little matches that what is near is worth showing."""
    if len(docs) < FEW or len(docs) > HANDFUL:
        return len(docs) < FEW
    pairs = [matcher.pair(*pair) for row in runs(tree) for pair in pairwise(row)]
    rarest = min((places for places in pairs if len(places)), key=len, default=None)
    return rarest is not None and not len(np.intersect1d(matcher.reader.docs(rarest), docs))


def nearest(matcher: Matcher, tree: Node, allowed: Docs, found: Docs) -> Near:
    """The articles of `allowed` nearest to a query, as it was typed, that are not among those found.

    Only a row of two words or more has any: its question words count for nothing, dates, fields and what is left out
    hold as they are.
    """
    parts = tree.parts if isinstance(tree, And) else (tree,)
    sought = without_questions([part for part in parts if not is_fixed(part)], matcher.opened)
    row = expand(And(tuple(sought)), matcher.opened)
    row = as_meant(matcher, row) if matcher.opened else row
    units = row.parts if isinstance(row, And) else (row,)
    holding = [matcher.match(unit) for unit in units]
    fixed = intersection([matcher.match(And(tuple(filter(is_fixed, parts)))), allowed])
    docs = np.setdiff1d(_heavy(matcher.reader, holding), found, assume_unique=True) if len(units) > 1 else fixed[:0]
    docs = intersection([docs, fixed])
    scored = scores(matcher, row, docs) * _held(matcher.reader, holding)[docs]
    order = best_first(matcher.reader, docs, scored)[:MOST]
    docs, scored = docs[order], scored[order]
    return Near(docs, scored, tuple(_lacking(units, holding, docs)), matcher, row)


def as_meant(known: Spelled, row: Node) -> Node:
    """A row typed without marks with those that were probably meant."""
    parts = row.parts if isinstance(row, And) else (row,)
    if not all(isinstance(part, Ways | Prefix) or (isinstance(part, Phrase) and len(part.keys) == 1) for part in parts):
        return row
    (run,) = runs(row)
    words = zip(read(known, run).row, parts, strict=True)
    return And(tuple(Phrase((word.key,), "text", str(p)) if isinstance(word, Spelt) else p for word, p in words))


def is_fixed(part: Node) -> bool:
    """Whether a part of a query holds as it is for what is near too."""
    one = part.phrases[0] if isinstance(part, Ways) else part
    return isinstance(part, Dates | Not) or (isinstance(one, Phrase | Prefix) and one.field != "text")


def _weight(reader: Reader, docs: Docs) -> float:
    return float(np.log1p((len(reader) - len(docs) + 0.5) / (len(docs) + 0.5))) if len(docs) else 0.0


def _held(reader: Reader, holding: Sequence[Docs]) -> Weights:
    """By document, the share of the weight of all words that it holds; words that are nowhere weigh nothing."""
    held = np.zeros(reader.size)
    total = sum(_weight(reader, docs) for docs in holding)
    for docs in holding:
        held[docs] += _weight(reader, docs) / (total or 1)
    return held


def _heavy(reader: Reader, holding: Sequence[Docs]) -> Docs:
    """Documents with enough of the weight, and with a word that is not everywhere."""
    telling = np.zeros(reader.size, bool)
    for docs in holding:
        if len(docs) <= max(COMMON * len(reader), MOST):
            telling[docs] = True
    return np.flatnonzero((_held(reader, holding) >= HALF) & telling)


def _lacking(units: Sequence[Node], holding: Sequence[Docs], docs: Docs) -> list[tuple[str, ...]]:
    said = [str(unit).strip('"') for unit in units]
    there = [np.isin(docs, held) for held in holding]
    return [
        tuple(word for word, held in zip(said, there, strict=True) if not held[place]) for place in range(len(docs))
    ]
