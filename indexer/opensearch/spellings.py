"""Which of a text's own words a query's words stand for: what marks hits needs no list of all words there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from indexer.answers.highlight import NO_WORDS, Highlighter
from indexer.language.vietnamese import every_key, fold, is_marked
from indexer.query.tree import Node, Prefix


class TextSpellings:
    """Of some texts' keys those that a query's words stand for."""

    def __init__(self, texts: Sequence[str], opened: bool) -> None:
        self._texts, self._opened = texts, opened

    @cached_property
    def _keys(self) -> set[str]:
        """Only worked out where a word stands for several."""
        return set[str]().union(*map(every_key, self._texts))

    def spellings(self, _: str, key: str, /) -> Sequence[str]:
        """The keys that a typed key stands for; a field's are among them."""
        if not self._opened or is_marked(key):
            return (key,)
        return [own for own in self._keys if fold(own) == key]

    def prefix_keys(self, prefix: Prefix, /) -> Sequence[str]:
        """The keys that a prefix stands for."""
        form = fold if self._opened and not is_marked(prefix.key) else str
        return [own for own in self._keys if form(own).startswith(prefix.key)]


def highlighter(tree: Node, opened: bool, *texts: str, meant: Mapping[str, frozenset[str]] = NO_WORDS) -> Highlighter:
    """A query's words, to be found in these texts; `meant` has the spellings a word is narrowed down to."""
    return Highlighter(TextSpellings(texts, opened), tree, meant)
