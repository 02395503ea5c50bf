"""`python -m tests.bench.growth 12000 100000 …`: pages of both engines over ever more articles; a table, no floors.

The articles are the shared ones over and over, with other ids and dates. Their archive is made up while it is read, and
of a text that was indexed before the tokens are remembered; what building really costs is in the other benches.
`10x100000` is a million of which ten parts are alike: an index of 100,000 is copied, in minutes instead of hours.
With `whoosh` or `opensearch` among the arguments, of that one alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, cast
from unittest import mock

from whoosh import fields
from whoosh.index import open_dir

from crawler.archive.archive import Archive
from crawler.article import Article
from indexer.engines.comparing import digest
from indexer.engines.directory import Directory
from indexer.engines.protocol import Store
from indexer.index import generation, schema, writing
from indexer.index.codec import ArrayCodec, segments_of
from indexer.index.facets import month
from indexer.language.vietnamese import Tokens
from indexer.opensearch import building, documents, snapshot
from indexer.opensearch.cluster import Cluster as Client
from indexer.opensearch.published import Published, published
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


def _asked(data: Path, search: str, times: int) -> Asked:
    """The same in a process of its own, so that its memory is that of an app server."""
    command = [sys.executable, "-m", "tests.bench.growth", "--ask", str(data), str(times)]
    environment = {**os.environ, "GOC_NHIN_SEARCH": search}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
    return Asked(*json.loads(done.stdout))


class Size(NamedTuple):
    """So many articles, so many times over."""

    articles: int
    times: int

    @classmethod
    def read(cls, given: str) -> Size:
        times, _, articles = given.rpartition("x")
        return cls(int(articles), int(times or 1))


class Measured(NamedTuple):
    """An engine's index: where it is built, what GOC_NHIN_SEARCH says of it, how it is multiplied, its bytes."""

    name: str
    store: Store
    search: str
    multiply: Callable[[int], None]
    held: Callable[[], int]


def measure(one: Measured, data: Path, wanted: Size) -> None:
    """Build, ask, and print a line of the table."""
    begun = perf_counter()
    one.store.build(cast(Archive, Imagined(wanted.articles)))  # nothing, where it was built for another line
    seconds = perf_counter() - begun
    if wanted.times > 1:
        one.multiply(wanted.times)
    asked = _asked(data, one.search, wanted.times)
    times = (f"{time:.0f}" for time in (asked.middle, asked.first, asked.again))
    size_ = (f"{one.held() / 1e6:.0f}", *times, f"{asked.memory / 1e6:.0f}")
    print(wanted.articles * wanted.times, one.name, f"{seconds:.0f}", *size_, sep="\t", flush=True)


def _cloned(where: Where, times: int) -> None:
    """Copies of the index beside it, on the same node."""
    client, found = Client(where), published(Client(where)).index
    client.call("PUT", f"/{found}/_settings", {"index.blocks.write": True})
    for name in _names(found, times)[1:]:
        client.call("PUT", f"/{found}/_clone/{name}", {})
        client.call("GET", f"/_cluster/health/{name}", wait_for_status="green")


def _names(index: str, times: int) -> list[str]:
    return [index, *(f"{index}-copy{number}" for number in range(1, times))]


def _all_of_them(cluster: Client, times: int) -> Published:
    """What is published, together with its copies."""
    found = published(cluster)
    card = replace(found.card, articles=found.card.articles * times)
    return Published(",".join(_names(found.index, times)), card)


def _copied(data: Path, times: int) -> None:
    """Copies of the segments of the index, in a new generation of it."""
    manifest = generation.read_manifest(generation.directory(data) / generation.current_name(data))
    path = generation.new_directory(data)
    generation.copy(generation.directory(data) / manifest.name, path)
    found, copies = open_dir(str(path)), list[Any]()
    for segment in segments_of(found) * (times - 1):
        other = copy(segment)
        other.segid = segment._random_id()
        inner = segment.open_compound_file(found.storage)
        for name in inner.list():
            (path / name.replace(segment.segment_id(), other.segment_id())).write_bytes(inner.open_file(name).read())
        other.compound = False  # the names within one file are of the segment it was copied from
        copies.append(other)
    found.writer(codec=ArrayCodec()).commit(mergetype=lambda _, kept: [*kept, *copies])
    found.close()
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{manifest.change}"
    files, articles = generation.digests(path, None), manifest.articles * times
    generation.publish(data, path, replace(manifest, name=name, articles=articles, files=files))


def _stored(where: Where) -> int:
    found = Client(where).call("GET", f"/{where.alias}-*/_stats/store")
    stored: int = found["_all"]["total"]["store"]["size_in_bytes"]
    return stored


def main(arguments: Sequence[str]) -> None:
    """Measure the sizes asked for; or, with --ask, a data directory."""
    if arguments[0] == "--ask":
        with mock.patch.object(snapshot, "published", partial(_all_of_them, times=int("".join(arguments[2:]) or 1))):
            print(json.dumps(ask(Path(arguments[1]))))
        return
    sizes = [Size.read(given) for given in arguments if given not in ENGINES]
    engines = [name for name in ENGINES if name in arguments] or list(ENGINES)
    print("articles", "engine", "build s", "MB", "p50 ms", "p95 ms", "p95 again", "app MB", sep="\t", flush=True)
    with tempfile.TemporaryDirectory() as folder, remembering():
        for name in engines:
            ENGINES[name](Path(folder), sizes)


def _opensearch(folder: Path, sizes: Sequence[Size]) -> None:
    with Cluster(folder / "nodes", heap=HEAP, options=()) as node:
        for wanted in sizes:
            where = Where((node.urls[0],), f"growth-{wanted.articles}")
            search, held = f"{node.urls[0]}/{where.alias}", partial(_stored, where)
            one = Measured("opensearch", Remote(where), search, partial(_cloned, where), held)
            measure(one, _empty(folder, wanted), wanted)


def _whoosh(folder: Path, sizes: Sequence[Size]) -> None:
    for wanted in sizes:
        data = _empty(folder, wanted)
        held = partial(_newest_size, data)
        measure(Measured("whoosh", Directory(data), "whoosh", partial(_copied, data), held), data, wanted)


def _newest_size(data: Path) -> int:
    return size(generation.directory(data) / generation.current_name(data))


def _empty(folder: Path, wanted: Size) -> Path:
    """A data directory whose archive holds nothing, since it is imagined."""
    data = folder / str(wanted.articles)
    Archive.open(data).close()
    return data


ENGINES: dict[str, Callable[[Path, Sequence[Size]], None]] = {"whoosh": _whoosh, "opensearch": _opensearch}

if __name__ == "__main__":
    main(sys.argv[1:])
