"""An open generation: where each term stands, as arrays, and each article's facts, ready for many queries at once."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh import index
from whoosh.reading import TermNotFound

from crawler.article import Article
from crawler.dates import HANOI
from crawler.reading.doubts import Doubt
from indexer import generation
from indexer.errors import IndexDamaged
from indexer.facets import Column, Facet, coded, month, plainest
from indexer.generation import Manifest
from indexer.schema import Facts, fingerprint, keys_of, read_record
from indexer.vietnamese import Tokens, fold

Docs = npt.NDArray[np.int64]
"""Document numbers, ascending, each once."""
Days = npt.NDArray[np.float64]
"""Days of Hanoi's calendar, counted from 1970."""
Weights = npt.NDArray[np.float64]

CACHED_TERMS = 10_000
"""Terms whose places are kept as arrays: eight bytes a place."""

_ATTEMPTS = 5
"""Generations tried before giving up, each swept away while it was being opened."""

WRITTEN_FROM = 3
"""Places looked at for how words are written."""

Places = npt.NDArray[np.int64]
"""Where a term stands in the collection, ascending: all documents' positions numbered through (`Reader.starts`)."""

_DAY, _HANOI_AHEAD = 86_400, HANOI.utcoffset(None).total_seconds()
_NOWHERE: Places = np.empty(0, np.int64)


class Occurrences(NamedTuple):
    """The documents that hold a term and how often, and the same for their titles alone."""

    docs: Docs
    counts: Docs
    titled: Docs
    titled_counts: Docs


class Reader:
    """One generation, opened and verified. Safe to share between threads."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._index = index.open_dir(str(path), readonly=True)
        self._whoosh = self._index.reader()  # type: ignore[no-untyped-call]
        # Whoosh's file handles have one position each.
        self._lock = threading.Lock()
        size = self._whoosh.doc_count_all()
        self.facts: list[Facts | None] = [None] * size
        for number, stored in self._whoosh.iter_docs():
            self.facts[number] = stored["facts"]
        alive = [number for number, facts in enumerate(self.facts) if facts]
        self.everything: Docs = np.array(alive, np.int64)
        self._alive = np.array([facts is not None for facts in self.facts], bool)
        self._aliases = {alias: facts["id"] for facts in self.facts if facts for alias in facts["aliases"]}
        self._docs = {facts["id"]: doc for doc, facts in enumerate(self.facts) if facts}
        self.ids = self._column("id")
        self.published = self._column("published_at", np.float64)
        self.archived: Days = (self._column("archived_at", np.float64) + _HANOI_AHEAD) // _DAY
        self.length = self._column("length")
        self.title, self.head = self._column("title"), self._column("head")
        self.starts: Places = np.concatenate(([0], np.cumsum(self._column("span"))))
        self.mean_length = max(1.0, float(self.length[alive].mean())) if alive else 1.0
        self.mean_title = max(1.0, float(self.title[alive].mean())) if alive else 1.0
        self.places = lru_cache(CACHED_TERMS)(self._places)
        self.opened_places = lru_cache(CACHED_TERMS)(self._opened_places)
        self.occurrences = lru_cache(CACHED_TERMS)(lambda field, key: self.occurring(self.places(field, key)))
        self.opened_occurrences = lru_cache(CACHED_TERMS)(
            lambda field, folded: self.occurring(self.opened_places(field, folded))
        )

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
        """Work out now what else the first searches would wait for: spellings and facets."""
        _ = self._lexicons, self._facets

    def close(self) -> None:
        """Let go of the files."""
        self._whoosh.close()
        self._index.close()  # type: ignore[no-untyped-call]

    def __len__(self) -> int:
        return len(self.everything)

    def article(self, doc: int) -> Article:
        """The article of a document number."""
        with self._lock:
            return read_record(self._whoosh.stored_fields(doc)["record"])

    def doc_of(self, number: int) -> int | None:
        """The document of an article's id, or of an id it was known by before."""
        return self._docs.get(self._aliases.get(number, number))

    def fact(self, doc: int) -> Facts:
        """What is kept in memory of a document."""
        facts = self.facts[doc]
        if facts is None:
            raise IndexDamaged(f"document {doc} was removed")
        return facts

    def doubts(self, doc: int) -> tuple[Doubt, ...]:
        """What is uncertain about the article of a document."""
        return tuple(Doubt(*said) for said in self.fact(doc)["doubts"])

    def counted(self, name: Facet, docs: Docs) -> list[tuple[str, int]]:
        """How many of the documents each value of a facet has; only those with any. A month is `2021-03`, in Hanoi.

        Values come in their own order.
        """
        values, holders, codes = self._facets[name]
        wanted = np.zeros(len(self.facts), bool)
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
        within: Places = places[places - self.starts[docs] < self.title[docs]]
        return within

    def occurring(self, places: Places) -> Occurrences:
        """What a term's places come to by document."""
        return Occurrences(*counted(self.docs(places)), *counted(self.docs(self.titled(places))))

    def spellings(self, field: str, folded: str) -> Sequence[str]:
        """The field's keys that are `folded` without their marks."""
        return self._lexicons[field].get(folded, ())

    def frequency(self, key: str) -> int:
        """Documents whose text holds a key."""
        return self._frequencies["text"].get(key, 0)

    def rarity(self, key: str) -> float:
        """A key's inverse document frequency, BM25's; 0 and more."""
        often = self.frequency(key)
        return float(np.log1p((len(self) - often + 0.5) / (often + 0.5)))

    def written(self, places: Places, length: int) -> str:
        """The words that stand at these places, `length` of them, as they are written at one: the plainest of some."""
        some = places[:: max(1, len(places) // WRITTEN_FROM)][:WRITTEN_FROM].tolist()
        return min((self._written(place, length) for place in some), key=lambda text: (len(text), _capitals(text)))

    def _written(self, place: int, length: int) -> str:
        (doc,) = self.docs(np.array([place])).tolist()
        article = self.article(doc)
        position = place - int(self.starts[doc])
        for part in (article.title, *article.text.split("\n\n")):
            tokens = Tokens(part)
            if position < len(tokens):
                return part[tokens.start(position) : tokens.end(position + length - 1)]
            position -= max(1, len(tokens)) + 1
        raise IndexDamaged(f"document {doc} does not reach to position {position}")

    def beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix`."""
        with self._lock:
            return [key.decode() for key in self._whoosh.expand_prefix(field, prefix)]

    def folded_beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix` once their marks are off."""
        return [key for folded, keys in self._lexicons[field].items() if folded.startswith(prefix) for key in keys]

    @cached_property
    def _frequencies(self) -> dict[str, dict[str, int]]:
        """Each field's keys and how many documents hold them."""
        found: dict[str, Counter[str]] = {}
        with self._lock:
            for field in ("text", "author", "tag"):
                counts: Counter[str] = Counter()
                for reader, _ in self._whoosh.leaf_readers():
                    for key, info in reader.iter_field(field):
                        counts[key.decode()] += info.doc_frequency()
                found[field] = counts
        for doc in np.flatnonzero(~self._alive).tolist():
            for field, keys in keys_of(self.article(doc)).items():
                found[field].subtract(keys)
        return {field: {key: often for key, often in counts.items() if often} for field, counts in found.items()}

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
        months = [(doc, month(self.published[doc])) for doc in self.everything.tolist()]
        facts = [(doc, self.fact(doc)) for doc in self.everything.tolist()]
        return {
            "author": coded(plainest((doc, value) for doc, fact in facts for value in fact["authors"])),
            "tag": coded(plainest((doc, value) for doc, fact in facts for value in fact["tags"])),
            "section": coded(plainest((doc, fact["section"]) for doc, fact in facts)),
            "year": coded((doc, month[:4]) for doc, month in months),
            "month": coded(months),
        }

    def _column(
        self, name: Literal["id", "published_at", "archived_at", "length", "title", "head", "span"], of: Any = np.int64
    ) -> Any:
        return np.fromiter((facts[name] if facts else 0 for facts in self.facts), of, len(self.facts))

    def _places(self, field: str, key: str) -> Places:
        """Where a key stands in a field."""
        found = []
        for reader, base in self._whoosh.leaf_readers():
            with self._lock:
                try:
                    matcher = reader.postings(field, key)
                except TermNotFound:
                    continue
            # Whoosh wraps the matcher of a segment that has lost documents.
            arrays = getattr(matcher, "child", matcher).arrays
            starts = np.repeat(self.starts[arrays.docs + base], arrays.counts)
            alive = np.repeat(self._alive[arrays.docs + base], arrays.counts)
            found.append((starts + arrays.positions)[alive])
        return np.concatenate(found) if found else _NOWHERE

    def _opened_places(self, field: str, folded: str) -> Places:
        """Where any marking of a folded key stands in a field."""
        return merged([self.places(field, key) for key in self.spellings(field, folded)])


def merged(found: Sequence[Places]) -> Places:
    """The places of all, in order; no two of them share one."""
    if len(found) == 1:
        return found[0]
    return np.sort(np.concatenate(found), kind="stable") if found else _NOWHERE


def _capitals(text: str) -> int:
    return sum(map(str.isupper, text))


def counted(docs: Docs) -> tuple[Docs, Docs]:
    """Ascending documents, each once, and how often each was there."""
    first = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1]))[: len(docs)])
    return docs[first], np.diff(first, append=len(docs))
