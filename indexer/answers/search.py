"""A request → its answer: the query taken as typed, or more widely, matched, filtered and put in order."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

import numpy as np

from indexer.answers.answer import Answer
from indexer.answers.filters import allowed
from indexer.answers.names import names, notes_on
from indexer.answers.take import literally, openly, read_as
from indexer.engines.protocol import Accents
from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection
from indexer.index.rank import best_first, ranked
from indexer.index.reader import Reader, Weights
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import Node


def search(reader: Reader, request: SearchRequest) -> Answer:
    """Answer a request. Raises BadQuery."""
    started = time.perf_counter()
    parsed = parse(request.q)
    filtered = allowed(reader, request)
    # What is new is a part of what was there before it was asked for.
    standing = allowed(reader, replace(request, since_change=None))
    take = literally if request.literal else openly
    matchers = {opened: Matcher(reader, opened) for opened in (False, True)}
    taken = take(lambda tree, opened: intersection([matchers[opened].match(tree), standing]), parsed.tree)
    matcher, tree, docs = matchers[taken.opened], taken.tree, intersection([taken.found, filtered])
    notes = [*parsed.notes, *notes_on(request, lambda kind: names(reader, kind))]
    if not request.literal:
        typed = parsed.tree
        notes += read_as(typed, tree, len(docs), lambda: len(intersection([matcher.match(typed), filtered])))
    docs, scored = _ordered(matcher, tree, docs, request)
    accents: Accents = "folded" if matcher.opened else "exact"
    seconds = time.perf_counter() - started
    how = (parsed.tree, tree, tuple(notes), accents, filtered)
    return Answer(request, reader, matcher, *how, docs, scored, seconds, partial(search, reader))


def _ordered(matcher: Matcher, tree: Node, docs: Docs, request: SearchRequest) -> tuple[Docs, Weights]:
    """By the asked order; ties by date, the newest first, then by id."""
    reader = matcher.reader
    if request.order == "relevance":
        return ranked(matcher, tree, docs)
    oldest = np.lexsort((reader.ids[docs], reader.published[docs]))
    newest = best_first(reader, docs, np.zeros(len(docs)))
    return docs[oldest if request.order == "oldest" else newest], np.zeros(len(docs))
