"""A request → its answer: the query taken as typed, or more widely, matched, filtered and put in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from indexer.answers.answer import Answer
from indexer.answers.filters import allowed
from indexer.answers.take import literally, openly
from indexer.engines.protocol import Accents
from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection
from indexer.index.rank import best_first, ranked
from indexer.index.reader import Reader, Weights
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from indexer.query.tree import And, Node, Or, Phrase, Ways, words


def search(reader: Reader, request: SearchRequest) -> Answer:
    """Answer a request. Raises BadQuery."""
    started = time.perf_counter()
    parsed = parse(request.q)
    filtered, named = allowed(reader, request)
    take = literally if request.literal else openly
    matcher, tree, docs = take(reader, parsed.tree, allowed(reader, replace(request, since_change=None))[0])
    docs = intersection([docs, filtered])  # what is new is a part of what was there before it was asked for
    said = () if request.literal else _read_as(matcher, parsed.tree, tree, len(docs), filtered)
    notes = (*parsed.notes, *named, *said)
    docs, scored = _ordered(matcher, tree, docs, request)
    accents: Accents = "folded" if matcher.opened else "exact"
    seconds = time.perf_counter() - started
    return Answer(request, reader, matcher, parsed.tree, tree, notes, accents, filtered, docs, scored, seconds)


def _read_as(matcher: Matcher, typed: Node, tree: Node, found: int, filtered: Docs) -> Iterator[Note]:
    """What is said where a query was taken for something else than its words, and has another result for that."""
    for word in words(typed):
        if isinstance(word, Phrase) and word.keys[0].count("/") == 1 and "." in word.source:
            taken = any(one.keys == word.keys for one in words(tree) if isinstance(one, Phrase))
            yield Note.of("day" if taken else "number", typed=word.source)
            if not taken:
                return
    plain = len(intersection([matcher.match(typed), filtered])) if tree != typed else found
    if found > plain:
        yield Note("abbreviations")
    elif found < plain and (things := [f"“{one}”" for one in _several(tree)]):
        yield Note.of("one_thing", words=", ".join(things))


def _several(node: Node) -> Iterator[str]:
    """Words in a row that were taken for one thing."""
    match node:
        case Ways() if len(node.phrases[0].keys) > 1:
            yield node.phrases[0].source
        case And() | Or():
            for part in node.parts:
                yield from _several(part)
        case _:
            return


def _ordered(matcher: Matcher, tree: Node, docs: Docs, request: SearchRequest) -> tuple[Docs, Weights]:
    """By the asked order; ties by date, the newest first, then by id."""
    reader = matcher.reader
    if request.order == "relevance":
        return ranked(matcher, tree, docs)
    oldest = np.lexsort((reader.ids[docs], reader.published[docs]))
    newest = best_first(reader, docs, np.zeros(len(docs)))
    return docs[oldest if request.order == "oldest" else newest], np.zeros(len(docs))
