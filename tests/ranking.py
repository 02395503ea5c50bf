"""How good the order of results is: nDCG@10 over judged queries."""

from __future__ import annotations

import json
import lzma
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from indexer.answers.search import search
from indexer.index.reader import Reader
from indexer.language.vietnamese import fold, keys
from indexer.query.parameters import SearchRequest
from tests.helpers import SHARED

RELEVANCE = SHARED / "relevance"
TOP, FIRST = 10, 5


def judged(file: Path) -> list[tuple[str, set[int]]]:
    """Queries, and the ids of the articles that answer each: a line a query, a tab, ids between blanks."""
    lines = (line for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [(query, set(map(int, ids.split()))) for query, ids in (line.split("\t") for line in lines)]


def shared_articles() -> Iterator[dict[str, Any]]:
    """The measuring side's articles."""
    with lzma.open(RELEVANCE / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def ndcg(reader: Reader, queries: list[tuple[str, set[int]]], unmarked: bool) -> float:
    """The mean over all queries that any article in the index answers; asked as written or without marks."""
    return mean_gain(lambda query: shown(reader, query, TOP), set(reader.ids.tolist()), queries, unmarked)


def mean_gain(
    best: Callable[[str], list[int]], known: set[int], queries: list[tuple[str, set[int]]], unmarked: bool
) -> float:
    """The same for whatever gives the first ids for a query, the best first, of the articles `known`."""
    gains = []
    for query, ids in queries:
        if relevant := ids & known:
            q = " ".join(map(fold, keys(query))) if unmarked else query
            gains.append(_gain(best(q), relevant))
    return sum(gains) / len(gains)


def questions(texts: Mapping[int, str]) -> list[tuple[str, set[int]]]:
    """The shared questions as people type them, and which of some texts are good results of each."""
    found = []
    for line in (SHARED / "asking/questions.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            question, patterns = line.split("\t")
            tests = [re.compile(pattern, re.IGNORECASE) for pattern in patterns.split(" && ")]
            good = {number for number, text in texts.items() if all(test.search(text) for test in tests)}
            found.append((question, good))
    return found


def share_of_good(best: Callable[[str], list[int]], asked: Sequence[tuple[str, set[int]]]) -> float:
    """The share of the good ones that could stand among the first five and do."""
    able = sum(min(FIRST, len(good)) for _, good in asked)
    return sum(len(good & set(best(question)[:FIRST])) for question, good in asked) / able


def shown(reader: Reader, q: str, most: int) -> list[int]:
    """The ids that a page shows first: results, then what is near."""
    answer = search(reader, SearchRequest(q=q))
    found: list[int] = reader.ids[[*answer.docs[:most].tolist(), *answer.near.docs.tolist()][:most]].tolist()
    return found


def _gain(found: list[int], relevant: set[int]) -> float:
    got = sum(1 / math.log2(rank + 2) for rank, number in enumerate(found) if number in relevant)
    return got / sum(1 / math.log2(rank + 2) for rank in range(min(TOP, len(relevant))))
