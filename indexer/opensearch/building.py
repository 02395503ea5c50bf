"""The archive → an index of the cluster: a new one, switched to in one call, or the one there is brought up to date."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from tqdm import tqdm

from crawler.archive.archive import Archive
from crawler.dates import HANOI
from indexer.engines.protocol import Built
from indexer.errors import BuildFailed, IndexDamaged, IndexMissing
from indexer.opensearch.cluster import Cluster, ClusterFull, ClusterRefused
from indexer.opensearch.documents import PROGRAM, document, fingerprint, mapping, settings
from indexer.opensearch.published import Card, Published, published, visible, write_card

KEPT = 2
"""Indexes kept: the current one and the one before."""
BULK = 200
"""Documents sent at once, of some 10 kB each."""
SENDING = 2
"""Of these, how many at a time."""
SHARD_ARTICLES = 500_000
"""Articles for which one shard is enough; see docs/scale.md."""
EMPTY = ""
"""The archive of an index that was built before anything was stored."""
TRIES = 6
_PAUSE = 0.5
_BUSY = 429
_FULL = "the search cluster takes no more, most likely because a disk is full"


def build(cluster: Cluster, archive: Archive, rebuild: bool = False) -> Built:
    """Bring the index up to the archive; where it is, nothing is written. The caller holds the archive's lock.

    Raises BuildFailed; what was published before still serves, and the next build goes on.
    """
    started = time.monotonic()
    base, reason = _base(cluster, archive, rebuild)
    last = archive.last_change()
    if base and base.card.following:
        base = visible(cluster, base)
    if base and base.card.change == last:
        return Built(base.generation.name, base.card.articles, 0, 0, "", time.monotonic() - started)
    try:
        new, indexed, removed = _updated(cluster, archive, base) if base else _built(cluster, archive)
    except ClusterFull as error:
        raise BuildFailed(f"{_FULL}: nothing is lost, make room and run “goc-nhin index” again ({error})") from error
    card = new.card
    return Built(new.generation.name, card.articles, indexed, removed, reason, time.monotonic() - started)


def _base(cluster: Cluster, archive: Archive, rebuild: bool) -> tuple[Published | None, str]:
    """The index to bring up to date, or why there is none. Raises IndexDamaged for one that is not this archive's."""
    try:
        found = published(cluster)
    except IndexMissing:
        return None, "first build"
    card = found.card
    if card.archive == EMPTY:
        return None, "first build"
    if card.archive != _identity(archive):
        raise IndexDamaged(f"{found.index} is another archive's and is left alone: name another in GOC_NHIN_SEARCH")
    if rebuild:
        return None, "as asked"
    if card.schema != fingerprint():
        return None, "tokenizer or mapping changed"
    if archive.mark(card.change) != card.mark:
        return None, "it was built from this archive before a backup was restored"
    return found, ""


def _identity(archive: Archive) -> str:
    """What an archive and its restored backups have in common; EMPTY where nothing was stored yet."""
    return archive.mark(1)


def _card(archive: Archive, articles: int) -> Card:
    last, now = archive.last_change(), datetime.now(HANOI).isoformat(timespec="seconds")
    return Card(fingerprint(), _identity(archive), last, archive.mark(last), articles, now)


def _built(cluster: Cluster, archive: Archive) -> tuple[Published, int, int]:
    """A new index of everything, published in one step; those of builds that were broken off are cleared away."""
    numbers, card = archive.ids(), _card(archive, 0)
    index = f"{cluster.alias}-{datetime.now(UTC):%Y%m%dt%H%M%S%f}-{card.change}"
    shards = 1 + len(numbers) // SHARD_ARTICLES
    cluster.call("PUT", f"/{index}", {"settings": settings(shards), "mappings": {**mapping(), "_meta": _begun(card)}})
    indexed = _send(cluster, index, _documents(archive, numbers), len(numbers))
    new = visible(cluster, Published(index, replace(card, articles=indexed)))
    write_card(cluster, index, new.card)
    switch = [{"remove": {"index": f"{cluster.alias}-*", "alias": cluster.alias, "must_exist": False}}]
    cluster.call("POST", "/_aliases", {"actions": [*switch, {"add": {"index": index, "alias": cluster.alias}}]})
    _clear(cluster, index)
    return new, indexed, 0


def _begun(card: Card) -> dict[str, Any]:
    """What an index says of itself until it is complete."""
    return {"program": PROGRAM, "archive": card.archive}


def _updated(cluster: Cluster, archive: Archive, base: Published) -> tuple[Published, int, int]:
    """What changed since, in the index there is; seen by nobody until all of it is there."""
    changed = archive.changed_since(base.card.change)
    card = _card(archive, 0)
    actions = _changes(archive, changed)
    indexed = _send(cluster, base.index, actions, len(changed))
    sent = Published(base.index, replace(base.card, following=asdict(card)))
    write_card(cluster, sent.index, sent.card)
    return visible(cluster, sent), indexed, len(changed) - indexed


def _documents(archive: Archive, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
    for article in archive.current(numbers):
        came = archive.first_captured(article.id), archive.arrived(article.id)
        yield article.id, document(article, *came, archive.doubts(article.id))


def _changes(archive: Archive, changed: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """The changed articles, and None for those that are no more."""
    there = set()
    for number, made in _documents(archive, changed):
        there.add(number)
        yield number, made
    yield from ((number, None) for number in changed if number not in there)


def _send(cluster: Cluster, index: str, documents: Iterable[tuple[int, Any]], total: int) -> int:
    """Send documents by id, None for one that is to be removed; how many were indexed. Raises BuildFailed."""
    indexed, sent = 0, deque[Future[None]]()
    # While some are sent and worked on there, the next are made here.
    with (
        tqdm(desc="index", total=total, unit=" articles", disable=None, leave=False) as bar,
        ThreadPoolExecutor(SENDING) as sending,
    ):
        for some in _some(documents):
            if len(sent) == SENDING:
                sent.popleft().result()
            sent.append(sending.submit(_bulk, cluster, index, some))
            indexed += sum(made is not None for _, made in some)
            bar.update(len(some))
        for one in sent:
            one.result()
    return indexed


def _some(documents: Iterable[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    some: list[tuple[int, Any]] = []
    for one in documents:
        some.append(one)
        if len(some) == BULK:
            yield some
            some = []
    if some:
        yield some


def _bulk(cluster: Cluster, index: str, some: list[tuple[int, Any]]) -> None:
    """All of it, or BuildFailed: what a busy node puts off is sent again."""
    for attempt in range(TRIES):
        lines = [json.dumps(line, ensure_ascii=False) for number, made in some for line in _lines(number, made)]
        answer = cluster.call("POST", f"/{index}/_bulk", "\n".join([*lines, ""]))
        results = [next(iter(item.values())) for item in answer["items"]]
        failed = [(one, said) for one, said in zip(some, results, strict=True) if "error" in said]
        if not failed:
            return
        for (number, _), said in failed:
            if said["error"]["type"] == "cluster_block_exception":
                raise ClusterFull(said["status"], said["error"]["reason"])
            if said["status"] not in (_BUSY, 503):
                raise BuildFailed(f"article {number} cannot be indexed: {said['error']['reason']}")
        some = [one for one, _ in failed]
        time.sleep(_PAUSE * 2**attempt)
    raise BuildFailed(f"the search cluster is too busy: {len(some)} articles were put off again and again; try later")


def _lines(number: int, made: Any) -> Iterator[Any]:
    action = "delete" if made is None else "index"
    yield {action: {"_id": str(number)}}
    if made is not None:
        yield made


def _clear(cluster: Cluster, current: str) -> None:
    """Leave the current index and the complete one before it; take away the others of this archive."""
    found = cluster.call("GET", f"/{cluster.alias}-*/_mapping")
    own = {name: told["mappings"].get("_meta", {}) for name, told in found.items()}
    archive = own[current]["archive"]
    ours = ((PROGRAM, archive), (PROGRAM, EMPTY))
    mine = sorted(name for name in own if (own[name].get("program"), own[name].get("archive")) in ours)
    complete = [name for name in mine if "change" in own[name]]
    for name in set(mine) - set(complete[-KEPT:]) - {current}:
        try:
            cluster.call("DELETE", f"/{name}")
        except ClusterRefused as error:
            if error.status != 404:
                raise
