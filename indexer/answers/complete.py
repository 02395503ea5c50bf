"""What is being typed → phrases, titles and authors that occur and begin so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexer.index.match import Matcher, common
from indexer.index.reader import Places, Reader, merged
from indexer.language.vietnamese import fold, is_marked, keys
from indexer.query.tree import Prefix

PHRASES, TITLES, AUTHORS = 6, 3, 3
"""Completions of each kind, at most."""
CANDIDATES = 100
"""Words tried as the next one, the most frequent."""
LONGEST = 100
"""Characters beyond which nothing is completed."""

_PARTED = re.compile(r"[.,;:!?…()\[\]][\s”\")]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Completion:
    """`count` articles hold the phrase, or are by the author; a title is of the article `id`."""

    kind: Literal["phrase", "title", "author"]
    text: str
    count: int
    id: int | None = None


def completions(reader: Reader, typed: str) -> list[Completion]:
    """Completions of a text whose last word may be unfinished; a blank at its end says that it is finished."""
    words = keys(typed)
    if not words or len(typed) > LONGEST:
        return []
    *head, last = [*words, ""] if typed[-1].isspace() else words
    matcher = Matcher(reader, opened=not any(map(is_marked, words)))
    found = _continued(matcher, head, last)
    everywhere = merged([places for _, places in found])
    phrases = list(_phrases(reader, words, len(head) + 1, [places for _, places in found]))
    return [*phrases[:PHRASES], *_titles(reader, everywhere), *_authors(reader, words)]


def _continued(matcher: Matcher, head: Sequence[str], last: str) -> list[tuple[str, Places]]:
    """The most frequent words that may come last, each with the places where it all begins."""
    reader = matcher.reader
    begun = _begun(matcher, head)
    prefix = Prefix(last)
    words = sorted(matcher.prefix_keys(prefix), key=reader.frequency, reverse=True)[:CANDIDATES]
    found = []
    for word in words:
        places = reader.places("text", word) - len(head)
        found.append((word, places if begun is None else common(*sorted((begun, places), key=len))))
    return found


def _begun(matcher: Matcher, head: Sequence[str]) -> Places | None:
    if not head:
        return None
    return matcher.places(head[0]) if len(head) == 1 else matcher.phrase(head)


def _phrases(reader: Reader, words: list[str], length: int, found: Sequence[Places]) -> Iterator[Completion]:
    """The most frequent first; no words that belong to two sentences or to two parts of one."""
    counts = [len(np.unique(reader.docs(places))) for places in found]
    for count, place in sorted(((-count, place) for place, count in enumerate(counts) if count))[: 2 * PHRASES]:
        text = reader.written(found[place], length)
        if keys(text) != words and not _PARTED.search(text):
            yield Completion("phrase", text, -count)


def _titles(reader: Reader, places: Places) -> Iterator[Completion]:
    docs = np.unique(reader.docs(reader.titled(places)))
    newest = docs[np.lexsort((-reader.ids[docs], -reader.published[docs]))][:TITLES]
    for doc in newest.tolist():
        yield Completion("title", reader.article(doc).title, 1, int(reader.ids[doc]))


def _authors(reader: Reader, words: Sequence[str]) -> Iterator[Completion]:
    """Names with a word that what was typed begins with, the most frequent first."""
    typed = " ".join(words)
    form = str if any(map(is_marked, words)) else fold
    counts = reader.facet_counts("author", reader.everything)
    named = [(name, count) for name, count in counts if f" {form(' '.join(keys(name)))}".find(f" {typed}") >= 0]
    for name, count in sorted(named, key=lambda one: (-one[1], one[0]))[:AUTHORS]:
        yield Completion("author", name, count)
