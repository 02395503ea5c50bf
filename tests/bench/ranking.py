"""The order of results on all shared articles: nDCG@10 over the shared queries, good ones for the shared questions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from indexer.index.reader import Reader
from tests.bench.collection import goc_nhin
from tests.bench.line import Line
from tests.bench.peers import Best, peers
from tests.bench.scale import Scale
from tests.ranking import FIRST, RELEVANCE, TOP, judged, mean_gain, questions, share_of_good, shared_articles, shown

MARKED, UNMARKED, GOOD = 0.470, 0.458, 0.74
PEERS = 1.0
"""Times the best of the others."""


def ranking(scale: Scale) -> Iterator[Line]:
    """As written, without marks, and as people ask; each beside what others make of the same."""
    if not RELEVANCE.exists():
        print("left out: ranking, because the shared articles are not here")
        return
    records = list(islice(shared_articles(), scale.ranked))
    with tempfile.TemporaryDirectory() as folder:
        reader = _indexed(Path(folder), records)
        others = {peer.name: peer.best for peer in peers(Path(folder), records)}
        known, queries = set(reader.ids.tolist()), judged(RELEVANCE / "queries.tsv")
        texts = {one["id"]: " ".join((one["title"], one["lead"], one["text"])) for one in records}
        asked = questions(texts)

        def ours(query: str) -> list[int]:
            return shown(reader, query, TOP)

        said = f"{len(queries)} queries, {len(known)} articles"
        for name, unmarked, floor in (("as written", False, MARKED), ("without marks", True, UNMARKED)):
            measure = _gain_of(known, queries, unmarked)
            yield from _beside(f"nDCG@10 {name}", measure, ours, others, floor, said)
        name, said = f"good ones among the first {FIRST}", f"{len(asked)} questions as people type them"
        yield from _beside(name, lambda best: share_of_good(best, asked), ours, others, GOOD, said)


def _gain_of(known: set[int], queries: list[tuple[str, set[int]]], unmarked: bool) -> Callable[[Best], float]:
    return lambda best: mean_gain(best, known, queries, unmarked)


def _beside(
    name: str, measure: Callable[[Best], float], ours: Best, others: dict[str, Best], floor: float, said: str
) -> Iterator[Line]:
    found, theirs = measure(ours), {other: measure(best) for other, best in others.items()}
    yield Line(name, found, floor, said)
    each = ", ".join(f"{other} {value:.3f}" for other, value in theirs.items())
    yield Line(f"{name}, times the best of the others", found / (max(theirs.values()) or 1), PEERS, each)


def _indexed(folder: Path, records: list[dict[str, Any]]) -> Reader:
    file, data = folder / "shared.ndjson", folder / "data"
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    goc_nhin("import", str(file), "--data", str(data))
    goc_nhin("index", "--data", str(data))
    return Reader.open(data)
