"""A request → its answer: the query taken as typed, or more widely, matched, filtered and put in order."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from indexer.answers.answer import Accents, Answer
from indexer.answers.filters import allowed
from indexer.answers.spelling import correction, is_odd
from indexer.index.match import Matcher, intersection
from indexer.index.rank import scores
from indexer.index.reader import Docs, Reader, Weights
from indexer.language.vietnamese import is_marked
from indexer.query.abbreviations import expand
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import And, Dates, Node, Not, Or, Phrase, Prefix, words


class _Taken(NamedTuple):
    """How a query was taken, and what it matches."""

    matcher: Matcher
    tree: Node
    docs: Docs
    relaxed: bool = False


def search(reader: Reader, request: SearchRequest) -> Answer:
    """Answer a request. Raises BadQuery.

    A query without marks finds every marking. A partly marked one is taken exactly, and opened up only if nothing
    matches. If still nothing does, articles with most of its words are the answer, and it says so. A literal one is
    taken exactly whatever it matches.
    """
    started = time.perf_counter()
    parsed = parse(request.q)
    filtered = allowed(reader, request)
    take = _literally if request.literal else _openly
    matcher, tree, docs, relaxed = take(reader, parsed.tree, filtered)
    abbreviated = tree != parsed.tree and len(docs) > len(intersection([matcher.match(parsed.tree), filtered]))
    notes = (*parsed.notes, Note("abbreviations")) if abbreviated else parsed.notes
    docs, scored = _ordered(matcher, _rows(parsed.tree, tree), docs, request)
    accents: Accents = "folded" if matcher.opened else "exact"
    seconds = time.perf_counter() - started
    return Answer(request, reader, matcher, tree, notes, accents, relaxed, docs, scored, seconds)


def _literally(reader: Reader, tree: Node, filtered: Docs) -> _Taken:
    matcher = Matcher(reader)
    return _Taken(matcher, tree, intersection([matcher.match(tree), filtered]))


def _openly(reader: Reader, tree: Node, filtered: Docs) -> _Taken:
    typed = [key for word in words(tree) for key in (word.keys if isinstance(word, Phrase) else (word.key,))]
    opened = bool(typed) and not any(map(is_marked, typed))
    taken = _expanded(Matcher(reader, opened), tree, filtered)
    if not len(taken.docs) and not opened and not all(map(is_marked, typed)):
        wider = _expanded(Matcher(reader, opened=True), tree, filtered)
        taken = wider if len(wider.docs) else taken
    if len(taken.docs):
        return taken
    docs = _most(taken.matcher, tree, filtered)
    return _Taken(taken.matcher, tree, docs, relaxed=len(docs) > 0)


def _expanded(matcher: Matcher, tree: Node, filtered: Docs) -> _Taken:
    """What a tree matches with its abbreviations in either form."""
    expanded = expand(tree, matcher.opened)
    return _Taken(matcher, expanded, intersection([matcher.match(expanded), filtered]))


def _most(matcher: Matcher, tree: Node, filtered: Docs) -> Docs:
    """Documents with the most of the query's words, at least half of them; none for a query that is not a plain row."""
    parts = tree.parts if isinstance(tree, And) else ()
    wanted = [part for part in parts if isinstance(part, Phrase | Prefix)]
    if len(wanted) < 2:
        return np.empty(0, np.int64)
    fixed = And(tuple(part for part in parts if isinstance(part, Not | Dates | Or)))
    count = np.zeros(matcher.reader.size, np.int64)
    for part in wanted:
        count[matcher.match(part)] += 1
    docs = intersection([matcher.match(fixed), filtered])
    best = int(count[docs].max(initial=0))
    return docs[count[docs] == best] if 2 * best >= len(wanted) else np.empty(0, np.int64)


def _rows(typed: Node, expanded: Node) -> Node:
    """What is scored: the rows of words as typed, and each other way of writing them as a row of its own."""
    known = set(words(typed))
    return Or((typed, *(word for word in words(expanded) if word not in known)))


def _ordered(matcher: Matcher, tree: Node, docs: Docs, request: SearchRequest) -> tuple[Docs, Weights]:
    """By the asked order; ties by date, the newest first, then by id."""
    reader = matcher.reader
    scored = scores(matcher, tree, docs) if request.order == "relevance" else np.zeros(len(docs))
    published, ids = reader.published[docs], reader.ids[docs]
    if request.order == "oldest":
        order = np.lexsort((ids, published))
    else:
        order = np.lexsort((-ids, -published, -np.round(scored, 9)))
    return docs[order], scored[order]


def suggestion(answer: Answer) -> str | None:
    """A query that was probably meant instead; it has results with the same filters."""
    typed = parse(answer.request.q).tree
    if len(answer) and not answer.relaxed and not is_odd(answer.matcher, typed):
        return None

    def hits(tree: Node) -> int:
        other = search(answer.reader, replace(answer.request, q=str(tree)))
        return 0 if other.relaxed else len(other)

    meant = correction(answer.matcher, typed, hits)
    return str(meant) if meant else None
