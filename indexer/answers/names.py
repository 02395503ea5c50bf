"""Authors and tags as people type them: without marks, the other way round, by the last two words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from indexer.engines.protocol import Name
from indexer.index.reader import Reader
from indexer.language.vietnamese import fold, is_marked, keys
from indexer.query.messages import Note
from indexer.query.parameters import SearchRequest

Keys = tuple[str, ...]
LEAST_WORDS, MOST_WORDS = 2, 5
"""Words of a name that is looked for among other words."""
ALIKE = 0.75
"""How alike two names are of which one is called the nearest, as difflib measures it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the stretch of words that named it."""

    name: str
    start: int
    end: int


class Names:
    """The authors or tags of an index, and how many articles each has."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    @cached_property
    def _forms(self) -> dict[Keys, list[tuple[Keys, str]]]:
        """What a name may be typed as, without marks → its own keys in that order, and the name."""
        found: dict[Keys, list[tuple[Keys, str]]] = {}
        for name in sorted(self.counts, key=lambda name: (-self.counts[name], name)):
            own = tuple(keys(name))
            forms = [own, own[::-1], own[-2:]] if len(own) > 1 else [own]
            for form in dict.fromkeys(forms):
                found.setdefault(tuple(map(fold, form)), []).append((form, name))
        return found

    def typed(self, words: Sequence[str]) -> str | None:
        """The name that all of these keys are; of several the one with most articles. Marks may lack."""
        for form, name in self._forms.get(tuple(map(fold, words)), ()):
            if all(word == own or not is_marked(word) for word, own in zip(words, form, strict=True)):
                return name
        return None

    def among(self, words: Sequence[str]) -> Iterator[Named]:
        """Names of two words or more among others, the longest first."""
        for size in range(min(MOST_WORDS, len(words)), LEAST_WORDS - 1, -1):
            for start in range(len(words) - size + 1):
                if name := self.typed(words[start : start + size]):
                    yield Named(name, start, start + size)

    def begun(self, words: Sequence[str]) -> list[tuple[str, int]]:
        """Names in which words of these begin, one after the other, and their counts; those with most articles first.

        Words without any mark stand for every marking.
        """
        typed = f" {' '.join(words)}"
        spelt = self._spelt[not any(map(is_marked, words))]
        return [(name, self.counts[name]) for name, own in spelt if typed in own]

    @cached_property
    def _spelt(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Each name, the one with most articles first, with its keys behind blanks: as they are, and without marks."""
        ordered = sorted(self.counts, key=lambda name: (-self.counts[name], name))
        marked = [(name, f" {' '.join(keys(name))}") for name in ordered]
        return marked, [(name, fold(own)) for name, own in marked]

    def has(self, name: str) -> bool:
        """Whether anybody has this name, spelling and capitals aside."""
        return tuple(keys(name)) in self._own

    @cached_property
    def _own(self) -> set[Keys]:
        return {tuple(keys(name)) for name in self.counts}

    def unmarked(self, name: str) -> list[str]:
        """The names that are this one without its marks."""
        wanted = tuple(map(fold, keys(name)))
        return [other for other in self.counts if tuple(map(fold, keys(other))) == wanted]

    def nearest(self, name: str) -> str | None:
        """The name most like one that nobody has; None where none is alike."""
        plain = {" ".join(map(fold, keys(other))): other for other in self.counts}
        found = difflib.get_close_matches(" ".join(map(fold, keys(name))), plain, 1, ALIKE)
        return plain[found[0]] if found else None

    def meant(self, given: Iterable[str]) -> set[Keys]:
        """The keys of the names given; of one that nobody has, those of the names that are the same without marks."""
        found = (name for one in given for name in ([one] if self.has(one) else self.unmarked(one)))
        return {own for name in found if (own := tuple(keys(name)))}

    def note(self, typed: str) -> Note | None:
        """What is said of a name that nobody has: whose it is without marks, else the nearest there is."""
        name = typed.removeprefix("-")
        if self.has(name):
            return None
        if found := self.unmarked(name):
            return Note.of("name_unmarked", typed=name, found=", ".join(found))
        nearest = self.nearest(name)
        return Note.of("name_unknown", typed=name, nearest=nearest) if nearest else None


def notes_on(request: SearchRequest, known: Callable[[Name], Names]) -> Iterator[Note]:
    """What is to be known of the names that a request filters by."""
    asked: tuple[tuple[Name, tuple[str, ...]], ...] = (("author", request.authors), ("tag", request.tags))
    for kind, given in asked:
        yield from (note for name in given if (note := known(kind).note(name)))


def parted(given: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of a filter's values what is wanted, and what is left out."""
    values = list(given)
    return [one for one in values if one[0] != "-"], [one[1:] for one in values if one[0] == "-"]


_KNOWN: WeakKeyDictionary[Reader, dict[Name, Names]] = WeakKeyDictionary()


def names(reader: Reader, field: Name) -> Names:
    """The authors or tags of an index, worked out once."""
    known = _KNOWN.setdefault(reader, {})
    if field not in known:
        known[field] = Names(dict(reader.facet_counts(field, reader.everything)))
    return known[field]
