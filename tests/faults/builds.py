"""Kills with -9 during builds and at the switch, with readers at work all the while."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from crawler.archive.archive import Archive
from indexer.index.build import build
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from search_app.cache import PageCache
from search_app.live import LiveIndex
from tests.faults.tried import turns
from tests.helpers import ROOT, article, page

ARTICLES = 1_100
"""Enough for a full build to be shared between two processes."""
FEW = 100
"""Enough where only the switch is looked at."""
WORDS = "chợ quê hồ Gươm phố cổ thi đua nếp sống văn minh giao thông vỉa hè xe buýt".split()  # noqa: SIM905
Snapshot = dict[int, str]
"""Each article's sha256."""


class Collection:
    """An archive that changes, and what was in it after each change."""

    def __init__(self, data: Path, articles: int = ARTICLES) -> None:
        self.data = data
        self.known: dict[int, Snapshot] = {}
        with Archive.open(data) as archive:
            for number in range(1, articles + 1):
                archive.put(article(number, sentence()), page())
            build(data, archive)
            self._note(archive)

    def change(self) -> None:
        """Revise some articles and add one."""
        with Archive.open(self.data) as archive:
            new = len(archive.ids()) + 1
            for number in [*random.sample(range(1, new), 3), new]:
                archive.put(article(number, sentence()), page())
            self._note(archive)

    def _note(self, archive: Archive) -> None:
        found = {one.id: one.sha256 for one in archive.current(archive.ids())}
        self.known[archive.last_change()] = found


def sentence() -> str:
    return " ".join(random.choices(WORDS, k=80)) + "."


def build_kills(data: Path, count: int) -> Iterator[str]:
    """Half of the kills in incremental builds, half in full ones."""
    collection = Collection(data)
    spans = [_span(collection, options) for options in ([], ["--rebuild"])]
    yield from _killed(collection, count, lambda turn: _at_random(collection.data, spans[turn % 2], turn % 2 == 1))


def switch_kills(data: Path, count: int) -> Iterator[str]:
    """Kills at each thing done to files while manifest, directory and pointer take their places, over and over."""
    collection = Collection(data, FEW)
    collection.change()
    steps = int(subprocess.run(_dying(data, 0), cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    print(f"     {steps} steps")

    def kill(turn: int) -> None:
        done = subprocess.run(_dying(data, turn % steps + 1), cwd=ROOT, check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr

    yield from _killed(collection, count, kill)


def _killed(collection: Collection, count: int, kill: Callable[[int], None]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    with _Readers(collection) as readers:
        before = _served(collection.data)[0]
        for turn in turns(count):
            collection.change()
            kill(turn)
            change, found = _served(collection.data)
            if found != collection.known.get(change):
                yield f"kill {turn}: a generation that is no state of the archive"
            if change < before:
                yield f"kill {turn}: an older generation than before"
            seen["new" if change > before else "old"] += 1
            before = change
    print(
        f"     {seen['old']} times the old generation, {seen['new']} times the new; {readers.answers} answers meanwhile"
    )
    yield from readers.errors


def _served(data: Path) -> tuple[int, Snapshot]:
    reader = Reader.open(data)
    found = {int(reader.ids[doc]): reader.article(doc).sha256 for doc in reader.everything.tolist()}
    reader.close()
    return reader.manifest.change, found


def _span(collection: Collection, options: list[str]) -> float:
    collection.change()
    begun = time.perf_counter()
    subprocess.run(_command(collection.data, *options), cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _at_random(data: Path, span: float, full: bool) -> None:
    process = _start(data, *(["--rebuild"] if full else []))
    time.sleep(random.uniform(0.2, 1.05) * span)
    process.kill()
    process.wait()


def _start(data: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(_command(data, *options), cwd=ROOT, stderr=subprocess.DEVNULL)


def _command(data: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "search_app", "index", "--data", str(data), *options]


def _dying(data: Path, step: int) -> list[str]:
    return [sys.executable, "-m", "tests.faults.dying", str(step), "index", "--data", str(data)]


class _Readers:
    """Two threads that ask what the app would ask, until the block ends."""

    def __init__(self, collection: Collection) -> None:
        self._live = LiveIndex(collection.data, PageCache())
        self._known = collection.known
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(2)]
        self.answers = 0
        self.errors: list[str] = []

    def __enter__(self) -> _Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._over.wait(0.01):
            try:
                served = self._live.served()
                page = served.page(SearchRequest(random.choice(["", "chợ quê", "thi đua", "pho co"])), 1, 10)
                known = self._known[served.engine.generation.change]
                if page["query"]["q"] == "" and page["total"] != len(known):
                    self.errors.append(f"a reader found {page['total']} articles of {len(known)}")
                self.answers += 1
            except Exception as error:  # noqa: BLE001 - whatever a reader sees is a finding
                self.errors.append(f"a reader saw {type(error).__name__}: {error}")
