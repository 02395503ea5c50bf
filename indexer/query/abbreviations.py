"""Abbreviations and what they stand for, both ways: a query's tree → the tree that finds either spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice, product

from indexer.language.vietnamese import fold, keys
from indexer.query.tree import And, Node, Not, Or, Phrase

MOST_READINGS = 16
"""Ways of writing one phrase that are sought."""

Keys = tuple[str, ...]
Group = tuple[Keys, ...]
"""The ways of writing one thing."""


@cache
def table(folded: bool = False) -> dict[Keys, Group]:
    """Each way of writing → its group; where `folded`, found by what is typed without marks."""
    lines = files(__package__).joinpath("abbreviations.tsv").read_text("utf-8").splitlines()
    found: dict[Keys, Group] = {}
    for line in lines:
        if not line.startswith("#"):
            group = tuple(tuple(map(fold, keys(way)) if folded else keys(way)) for way in line.split("\t"))
            for way in group:
                found.setdefault(way, group)
    return found


def expand(node: Node, opened: bool = False) -> Node:
    """The tree with every abbreviation, or what it stands for, in either form; `opened` as for Matcher."""
    match node:
        case Phrase(field="text" | "title"):
            ways = _written(node.keys, opened)
            return _any(Phrase(way, node.field, " ".join(way)) if way != node.keys else node for way in ways)
        case Not():
            return Not(expand(node.part, opened))
        case Or():
            return Or(tuple(expand(part, opened) for part in node.parts))
        case And():
            return And(tuple(_row(node.parts, opened)))
        case _:
            return node


def _row(parts: Sequence[Node], opened: bool) -> Iterator[Node]:
    """Single words in a row that are a way of writing become: all of them, or another way of writing."""
    place = 0
    while place < len(parts):
        row = _words(parts[place:])
        size, group = _longest(row, opened)
        if size > 1:
            others = (Phrase(way, "text", " ".join(way)) for way in group if way != row[:size])
            yield _any([And(tuple(parts[place : place + size])), *others])
        else:
            yield expand(parts[place], opened)
        place += max(size, 1)


def _words(parts: Sequence[Node]) -> Keys:
    """The words of title and text that parts begin with, as far as a way of writing may reach."""
    found: list[str] = []
    for part in parts[: _most_keys()]:
        if not (isinstance(part, Phrase) and part.field == "text" and len(part.keys) == 1):
            break
        found.append(part.keys[0])
    return tuple(found)


def _written(row: Keys, opened: bool) -> Iterable[Keys]:
    """A phrase in every way, at most MOST_READINGS, the typed one first."""
    steps: list[Group] = []
    place = 0
    while place < len(row):
        size, group = _longest(row[place:], opened)
        typed = row[place : place + max(size, 1)]
        steps.append((typed, *(way for way in group if way != typed)))
        place += max(size, 1)
    ways = (tuple(key for step in way for key in step) for way in product(*steps))
    return dict.fromkeys(islice(ways, MOST_READINGS))


def _longest(row: Keys, opened: bool) -> tuple[int, Group]:
    """The longest way of writing that a row begins with, by its length, and its group."""
    known = table(opened)
    for size in range(min(len(row), _most_keys()), 0, -1):
        if row[:size] in known:
            return size, known[row[:size]]
    return 0, ()


@cache
def _most_keys() -> int:
    return max(map(len, table()))


def _any(ways: Iterable[Node]) -> Node:
    nodes = tuple(ways)
    return nodes[0] if len(nodes) == 1 else Or(nodes)
