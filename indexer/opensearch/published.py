"""What stands behind the alias: an index of the cluster, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from indexer.engines.protocol import Generation
from indexer.errors import IndexDamaged, IndexMissing
from indexer.opensearch.cluster import Cluster, ClusterRefused
from indexer.opensearch.documents import PROGRAM, fingerprint


@dataclass(frozen=True, slots=True)
class Card:
    """What an index is: of which archive, as the analyzer left it, up to which change, when it was built.

    `archive` is the mark of the archive's first change, by which archives are told apart; `mark` that of the last one.
    While an update is being made visible, `following` is the card that comes after: all of it has been sent.
    """

    schema: str
    archive: str
    change: int
    mark: str
    articles: int
    built_at: str
    following: Mapping[str, Any] | None = None
    program: str = PROGRAM


@dataclass(frozen=True, slots=True)
class Published:
    """An index that is complete, by its name, with its card."""

    index: str
    card: Card

    @property
    def generation(self) -> Generation:
        """What is answered from: one index serves many, one after the other."""
        card = self.card
        return Generation(f"{self.index}@{card.change}", card.change, card.mark, card.built_at)


def published(cluster: Cluster) -> Published:
    """What the alias names. Raises IndexMissing, IndexDamaged, ClusterUnavailable."""
    try:
        found = cluster.call("GET", f"/{cluster.alias}/_mapping")
    except ClusterRefused as error:
        if error.status == 404:
            raise IndexMissing(f"no index {cluster.alias} on the search cluster: run “goc-nhin index” first") from None
        raise
    if len(found) != 1:
        raise IndexDamaged(f"{cluster.alias} names {len(found)} indexes: leave it to one of them")
    ((index, told),) = found.items()
    return Published(index, _card(cluster, index, told["mappings"].get("_meta", {})))


def _card(cluster: Cluster, index: str, meta: Mapping[str, Any]) -> Card:
    if meta.get("program") != PROGRAM or index == cluster.alias:
        raise IndexDamaged(f"{index} is no index of goc-nhin and is left alone: name another in GOC_NHIN_SEARCH")
    if set(meta) != {one.name for one in fields(Card)}:
        return Card("", str(meta.get("archive", "")), 0, "", 0, "")  # of another version of this program
    return Card(**meta)


def write_card(cluster: Cluster, index: str, card: Card) -> None:
    """Say what an index is; all nodes know it when this returns."""
    cluster.call("PUT", f"/{index}/_mapping", {"_meta": asdict(card)})


def visible(cluster: Cluster, found: Published) -> Published:
    """An index once what was sent to it is seen, with the card that was to follow; whoever finds it so may do that."""
    answer = cluster.call("POST", f"/{found.index}/_refresh")
    if answer["_shards"]["failed"]:
        raise IndexDamaged(f"{found.index} cannot be made visible on every shard: try again")
    if found.card.following is None:
        return found
    articles = cluster.call("GET", f"/{found.index}/_count")["count"]
    card = Card(**{**found.card.following, "articles": articles})
    write_card(cluster, found.index, card)
    return Published(found.index, card)


def readable(found: Published) -> Published:
    """The same, if this program can answer from it. Raises IndexDamaged."""
    if found.card.schema != fingerprint():
        raise IndexDamaged(f"{found.index} was built by another version of this program: run “goc-nhin index”")
    return found
