"""The order of results: nDCG@10 over the shared queries, on all shared articles."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexer.index.reader import Reader
from tests.bench.collection import goc_nhin
from tests.bench.line import Line
from tests.bench.scale import Scale
from tests.ranking import RELEVANCE, judged, ndcg, shared_articles

MARKED, UNMARKED = 0.470, 0.458


def ranking(scale: Scale) -> Iterator[Line]:
    """As written, and without marks."""
    if not RELEVANCE.exists():
        print("left out: ranking, because the shared articles are not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        file, data = Path(folder) / "shared.ndjson", Path(folder) / "data"
        with file.open("w", encoding="utf-8") as out:
            records = islice(shared_articles(), scale.ranked)
            out.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
        goc_nhin("import", str(file), "--data", str(data))
        goc_nhin("index", "--data", str(data))
        reader, queries = Reader.open(data), judged(RELEVANCE / "queries.tsv")
        for name, unmarked, floor in (("as written", False, MARKED), ("without marks", True, UNMARKED)):
            found = ndcg(reader, queries, unmarked)
            yield Line(f"nDCG@10 {name}", found, floor, f"{len(queries)} queries, {len(reader)} articles")
