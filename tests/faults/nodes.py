"""Three nodes, one after the other killed with -9, under searching, exporting and updating clients."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.errors import GocNhinError
from indexer.engines.choice import store
from tests.faults.asking import Clients, Told
from tests.faults.builds import WORDS, sentence
from tests.faults.tried import turns
from tests.helpers import article, page
from tests.opensearch.nodes import Cluster, NoNode

NODES, SEARCHING = 3, 8
LONGEST_ERROR = 2.0
"""Seconds for which a reader may be shown nothing but errors."""
CALM, PATIENCE, PAUSE = 4.0, 180.0, 1.0


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
    updates = [0]
    with Clients(data, SEARCHING) as clients:
        yield from _killed(cluster, archive, expected, data, kills, updates)
        yield from _rebuilt(archive, expected, data)
    searches, exports = clients.searches, clients.exports
    print(f"     {searches.answers} answers, {exports.answers} exports, {updates[0]} updates")
    for kind, asked in (("searches", searches), ("exports", exports)):
        print(
            f"     {kind}: {len(asked.errors)} errors shown, for at most {asked.longest:.1f} s; "
            f"{asked.slowest:.1f} s for the slowest answer"
        )
        yield from (wrong for told in asked.told if (wrong := _wrong(told, expected)))
    if searches.longest > LONGEST_ERROR:
        yield f"for {searches.longest:.1f} s nothing but errors: {sorted(set(searches.errors))[:3]}"
    store(data).build(archive)
    yield from store(data).problems(archive)


def _wrong(told: Told, expected: Expected) -> str:
    """What is not right about an answer; "" if all of it is."""
    right = expected.of(told.change, told.word)
    if (told.total, told.whole) == (right, True):
        return ""
    return f"{told}: there are {right}"


def _rebuilt(archive: Archive, expected: Expected, data: Path) -> Iterator[str]:
    """A new index of everything, while the clients go on."""
    expected.note(archive.last_change())
    began = time.monotonic()
    built = store(data).build(archive, rebuild=True)
    print(f"     {built.articles} articles built anew under load in {time.monotonic() - began:.0f} s")
    if built.articles != len(archive.ids()):
        yield f"{built.articles} articles built anew, not {len(archive.ids())}"


def _killed(
    cluster: Cluster, archive: Archive, expected: Expected, data: Path, kills: int, updates: list[int]
) -> Iterator[str]:
    for kill in turns(kills):
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
            store(data).build(archive)
            updates[0] += 1
        except GocNhinError as error:
            print(f"     an update failed: {str(error)[:100]}")
        time.sleep(PAUSE)
