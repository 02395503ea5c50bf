"""Whatever node ends, something that is being read is elsewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.opensearch.copies import apart

NODES = st.sampled_from("abcdefgh")


@given(st.lists(st.sets(NODES, min_size=1, max_size=3), min_size=1, max_size=20))
def test_no_node_is_in_every_set_and_each_set_has_every_shard(shards: list[set[str]]) -> None:
    found = apart(shards)
    for node in set().union(*shards):
        assert any(node not in nodes for nodes in found)
    for nodes in found:
        assert all(copies & set(nodes) for copies in shards if len(copies) > 1)
    assert len(found) <= len(set().union(*shards))


def test_one_shard_and_its_copy_are_read_on_either_node() -> None:
    assert apart([{"a", "b"}]) == [["b"], ["a"]]
    assert apart([{"a"}]) == [[]]
