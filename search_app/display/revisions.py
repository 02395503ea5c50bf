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
    words = [[word.rstrip() for word in one] for one in (before, after)]
    for kind, first, last, start, end in SequenceMatcher(None, words[0], words[1]).get_opcodes():
        if kind == "equal":
            yield from _kept(before[first:last], after[start:end])
        else:
            yield Change("old", "".join(before[first:last]))
            yield Change("new", "".join(after[start:end]))


def _kept(before: list[str], after: list[str]) -> Iterator[Change]:
    """Words that both have; where the blanks behind one differ, those alone have changed."""
    same = ""
    for old, new in zip(before, after, strict=True):
        same += old if old == new else old.rstrip()
        if old != new:
            word = len(old.rstrip())
            yield from (Change("same", same), Change("old", old[word:]), Change("new", new[word:]))
            same = ""
    yield Change("same", same)
