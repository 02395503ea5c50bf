"""The order of results, as others make it of the same articles: FTS5, tantivy, Whoosh with its StandardAnalyzer.

Each as its documentation sets it up, any of a query's words being enough, since that ranks best with all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from whoosh import fields, index
from whoosh.analysis.analyzers import StandardAnalyzer
from whoosh.qparser.default import MultifieldParser
from whoosh.qparser.syntax import OrGroup

from tests.bench.fts5 import TOP, Fts5

Best = Callable[[str], list[int]]
"""A query → the ids of the first ten."""
MEMORY = 200_000_000


def peers(folder: Path, articles: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Best]]:
    """Each by its name."""
    records = list(articles)
    yield "FTS5", _fts5(folder, records)
    if find_spec("tantivy"):  # there for `make bench` only
        yield "tantivy", _tantivy(folder, records)
    yield "Whoosh", _whoosh(folder, records)


def _fts5(folder: Path, records: list[dict[str, Any]]) -> Best:
    table = Fts5(str(folder / "peers.sqlite"), records, marks="remove_diacritics 2")
    return lambda query: table.best(" OR ".join(f'"{word}"' for word in _words(query)))


def _tantivy(folder: Path, records: list[dict[str, Any]]) -> Best:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True)
    for name in ("title", "text"):
        builder.add_text_field(name)
    schema = builder.build()
    (folder / "tantivy").mkdir()
    made = tantivy.Index(schema, str(folder / "tantivy"))
    writer = made.writer(MEMORY)
    for record in records:
        writer.add_document(tantivy.Document(id=record["id"], title=record["title"], text=record["text"]))
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    searcher = made.searcher()

    def best(query: str) -> list[int]:
        parsed = made.parse_query(" ".join(_words(query)), ["title", "text"])
        hits = searcher.search(parsed, TOP, count=True).hits
        return [int(searcher.doc(address)["id"][0]) for _, address in hits]

    return best


def _whoosh(folder: Path, records: list[dict[str, Any]]) -> Best:
    text = fields.TEXT(analyzer=StandardAnalyzer())
    schema = fields.Schema(id=fields.NUMERIC(stored=True), title=text, text=text)
    (folder / "whoosh").mkdir()
    made = index.create_in(str(folder / "whoosh"), schema)
    writer = made.writer(limitmb=MEMORY // 1_000_000)
    for record in records:
        writer.add_document(id=record["id"], title=record["title"], text=record["text"])
    writer.commit()
    searcher = made.searcher()
    parser = MultifieldParser(["title", "text"], schema, group=OrGroup)

    def best(query: str) -> list[int]:
        return [hit["id"] for hit in searcher.search(parser.parse(" ".join(_words(query))), limit=TOP)]

    return best


def _words(query: str) -> list[str]:
    """Without what any of them takes for an operator."""
    return ["".join(letter for letter in word if letter.isalnum()) for word in query.split()] or ["x"]
