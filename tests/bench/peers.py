"""What others make of the same articles: SQLite FTS5, tantivy, and Whoosh's own searcher with its StandardAnalyzer.

Each as its documentation sets it up, over title and text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from whoosh import fields, index
from whoosh.analysis.analyzers import StandardAnalyzer
from whoosh.qparser.default import MultifieldParser
from whoosh.qparser.syntax import AndGroup, OrGroup

from tests.bench.fts5 import TOP, Fts5

Best = Callable[[str], list[int]]
"""A query → the ids of the first ten of what has any of its words, which ranks best with all three."""
Counted = Callable[[str], tuple[int, list[int]]]
"""A query → how many articles have all of its words, and the ids of the first ten."""
MEMORY = 200_000_000


class Peer(NamedTuple):
    """One of them, and the seconds it took to index."""

    name: str
    seconds: float
    best: Best
    counted: Counted


def peers(folder: Path, records: list[dict[str, Any]]) -> Iterator[Peer]:
    """Those that are installed."""
    for name, made in (("FTS5", _fts5), ("tantivy", _tantivy), ("Whoosh", _whoosh)):
        if name != "tantivy" or find_spec("tantivy"):  # there for `make bench` only
            begun = perf_counter()
            both = made(folder, records)
            yield Peer(name, perf_counter() - begun, *both)


def _fts5(folder: Path, records: list[dict[str, Any]]) -> tuple[Best, Counted]:
    table = Fts5(str(folder / "peers.sqlite"), records, marks="remove_diacritics 2")

    def best(query: str) -> list[int]:
        return table.best(" OR ".join(f'"{word}"' for word in _words(query)))

    def counted(query: str) -> tuple[int, list[int]]:
        match = " ".join(f'"{word}"' for word in _words(query))
        return table.count(match), table.best(match)

    return best, counted


def _tantivy(folder: Path, records: list[dict[str, Any]]) -> tuple[Best, Counted]:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True)
    names = ["title", "text"]
    for name in names:
        builder.add_text_field(name)
    (folder / "tantivy").mkdir()
    made = tantivy.Index(builder.build(), str(folder / "tantivy"))
    writer = made.writer(MEMORY)
    for record in records:
        writer.add_document(tantivy.Document(id=record["id"], title=record["title"], text=record["text"]))
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    searcher = made.searcher()

    def found(query: str, every: bool) -> tuple[int, list[int]]:
        parsed = made.parse_query(" ".join(_words(query)), names, conjunction_by_default=every)
        answer: Any = searcher.search(parsed, TOP, count=True)  # whose count its types do not know
        return answer.count, [int(searcher.doc(address)["id"][0]) for _, address in answer.hits]

    return lambda query: found(query, False)[1], lambda query: found(query, True)


def _whoosh(folder: Path, records: list[dict[str, Any]]) -> tuple[Best, Counted]:
    text = fields.TEXT(analyzer=StandardAnalyzer())
    schema = fields.Schema(id=fields.NUMERIC(stored=True), title=text, text=text)
    (folder / "whoosh").mkdir()
    made = index.create_in(str(folder / "whoosh"), schema)
    writer = made.writer(limitmb=MEMORY // 1_000_000)
    for record in records:
        writer.add_document(id=record["id"], title=record["title"], text=record["text"])
    writer.commit()
    searcher = made.searcher()

    def found(query: str, group: type) -> tuple[int, list[int]]:
        parser = MultifieldParser(["title", "text"], schema, group=group)
        results = searcher.search(parser.parse(" ".join(_words(query))), limit=TOP)
        return len(results), [hit["id"] for hit in results]

    return lambda query: found(query, OrGroup)[1], lambda query: found(query, AndGroup)


def _words(query: str) -> list[str]:
    """Without what any of them takes for an operator."""
    return ["".join(letter for letter in word if letter.isalnum()) for word in query.split()] or ["x"]
