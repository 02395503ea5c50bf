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
from search_app import create_app
from tests.helpers import SHARED
from tests.indexer.test_parser import unescaped

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
ROUNDS = 9


class Hostile(NamedTuple):
    """Milliseconds of the slowest query of `cases/hostile_queries.txt`, over the app; what doubling costs at most."""

    slowest: float
    query: str
    doubling: float
    shape: str


def hostile(data: Path) -> Hostile:
    """Measure both on an indexed directory."""
    client = create_app(data).test_client()
    client.get("/api/v1/search?q=b%C3%A1o")
    times = {}
    for line in (SHARED / "cases/hostile_queries.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            begun = perf_counter()
            q = unescaped(line).encode("utf-8", "replace").decode()
            answer = client.get("/api/v1/search", query_string={"q": q})
            times[line] = 1000 * (perf_counter() - begun)
            assert answer.status_code in (200, 400), line
    query = max(times, key=lambda line: times[line])
    ratios = dict(_doublings(Reader.open(data)))
    shape = max(ratios, key=lambda name: ratios[name])
    return Hostile(times[query], query, ratios[shape], shape)


def _doublings(reader: Reader) -> Iterator[tuple[str, float]]:
    for name, shaped in SHAPES.items():
        times = []
        for length in LENGTHS:
            request = SearchRequest(shaped([COMMON[place % len(COMMON)] for place in range(length)]))
            times.append(median(_seconds(reader, request) for _ in range(ROUNDS)))
        for length, shorter, longer in zip(LENGTHS[1:], times, times[1:], strict=False):
            yield f"{name}, {length}", longer / shorter


def _seconds(reader: Reader, request: SearchRequest) -> float:
    begun = perf_counter()
    with suppress(BadQuery):
        page(search(reader, request), 1, 10)
    return perf_counter() - begun
