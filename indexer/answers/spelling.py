"""A query that finds little → the one that was probably meant.

Other marks, a letter's slip, a consonant heard otherwise, a blank that lacks, Telex or VNI left as typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product

from indexer.answers.known import Known
from indexer.answers.names import Names
from indexer.index.match import Word
from indexer.index.rank import runs
from indexer.language.keyboard import telex, vni
from indexer.language.slips import edited, misheard
from indexer.language.vietnamese import fold, is_marked, is_syllable, keys
from indexer.query.tree import And, Node, Not, Or, Phrase, words

SURE = 10
"""How many times more often the words of a correction must stand side by side, where every word typed is known."""
RARE = 30
"""How often a row's words may stand side by side and still be doubted."""
MOST_WORDS = 8
"""Words of a query that may be corrected."""
EVERYWHERE = 0.2
"""The share of all articles from which on a word says nothing of what a query means."""
TOGETHER = 3
"""How often the parts of a word without its blank stand side by side, at least."""

Row = tuple[str, ...]
"""What stands in for one word: its keys."""


def correction(known: Known, tree: Node, hits: Callable[[Node], int]) -> Node | None:
    """The tree with what was probably meant; None where nothing better is known or `hits` finds nothing for it."""
    typed = _keys(tree)
    if len(typed) > MOST_WORDS:
        return None
    names = _names(tree)
    better = _mended(known, tree if known.matches(tree) else _with_figures(tree), names)
    if better is None:
        return None
    better = _likelier(known, better, names) or better
    if better == tree:
        return None
    # How a word is usually written need not be how it is written beside the others.
    return next((one for one in (_spelt(known, better, typed), better) if hits(one)), None)


def meant(known: Known, tree: Node, total: int, authors: Names, hits: Callable[[Node], int]) -> Node | None:
    """What was probably meant by a query that `total` articles match; None where nothing about it is odd."""
    if names_author(tree, authors) or (total and not is_odd(known, tree)):
        return None
    return correction(known, tree, hits)


def is_odd(known: Known, tree: Node) -> bool:
    """Whether words were typed in a row that hardly anywhere stand side by side."""
    return any(known.together(*pair) <= RARE for run in runs(tree) for pair in pairwise(run))


def names_author(tree: Node, authors: Names) -> bool:
    """Whether words of a row are an author's name, so that they are no slip of others."""
    row = [key for run in runs(tree) for key in run if isinstance(key, str)]
    return any(True for _ in authors.among(row))


def _keys(tree: Node) -> list[str]:
    return list(dict.fromkeys(key for run in runs(tree) for key in run if isinstance(key, str)))


def _names(tree: Node) -> set[str]:
    """The keys of what is written in capitals among other words: BRT is no slip of anything."""
    sources = [word.source for word in words(tree)]
    if all(map(str.isupper, sources)):
        return set()
    return {key for source in sources if source.isupper() and len(source) > 1 for key in keys(source)}


def _with_figures(node: Node) -> Node:
    """The tree with VNI's figures taken for marks."""
    match node:
        case Phrase(field="text"):
            meant = [vni(word) for word in node.source.lower().split()]
            row = tuple(key for word in meant for key in keys(word))
            return node if meant == node.source.lower().split() else replace(node, keys=row, source=" ".join(row))
        case And() | Or():
            return replace(node, parts=tuple(map(_with_figures, node.parts)))
        case _:
            return node


def _mended(known: Known, tree: Node, names: set[str]) -> Node | None:
    """Each word that is nowhere exchanged for its best candidate; None if one has none."""
    for word in [key for key in _keys(tree) if key not in names and not _occurs(known, key)]:
        other = _best(known, tree, word)
        if other is None:
            return None
        tree = _exchanged(tree, word, other)
    return tree


def _best(known: Known, tree: Node, word: str) -> Row | None:
    """The candidate that stands beside the word's neighbours most often; else the nearest."""
    fallback = None
    for candidates in _candidates(known, word):
        _expect(known, [(_exchanged(tree, word, other), other) for other in candidates])
        often = {other: _evidence(known, _exchanged(tree, word, other), other) for other in candidates}
        ranked = sorted(candidates, key=lambda other: (-often[other], -_frequency(known, other), other))
        if ranked and often[ranked[0]]:
            return ranked[0]
        fallback = fallback or next(iter(ranked), None)
    return fallback


def _likelier(known: Known, tree: Node, names: set[str]) -> Node | None:
    """One word exchanged for another like it, if then it stands beside its neighbours far more often."""
    row = [word for word in _keys(tree) if word not in names]
    if all(_frequency(known, (word,)) >= EVERYWHERE * len(known) for word in row):
        return None
    best, gain = None, float(SURE)
    for word in row:
        typed = _evidence(known, tree, (word,)) + 1
        others = sorted({*_marked_otherwise(known, word), *_heard_otherwise(known, word)})
        _expect(known, [(_exchanged(tree, word, (other,)), (other,)) for other in others])
        for other in others:
            changed = _exchanged(tree, word, (other,))
            if _evidence(known, changed, (other,)) / typed >= gain:
                best, gain = changed, _evidence(known, changed, (other,)) / typed
    return best


def _evidence(known: Known, tree: Node, row: Row) -> int:
    """How often what stands in for a word stands beside its neighbours, or its own words side by side."""
    return sum(known.together(*pair) for pair in _beside_of(tree, row))


def _beside_of(tree: Node, row: Row) -> Iterator[tuple[Word, Word]]:
    """The pairs of neighbours that what stands in for a word is part of."""
    return (pair for run in runs(tree) for pair in pairwise(run) if set(row) & set(pair))


def _expect(known: Known, changed: Sequence[tuple[Node, Row]]) -> None:
    """Say which pairs will be asked for, so that an engine far away can look them up at once."""
    known.expect(pair for tree, row in changed for pair in _beside_of(tree, row))


def _occurs(known: Known, key: str) -> bool:
    return any(map(known.frequency, known.spellings(key)))


def _frequency(known: Known, row: Row) -> int:
    return min(sum(map(known.frequency, known.spellings(word))) for word in row)


def _candidates(known: Known, word: str) -> Iterator[list[Row]]:
    """What occurs and may have been meant: what Telex gives, two words, other marks, one letter's slip."""
    typed = telex(word) if word.isascii() and word.isalpha() else word
    forms = {typed, typed.replace("d", "đ", 1)} if typed != word else set()
    yield [(form,) for form in sorted(forms) if known.spellings(form) and _frequency(known, (form,))]
    parted = _parted(known, word)
    yield [parted] if parted else []
    yield [(other,) for other in _marked_otherwise(known, word)]
    near = [(other, known.markings(other)) for other in sorted(edited(fold(word)))]
    if known.opened:
        yield [(other,) for other, found in near if found]
    else:
        yield [(other,) for _, found in near for other in found]


def _parted(known: Known, word: str) -> Row | None:
    """Two words that are written without their blank, as they most often stand side by side."""
    exact, opened = known.taken(opened=False), known.taken(opened=True)
    opened.expect((word[:place], word[place:]) for place in range(1, len(word)))
    best, often = None, TOGETHER - 1
    for place in range(1, len(word)):
        halves = word[:place], word[place:]
        if all(map(is_syllable, halves)) and opened.together(*halves) > often:
            pairs = list(product(opened.spellings(halves[0]), opened.spellings(halves[1])))
            exact.expect(pairs)
            for pair in pairs:
                if exact.together(*pair) > often:
                    best, often = pair, exact.together(*pair)
    return best


def _marked_otherwise(known: Known, word: str) -> list[str]:
    return [other for other in known.markings(fold(word)) if other != word]


def _heard_otherwise(known: Known, word: str) -> list[str]:
    """Words that sound like it somewhere; one that occurs is no foreign word's slip."""
    heard = {key for other in misheard(word) for key in keys(other)}
    return [other for other in sorted(heard) if is_syllable(other) and _frequency(known, (other,))]


def _spelt(known: Known, node: Node, typed: Sequence[str]) -> Node:
    """The tree with its new words as articles spell them: a key `kỉ` is written kỷ.

    Where a new word has marks, the others get the marks they have beside it.
    """
    changed = [key for key in _keys(node) if key not in typed]
    if known.opened and any(map(is_marked, changed)):
        for word in [key for key in _keys(node) if not is_marked(key)]:
            node = _exchanged(node, word, (_beside(known, node, word),))
    return _written_out(known, node, typed)


def _beside(known: Known, tree: Node, word: str) -> str:
    """The marking of a word that stands beside its neighbours most often."""
    exact = known.taken(opened=False)
    others = known.markings(word) or [word]
    _expect(exact, [(_exchanged(tree, word, (other,)), (other,)) for other in others])
    return max(others, key=lambda other: _evidence(exact, _exchanged(tree, word, (other,)), (other,)))


def _written_out(known: Known, node: Node, typed: Sequence[str]) -> Node:
    match node:
        case Phrase(field="text") if not set(node.keys) <= set(typed):
            spelt = (key if key in typed else known.written(key) for key in node.keys)
            return replace(node, source=" ".join(spelt))
        case And() | Or():
            return replace(node, parts=tuple(_written_out(known, part, typed) for part in node.parts))
        case _:
            return node


def _exchanged(node: Node, word: str, other: Row) -> Node:
    match node:
        case Phrase(field="text") if node.keys == (word,) and len(other) > 1:
            return And(tuple(Phrase((key,), "text", key) for key in other))
        case Phrase(field="text") if word in node.keys:
            row = tuple(part for key in node.keys for part in (other if key == word else (key,)))
            return replace(node, keys=row, source=" ".join(row))
        case And():
            parts = [_exchanged(part, word, other) for part in node.parts]
            return And(tuple(one for part in parts for one in (part.parts if isinstance(part, And) else (part,))))
        case Or():
            return Or(tuple(_exchanged(part, word, other) for part in node.parts))
        case Not():
            return node
        case _:
            return node
