"""How a query is taken: as it is typed, or in every marking and every way of writing; and what is said of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from indexer.language.vietnamese import is_marked
from indexer.query.messages import Note
from indexer.query.tree import And, Node, Not, Or, Phrase, Ways, words
from indexer.query.variants import expand

Found = TypeVar("Found", bound=Sized)
"""What an engine has for the documents that match; its length is their number."""
Match = Callable[[Node, bool], Found]
"""What matches a tree; where the second is true, what was typed without marks stands for every marking."""


@dataclass(frozen=True, slots=True)
class Taken(Generic[Found]):
    """What a query was taken for, whether with marks opened up, and what matches it."""

    tree: Node
    opened: bool
    found: Found


def literally(match: Match[Found], tree: Node) -> Taken[Found]:
    """Just as typed."""
    return Taken(tree, False, match(tree, False))


def openly(match: Match[Found], tree: Node) -> Taken[Found]:
    """As a person means it.

    A query without marks finds every marking. A partly marked one is taken exactly, and opened up only if nothing
    matches; a number with a point is a day, and only if nothing matches a decimal.
    """
    taken = _expanded(match, tree, is_unmarked(tree))
    if not len(taken.found) and not taken.opened and not all(map(is_marked, _typed(tree))):
        wider = _expanded(match, tree, True)
        taken = wider if len(wider.found) else taken
    if not len(taken.found) and (decimal := _decimal(tree)) != tree:
        other = openly(match, decimal)
        taken = other if len(other.found) else taken
    return taken


def read_as(typed: Node, tree: Node, found: int, plain: Callable[[], int]) -> Iterator[Note]:
    """What is said where a query was taken for something else than its words, and has another result for that.

    `found` match the tree; `plain` tells how many match what was typed.
    """
    for word in words(typed):
        if isinstance(word, Phrase) and word.keys[0].count("/") == 1 and "." in word.source:
            taken = any(one.keys == word.keys for one in words(tree) if isinstance(one, Phrase))
            yield Note.of("day" if taken else "number", typed=word.source)
            if not taken:
                return
    few = plain() if tree != typed else found
    if found > few:
        yield Note("abbreviations")
    elif found < few and (things := [f"“{one}”" for one in _several(tree)]):
        yield Note.of("one_thing", words=", ".join(things))


def row_of(typed: Node, opened: bool, literal: bool) -> Node | None:
    """The tree of the words of a row side by side; None for anything but two words or more."""
    parts = typed.parts if isinstance(typed, And) else ()
    found = [part for part in parts if isinstance(part, Phrase) and part.field == "text"]
    if len(found) < 2 or len(found) < len(parts):
        return None
    row = Phrase(tuple(key for part in found for key in part.keys), "text")
    return row if literal else expand(row, opened)


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


def is_unmarked(tree: Node) -> bool:
    """Whether words were typed, and none of them with a mark."""
    typed = _typed(tree)
    return bool(typed) and not any(map(is_marked, typed))


def _typed(tree: Node) -> list[str]:
    return [key for word in words(tree) for key in (word.keys if isinstance(word, Phrase) else (word.key,))]


def _expanded(match: Match[Found], tree: Node, opened: bool) -> Taken[Found]:
    expanded = expand(tree, opened)
    return Taken(expanded, opened, match(expanded, opened))


def _decimal(node: Node) -> Node:
    """The tree with numbers that were typed with a point as numbers: `12.5`, not the 12th of May."""
    match node:
        case Phrase(keys=(key,)) if "/" in key and "." in node.source:
            return replace(node, keys=(node.source.strip(" ."),))
        case And() | Or():
            return replace(node, parts=tuple(map(_decimal, node.parts)))
        case Not():
            return Not(_decimal(node.part))
        case _:
            return node
