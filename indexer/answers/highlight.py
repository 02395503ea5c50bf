"""Where a query's words stand in an article's own text, and the passages worth showing. The text is never altered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

from indexer.engines.protocol import Piece
from indexer.index.match import Matcher
from indexer.index.rank import runs
from indexer.index.readings import Spelled, read
from indexer.language.vietnamese import Tokens
from indexer.query.tree import Node, Prefix, words

PASSAGE = 220
"""Characters of a passage, about."""
PASSAGES = 2

NEAR = 60
"""Characters a passage may be longer to begin with a sentence."""

NO_WORDS: Mapping[str, frozenset[str]] = MappingProxyType({})
_SENTENCE_END = re.compile(r"[.!?…][”\")]*\s+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text that matches the query's `word`th word or phrase."""

    start: int
    end: int
    word: int


class Spellings(Protocol):
    """Which keys a query's words stand for."""

    def spellings(self, field: str, key: str, /) -> Sequence[str]:
        """The keys that a typed key stands for."""

    def prefix_keys(self, prefix: Prefix, /) -> Sequence[str]:
        """The keys that a prefix stands for."""


class Highlighter:
    """One query's words, to be found in many texts; `meant` has the spellings a word is narrowed down to."""

    def __init__(self, spellings: Spellings, tree: Node, meant: Mapping[str, frozenset[str]] = NO_WORDS) -> None:
        self._rows: dict[str, list[tuple[int, list[frozenset[str]]]]] = {}
        for number, word in enumerate(words(tree)):
            steps = (
                [frozenset(spellings.prefix_keys(word))]
                if isinstance(word, Prefix)
                else [meant.get(key) or frozenset(spellings.spellings(word.field, key)) for key in word.keys]
            )
            for key in steps[0]:
                self._rows.setdefault(key, []).append((number, steps))
        keys = (key for rows in self._rows.values() for _, steps in rows for step in steps for key in step)
        self._dated = any(key[0].isdigit() for key in keys)

    def hits(self, text: str) -> list[Hit]:
        """Every hit in order; overlapping ones are joined."""
        rows = self._rows
        if not rows:
            return []
        tokens = Tokens(text)
        found: list[Hit] = []
        # Only a date has further keys; most queries have none, and then there is no need to look for dates.
        dated = tokens.further if self._dated else {}
        for place in [place for place, key in enumerate(tokens.keys) if key in rows or place in dated]:
            at = (tokens.keys[place], *dated.get(place, ()))
            for number, steps in (row for key in at for row in rows.get(key, ())):
                if _stands(tokens, place, steps):
                    hit = Hit(tokens.start(place), tokens.end(place + len(steps) - 1), number)
                    if found and hit.start < found[-1].end:
                        found[-1] = Hit(found[-1].start, max(hit.end, found[-1].end), found[-1].word)
                    else:
                        found.append(hit)
        return found

    def whole(self, text: str) -> list[Piece]:
        """All of the text in pieces."""
        return _pieces(text, 0, len(text), self.hits(text))

    def passages(self, text: str) -> list[list[Piece]]:
        """The passages with the most different words, in the text's order; its beginning where there is no hit."""
        hits = self.hits(text)
        if not hits:
            return [_pieces(text, 0, _end(text, 0, PASSAGE), [])] if text else []
        spans: list[tuple[int, int]] = []
        starts = [hit.start for hit in hits]
        begun = [hits[place : _until(starts, place)] for place in range(len(hits))]
        for within in sorted(begun, key=_worth, reverse=True):
            start, end = _around(text, within)
            if all(end <= other[0] or start >= other[1] for other in spans):
                spans.append((start, end))
            if len(spans) == PASSAGES:
                break
        return [_pieces(text, start, end, hits) for start, end in sorted(spans)]


def highlighter(matcher: Matcher, tree: Node) -> Highlighter:
    """A query's words as the index knows them; of those typed without marks the spellings that take part."""
    return Highlighter(matcher, tree, narrowed(matcher, tree) if matcher.opened else NO_WORDS)


def narrowed(known: Spelled, tree: Node) -> dict[str, frozenset[str]]:
    """For each word typed without marks the spellings that take part in what was meant: `he` of `via he` is no hệ."""
    found: dict[str, frozenset[str]] = {}
    for row in runs(tree):
        for word, spellings in zip(row, read(known, row).spellings, strict=True):
            if isinstance(word, str):
                found[word] = found.get(word, frozenset()) | spellings
    return found


def _stands(tokens: Tokens, place: int, steps: Sequence[frozenset[str]]) -> bool:
    """Whether a phrase begins at a token; as in the index, none reaches over a paragraph's end."""
    if len(steps) == 1:
        return True
    if place + len(steps) > len(tokens):
        return False
    if not all(keys.intersection(tokens.at(place + step)) for step, keys in enumerate(steps)):
        return False
    return tokens.positions[place + len(steps) - 1] == tokens.positions[place] + len(steps) - 1


def _until(starts: Sequence[int], place: int) -> int:
    """The first hit that is beyond the passage which begins with the hit at this place."""
    return max(bisect_left(starts, starts[place] + PASSAGE, place), place + 1)


def _worth(within: Sequence[Hit]) -> tuple[int, int, int]:
    """How a passage is ranked by its hits: different words, then words next to each other, then the earlier one."""
    nearness = sum(later.start - sooner.end <= 3 for sooner, later in pairwise(within))
    return len({hit.word for hit in within}), nearness, -within[0].start


def _around(text: str, within: Sequence[Hit]) -> tuple[int, int]:
    """A passage with its hits in the middle, within the paragraph of the first."""
    first = within[0]
    last = max((hit.end for hit in within if hit.end <= first.start + PASSAGE), default=first.end)
    room = max(0, PASSAGE - (last - first.start)) // 2
    paragraph = text.rfind("\n\n", 0, first.start)
    least = paragraph + 2 if paragraph >= 0 else 0
    return _start(text, least, first.start, room), _end(
        text, max(first.end, min(last, _paragraph_end(text, first.end))), room
    )


def _start(text: str, least: int, place: int, room: int) -> int:
    """Where a passage begins that leads up to `place`: with its sentence if that is near, else with a word."""
    if place - room <= least:
        return least
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, max(least, place - room - NEAR), place)]
    if sentences:
        return sentences[0]
    blank = text.find(" ", place - room, place)
    return blank + 1 if blank >= 0 else place


def _paragraph_end(text: str, place: int) -> int:
    end = text.find("\n\n", place)
    return end if end >= 0 else len(text)


def _end(text: str, place: int, room: int) -> int:
    """Where a passage ends that may go on for `room` characters: its paragraph's end, or the last blank before."""
    end = _paragraph_end(text, place)
    if end <= place + room:
        return end
    blank = text.rfind(" ", place, place + room)
    return blank if blank >= 0 else place + room if place == 0 else place


def _pieces(text: str, start: int, end: int, hits: Sequence[Hit]) -> list[Piece]:
    pieces: list[Piece] = []
    place = start
    for hit in hits:
        if hit.start < place or hit.end > end:
            continue
        if pieces and not text[place : hit.start].strip(" "):
            pieces[-1] = (pieces[-1][0] + text[place : hit.end], True)
        else:
            pieces += [(text[place : hit.start], False), (text[hit.start : hit.end], True)]
        place = hit.end
    return [piece for piece in [*pieces, (text[place:end], False)] if piece[0]]
