"""A query that finds nothing → the one that was probably meant: other marks, one letter off, Telex left as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from indexer.index.match import Matcher
from indexer.index.rank import runs
from indexer.language.vietnamese import fold, keys
from indexer.query.tree import And, Node, Not, Or, Phrase

SURE = 10
"""How many times more often the words of a correction must stand side by side, where every word typed is known."""
RARE = 10
"""How often a row's words may stand side by side and still be doubted."""
MOST_WORDS = 8
"""Words of a query that may be corrected."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TELEX = (
    *(("dd", "đ"), ("uwow", "ươ"), ("uow", "ươ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô")),
    *(("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("w", "ư")),
)
_TYPED = re.compile(r"([a-z]*[aeiouyw][a-z]*?)([sfrxj])([a-z]*)")


def correction(matcher: Matcher, tree: Node, hits: Callable[[Node], int]) -> Node | None:
    """The tree with what was probably meant; None where nothing better is known or `hits` finds nothing for it."""
    words = list(dict.fromkeys(key for run in runs(tree) for key in run if isinstance(key, str)))
    if len(words) > MOST_WORDS:
        return None
    unknown = [word for word in words if not len(matcher.occurrences(word).docs)]
    better = _mended(matcher, tree, unknown) if unknown else _likelier(matcher, tree, words)
    return _spelt(matcher, better, words) if better and hits(better) else None


def is_odd(matcher: Matcher, tree: Node) -> bool:
    """Whether words were typed in a row that hardly anywhere stand side by side."""
    return any(len(matcher.pair(*pair)) <= RARE for run in runs(tree) for pair in pairwise(run))


def telex(word: str) -> str:
    """The key of what letters a to z write on a keyboard in Telex mode: `chuyeenr` → `chuyển`."""
    found = _TYPED.fullmatch(word)
    base, tone = (found[1] + found[3], _TONES[found[2]]) if found else (word, "")
    for typed, letter in _TELEX:
        base = base.replace(typed, letter)
    vowel = max((place for place, letter in enumerate(fold(base)) if letter in "aeiouy"), default=-1)
    (key,) = keys(base[: vowel + 1] + tone + base[vowel + 1 :])
    return key


def _mended(matcher: Matcher, tree: Node, unknown: list[str]) -> Node | None:
    """Each word that is nowhere exchanged for its best candidate; None if one has none."""
    for word in unknown:
        other = _best(matcher, tree, word)
        if other is None:
            return None
        tree = _exchanged(tree, word, other)
    return tree


def _best(matcher: Matcher, tree: Node, word: str) -> str | None:
    """The candidate that stands beside the word's neighbours most often; else the nearest."""
    fallback = None
    for candidates in _candidates(matcher, word):
        often = {other: _evidence(matcher, _exchanged(tree, word, other), other) for other in candidates}
        ranked = sorted(candidates, key=lambda other: (-often[other], -_frequency(matcher, other), other))
        if ranked and often[ranked[0]]:
            return ranked[0]
        fallback = fallback or next(iter(ranked), None)
    return fallback


def _likelier(matcher: Matcher, tree: Node, words: list[str]) -> Node | None:
    """One word with other marks, if then it stands beside its neighbours far more often."""
    best, gain = None, float(SURE)
    for word in words:
        known = _evidence(matcher, tree, word) + 1
        for other in _marked_otherwise(matcher, word):
            changed = _exchanged(tree, word, other)
            if _evidence(matcher, changed, other) / known >= gain:
                best, gain = changed, _evidence(matcher, changed, other) / known
    return best


def _evidence(matcher: Matcher, tree: Node, word: str) -> int:
    """How often a word of the tree stands beside its neighbours there."""
    return sum(len(matcher.pair(*pair)) for run in runs(tree) for pair in pairwise(run) if word in pair)


def _frequency(matcher: Matcher, word: str) -> int:
    return sum(map(matcher.reader.frequency, matcher.spellings("text", word)))


def _candidates(matcher: Matcher, word: str) -> Iterator[list[str]]:
    """Words that occur and may have been meant: those that Telex gives, other marks, one letter's slip."""
    typed = telex(word) if word.isascii() and word.isalpha() else word
    yield [typed] if typed != word and matcher.spellings("text", typed) else []
    yield _marked_otherwise(matcher, word)
    near = [(other, matcher.reader.spellings("text", other)) for other in sorted(_edited(fold(word)))]
    if matcher.opened:
        yield [other for other, found in near if found]
    else:
        yield [other for _, found in near for other in found]


def _marked_otherwise(matcher: Matcher, word: str) -> list[str]:
    return [other for other in matcher.reader.spellings("text", fold(word)) if other != word]


def _edited(word: str) -> set[str]:
    """Everything one slip away: a letter lacking, too many, another, or two exchanged."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    others = {head + letter + tail[size:] for head, tail in cuts for letter in _LETTERS for size in (0, 1)}
    return (dropped | swapped | others) - {word, ""}


def _spelt(matcher: Matcher, node: Node, typed: Sequence[str]) -> Node:
    """The tree with its new words as articles spell them: a key `kỉ` is written kỷ."""
    match node:
        case Phrase(field="text") if not set(node.keys) <= set(typed):
            spelt = (key if key in typed else _written(matcher, key) for key in node.keys)
            return replace(node, source=" ".join(spelt))
        case And() | Or():
            return replace(node, parts=tuple(_spelt(matcher, part, typed) for part in node.parts))
        case _:
            return node


def _written(matcher: Matcher, key: str) -> str:
    written = matcher.reader.written(matcher.places(key), 1).lower()
    return fold(written) if matcher.opened and fold(key) == key else written


def _exchanged(node: Node, word: str, other: str) -> Node:
    match node:
        case Phrase(field="text") if word in node.keys:
            row = tuple(other if key == word else key for key in node.keys)
            return replace(node, keys=row, source=" ".join(row))
        case And() | Or():
            return replace(node, parts=tuple(_exchanged(part, word, other) for part in node.parts))
        case Not():
            return node
        case _:
            return node
