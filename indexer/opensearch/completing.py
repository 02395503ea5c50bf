"""What is being typed → phrases, authors, tags and titles of the cluster's index that begin so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from crawler.article import Article
from indexer.answers.complete import AUTHORS, LONGEST, PHRASES, TITLES, is_parted
from indexer.engines.protocol import Completion, Name
from indexer.index.match import Spelt
from indexer.index.readings import read
from indexer.language.vietnamese import Tokens, fold, is_marked, keys
from indexer.opensearch.documents import TOGETHER, token
from indexer.opensearch.markings import Markings, side_by_side
from indexer.opensearch.queries import EVERYTHING, NEWEST, Query, all_of, counted, matching
from indexer.query.tree import Phrase

if TYPE_CHECKING:
    from indexer.opensearch.engine import Clustered

CANDIDATES = 400
"""Words tried as the next one, the most frequent."""
LOOKED_AT = 2
"""Articles in which is looked how a phrase is written."""


def completions(engine: Clustered, typed: str) -> list[Completion]:
    """As the embedded index has them; phrases are counted in articles, and the most frequent words are tried."""
    words = keys(typed)
    if not words or len(typed) > LONGEST:
        return []
    *head, last = [*words, ""] if typed[-1].isspace() else words
    opened = not any(map(is_marked, words))
    rows = _continued(engine, head, last, opened) if head else _begun(engine, last, opened)
    phrases = islice(_phrases(engine, words, rows), PHRASES)
    kinds: tuple[Name, ...] = ("author", "tag")
    named = [
        Completion(kind, name, count) for kind in kinds for name, count in engine.known(kind).begun(words)[:AUTHORS]
    ]
    return [*phrases, *named, *_titles(engine, head, last, opened)]


def _begun(engine: Clustered, last: str, opened: bool) -> list[tuple[str, ...]]:
    """The most frequent words that begin so."""
    form = fold if opened else str
    often = engine.lexicon.frequencies
    found = sorted((key for key in often if form(key).startswith(last)), key=lambda key: (-often[key], key))
    return [(key,) for key in found[: 2 * PHRASES]]


def _continued(engine: Clustered, head: Sequence[str], last: str, opened: bool) -> list[tuple[str, ...]]:
    """The words with each of those that follow them in most articles and begin so; without marks, as probably meant."""
    often = engine.lexicon.opened if opened else engine.lexicon.frequencies
    begun = sorted((key for key in often if key.startswith(last)), key=lambda key: (-often[key], key))[:CANDIDATES]
    before = token(head[-1], opened)
    pairs = [{"term": {"pair": {"value": before + TOGETHER + token(key, opened)}}} for key in begun]
    there = matching(Phrase(tuple(head)), opened) if len(head) > 1 else EVERYTHING
    counts = counted(engine.snapshot, pairs, there)
    ordered = sorted((-count, key) for count, key in zip(counts, begun, strict=True) if count)[: 2 * PHRASES]
    rows = [(*head, key) for _, key in ordered]
    return [_meant(engine, row) for row in rows] if opened else rows


def _meant(engine: Clustered, row: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.key if isinstance(word, Spelt) else str(word) for word in read(Markings(engine), row).row)


def _phrases(engine: Clustered, words: list[str], rows: Sequence[tuple[str, ...]]) -> Iterator[Completion]:
    """Those in most articles first; no words that belong to two sentences or to two parts of one."""
    counted = sorted(_written(engine, rows), key=lambda one: -one[0])
    for count, text in counted:
        if keys(text) != words and not is_parted(text):
            yield Completion("phrase", text, count)


def _written(engine: Clustered, rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """In how many articles each row stands, and how it is written, the plainest of some ways."""
    if not rows:
        return
    queries = {str(number): _standing(row) for number, row in enumerate(dict.fromkeys(rows))}
    newest = {"top_hits": {"size": LOOKED_AT, "sort": NEWEST, "_source": ["article.title", "article.text"]}}
    each = {"filters": {"filters": queries}, "aggs": {"newest": newest}}
    found = engine.snapshot.search({"size": 0, "track_total_hits": False, "aggs": {"each": each}})
    buckets = found["aggregations"]["each"]["buckets"]
    for number, row in enumerate(dict.fromkeys(rows)):
        bucket = buckets[str(number)]
        hits = (hit["_source"]["article"] for hit in bucket["newest"]["hits"]["hits"])
        ways = [way for hit in hits for text in (hit["title"], hit["text"]) for way in _ways(text, row)]
        if ways:
            yield bucket["doc_count"], min(ways, key=lambda text: (len(text), sum(map(str.isupper, text))))


def _standing(row: Sequence[str]) -> Query:
    """Articles in which these keys stand side by side, just as they are."""
    if len(row) == 1:
        return {"term": {"text": {"value": row[0]}}}
    pairs = [side_by_side(*pair) for pair in pairwise(row)]
    return all_of([*pairs, {"match_phrase": {"text": {"query": " ".join(row), "analyzer": "whitespace"}}}])


def _ways(text: str, row: Sequence[str]) -> Iterator[str]:
    tokens = Tokens(text)
    for place in range(len(tokens) - len(row) + 1):
        if all(key in tokens.at(place + step) for step, key in enumerate(row)):
            yield text[tokens.start(place) : tokens.end(place + len(row) - 1)]


def _titles(engine: Clustered, head: Sequence[str], last: str, opened: bool) -> Iterator[Completion]:
    """The newest titles that go on so."""
    query = _title(head, last, opened)
    body = {"size": TITLES, "query": {"bool": {"filter": [query]}}, "sort": NEWEST, "track_total_hits": False}
    for hit in engine.snapshot.search(body)["hits"]["hits"]:
        found = Article.from_dict(hit["_source"]["article"])
        yield Completion("title", found.title, 1, found.id)


def _title(head: Sequence[str], last: str, opened: bool) -> Query:
    if not last:
        return matching(Phrase(tuple(head), "title"), opened)
    prefix: Query = {"prefix": {"title": {"value": token(last, opened)}}}
    if not head:
        return prefix
    row = [{"span_term": {"title": token(word, opened)}} for word in head]
    return {"span_near": {"clauses": [*row, {"span_multi": {"match": prefix}}], "slop": 0, "in_order": True}}
