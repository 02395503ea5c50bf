"""A Whoosh analyzer for Vietnamese. Any program's own schema can have it: `TEXT(analyzer=VietnameseAnalyzer())`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

from indexer.language.vietnamese import tokens_of


class VietnameseAnalyzer(Analyzer):
    """Text → Whoosh's tokens, whose text is a word's key (`indexer.language.vietnamese`): one spelling of each.

    Tokens carry positions and characters where asked for. Between two paragraphs, parted by a blank line, a position is
    left out, so that no phrase reaches over it. In an index a date has further keys at its position; a query, whose
    `mode` is "query", has only the first.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **options: Any,
    ) -> Iterator[Token]:
        """One Token over and over, as Whoosh has it: read what is wanted of it before the next."""
        tokens = tokens_of(value)
        token = Token(positions, chars, removestops=removestops, mode=mode, **options)
        token.boost, token.stopped = 1.0, False
        further = {} if mode == "query" else tokens.further
        for place, position in enumerate(tokens.positions):
            for token.text in (tokens.keys[place], *further.get(place, ())):
                token.pos = start_pos + position
                if chars or keeporiginal:
                    start, end = tokens.start(place), tokens.end(place)
                    token.startchar, token.endchar = start_char + start, start_char + end
                    token.__dict__["original"] = value[start:end]
                yield token

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VietnameseAnalyzer)

    def __hash__(self) -> int:
        return hash(VietnameseAnalyzer)

    def __iter__(self) -> Iterator[VietnameseAnalyzer]:
        """Whoosh walks through an analyzer's parts; there is only this."""
        return iter((self,))
