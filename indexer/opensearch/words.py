"""What the cluster's index knows of words: how many articles hold each is fetched once, neighbours when asked for."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.article import Article
from indexer.answers.known import Known
from indexer.index.match import Word
from indexer.language.vietnamese import Tokens, fold, is_marked
from indexer.opensearch.queries import Query, counted, matching
from indexer.query.tree import Node, Phrase

if TYPE_CHECKING:
    from indexer.opensearch.engine import Clustered
    from indexer.opensearch.snapshot import Snapshot

MOST_WORDS = 60_000
"""Words fetched at once; a cluster gives 65,535 at most. A composite aggregation took ten seconds for 100,000."""
AT_ONCE = 500
"""Pairs counted at once."""
OFTEN = 10**6
"""How often words are said to stand side by side that are no plain words."""


class Lexicon:
    """Every key of titles and texts, and how many articles hold it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def frequencies(self) -> dict[str, int]:
        """By key. In as many parts as it takes for none to have more words than are fetched at once."""
        parts = 1
        while (found := self._in_parts(parts)) is None:
            parts *= 2
        return found

    def _in_parts(self, parts: int) -> dict[str, int] | None:
        found: dict[str, int] = {}
        for part in range(parts):
            among = {"include": {"partition": part, "num_partitions": parts}} if parts > 1 else {}
            terms = {"terms": {"field": "words", "size": MOST_WORDS, **among}}
            body = {"size": 0, "track_total_hits": False, "aggs": {"words": terms}}
            answer = self._snapshot.search(body)["aggregations"]["words"]
            if answer["sum_other_doc_count"]:
                return None
            found.update({bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]})
        return found

    @cached_property
    def opened(self) -> dict[str, int]:
        """By what is left of keys without their marks, how many articles hold one; those that hold two count twice."""
        return {folded: sum(self.frequencies[key] for key in keys) for folded, keys in self.markings.items()}

    @cached_property
    def markings(self) -> dict[str, list[str]]:
        """By what is left of a key without its marks."""
        found = defaultdict(list)
        for key in sorted(self.frequencies):
            found[fold(key)].append(key)
        return dict(found)


class ClusterWords:
    """Known by a cluster's index, in one snapshot."""

    def __init__(self, engine: Clustered, opened: bool) -> None:
        self._engine, self.opened = engine, opened
        self._together: dict[tuple[str, str], int] = {}

    def taken(self, opened: bool) -> Known:
        return ClusterWords(self._engine, opened)

    def __len__(self) -> int:
        return len(self._engine)

    def matches(self, tree: Node) -> bool:
        return self._engine.count(matching(tree, self.opened)) > 0

    def spellings(self, key: str) -> Sequence[str]:
        return self.markings(key) if self.opened and not is_marked(key) else (key,)

    def markings(self, folded: str) -> Sequence[str]:
        return self._engine.lexicon.markings.get(folded, ())

    def frequency(self, key: str) -> int:
        return self._engine.lexicon.frequencies.get(key, 0)

    def rarity(self, key: str) -> float:
        """A key's inverse document frequency, BM25's; 0 and more."""
        often = self.frequency(key)
        return math.log1p((len(self) - often + 0.5) / (often + 0.5))

    def expect(self, pairs: Iterable[tuple[Word, Word]]) -> None:
        plain = {(one, other) for one, other in pairs if isinstance(one, str) and isinstance(other, str)}
        wanted = sorted(plain - self._together.keys())
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            self._together.update(zip(some, counted(self._engine.snapshot, map(self._side_by_side, some)), strict=True))

    def together(self, one: Word, other: Word) -> int:
        if not (isinstance(one, str) and isinstance(other, str)):
            return OFTEN
        self.expect([(one, other)])
        return self._together[one, other]

    def written(self, key: str) -> str:
        query = matching(Phrase((key,)), self.opened)
        body = {"size": 1, "query": {"bool": {"filter": [query]}}, "sort": [{"id": "desc"}], "track_total_hits": False}
        hits = self._engine.snapshot.search(body)["hits"]["hits"]
        article = Article.from_dict(hits[0]["_source"]["article"])
        wanted = set(self.spellings(key))
        for text in (article.title, article.text):
            tokens = Tokens(text)
            for place in range(len(tokens)):
                if wanted.intersection(tokens.at(place)):
                    written = text[tokens.start(place) : tokens.end(place)].lower()
                    return fold(written) if self.opened and fold(key) == key else written
        return key

    def _side_by_side(self, pair: tuple[str, str]) -> Query:
        return matching(Phrase(pair), self.opened)
