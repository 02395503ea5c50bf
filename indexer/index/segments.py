"""A generation's Whoosh index as it is read: its columns, its terms, its documents. Safe to share between threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index

from crawler.article import Article
from indexer.index.codec import Postings, field_postings, term_postings
from indexer.index.schema import LISTS, TEXTS, keys_of, read_article


class Segments:
    """The index in a directory. Document numbers go from 0 to `size`; those of removed documents are not `alive`."""

    def __init__(self, path: Path) -> None:
        self._index = index.open_dir(str(path), readonly=True)
        self._reader = self._index.reader()
        # Whoosh's file handles have one position each.
        self._lock = threading.Lock()
        self.size: int = self._reader.doc_count_all()
        self.alive = np.zeros(self.size, bool)
        self.alive[list(self._reader.all_doc_ids())] = True
        self._columns: dict[str, Any] = {}

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()
        self._index.close()

    def column(self, name: str) -> list[Any]:
        """A column's value for every document, removed ones too."""
        with self._lock:
            return list(self._column(name)) if self.size else []

    def article(self, doc: int) -> Article:
        """The article of a document number."""
        with self._lock:
            found = {name: self._column(name)[doc] for name in (*TEXTS, *LISTS.values(), "rest")}
        return read_article(found)

    def postings(self, field: str, key: str) -> Iterator[tuple[int, Postings]]:
        """A term's postings in each segment that has it, and what to add to their document numbers."""
        for segment, base in self._reader.leaf_readers():
            with self._lock:
                found = term_postings(segment, field, key)
            if found is not None:
                yield base, found

    def all_postings(self, field: str, wanted: Container[str]) -> Iterator[tuple[str, int, Postings]]:
        """The wanted terms' postings in each segment, and what to add to their document numbers."""
        for segment, base in self._reader.leaf_readers():
            if not segment.doc_count_all():
                continue  # Whoosh's reader of nothing has no terms
            with self._lock:
                for key, found in field_postings(segment, field, wanted):
                    yield key, base, found

    def beginning(self, field: str, prefix: str) -> list[str]:
        """The field's keys that begin with `prefix`."""
        with self._lock:
            return [key.decode() for key in self._reader.expand_prefix(field, prefix)]

    def frequencies(self) -> dict[str, dict[str, int]]:
        """Each field's keys, and how many documents hold them."""
        found: dict[str, Counter[str]] = {}
        with self._lock:
            for field in ("title", "text", *LISTS.values()):
                counts: Counter[str] = Counter()
                for segment, _ in self._reader.leaf_readers():
                    for key, info in segment.iter_field(field):
                        counts[key.decode()] += info.doc_frequency()
                found[field] = counts
        for doc in np.flatnonzero(~self.alive).tolist():
            for field, keys in keys_of(self.article(doc)).items():
                found[field].subtract(keys)
        return {field: {key: often for key, often in counts.items() if often} for field, counts in found.items()}

    def _column(self, name: str) -> Any:
        if name not in self._columns:
            self._columns[name] = self._reader.column_reader(name)
        return self._columns[name]
