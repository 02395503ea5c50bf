"""What a result is about: the phrases that set it apart from the whole collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
class _Held:
    """A phrase's keys, the result's documents that hold it, all that do, and how much it tells of the result."""

    keys: Keys
    inside: Docs
    total: int
    worth: float


def about(answer: Answer, most: int = MOST) -> list[Phrase]:
    """The phrases of two to four syllables that set a result apart, the most telling first; `count` is exact.

    A whole collection is not set apart by anything.
    """
    reader, docs = answer.reader, answer.docs_in_order
    if not LEAST <= len(docs) < len(reader):
        return []
    asked = set(_asked(answer))
    matcher = Matcher(reader)
    held = [_held(matcher, keys, docs) for keys in _candidates(reader, answer.docs) if not asked.issuperset(keys)]
    telling = [one for one in held if len(one.inside) >= LEAST and one.worth > 0]
    telling.sort(key=lambda one: (-one.worth, one.keys))
    shown = list(_whole(telling))[:most]
    return [Phrase(_written(matcher, one.keys), len(one.inside), one.total) for one in shown]


def _asked(answer: Answer) -> Iterator[str]:
    """The words that were asked for, in every spelling."""
    for word in tree.words(answer.tree):
        for key in word.keys if isinstance(word, tree.Phrase) else ():
            yield from answer.matcher.spellings("text", key)


def _held(matcher: Matcher, keys: Keys, docs: Docs) -> _Held:
    everywhere = by_document(matcher.reader.docs(matcher.phrase(keys)))[0]
    inside = intersection([everywhere, docs])
    expected = len(everywhere) * len(docs) / len(matcher.reader)
    worth = float(len(inside) * np.log(len(inside) / expected) ** 2) if len(inside) > expected else 0.0
    return _Held(keys, inside, len(everywhere), worth)


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


def _whole(found: Sequence[_Held]) -> Iterator[_Held]:
    """Those that are not fragments of a longer phrase, nor longer ones that say no more than a shorter one before."""
    kept: list[_Held] = []
    for one in found:
        longer = (other for other in found if len(other.keys) > len(one.keys) and _contains(other.keys, one.keys))
        fragment = any(len(other.inside) >= PART * len(one.inside) for other in longer)
        if not fragment and not any(_contains(one.keys, other.keys) for other in kept):
            kept.append(one)
            yield one


def _contains(long: Keys, short: Keys) -> bool:
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def _written(matcher: Matcher, keys: Keys) -> str:
    """As one article writes it; a first letter that alone is a capital stands at the beginning of a sentence."""
    text = matcher.reader.written(matcher.phrase(keys), len(keys), 1)
    rest = text[1:]
    return text[0].lower() + rest if rest == rest.lower() else text
