"""Two revisions of an article, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from crawler.article import Article

_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
"""Words with the blanks behind them: by themselves, blanks would be most of a text and of the work of matching it."""


class Change(NamedTuple):
    """A stretch of text that both have, that only the old has, or only the new."""

    kind: Literal["same", "old", "new"]
    text: str


def difference(old: str, new: str) -> list[Change]:
    """What became of a text: without the new stretches it is `old`, without the old ones `new`."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return [change for change in _changes(before, after) if change.text]


def compared(old: Article, new: Article) -> dict[str, list[Change]]:
    """Title and text of two revisions."""
    return {"title": difference(old.title, new.title), "text": difference(old.text, new.text)}


def _changes(before: list[str], after: list[str]) -> Iterator[Change]:
    # With difflib's autojunk, on by default, a text that repeats itself does not take cubic time.
    for kind, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            yield Change("same", "".join(before[first:last]))
        else:
            yield Change("old", "".join(before[first:last]))
            yield Change("new", "".join(after[start:end]))
