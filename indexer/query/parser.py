"""A query's text → its tree, in linear time and within limits.

Everything that was typed is either used, refused with a reason (BadQuery), or named in a note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from crawler.characters import nfc
from crawler.errors import BadDate
from crawler.periods import Period, meant_date, parse_period
from indexer.errors import BadQuery
from indexer.language.vietnamese import day_of_year, keys
from indexer.query.lexer import Lexeme, field_of, lexemes
from indexer.query.limits import LIMITS
from indexer.query.messages import Note
from indexer.query.tree import EVERYTHING, OPERATORS, And, Dates, Node, Not, Or, Phrase, Prefix

_MENDS = 2 * LIMITS.prefixes
"""Points of a query that are mended for a suggestion."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """How a query was read: its tree, and in `notes` what had to be mended."""

    tree: Node
    notes: tuple[Note, ...] = ()


def parse(text: str) -> ParsedQuery:
    """Read a query; an empty one is everything. Raises BadQuery, which tells where and, if it can, what would work."""
    try:
        return _read(text)
    except _Refused as error:
        raise BadQuery(error.reason, error.position, _mended(error), **error.values) from None


def phrased(text: str) -> str:
    """A row of words as a phrase; any other query as it is. Raises BadQuery."""
    tree = parse(text).tree
    parts = tree.parts if isinstance(tree, And) else ()
    words = [part.source for part in parts if isinstance(part, Phrase) and part.field == "text"]
    return f'"{" ".join(words)}"' if len(words) == len(parts) > 1 else text


def _read(text: str) -> ParsedQuery:
    if len(text) > LIMITS.length:
        raise _Refused(
            "too_long",
            LIMITS.length,
            text[: LIMITS.length].rpartition(" ")[0],
            length=len(text),
            most=LIMITS.length,
        )
    if not text.strip():
        return ParsedQuery(EVERYTHING)
    text = nfc(text)
    parser = _Parser(text, list(lexemes(text)))
    tree = parser.read()
    if tree == EVERYTHING:
        raise _Refused("no_word")
    notes = tuple(dict.fromkeys(parser.notes))
    return ParsedQuery(tree, (*notes, Note.of("read_as", query=str(tree))) if notes else notes)


class _Refused(BadQuery):
    """`suggestion` is mended in this one point."""


def _mended(error: _Refused) -> str | None:
    """What a refused query becomes when each point it is refused for is mended; None if that leads nowhere."""
    for _ in range(_MENDS):
        if not error.suggestion:
            return None
        try:
            return str(_read(error.suggestion).tree)
        except _Refused as other:
            error = other
    return None


@dataclass
class _Parser:
    text: str
    lexemes: list[Lexeme]
    notes: list[Note] = field(default_factory=list)
    place: int = 0
    depth: int = 0
    words: int = 0
    prefixes: int = 0

    def read(self) -> Node:
        """All of it: a closing bracket without an opening one is passed over."""
        parts: list[Node] = []
        while self.place < len(self.lexemes):
            parts.append(self._either())
            if self._peek("close"):
                self.notes.append(Note("bracket_passed_over"))
                self.place += 1
        return _all(parts)

    def _peek(self, *kinds: str) -> bool:
        return self.place < len(self.lexemes) and self.lexemes[self.place].kind in kinds

    def _either(self) -> Node:
        parts: list[Node] = []
        while True:
            part = self._every()
            if part != EVERYTHING:
                parts.extend(part.parts if isinstance(part, Or) else (part,))
            if not self._peek("OR"):
                break
            self.place += 1
            if part == EVERYTHING or self.place >= len(self.lexemes) or self._peek("close"):
                self.notes.append(Note("or_passed_over"))
        return parts[0] if len(parts) == 1 else Or(tuple(parts)) if parts else EVERYTHING

    def _every(self) -> Node:
        parts: list[Node] = []
        while self.place < len(self.lexemes) and not self._peek("close", "OR"):
            if self._peek("AND"):
                self.place += 1
                if not parts or self.place >= len(self.lexemes) or self._peek("close", *OPERATORS[:2]):
                    self.notes.append(Note("and_passed_over"))
                continue
            part = self._one()
            if part is not None:
                parts.append(part)
        return _all(parts)

    def _one(self) -> Node | None:
        lexeme = self.lexemes[self.place]
        self.place += 1
        if lexeme.kind == "open":
            return self._group(lexeme)
        if lexeme.kind == "minus":
            return self._excluded()
        if lexeme.kind == "NOT":
            return self._negated()
        if lexeme.kind == "field":
            return self._fielded(lexeme)
        return self._leaf(lexeme, "text")

    def _excluded(self) -> Node | None:
        """Minus signs may stand in a row only with something to exclude behind them; of several NOT one counts."""
        while self._peek("NOT", "minus"):
            self.place += 1
            self.notes.append(Note("not_passed_over"))
        if self.place >= len(self.lexemes) or self._peek("close"):
            return None
        part = self._one()
        return None if part is None or part == EVERYTHING else part.part if isinstance(part, Not) else Not(part)

    def _negated(self) -> Node | None:
        """All words behind a NOT, up to the next sign or operator, are one phrase that is left out."""
        row = list(takewhile(lambda lexeme: lexeme.kind == "bare", self.lexemes[self.place :]))
        if len(row) > 1:
            self.place += len(row)
            phrase = Lexeme("quote", " ".join(lexeme.text for lexeme in row), row[0].position)
            self.notes.append(Note("not_phrase"))
            part = self._leaf(phrase, "text")
            return Not(part) if part else None
        part = self._excluded()
        if part is None:
            self.notes.append(Note("not_passed_over"))
        return part

    def _group(self, opening: Lexeme) -> Node:
        self.depth += 1
        if self.depth > LIMITS.nesting:
            flat = self.text.replace("(", " ").replace(")", " ")
            raise _Refused("too_nested", opening.position, flat, most=LIMITS.nesting)
        part = self._either()
        if self._peek("close"):
            self.place += 1
        else:
            self.notes.append(Note("bracket_closed"))
        self.depth -= 1
        return part

    def _fielded(self, name: Lexeme) -> Node | None:
        """A field's value is one word or one phrase; before anything else its name is a plain word."""
        lexeme = self.lexemes[self.place]  # a name is a field only where something follows it
        if lexeme.kind not in ("bare", "quote"):
            return self._leaf(name, "text")
        self.place += 1
        field_name = field_of(name.text)
        return self._dates(lexeme) if field_name == "date" else self._leaf(lexeme, field_name)

    def _leaf(self, lexeme: Lexeme, field_name: str) -> Node | None:
        if not lexeme.closed:
            self.notes.append(Note("quote_closed"))
        found = tuple(keys(lexeme.text))
        words = found[1:] if found[:1] == ("ngày",) else found
        if len(words) == 3 and (day := day_of_year(*words)):
            found = (day,)
        if not found:
            return None
        self.words += len(found)
        if self.words > LIMITS.words:
            fewer = self.text[: lexeme.position]
            raise _Refused("too_many_words", lexeme.position, fewer, most=LIMITS.words)
        if lexeme.kind == "bare" and lexeme.text.endswith("*"):
            return self._prefix(lexeme, found, field_name)
        return Phrase(found, field_name, lexeme.text.strip())

    def _prefix(self, lexeme: Lexeme, found: tuple[str, ...], field_name: str) -> Node:
        typed = lexeme.text.rstrip("*")
        if len(found) > 1 or len(found[0]) < LIMITS.prefix_letters:
            values = {"word": lexeme.text[:40], "least": LIMITS.prefix_letters}
            raise _Refused("bad_prefix", lexeme.position, self._instead(lexeme, typed), **values)
        self.prefixes += 1
        if self.prefixes > LIMITS.prefixes:
            raise _Refused("too_many_prefixes", lexeme.position, self._instead(lexeme, typed), most=LIMITS.prefixes)
        return Prefix(found[0], field_name, typed)

    def _dates(self, lexeme: Lexeme) -> Dates:
        first, dots, last = lexeme.text.partition("..")
        try:
            start = parse_period(first).first if first else date.min
            end = parse_period(last if dots else first).last if last or not dots else date.max
        except BadDate as error:
            raise self._no_date(lexeme) from error
        if not (first or last):
            raise _Refused("no_date", lexeme.position)
        if start > end:
            swapped = self._instead(lexeme, f"{last}..{first}")
            raise _Refused("dates_reversed", lexeme.position, swapped)
        return Dates(Period(start, end))

    def _no_date(self, lexeme: Lexeme) -> _Refused:
        """A day without a year can be sought as a word; of other mistakes something close may be a date."""
        value = lexeme.text[:40]
        named = tuple(keys(lexeme.text))
        if len(named) == 1 and named[0].count("/") == 1:
            word = self._withoutfield_of(lexeme)
            return _Refused("day_without_year", lexeme.position, word, value=value, day=named[0])
        meant = meant_date(lexeme.text)
        return _Refused("bad_date", lexeme.position, meant and self._instead(lexeme, meant), value=value)

    def _withoutfield_of(self, lexeme: Lexeme) -> str:
        """The query with a field's value as a word, its field left out."""
        field_start = max(one.position for one in self.lexemes if one.position < lexeme.position)
        return self.text[:field_start] + self.text[lexeme.position :]

    def _instead(self, lexeme: Lexeme, other: str) -> str:
        """The query with a word exchanged."""
        start = lexeme.position + (lexeme.kind == "quote")
        return self.text[:start] + other + self.text[start + len(lexeme.text) :]


def _all(parts: list[Node]) -> Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))
