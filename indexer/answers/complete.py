"""What is being typed → phrases, titles, authors and tags that occur and begin so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

import numpy as np

from indexer.answers.names import names
from indexer.engines.protocol import Completion
from indexer.index.match import Matcher
from indexer.index.places import Docs, Places, union
from indexer.index.reader import Reader
from indexer.language.vietnamese import fold, is_marked, keys
from indexer.query.tree import Prefix

PHRASES, TITLES, AUTHORS = 6, 3, 3
"""Completions of each kind, at most; of tags as many as of authors."""
CANDIDATES = 100
"""Words tried as the next one, the most frequent."""
LONGEST = 100
"""Characters beyond which nothing is completed."""

_PARTED = re.compile(r"[.,;:!?…()\[\]][\s”\")]|\s[-–—]\s")


def completions(reader: Reader, typed: str) -> list[Completion]:
    """Completions of a text whose last word may be unfinished; a blank at its end says that it is finished.

    Phrases first, then authors and tags, then titles, each with most articles or newest first.
    """
    words = keys(typed)
    if not words or len(typed) > LONGEST:
        return []
    *head, last = [*words, ""] if typed[-1].isspace() else words
    matcher = Matcher(reader, opened=not any(map(is_marked, words)))
    found, titled = _continued(matcher, head, last) if head else _begun(matcher, last)
    phrases = islice(_phrases(reader, words, len(head) + 1, found), PHRASES)
    return [*phrases, *_names(reader, "author", words), *_names(reader, "tag", words), *_titles(reader, titled)]


def is_parted(text: str) -> bool:
    """Whether words belong to two sentences, or to two parts of one."""
    return _PARTED.search(text) is not None


def _begun(matcher: Matcher, last: str) -> tuple[list[Places], Docs]:
    """Where the most frequent words stand that begin so, and the documents that have any in their title."""
    reader = matcher.reader
    words = sorted(matcher.prefix_keys(Prefix(last)), key=reader.frequency, reverse=True)[:CANDIDATES]
    titled = union(reader.occurrences("text", word).titled for word in words)
    return [reader.places("text", word) for word in words[: 2 * PHRASES]], titled


def _continued(matcher: Matcher, head: Sequence[str], last: str) -> tuple[list[Places], Docs]:
    """Where words stand with each of those that follow them most often and begin so, and which titles have any."""
    reader = matcher.reader
    begun = matcher.places(head[0]) if len(head) == 1 else matcher.phrase(head)
    following = reader.row.at[begun + len(head)]
    often = np.bincount(following, minlength=1)
    often[0] = 0
    form = fold if matcher.opened else str
    ordered = np.argsort(-often, kind="stable")[: np.count_nonzero(often)].tolist()
    wanted = [number for number in ordered if form(reader.row.keys[number]).startswith(last)]
    in_title = reader.titled(begun)
    numbers = reader.row.at[in_title + len(head)]
    titled = np.unique(reader.docs(in_title[np.isin(numbers, wanted)]))
    return [begun[following == number] for number in wanted[: 2 * PHRASES]], titled


def _phrases(reader: Reader, words: list[str], length: int, found: Sequence[Places]) -> Iterator[Completion]:
    """The most frequent first; no words that belong to two sentences or to two parts of one."""
    counted = [(len(np.unique(reader.docs(places))), places) for places in _spelt_alike(reader, found, length)]
    for count, places in sorted(counted, key=lambda one: -one[0])[: 2 * PHRASES]:
        text = reader.written(places, length)
        if keys(text) != words and not is_parted(text):
            yield Completion("phrase", text, count)


def _spelt_alike(reader: Reader, found: Sequence[Places], length: int) -> Iterator[Places]:
    """Of places where several spellings of a phrase begin, those of the most frequent one."""
    for places in found:
        for offset in range(length - 1 if len(places) else 0):
            there = reader.row.at[places + offset]
            places = places[there == np.bincount(there).argmax()]
        if len(places):
            yield places


def _titles(reader: Reader, docs: Docs) -> Iterator[Completion]:
    newest = docs[np.lexsort((-reader.ids[docs], -reader.published[docs]))][:TITLES]
    for doc in newest.tolist():
        yield Completion("title", reader.article(doc).title, 1, int(reader.ids[doc]))


def _names(reader: Reader, field: Literal["author", "tag"], words: Sequence[str]) -> Iterator[Completion]:
    """Names with a word that what was typed begins with, the most frequent first."""
    for name, count in names(reader, field).begun(words)[:AUTHORS]:
        yield Completion(field, name, count)
