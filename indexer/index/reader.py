"""An open generation: where each term stands, as arrays, and each article's facts, ready for many queries at once."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh import index

from crawler.article import Article
from crawler.dates import HANOI
from crawler.reading.doubts import Doubt
from indexer.engines.protocol import Facet
from indexer.errors import IndexDamaged
from indexer.index import generation
from indexer.index.codec import Postings
from indexer.index.facets import Column, coded, month, plainest
from indexer.index.generation import Manifest
from indexer.index.places import NOWHERE, Docs, Places, by_document, merged
from indexer.index.row import Row, frequent
from indexer.index.schema import fingerprint, values
from indexer.index.segments import Segments
from indexer.language.vietnamese import Tokens, fold

Days = npt.NDArray[np.float64]
"""Days of Hanoi's calendar, counted from 1970."""
Weights = npt.NDArray[np.float64]

CACHED_TERMS = 10_000
"""Terms whose places are kept as arrays: eight bytes a place."""

_ATTEMPTS = 5
"""Generations tried before giving up, each swept away while it was being opened."""

WRITTEN_FROM = 2
"""Places looked at for how words are written."""

_DAY, _HANOI_AHEAD = 86_400, HANOI.utcoffset(None).total_seconds()


class Occurrences(NamedTuple):
    """The documents that hold a term and how often, and the same for their titles alone."""

    docs: Docs
    counts: Docs
    titled: Docs
    titled_counts: Docs


class Reader:
    """One generation, opened and verified. Safe to share between threads.

    By document number: `ids`, `published` (seconds since 1970), `archived` (days), `arrived` (the archive's change by
    which it came), `length` (words of title and text),
    `title_length`, `head` (the position at which title and lead end), `authors`, `tags`, `sections`. `starts` is where
    each document begins when all positions are numbered through; `everything` are the documents there are.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.generation = manifest.generation
        self._segments = Segments(path)
        self.size, self._alive = self._segments.size, self._segments.alive
        self.everything: Docs = np.flatnonzero(self._alive)
        self.ids = self._numbers("id")
        self.published = self._numbers("published", np.float64)
        self.archived: Days = (self._numbers("archived", np.float64) + _HANOI_AHEAD) // _DAY
        self.arrived: Docs = self._numbers("arrived")
        self.length, self.head = self._numbers("length"), self._numbers("head")
        self._title_span = self._numbers("title_span")
        self.title_length = np.maximum(self._title_span - 1, 0)
        self.starts: Places = np.concatenate(([0], np.cumsum(self._numbers("span"))))
        self.authors, self.tags = (list(map(values, self._segments.column(name))) for name in ("author", "tag"))
        self.sections: list[str] = self._segments.column("section")
        self._doubts = self._segments.column("doubts")
        self._docs, self._aliases = self._numbered()
        self.mean_length, self.mean_title = self._mean(self.length), self._mean(self.title_length)
        self._places_of = lru_cache(CACHED_TERMS)(self._read_places)
        self._opened_places_of = lru_cache(CACHED_TERMS)(self._merge_places)
        self._opened_labels_of = lru_cache(CACHED_TERMS)(self._label_places)
        self._occurrences_of = lru_cache(CACHED_TERMS)(lambda *term: self.occurring(self.places(*term)))
        self._opened_occurrences_of = lru_cache(CACHED_TERMS)(lambda *term: self.occurring(self.opened_places(*term)))

    @classmethod
    def open(cls, data: Path) -> Reader:
        """Open the newest sound generation. Raises IndexMissing, IndexDamaged."""
        for _ in range(_ATTEMPTS):
            path, manifest = generation.sound_generation(data)
            if manifest.schema != fingerprint():
                raise IndexDamaged("the index was built by another version of this program: run “goc-nhin index”")
            try:
                return cls(path, manifest)
            except (OSError, index.IndexError) as error:
                # Meanwhile two newer generations were published and this one was swept away.
                if path.exists():
                    raise IndexDamaged(f"generation {path.name} cannot be opened: {error}") from error
        raise IndexDamaged(f"the index in {data} changes too fast to be opened: try again")

    def prepare(self) -> None:
        """Work out now what else the first searches would wait for: spellings, facets, the row of all words."""
        _ = self._lexicons, self._facets, self.row

    def close(self) -> None:
        """Let go of the files."""
        self._segments.close()

    def __len__(self) -> int:
        return len(self.everything)

    def article(self, doc: int) -> Article:
        """The article of a document number."""
        return self._segments.article(doc)

    def doc_of(self, number: int) -> int | None:
        """The document of an article's id, or of an id it was known by before."""
        return self._docs.get(self._aliases.get(number, number))

    def doubts(self, doc: int) -> tuple[Doubt, ...]:
        """What is uncertain about the article of a document."""
        return tuple(Doubt(*said) for said in json.loads(self._doubts[doc]))

    def places(self, field: str, key: str) -> Places:
        """Where a key stands in a field; `text` is title and text."""
        return self._places_of(field, key)

    def opened_places(self, field: str, folded: str) -> Places:
        """Where any marking of a folded key stands in a field."""
        return self._opened_places_of(field, folded)

    def opened_labels(self, field: str, folded: str) -> Docs:
        """For each of the `opened_places` which of the `spellings` stands there, by its number."""
        return self._opened_labels_of(field, folded)

    def occurrences(self, field: str, key: str) -> Occurrences:
        """The documents that hold a key in a field, and how often."""
        return self._occurrences_of(field, key)

    def opened_occurrences(self, field: str, folded: str) -> Occurrences:
        """The documents that hold any marking of a folded key in a field, and how often."""
        return self._opened_occurrences_of(field, folded)

    @cached_property
    def row(self) -> Row:
        """The words of all titles and texts by their places."""
        known = frequent(self._frequencies["text"], len(self))
        return Row(int(self.starts[-1]), known, self._placed_words(known))

    def facet_counts(self, name: Facet, docs: Docs) -> list[tuple[str, int]]:
        """How many of the documents each value of a facet has; only those with any. A month is `2021-03`, in Hanoi.

        Values come in their own order.
        """
        values, holders, codes = self._facets[name]
        wanted = np.zeros(self.size, bool)
        wanted[docs] = True
        counts = np.bincount(codes[wanted[holders]], minlength=len(values)).tolist()
        return [(value, count) for value, count in zip(values, counts, strict=True) if count]

    def docs(self, places: Places) -> Docs:
        """The document of each of these places, in their order."""
        docs: Docs = np.searchsorted(self.starts, places, side="right") - 1
        return docs

    def titled(self, places: Places) -> Places:
        """Those of the places that are in a title."""
        docs = self.docs(places)
        within: Places = places[places - self.starts[docs] < self._title_span[docs]]
        return within

    def occurring(self, places: Places) -> Occurrences:
        """What a term's places come to by document."""
        return Occurrences(*by_document(self.docs(places)), *by_document(self.docs(self.titled(places))))

    def spellings(self, field: str, folded: str) -> Sequence[str]:
        """The field's keys that are `folded` without their marks."""
        return self._lexicons[field].get(folded, ())

    def frequency(self, key: str) -> int:
        """Documents whose text holds a key."""
        return self._frequencies["text"].get(key, 0)

    def rarity(self, key: str) -> float:
        """A key's inverse document frequency, BM25's; 0 and more."""
        often = self.frequency(key)
        return math.log1p((len(self) - often + 0.5) / (often + 0.5))

    def written(self, places: Places, length: int, looked_at: int = WRITTEN_FROM) -> str:
        """The words that stand at these places, `length` of them, as they are written at one: the plainest of some."""
        some = places[:: -max(1, len(places) // looked_at)][:looked_at].tolist()
        return min((self._written(place, length) for place in some), key=lambda text: (len(text), _capitals(text)))

    def _written(self, place: int, length: int) -> str:
        (doc,) = self.docs(np.array([place])).tolist()
        article, position = self.article(doc), place - int(self.starts[doc])
        title = int(self._title_span[doc])
        text, position = (article.title, position) if position < title else (article.text, position - title)
        tokens = Tokens(text)
        word = bisect_left(tokens.positions, position)
        if word == len(tokens) or tokens.positions[word] != position:
            raise IndexDamaged(f"document {doc} has no word at position {position}")
        return text[tokens.start(word) : tokens.end(word + length - 1)]

    def beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix`."""
        return sorted({key for part in _parts(field) for key in self._segments.beginning(part, prefix)})

    def folded_beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix` once their marks are off."""
        return [key for folded, keys in self._lexicons[field].items() if folded.startswith(prefix) for key in keys]

    @cached_property
    def _frequencies(self) -> dict[str, dict[str, int]]:
        """Each field's keys, and how many documents hold them; of title and text the one that has more of them."""
        found = self._segments.frequencies()
        title, text = found.pop("title"), found["text"]
        found["text"] = text | {key: max(often, text.get(key, 0)) for key, often in title.items()}
        return found

    @cached_property
    def _lexicons(self) -> dict[str, dict[str, list[str]]]:
        """Each field's keys by what they are without marks."""
        lexicons = {}
        for field, counts in self._frequencies.items():
            lexicon = defaultdict(list)
            for key in sorted(counts):
                lexicon[fold(key)].append(key)
            lexicons[field] = dict(lexicon)
        return lexicons

    @cached_property
    def _facets(self) -> dict[Facet, Column]:
        """Each facet's values, and as two columns which document has which of them."""
        docs = self.everything.tolist()
        months = [(doc, month(self.published[doc])) for doc in docs]
        return {
            "author": coded(plainest((doc, value) for doc in docs for value in self.authors[doc])),
            "tag": coded(plainest((doc, value) for doc in docs for value in self.tags[doc])),
            "section": coded(plainest((doc, self.sections[doc]) for doc in docs)),
            "year": coded((doc, month[:4]) for doc, month in months),
            "month": coded(months),
        }

    def _numbers(self, name: str, of: Any = np.int64) -> Any:
        return np.array([of(value) for value in self._segments.column(name)], of)

    def _numbered(self) -> tuple[dict[int, int], dict[int, int]]:
        """Id → document, and each id that an article was known by before → its own."""
        docs = {int(self.ids[doc]): doc for doc in self.everything.tolist()}
        aliases = self._segments.column("aliases")
        return docs, {alias: number for number, doc in docs.items() for alias in json.loads(aliases[doc])}

    def _mean(self, lengths: Any) -> float:
        return max(1.0, float(lengths[self.everything].mean())) if len(self.everything) else 1.0

    def _read_places(self, field: str, key: str) -> Places:
        parts = _parts(field)
        return merged([self._placed(part, *found) for part in parts for found in self._segments.postings(part, key)])

    def _placed_words(self, wanted: Container[str]) -> Iterator[tuple[str, Places]]:
        for part in _parts("text"):
            for key, base, arrays in self._segments.all_postings(part, wanted):
                yield key, self._placed(part, base, arrays)

    def _placed(self, part: str, base: int, arrays: Postings) -> Places:
        docs = arrays.docs + base
        starts = self.starts[docs] + (self._title_span[docs] if part == "text" else 0)
        alive = np.repeat(self._alive[docs], arrays.counts)
        places: Places = (np.repeat(starts, arrays.counts) + arrays.positions)[alive]
        return places

    def _merge_places(self, field: str, folded: str) -> Places:
        return merged([self.places(field, key) for key in self.spellings(field, folded)])

    def _label_places(self, field: str, folded: str) -> Docs:
        found = [self.places(field, key) for key in self.spellings(field, folded)]
        labels = np.repeat(np.arange(len(found)), [len(places) for places in found])
        return labels[np.argsort(np.concatenate(found), kind="stable")] if found else NOWHERE


def _parts(field: str) -> tuple[str, ...]:
    """The index's fields that a query's field is looked up in."""
    return ("title", "text") if field == "text" else (field,)


def _capitals(text: str) -> int:
    return sum(map(str.isupper, text))
