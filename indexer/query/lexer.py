"""A query's text → lexemes: words, phrases, brackets, minus signs, operators and the names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.periods import period_end
from indexer.query.tree import OPERATORS

NAMES = {
    "title": "title",
    "author": "author",
    "tag": "tag",
    "date": "date",
    "tiêu đề": "title",
    "tieu de": "title",
    "tác giả": "author",
    "tac gia": "author",
    "thẻ": "tag",
    "ngày": "date",
    "ngay": "date",
}
"""What a field may be called in a query, in capitals or not."""

_QUOTES = '"“”„‟«»＂'
_LEXEME = re.compile(
    rf"\s+"
    rf"|(?P<open>\()|(?P<close>\))"
    rf"|(?P<minus>-(?=[^\s\-)]))"
    rf"|(?P<field>(?:{'|'.join(NAMES).replace(' ', r'[ ]+')}):)(?=\s*[^\s)])"
    rf"|(?P<quote>[{_QUOTES}])(?P<quoted>[^{_QUOTES}]*)(?P<unquote>[{_QUOTES}]?)"
    rf"|(?P<day>(?:ngày\s+)?(?:0?[1-9]|[12]\d|3[01])\s+tháng\s+(?:0?[1-9]|1[0-2])(?![^\s)]))"
    rf"|(?P<bare>[^\s(){_QUOTES}]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query and where it begins; `kind` is open, close, minus, field, quote, bare or an operator.

    A quote that is not `closed` reaches to the end.
    """

    kind: str
    text: str
    position: int
    closed: bool = True


def lexemes(text: str) -> Iterator[Lexeme]:
    """The lexemes of a query in order; blanks are passed over."""
    before, place = " ", 0
    while found := _LEXEME.match(text, place):
        kind, place = found.lastgroup, found.end()
        if kind in ("unquote", "quoted"):
            yield Lexeme("quote", found["quoted"], found.start(), bool(found["unquote"]))
        elif kind == "minus" and not (before.isspace() or before == "("):
            yield Lexeme("bare", found[0], found.start())
        elif kind == "bare" and found[0] in OPERATORS:
            yield Lexeme(found[0], found[0], found.start())
        elif kind:
            yield Lexeme("bare" if kind == "day" else kind, found[0], found.start())
        if kind == "field" and field_of(found[0]) == "date":
            begin = place + len(text[place:]) - len(text[place:].lstrip())
            if end := period_end(text, begin):
                yield Lexeme("bare", text[begin:end], begin)
                place = end
        before = text[place - 1]


def field_of(name: str) -> str:
    """The field that is called so."""
    return NAMES[" ".join(name.removesuffix(":").casefold().split())]
