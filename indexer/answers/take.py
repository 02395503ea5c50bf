"""How a query is taken: as it is typed, or in every marking and every way of writing."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from indexer.index.match import Matcher
from indexer.index.places import Docs, intersection
from indexer.index.reader import Reader
from indexer.language.vietnamese import is_marked
from indexer.query.tree import And, Node, Not, Or, Phrase, words
from indexer.query.variants import expand


class Taken(NamedTuple):
    """What a query was taken for, and the documents that match it."""

    matcher: Matcher
    tree: Node
    docs: Docs


def literally(reader: Reader, tree: Node, filtered: Docs) -> Taken:
    """Just as typed."""
    matcher = Matcher(reader)
    return Taken(matcher, tree, intersection([matcher.match(tree), filtered]))


def openly(reader: Reader, tree: Node, filtered: Docs) -> Taken:
    """As a person means it.

    A query without marks finds every marking. A partly marked one is taken exactly, and opened up only if nothing
    matches; a number with a point is a day, and only if nothing matches a decimal.
    """
    taken = _expanded(Matcher(reader, is_unmarked(tree)), tree, filtered)
    if not len(taken.docs) and not taken.matcher.opened and not all(map(is_marked, _typed(tree))):
        wider = _expanded(Matcher(reader, opened=True), tree, filtered)
        taken = wider if len(wider.docs) else taken
    if not len(taken.docs) and (decimal := _decimal(tree)) != tree:
        other = openly(reader, decimal, filtered)
        taken = other if len(other.docs) else taken
    return taken


def is_unmarked(tree: Node) -> bool:
    """Whether words were typed, and none of them with a mark."""
    typed = _typed(tree)
    return bool(typed) and not any(map(is_marked, typed))


def _typed(tree: Node) -> list[str]:
    return [key for word in words(tree) for key in (word.keys if isinstance(word, Phrase) else (word.key,))]


def _expanded(matcher: Matcher, tree: Node, filtered: Docs) -> Taken:
    expanded = expand(tree, matcher.opened)
    return Taken(matcher, expanded, intersection([matcher.match(expanded), filtered]))


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
