"""Words that only say that a question is asked: they mean nothing to a search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from indexer.language.vietnamese import fold, keys
from indexer.query.tree import Node, Phrase

_QUESTIONS = (
    "tại sao, vì sao, làm sao, ra sao, vì đâu, do đâu, bao giờ, khi nào, lúc nào, thế nào, như thế nào, ra thế nào,"
    " là gì, nghĩa là gì, cái gì, làm gì, vì cái gì, ở đâu, từ đâu, đến đâu, bao nhiêu, bao lâu, bao xa, có phải,"
    " phải không, hay không, được không, có nên, liệu có, ai, gì, nào, sao"
)
_PARTICLES = "mấy, đâu, chưa, nhỉ, hả, à, ạ, vậy, thì, là, lại, bị, mà"
"""Questions are full of them; without their marks they are other words."""


@cache
def _known(folded: bool) -> frozenset[tuple[str, ...]]:
    if folded:
        return frozenset(tuple(map(fold, keys(question))) for question in _QUESTIONS.split(","))
    return frozenset(tuple(keys(question)) for question in f"{_QUESTIONS},{_PARTICLES}".split(","))


def without_questions(parts: Sequence[Node], folded: bool = False) -> list[Node]:
    """The parts of a row without question words; all of them where nothing else would be left.

    `folded` takes words without marks for question words as well.
    """
    known, most = _known(folded), max(map(len, _known(folded)))
    kept: list[Node] = []
    place = 0
    while place < len(parts):
        sizes = range(min(most, len(parts) - place), 0, -1)
        size = next((size for size in sizes if _row(parts[place : place + size]) in known), 0)
        if not size:
            kept.append(parts[place])
        place += max(size, 1)
    return kept or list(parts)


def _row(parts: Sequence[Node]) -> tuple[str, ...]:
    """The words of parts that are single words of title and text; nothing where one is not."""
    words = [
        part.keys[0] for part in parts if isinstance(part, Phrase) and part.field == "text" and len(part.keys) == 1
    ]
    return tuple(words) if len(words) == len(parts) else ()
