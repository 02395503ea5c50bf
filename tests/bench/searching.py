"""Searches against SQLite FTS5 on the same articles, building, answers of the app; at several sizes where asked."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from tests.bench.collection import Cost, archive, goc_nhin, grown, known_queries, size
from tests.bench.fts5 import TOP, Fts5
from tests.bench.hostile import Hostile, hostile
from tests.bench.line import Line
from tests.bench.scale import FULL, Scale
from tests.bench.serving import unlimited

ADDED = 10
PHRASES, MEAN, UNCACHED, CACHED = 1.0, 3.0, 100.0, 10.0
PER_SECOND, MEMORY, MEGABYTES, ADDING = 160.0, 1500.0, 20.0, 1.0
HOSTILE, DOUBLING = 1000.0, 2.5
YEARS = ("2015-01-01", "2018-12-31")


class Kind(NamedTuple):
    """The same searches, as ours and as FTS5's."""

    name: str
    ours: Sequence[SearchRequest]
    theirs: Sequence[Callable[[Fts5], list[int]]]


class Measured(NamedTuple):
    """What was measured at one size; `times` are milliseconds a query by kind, ours and FTS5's."""

    articles: int
    build: Cost
    megabytes: float
    adding: float
    times: dict[str, tuple[float, float]]
    uncached: float
    cached: float
    hostile: Hostile


def searching(scale: Scale) -> Iterator[Line]:
    """All floors."""
    found = measure(scale)
    ratios = {name: ours / theirs for name, (ours, theirs) in found.times.items()}
    said = ", ".join(f"{name} {ours:.2f}/{theirs:.2f}" for name, (ours, theirs) in found.times.items())
    mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
    thousands = found.articles / 1000
    yield Line("phrases, times FTS5's time", ratios["phrase"], PHRASES, f"{found.articles} articles", at_most=True)
    yield Line("searches, times FTS5's time, geometric mean", mean, MEAN, f"ms ours/FTS5: {said}", at_most=True)
    yield Line("/api/v1/search uncached, p95 in ms", found.uncached, UNCACHED, f"{scale.asked} queries", at_most=True)
    yield Line("/api/v1/search cached, p95 in ms", found.cached, CACHED, "the last 100 again", at_most=True)
    yield Line("hostile queries, the slowest in ms", found.hostile.slowest, HOSTILE, found.hostile.query, at_most=True)
    yield Line(
        "twice as long a query, times the time", found.hostile.doubling, DOUBLING, found.hostile.shape, at_most=True
    )
    yield Line("build, articles a second", found.articles / found.build.seconds, PER_SECOND, _cost(found.build))
    yield Line("build, memory in MB", found.build.memory / 1e6, MEMORY, "all its processes", at_most=True)
    yield Line("index, MB a thousand articles", found.megabytes / thousands, MEGABYTES, "", at_most=True)
    said = f"“goc-nhin index” from start to end, the best of {scale.rounds}"
    yield Line(f"adding {ADDED}, seconds", found.adding, ADDING, said, at_most=True)


def growth(sizes: Sequence[int]) -> None:
    """Print a table of the figures at each size."""
    for place, articles in enumerate(sizes):
        found = measure(replace(FULL, articles=articles))
        if not place:
            print(
                "articles", "build s", "MB RSS", "MB index", "add ten s", "uncached", "cached", *found.times, sep="\t"
            )
        times = [f"{ours:.2f}/{theirs:.2f}" for ours, theirs in found.times.values()]
        build = (f"{found.build.seconds:.1f}", f"{found.build.memory / 1e6:.0f}", f"{found.megabytes:.1f}")
        app = (f"{found.adding:.2f}", f"{found.uncached:.1f}", f"{found.cached:.2f}")
        print(articles, *build, *app, *times, sep="\t", flush=True)


def measure(scale: Scale) -> Measured:
    """Everything at one size."""
    articles = scale.articles
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        archive(data, articles)
        build = goc_nhin("index", "--data", str(data))
        megabytes = size(data / "index") / 1e6
        fts5 = Fts5(str(Path(folder) / "fts5.sqlite"), grown(articles))
        times = {kind.name: _compared(Reader.open(data), fts5, kind, scale.rounds) for kind in kinds(scale.queries)}
        app = _app(data, scale.asked)
        hurt = hostile(data, 3 * scale.rounds)
        adding = min(_added(data, articles + number * ADDED) for number in range(scale.rounds))
        return Measured(articles, build, megabytes, adding, times, *app, hurt)


def _added(data: Path, articles: int) -> float:
    """Seconds until some more than there are can be searched."""
    archive(data, ADDED, articles)
    return goc_nhin("index", "--data", str(data)).seconds


def kinds(queries: int) -> Iterator[Kind]:
    """So many queries of each kind."""
    rows = [query.split() for query in known_queries()]
    one = [row[:1] for row in rows]
    two, four = ([row for row in rows if len(row) == length] for length in (2, 4))
    both = [(*first, "OR", *second) for first, second in zip(two, reversed(two), strict=True)]
    for name, found in (("one word", one), ("two words", two), ("four words", four), ("or", both)):
        yield _kind(name, [" ".join(row) for row in found[:queries]])
    yield _kind("phrase", [f'"{" ".join(row)}"' for row in rows[:queries]])
    words = [row[0] for row in rows[-queries:]]
    dated = [SearchRequest(word, date.fromisoformat(YEARS[0]), date.fromisoformat(YEARS[1])) for word in words]
    yield Kind(
        "dated", dated, [partial(Fts5.within, match=_quoted(word), first=YEARS[0], last=YEARS[1]) for word in words]
    )
    rest = [" ".join(row) for row in two[:queries]]
    newest = [SearchRequest(text, sort="newest") for text in rest]
    yield Kind("newest", newest, [partial(Fts5.newest, match=_quoted(text)) for text in rest])


def _kind(name: str, texts: Sequence[str]) -> Kind:
    return Kind(
        name, [SearchRequest(text) for text in texts], [partial(Fts5.best, match=_quoted(text)) for text in texts]
    )


def _quoted(text: str) -> str:
    """As FTS5 takes it: words in quotes, so that none is an operator; a side of an OR in brackets."""
    if text.startswith('"'):
        return text
    sides = (" ".join(f'"{word}"' for word in side.split()) for side in text.split(" OR "))
    return " OR ".join(f"({side})" for side in sides)


def _compared(reader: Reader, fts5: Fts5, kind: Kind, rounds: int) -> tuple[float, float]:
    """Milliseconds a query, the best of the rounds: ours with total and full order, FTS5's with the top ten alone."""

    def ours() -> None:
        for request in kind.ours:
            reader.ids[search(reader, request).docs[:TOP]].tolist()

    def theirs() -> None:
        for ask in kind.theirs:
            ask(fts5)

    best = [min(_seconds(work) for _ in range(rounds)) for work in (ours, theirs)]
    reader_ms, fts5_ms = (1000 * seconds / len(kind.ours) for seconds in best)
    return reader_ms, fts5_ms


def _app(data: Path, asked: int) -> tuple[float, float]:
    """p95 in milliseconds of so many different searches with facets and highlights, and of the last 100 once more."""
    client = unlimited(data).test_client()
    queries = known_queries()[:asked]
    client.get("/api/v1/search", query_string={"q": "báo"})

    def p95(asked: Sequence[str]) -> float:
        taken = sorted(1000 * _seconds(partial(client.get, "/api/v1/search", query_string={"q": q})) for q in asked)
        return taken[int(0.95 * len(taken))]

    return p95(queries), p95(queries[-100:])


def _seconds(work: Callable[[], Any]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _cost(cost: Cost) -> str:
    return f"{cost.seconds:.1f} s"
