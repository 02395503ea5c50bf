"""A request → its answer: the query taken as typed, or more widely, matched, filtered and put in order."""

from __future__ import annotations

import time

import numpy as np

from indexer.answers.answer import Accents, Answer
from indexer.answers.filters import allowed
from indexer.answers.take import literally, openly
from indexer.index.match import Matcher, intersection
from indexer.index.rank import scores
from indexer.index.reader import Docs, Reader, Weights
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import Node


def search(reader: Reader, request: SearchRequest) -> Answer:
    """Answer a request. Raises BadQuery."""
    started = time.perf_counter()
    parsed = parse(request.q)
    filtered, named = allowed(reader, request)
    take = literally if request.literal else openly
    matcher, tree, docs = take(reader, parsed.tree, filtered)
    widened = tree != parsed.tree and len(docs) > len(intersection([matcher.match(parsed.tree), filtered]))
    notes = (*parsed.notes, *named, *([Note("abbreviations")] if widened else ()))
    docs, scored = _ordered(matcher, tree, docs, request)
    accents: Accents = "folded" if matcher.opened else "exact"
    seconds = time.perf_counter() - started
    return Answer(request, reader, matcher, parsed.tree, tree, notes, accents, filtered, docs, scored, seconds)


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
