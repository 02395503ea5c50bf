"""Three nodes, one after the other killed with -9, under searching, exporting and updating clients."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.errors import GocNhinError
from indexer.engines.choice import store
from indexer.query.parameters import SearchRequest
from search_app.live import LiveIndex
from tests.faults.builds import WORDS, sentence
from tests.helpers import article, page
from tests.opensearch.nodes import Cluster, NoNode

NODES, SEARCHING = 3, 8
LONGEST_ERROR = 2.0
"""Seconds for which a reader may be shown nothing but errors."""
CALM, PATIENCE = 4.0, 180.0


class Expected:
    """How many articles there are, and hold each word, after each change of the archive that was indexed."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, int]] = {}
        self._texts: dict[int, str] = {}

    def put(self, archive: Archive, number: int) -> None:
        """Write an article, without saying so yet."""
        self._texts[number] = sentence()
        archive.put(article(number, self._texts[number]), page())

    def note(self, change: int) -> None:
        """This change will be indexed."""
        texts = [set(text.strip(".").lower().split()) for text in self._texts.values()]
        self._known[change] = {"": len(texts)} | {word: sum(word.lower() in one for one in texts) for word in WORDS}

    def of(self, change: int, word: str) -> int | None:
        """The right total; None for a change that was never to be seen."""
        return self._known.get(change, {}).get(word)


class Client(threading.Thread):
    """Asks again and again, and remembers what was wrong, and how long it was shown nothing but errors."""

    def __init__(self, over: threading.Event, ask: Callable[[], str]) -> None:
        super().__init__()
        self._over, self._ask = over, ask
        self.answers, self.wrong, self.longest, self.errors = 0, list[str](), 0.0, list[str]()

    def run(self) -> None:
        good = time.monotonic()
        while not self._over.is_set():
            try:
                wrong = self._ask()
            except GocNhinError as error:
                self.errors.append(str(error))
                self.longest = max(self.longest, time.monotonic() - good)
                time.sleep(0.05)
            else:
                good = time.monotonic()
                self.answers += 1
                self.wrong += [wrong] if wrong else []


def node_kills(home: Path, articles: int, kills: int) -> Iterator[str]:
    """What any client saw go wrong, and what is not right in the end."""
    home.mkdir()
    with ExitStack() as undo:
        try:
            cluster = undo.enter_context(Cluster(home / "nodes", NODES, "256m"))
        except NoNode as error:
            yield f"there is no cluster to be killed: {error}"
            return
        undo.callback(os.environ.pop, "GOC_NHIN_SEARCH", None)
        os.environ["GOC_NHIN_SEARCH"] = f"{','.join(cluster.urls)}/faults"
        archive = undo.enter_context(Archive.open(home / "data"))
        expected = Expected()
        for number in range(1, articles + 1):
            expected.put(archive, number)
        expected.note(archive.last_change())
        store(home / "data").build(archive)
        cluster.wait()
        yield from _under_load(cluster, archive, expected, home / "data", kills)


def _under_load(cluster: Cluster, archive: Archive, expected: Expected, data: Path, kills: int) -> Iterator[str]:
    over, live = threading.Event(), LiveIndex(data)
    searching = [Client(over, lambda: _searched(live, expected)) for _ in range(SEARCHING)]
    exporting = Client(over, lambda: _exported(live))
    updates = [0]
    for client in (*searching, exporting):
        client.start()
    try:
        yield from _killed(cluster, archive, expected, data, kills, updates)
    finally:
        over.set()
        for client in (*searching, exporting):
            client.join()
    answers, errors = sum(one.answers for one in searching), [said for one in searching for said in one.errors]
    longest = max(one.longest for one in searching)
    print(f"     {answers} answers, {exporting.answers} exports, {updates[0]} updates, {len(errors)} errors shown")
    print(f"     at most {longest:.1f} s without an answer")
    yield from (wrong for one in (*searching, exporting) for wrong in one.wrong)
    if longest > LONGEST_ERROR:
        yield f"for {longest:.1f} s nothing but errors: {sorted(set(errors))[:3]}"
    store(data).build(archive)
    yield from store(data).problems(archive)


def _killed(
    cluster: Cluster, archive: Archive, expected: Expected, data: Path, kills: int, updates: list[int]
) -> Iterator[str]:
    for kill in range(kills):
        _updated(archive, expected, data, CALM, updates)
        cluster.kill(kill % NODES)
        _updated(archive, expected, data, CALM, updates)
        cluster.start(kill % NODES)
        until = time.monotonic() + PATIENCE
        while not _is_whole(cluster):
            _updated(archive, expected, data, 1.0, updates)
            if time.monotonic() > until:
                yield f"not green {PATIENCE:g} s after kill {kill}"
                return


def _is_whole(cluster: Cluster) -> bool:
    try:
        health = cluster.health()
    except OSError:
        return False  # the node asked is the one that was started just now
    return bool(health["status"] == "green" and health["number_of_nodes"] == NODES)


def _updated(archive: Archive, expected: Expected, data: Path, seconds: float, updates: list[int]) -> None:
    """Change articles and bring the index up to that, again and again; what fails is gone on with the next time."""
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        for number in random.sample(range(1, len(archive.ids()) + 1), 3):
            expected.put(archive, number)
        expected.put(archive, len(archive.ids()) + 1)
        expected.note(archive.last_change())
        try:
            store(data).build(archive, rebuild=updates[0] % 20 == 19)
            updates[0] += 1
        except GocNhinError as error:
            print(f"     an update failed: {str(error)[:100]}")
        time.sleep(0.2)


def _searched(live: LiveIndex, expected: Expected) -> str:
    word = random.choice(["", *WORDS])
    found = live.served().engine.search(SearchRequest(word, literal=True)).page(1, 10)  # nothing that is remembered
    right = expected.of(found["change"], word)
    if found["total"] != right:
        return f"“{word}” at change {found['change']}: {found['total']} articles, not {right}"
    return "" if len(found["results"]) == min(10, found["total"]) else f"“{word}”: a page of {len(found['results'])}"


def _exported(live: LiveIndex) -> str:
    result = live.served().engine.search(SearchRequest("", sort="oldest"))
    ids = [one.id for one in result.articles()]
    return "" if len(ids) == len(set(ids)) == len(result) else f"an export of {len(ids)}, not {len(result)}"
