"""What a result is about: the phrases that set it apart from the whole collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.answers.answer import Answer
from indexer.index.match import Matcher
from indexer.index.places import Docs, by_document, intersection
from indexer.index.reader import Reader
from indexer.query import tree

LENGTHS = (2, 3, 4)
"""Syllables of a phrase."""
LOOKED_AT = 60
"""Articles of a result that are looked at, the first ones in its order."""
CANDIDATES = 25
"""Phrases that are held against the whole collection."""
MOST = 10
"""Phrases told."""
LEAST = 3
"""Articles of a result that hold a phrase, at least."""
FUNCTION = 0.35
"""The share of all articles from which on a word ends no phrase: và, của, những."""
STICKING = 0.3
"""Of the articles that hold a phrase's rarest syllable, how many hold the phrase, at least."""
PART = 0.7
"""A phrase is a fragment of a longer one if so many of its articles hold that one."""

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as articles write it: how many of the result's articles hold it, and how many of all."""

    text: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Held:
    """A phrase's keys, how many of a result's articles hold it, how many of all do, and how much it tells."""

    keys: Keys
    inside: int
    total: int
    worth: float

    @classmethod
    def of(cls, keys: Keys, inside: int, total: int, found: int, articles: int) -> Held:
        """A phrase that `inside` of `found` articles hold, and `total` of all."""
        expected = total * found / articles
        worth = float(inside * np.log(inside / expected) ** 2) if inside > expected else 0.0
        return cls(keys, inside, total, worth)


def about(answer: Answer, most: int = MOST) -> list[Phrase]:
    """The phrases of two to four syllables that set a result apart, the most telling first; `count` is exact.

    A whole collection is not set apart by anything.
    """
    reader, docs = answer.reader, answer.docs_in_order
    if not LEAST <= len(docs) < len(reader):
        return []
    asked = set(_asked(answer))
    matcher = Matcher(reader)
    held = (_held(matcher, keys, docs) for keys in _candidates(reader, answer.docs) if not asked.issuperset(keys))
    shown = telling(held)[:most]
    return [Phrase(uncapital(_written(matcher, one.keys)), one.inside, one.total) for one in shown]


def telling(held: Iterable[Held]) -> list[Held]:
    """Those that tell something, the most telling first, and no fragments of others."""
    found = [one for one in held if one.inside >= LEAST and one.worth > 0]
    found.sort(key=lambda one: (-one.worth, one.keys))
    return list(_whole(found))


def _asked(answer: Answer) -> Iterator[str]:
    """The words that were asked for, in every spelling."""
    for word in tree.words(answer.tree):
        for key in word.keys if isinstance(word, tree.Phrase) else ():
            yield from answer.matcher.spellings("text", key)


def _held(matcher: Matcher, keys: Keys, docs: Docs) -> Held:
    everywhere = by_document(matcher.reader.docs(matcher.phrase(keys)))[0]
    return Held.of(keys, len(intersection([everywhere, docs])), len(everywhere), len(docs), len(matcher.reader))


def _candidates(reader: Reader, docs: Docs) -> list[Keys]:
    """Phrases that many of the first documents hold, and whose syllables are rare and belong together."""
    looked_at = docs[:LOOKED_AT]
    spans = list(zip(reader.starts[looked_at].tolist(), reader.starts[looked_at + 1].tolist(), strict=True))
    row = reader.row
    numbers, counts = row.grams(spans, 1)
    here = np.zeros(len(row.keys), np.int64)
    here[numbers[:, 0]] = counts
    rarity = np.log1p((len(reader) - row.often + 0.5) / (row.often + 0.5))
    function = row.often > FUNCTION * len(reader)
    found: list[tuple[float, Keys]] = []
    for length in LENGTHS:
        numbers, counts = row.grams(spans, length)
        sticking = counts >= np.maximum(LEAST, STICKING * here[numbers].min(axis=1))
        kept = sticking & ~function[numbers[:, 0]] & ~function[numbers[:, -1]]
        numbers, counts = numbers[kept], counts[kept]
        worth = counts * rarity[numbers].mean(axis=1)
        for place in np.argsort(-worth, kind="stable")[:CANDIDATES].tolist():
            found.append((float(worth[place]), tuple(row.keys[number] for number in numbers[place])))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [keys for _, keys in found[:CANDIDATES]]


def _whole(found: Sequence[Held]) -> Iterator[Held]:
    """Those that are not fragments of a longer phrase, nor longer ones that say no more than a shorter one before."""
    kept: list[Held] = []
    for one in found:
        longer = (other for other in found if len(other.keys) > len(one.keys) and _contains(other.keys, one.keys))
        fragment = any(other.inside >= PART * one.inside for other in longer)
        if not fragment and not any(_contains(one.keys, other.keys) for other in kept):
            kept.append(one)
            yield one


def _contains(long: Keys, short: Keys) -> bool:
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def _written(matcher: Matcher, keys: Keys) -> str:
    return matcher.reader.written(matcher.phrase(keys), len(keys), 1)


def uncapital(text: str) -> str:
    """A phrase as an article writes it, without the capital of a sentence's beginning."""
    rest = text[1:]
    return text[0].lower() + rest if rest == rest.lower() else text
