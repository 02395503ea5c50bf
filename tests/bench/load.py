"""Fifty clients at once, a tenth of them hostile; and pages a second against Datasette over the same articles."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlencode

from tests.bench.collection import archive, goc_nhin, grown, known_queries
from tests.bench.line import Line
from tests.bench.scale import MOMENT, Scale
from tests.bench.serving import Serving, ours
from tests.hostile import hostile_queries
from tests.test_deploy import free_port, wait_for

HOSTILE = 0.1
"""The share of clients that ask what is meant to hurt."""
THINKING = 0.5
"""Seconds between a reader's requests, at most; hostile clients do not think."""
ORDINARY_P95, PAGES = 300.0, 1.0
READERS = 4
"""Who ask each of the two servers for pages at once, without a pause."""
Log = list[tuple[float, int]]
"""Milliseconds and status of each request."""


def load(scale: Scale) -> Iterator[Line]:
    """Both measures over one archive."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        archive(data, scale.articles)
        goc_nhin("index", "--data", str(data))
        with ours(data) as app:
            yield from _crowd(app.port, scale)
        if scale is MOMENT or not find_spec("datasette"):
            print("left out: Datasette")
            return
        both = ((ours(data), _our_pages(scale.asked)), (theirs(folder, scale.articles), _their_pages(scale.asked)))
        pages = [_rate(served, paths) for served, paths in both]
        said = f"{pages[0]:.1f} against {pages[1]:.1f} pages/s with facets, {READERS} readers"
        yield Line("pages, times Datasette's speed", pages[0] / pages[1], PAGES, said)


def _crowd(port: int, scale: Scale) -> Iterator[Line]:
    ordinary, hostile = _run(port, scale)
    times = sorted(taken for taken, _ in ordinary)
    statuses = Counter(status for _, status in [*ordinary, *hostile])
    said = f"{len(ordinary)} ordinary and {len(hostile)} hostile requests in {scale.seconds:.0f} s, {dict(statuses)}"
    wrong = sum(often for status, often in statuses.items() if status >= 500 or not status)
    yield Line("answers of 500 and more under load", wrong, 0, said, at_most=True)
    p95 = times[int(0.95 * len(times))]
    yield Line("ordinary p95 under load in ms", p95, ORDINARY_P95, f"p50 {times[len(times) // 2]:.0f} ms", at_most=True)


def _run(port: int, scale: Scale) -> tuple[Log, Log]:
    ordinary: Log = []
    hostile: Log = []
    until = perf_counter() + scale.seconds
    threads = []
    for number in range(scale.clients):
        bad = number < HOSTILE * scale.clients
        paths = _hostile_paths() if bad else _ordinary_paths(scale.articles)
        work = (port, paths, until, 0.0 if bad else THINKING, hostile if bad else ordinary)
        threads.append(threading.Thread(target=_ask, args=work))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ordinary, hostile


def _ask(port: int, paths: Sequence[str], until: float, thinking: float, log: Log) -> None:
    """Ask until then, and once at least: on a busy machine a client may begin late."""
    while not log or perf_counter() < until:
        log.append(_asked(port, random.choice(paths)))
        time.sleep(random.uniform(0, thinking))


def _asked(port: int, path: str) -> tuple[float, int]:
    begun = perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, HTTPException):
        status = 0
    finally:
        connection.close()
    return 1000 * (perf_counter() - begun), status


def _our_pages(asked: int) -> list[str]:
    return [f"/?{urlencode({'q': query})}" for query in known_queries()[:asked]]


def _ordinary_paths(articles: int) -> list[str]:
    """What readers do: pages of results, of articles, some API."""
    api = [f"/api/v1/search?{urlencode({'q': query})}" for query in known_queries()[:100]]
    pages = [f"/article/{number}" for number in random.sample(range(1, articles), min(200, articles - 1))]
    return [*_our_pages(500), *api, *pages, "/", "/help"]


def _hostile_paths() -> list[str]:
    queries = [query.encode("utf-8", "replace").decode() for query in hostile_queries()]
    return [f"/?q={quote(query)[:7000]}" for query in queries] + ["/nowhere", "/?page=99999", "/?size=x", "/export.xml"]


@contextmanager
def theirs(folder: str, articles: int) -> Iterator[Serving]:
    """Datasette over the same articles, with FTS5 and indexes for its facets."""
    path = Path(folder) / "articles.db"
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, text TEXT, author TEXT, year TEXT);"
            "CREATE INDEX by_author ON articles (author); CREATE INDEX by_year ON articles (year);"
            "CREATE VIRTUAL TABLE articles_fts USING fts5 (title, text, content='articles', content_rowid='id');"
        )
        rows = (
            (r["id"], r["title"], r["text"], " ".join(r["authors"]), r["published_at"][:4]) for r in grown(articles)
        )
        db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    port = free_port()
    settings = ("--setting", "default_page_size", "10", "--setting", "sql_time_limit_ms", "5000")
    command = [sys.executable, "-m", "datasette", "serve", str(path), "--port", str(port), *settings]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/-/versions.json")
            yield Serving(port, process.pid)
        finally:
            process.terminate()


def _their_pages(asked: int) -> list[str]:
    facets = [("_facet", "year"), ("_facet", "author")]
    return [f"/articles/articles?{urlencode([('_search', query), *facets])}" for query in known_queries()[:asked]]


def _rate(served: AbstractContextManager[Serving], paths: Sequence[str]) -> float:
    """Pages a second, no page asked for twice, so that none comes from a cache of whole pages."""
    log: Log = []
    with served as app:
        _walk(app.port, iter(paths[:10]), [])
        rest = iter(paths[10:])
        begun = perf_counter()
        threads = [threading.Thread(target=_walk, args=(app.port, rest, log)) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = perf_counter() - begun
    assert {status for _, status in log} == {200}, Counter(status for _, status in log)
    return len(log) / seconds


def _walk(port: int, paths: Iterator[str], log: Log) -> None:
    for path in paths:
        log.append(_asked(port, path))
