"""Ways of writing one thing: a query's tree → the tree that finds every one of them.

`abbreviations.tsv` has what is also written short, `variants.tsv` what is spelt more than one way. Whoever types one
way of a line means the thing, so words in a row that are one of them are taken as a phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import NamedTuple

from indexer.language.vietnamese import fold, keys
from indexer.query.tree import And, Node, Not, Or, Phrase, Ways

TABLES = ("abbreviations.tsv", "variants.tsv")
MOST_READINGS = 16
"""Ways of writing one phrase that are sought."""
NUMBER = "0"
"""In a table, any number: of `NĐ 0` and `nghị định` the first is only meant where a number follows."""

Keys = tuple[str, ...]
Group = tuple[Keys, ...]
"""The ways of writing one thing."""


@cache
def table(folded: bool = False) -> dict[Keys, Group]:
    """Each way of writing → its group; where `folded`, found by what is typed without marks."""
    found: dict[Keys, Group] = {}
    for line in lines(*TABLES):
        group = tuple(dict.fromkeys(tuple(keys(way)) for way in line))
        for way in group:
            found.setdefault(tuple(map(fold, way)) if folded else way, group)
    return found


def lines(*tables: str) -> Iterator[list[str]]:
    """The groups of tables beside this module, as written there: a group a line, parted by tabs."""
    for name in tables:
        for line in files(__package__).joinpath(name).read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")


def expand(node: Node, opened: bool = False) -> Node:
    """The tree with everything that has several ways of writing in all of them; `opened` as for Matcher."""
    match node:
        case Phrase(field="text" | "title"):
            return _either(node, _written(node.keys, opened))
        case Not():
            return Not(expand(node.part, opened))
        case Or():
            return Or(tuple(expand(part, opened) for part in node.parts))
        case And():
            parts = tuple(_row(node.parts, opened))
            return parts[0] if len(parts) == 1 else And(parts)
        case _:
            return node


def _either(typed: Phrase, ways: Iterable[Keys]) -> Phrase | Ways:
    others = tuple(Phrase(way, typed.field, " ".join(way)) for way in ways if way != typed.keys)
    return Ways((typed, *others)) if others else typed


def _row(parts: Sequence[Node], opened: bool) -> Iterator[Node]:
    """Single words in a row that are a way of writing become that one thing."""
    place = 0
    while place < len(parts):
        row = _words(parts[place:])
        size, group, numbered = _longest(row, opened)
        if group:
            source = " ".join(map(str, parts[place : place + size]))
            typed = Phrase(row[: size + numbered], "text", source)
            yield _either(typed, (_with_number(way, row[size:]) for way in group))
        else:
            yield expand(parts[place], opened)
        place += max(size, 1)


def _words(parts: Sequence[Node]) -> Keys:
    """The words of title and text that parts begin with, as far as a way of writing may reach."""
    found: list[str] = []
    for part in parts[: _most_keys() + 1]:
        if not (isinstance(part, Phrase) and part.field == "text" and len(part.keys) == 1):
            break
        found.append(part.keys[0])
    return tuple(found)


def _written(row: Keys, opened: bool) -> Iterable[Keys]:
    """A phrase in every way, at most MOST_READINGS, the typed one first."""
    steps: list[Group] = []
    place = 0
    while place < len(row):
        size, group, _ = _longest(row[place:], opened)
        typed = row[place : place + max(size, 1)]
        others = (_with_number(way, ()) for way in group)
        steps.append((typed, *(way for way in others if way != typed)))
        place += max(size, 1)
    ways = (tuple(key for step in way for key in step) for way in product(*steps))
    return dict.fromkeys(islice(ways, MOST_READINGS))


class _Found(NamedTuple):
    """A way of writing that a row begins with: its length, its line's ways, and whether it needs the number behind."""

    size: int
    group: Group
    numbered: bool


def _longest(row: Keys, opened: bool) -> _Found:
    """The longest way of writing that a row begins with; of size 0 where there is none.

    A way that needs a number is only there where one follows; the number is not counted. What is written without marks
    in a table means its line, also where no mark was typed.
    """
    tables = (table(), table(folded=True)) if opened else (table(),)
    for size in range(min(len(row), _most_keys()), 0, -1):
        typed, number = row[:size], len(row) > size and row[size][0].isdigit()
        for known, numbered in product(tables, (True, False) if number else (False,)):
            if group := known.get((*typed, NUMBER) if numbered else typed):
                return _Found(size, tuple(way for way in group if number or way[-1] != NUMBER), numbered)
    return _Found(0, (), False)


def _with_number(way: Keys, number: Keys) -> Keys:
    """A way with the number that follows it in place of the table's, or without one."""
    return (*way[:-1], *number[:1]) if way[-1] == NUMBER else way


@cache
def _most_keys() -> int:
    return max(map(len, table()))
