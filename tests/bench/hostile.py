"""Queries meant to hurt: the slowest of the shared ones, and how time grows with a query's length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from indexer.answers.page import page
from indexer.answers.search import search
from indexer.errors import BadQuery
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from tests.bench.serving import unlimited
from tests.hostile import hostile_queries

SHAPES: dict[str, Callable[[list[str]], str]] = {
    "words": " ".join,
    "phrase": lambda words: f'"{" ".join(words)}"',
    "or": " OR ".join,
    "none of them": lambda words: " ".join(f"-{word}" for word in words),
    "alternatives": lambda words: " ".join(f"({word} OR {word}x)" for word in words),
    "abbreviations": lambda words: f'"{" ".join("hđnd" for _ in words)}"',
}
COMMON = "và của có cho trong là được các với những một người không đã năm thành phố khi về từ".split()  # noqa: SIM905
LENGTHS = (4, 8, 16, 32)


class Hostile(NamedTuple):
    """Milliseconds of the slowest query meant to hurt, over the app; what doubling costs at most."""

    slowest: float
    query: str
    doubling: float
    shape: str


def hostile(data: Path, rounds: int) -> Hostile:
    """Measure both on an indexed directory; of each length of a query the median of so many rounds."""
    client = unlimited(data).test_client()
    client.get("/api/v1/search?q=b%C3%A1o")
    times = {}
    for query in hostile_queries():
        begun = perf_counter()
        answer = client.get("/api/v1/search", query_string={"q": query.encode("utf-8", "replace").decode()})
        times[query] = 1000 * (perf_counter() - begun)
        assert answer.status_code in (200, 400), query[:100]
    slowest = max(times, key=lambda query: times[query])
    ratios = dict(_doublings(Reader.open(data), rounds))
    shape = max(ratios, key=lambda name: ratios[name])
    return Hostile(times[slowest], slowest[:60], ratios[shape], shape)


def _doublings(reader: Reader, rounds: int) -> Iterator[tuple[str, float]]:
    for name, shaped in SHAPES.items():
        times = []
        for length in LENGTHS:
            request = SearchRequest(shaped([COMMON[place % len(COMMON)] for place in range(length)]))
            times.append(median(_seconds(reader, request) for _ in range(rounds)))
        for length, shorter, longer in zip(LENGTHS[1:], times, times[1:], strict=False):
            yield f"{name}, {length}", longer / shorter


def _seconds(reader: Reader, request: SearchRequest) -> float:
    begun = perf_counter()
    with suppress(BadQuery):
        page(search(reader, request), 1, 10)
    return perf_counter() - begun
