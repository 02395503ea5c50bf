"""`python -m tests.bench.growth 12000 100000 …`: pages of both engines over ever more articles; a table, no floors.

The articles are the shared ones over and over, with other ids and dates. Their archive is made up while it is read, and
of a text that was indexed before the tokens are remembered, so that a million take minutes, not hours; what building
really costs is in the other benches. With `whoosh` or `opensearch` among the arguments, of that one alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, cast
from unittest import mock

from whoosh import fields

from crawler.archive.archive import Archive
from crawler.article import Article
from indexer.engines.comparing import digest
from indexer.engines.embedded import Directory
from indexer.engines.protocol import Store
from indexer.index import schema, writing
from indexer.index.facets import month
from indexer.language.vietnamese import Tokens
from indexer.opensearch import building, documents
from indexer.opensearch.cluster import Cluster as Client
from indexer.opensearch.store import Remote
from indexer.opensearch.where import Where
from tests.bench.collection import grown, known_queries, memory_of, size
from tests.bench.serving import unlimited
from tests.helpers import ROOT
from tests.opensearch.nodes import Cluster

QUERIES = 200
HEAP = "4g"
CAME = datetime.fromisoformat("2026-01-01T00:00:00+07:00")


class Imagined:
    """So many articles, as far as a build asks an archive for them."""

    def __init__(self, articles: int) -> None:
        self._articles = articles

    def ids(self) -> list[int]:
        return list(range(1, self._articles + 1))

    def last_change(self) -> int:
        return self._articles

    def mark(self, change: int) -> str:
        return f"imagined {change}"

    def current(self, numbers: Iterable[int]) -> Iterator[Article]:
        for number in numbers:
            yield from map(Article.from_dict, grown(1, number - 1))

    def first_captured(self, _: int) -> datetime:
        return CAME

    def arrived(self, number: int) -> int:
        return number

    def doubts(self, _: int) -> tuple[()]:
        return ()


@contextmanager
def remembering() -> Iterator[None]:
    """Whatever is tokenized is tokenized once."""
    index, made = fields.TEXT.index, dict[str, Any]()

    def indexed(field: fields.TEXT, value: str, **options: Any) -> Iterator[Any]:
        if value not in made:
            made[value] = list(index(field, value, **options))
        return iter(made[value])

    patches = (
        mock.patch.object(fields.TEXT, "index", indexed),
        mock.patch.object(schema, "tokens_of", lru_cache(None)(Tokens)),
        mock.patch.object(building, "document", _Documents()),
        mock.patch.object(writing, "SHARED_FROM", sys.maxsize),
    )
    with patches[0], patches[1], patches[2], patches[3]:
        yield


class _Documents:
    """`documents.document`, of which only what differs from an article to its copies is made anew."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {}

    def __call__(self, article: Article, archived_at: datetime, arrived: int, doubts: Any = ()) -> dict[str, Any]:
        if article.text not in self._made:
            self._made[article.text] = documents.document(article, archived_at, arrived, doubts)
        published = article.published_at.timestamp()
        own = {"id": article.id, "article": article.to_dict(), "digest": digest(article), "arrived": arrived}
        dates = {"published": published, "year": month(published)[:4], "month": month(published)}
        return {**self._made[article.text], **own, **dates}


class Asked(NamedTuple):
    """Milliseconds of a page: the middle and p95 of the first time, p95 of the second; bytes of the app server."""

    middle: float
    first: float
    again: float
    memory: int


def ask(data: Path) -> Asked:
    """Ask each query twice, of whatever engine the environment names, in an app of this process."""
    client, queries = unlimited(data).test_client(), known_queries()[:QUERIES]
    client.get("/api/v1/search", query_string={"q": "báo"})

    def times(sizes: int) -> list[float]:
        taken = []
        for query in queries:
            begun = perf_counter()
            # Another number of results is another page to work out.
            assert client.get("/api/v1/search", query_string={"q": query, "size": sizes}).status_code == 200
            taken.append(1000 * (perf_counter() - begun))
        return sorted(taken)

    first, again = times(10), times(11)
    p95 = int(0.95 * len(first))
    return Asked(first[len(first) // 2], first[p95], again[p95], memory_of(os.getpid()))


def _asked(data: Path, search: str) -> Asked:
    """The same in a process of its own, so that its memory is that of an app server."""
    command = [sys.executable, "-m", "tests.bench.growth", "--ask", str(data)]
    environment = {**os.environ, "GOC_NHIN_SEARCH": search}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
    return Asked(*json.loads(done.stdout))


def measure(name: str, store: Store, data: Path, search: str, articles: int, held: Callable[[], int]) -> None:
    """Build, ask, and print a line of the table."""
    begun = perf_counter()
    store.build(cast(Archive, Imagined(articles)), rebuild=True)
    seconds, asked = perf_counter() - begun, _asked(data, search)
    times = (f"{time:.0f}" for time in (asked.middle, asked.first, asked.again))
    print(articles, name, f"{seconds:.0f}", f"{held() / 1e6:.0f}", *times, f"{asked.memory / 1e6:.0f}", sep="\t")
    sys.stdout.flush()


def _stored(where: Where) -> int:
    found = Client(where).call("GET", f"/{where.alias}/_stats/store")
    stored: int = found["_all"]["total"]["store"]["size_in_bytes"]
    return stored


def main(arguments: Sequence[str]) -> None:
    """Measure the sizes asked for; or, with --ask, a data directory."""
    if arguments[0] == "--ask":
        print(json.dumps(ask(Path(arguments[1]))))
        return
    sizes = [int(given) for given in arguments if given.isdigit()]
    engines = [name for name in ENGINES if name in arguments] or list(ENGINES)
    print("articles", "engine", "build s", "MB", "p50 ms", "p95 ms", "p95 again", "app MB", sep="\t", flush=True)
    with tempfile.TemporaryDirectory() as folder, remembering():
        for name in engines:
            ENGINES[name](Path(folder), sizes)


def _opensearch(folder: Path, sizes: Sequence[int]) -> None:
    with Cluster(folder / "nodes", heap=HEAP, options=()) as node:
        for articles in sizes:
            data, where = _empty(folder, articles), Where((node.urls[0],), f"growth-{articles}")
            search = f"{node.urls[0]}/{where.alias}"
            measure("opensearch", Remote(where), data, search, articles, partial(_stored, where))


def _whoosh(folder: Path, sizes: Sequence[int]) -> None:
    for articles in sizes:
        data = _empty(folder, articles)
        measure("whoosh", Directory(data), data, "whoosh", articles, partial(size, data / "index"))


def _empty(folder: Path, articles: int) -> Path:
    """A data directory whose archive holds nothing, since it is imagined."""
    data = folder / str(articles)
    Archive.open(data).close()
    return data


ENGINES: dict[str, Callable[[Path, Sequence[int]], None]] = {"whoosh": _whoosh, "opensearch": _opensearch}

if __name__ == "__main__":
    main(sys.argv[1:])
