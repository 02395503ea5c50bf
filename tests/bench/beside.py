"""Building and asking beside what others make of the same articles. Compared, not wanted: each of them does less."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from tests.bench.collection import archive, goc_nhin, grown, known_queries
from tests.bench.fts5 import TOP
from tests.bench.line import Line
from tests.bench.peers import peers
from tests.bench.scale import Scale

BUILDING = (
    "they take words as they stand; ours are made alike as Vietnamese is written, indexed with and without marks, in "
    "pairs and with places, by Python, and read from an archive that says of each what is the newest"
)
ASKING = (
    "theirs is one BM25 by compiled code; ours weighs pairs, titles, names, phrases and what the first results have in "
    "common, orders all that match, and writes down what each word was taken for"
)


def beside(scale: Scale) -> Iterator[Line]:
    """Times each one's speed, by the seconds to index and the median milliseconds of a query."""
    records = list(grown(scale.ranked))
    asked = known_queries()[: scale.asked]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        archive(data, scale.ranked)
        built = goc_nhin("index", "--data", str(data)).seconds
        reader = Reader.open(data)

        def ours(query: str) -> list[int]:
            found: list[int] = reader.ids[search(reader, SearchRequest(query)).docs[:TOP]].tolist()
            return found

        middle = _median(ours, asked)
        for peer in peers(Path(folder), records):
            said = f"{built:.1f} s for {len(records)} articles, {peer.name} {peer.seconds:.1f} s"
            yield Line(f"build, times {peer.name}'s speed", peer.seconds / built, None, said, why=BUILDING)
            theirs = _median(peer.counted, asked)
            said = f"median of {len(asked)} with their totals: {middle:.2f} ms, {peer.name} {theirs:.2f} ms"
            yield Line(f"search, times {peer.name}'s speed", theirs / middle, None, said, why=ASKING)


def _median(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    """Milliseconds a query."""
    taken = []
    for query in queries:
        begun = perf_counter()
        ask(query)
        taken.append(1000 * (perf_counter() - begun))
    return median(taken)
