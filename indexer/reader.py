"""An open generation: Whoosh's postings as arrays, and each article's facts, ready for many queries at once."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from whoosh import index
from whoosh.reading import TermNotFound

from crawler.article import Article
from crawler.dates import HANOI
from indexer import generation
from indexer.errors import IndexDamaged
from indexer.generation import Manifest
from indexer.schema import Facts, fingerprint, read_record
from indexer.vietnamese import fold

Docs = npt.NDArray[np.int64]
"""Document numbers, ascending, each once."""
Weights = npt.NDArray[np.float64]

CACHED_TERMS = 20_000
"""Postings kept decoded: at most about 16 bytes an article and term."""

_NO_DOCS: Docs = np.empty(0, np.int64)
_NO_WEIGHTS: Weights = np.empty(0, np.float64)


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
        self._aliases = {alias: facts["id"] for facts in self.facts if facts for alias in facts["aliases"]}
        self.ids = self._column("id").astype(np.int64)
        self.published = self._column("published_at")
        self.length = self._column("length")
        self.title_length = self._column("title_length")
        self._mean = max(1.0, float(self.length[alive].mean())) if alive else 1.0
        self._title_mean = max(1.0, float(self.title_length[alive].mean())) if alive else 1.0
        self.postings = lru_cache(CACHED_TERMS)(self._postings)

    @classmethod
    def open(cls, data: Path) -> Reader:
        """Open the newest sound generation. Raises IndexMissing, IndexDamaged."""
        path, manifest = generation.sound_generation(data)
        if manifest.schema != fingerprint():
            raise IndexDamaged("the index was built by another version of this program: run “goc-nhin index”")
        return cls(path, manifest)

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
        docs, _ = self.postings("id", str(self._aliases.get(number, number)))
        return int(docs[0]) if len(docs) else None

    def fact(self, doc: int) -> Facts:
        """What is kept in memory of a document."""
        facts = self.facts[doc]
        if facts is None:
            raise IndexDamaged(f"document {doc} was removed")
        return facts

    def years(self, docs: Docs) -> npt.NDArray[np.int64]:
        """The years, in Hanoi, that documents were published in."""
        return self._years[docs]

    def positions(self, field: str, key: str, docs: Docs) -> dict[int, list[int]]:
        """Where a key stands in each of these documents that holds it."""
        found: dict[int, list[int]] = {}
        with self._lock:
            try:
                matcher = self._whoosh.postings(field, key)
            except TermNotFound:
                return found
            for doc in docs.tolist():
                if matcher.is_active():
                    matcher.skip_to(doc)
                if not matcher.is_active():
                    break
                if matcher.id() == doc:
                    found[doc] = matcher.value_as("positions")
        return found

    def spellings(self, field: str, folded: str) -> Sequence[str]:
        """The field's keys that are `folded` without their marks."""
        return self._lexicons[field].get(folded, ())

    def beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix`."""
        with self._lock:
            return [key.decode() for key in self._whoosh.expand_prefix(field, prefix)]

    def folded_beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix` once their marks are off."""
        return [key for folded, keys in self._lexicons[field].items() if folded.startswith(prefix) for key in keys]

    def mean_length(self, field: str) -> float:
        """Syllables an article has on average in its title, or in all; at least 1."""
        return self._title_mean if field == "title" else self._mean

    def has(self, field: str, key: str) -> bool:
        """Whether a key occurs in a field at all."""
        with self._lock:
            return (field, key) in self._whoosh

    @cached_property
    def _lexicons(self) -> dict[str, dict[str, list[str]]]:
        lexicons: dict[str, dict[str, list[str]]] = {}
        with self._lock:
            for field in ("text", "title", "author", "tag"):
                lexicon = defaultdict(list)
                for key in self._whoosh.lexicon(field):
                    lexicon[fold(key.decode())].append(key.decode())
                lexicons[field] = dict(lexicon)
        return lexicons

    @cached_property
    def _years(self) -> npt.NDArray[np.int64]:
        return np.array([_year(moment) for moment in self.published], np.int64)

    def _column(self, name: Literal["id", "published_at", "length", "title_length"]) -> Weights:
        return np.fromiter((facts[name] if facts else 0 for facts in self.facts), np.float64, len(self.facts))

    def _postings(self, field: str, key: str) -> tuple[Docs, Weights]:
        """Documents that hold a key in a field, and how often."""
        with self._lock:
            try:
                matcher = self._whoosh.postings(field, key)
            except TermNotFound:
                return _NO_DOCS, _NO_WEIGHTS
            docs, weights = [], []
            while matcher.is_active():
                docs.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return np.array(docs, np.int64), np.array(weights, np.float64)


def _year(moment: float) -> int:
    return datetime.fromtimestamp(moment, HANOI).year
