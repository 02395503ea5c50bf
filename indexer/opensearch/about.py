"""What a result on a cluster is about, as `indexer.answers.about` has it; candidates are of its first articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from crawler.article import Article
from crawler.characters import PARAGRAPH
from indexer.answers.about import (
    CANDIDATES,
    FUNCTION,
    LEAST,
    LENGTHS,
    LOOKED_AT,
    MOST,
    STICKING,
    Held,
    Keys,
    Phrase,
    telling,
    uncapital,
)
from indexer.language.vietnamese import Tokens
from indexer.opensearch.queries import all_of, counted, matching
from indexer.opensearch.words import ClusterWords
from indexer.query import tree

if TYPE_CHECKING:
    from indexer.opensearch.result import Found


def about(result: Found) -> list[Phrase]:
    """The phrases that set a result apart, the most telling first; nothing sets a whole collection apart."""
    engine = result.engine
    if not LEAST <= len(result) < len(engine):
        return []
    texts = {text: Tokens(text) for hit in result.hits(0, LOOKED_AT) for text in _parts(hit.article)}
    words = ClusterWords(engine, result.opened)
    asked = {key for word in tree.words(result.tree) for key in _spelt(words, word)}
    phrases = [keys for keys in _candidates(words, list(texts.values())) if not asked.issuperset(keys)]
    queries = [matching(tree.Phrase(keys), opened=False) for keys in phrases]
    inside = counted(engine.snapshot, (all_of([query, result.query]) for query in queries))
    counts = zip(phrases, inside, counted(engine.snapshot, queries), strict=True)
    found = telling(Held.of(keys, here, everywhere, len(result), len(engine)) for keys, here, everywhere in counts)
    return [Phrase(uncapital(_written(texts, one.keys)), one.inside, one.total) for one in found[:MOST]]


def _parts(article: Article) -> Iterator[str]:
    yield article.title
    yield from article.text.split(PARAGRAPH)


def _spelt(words: ClusterWords, word: tree.Phrase | tree.Prefix) -> Iterator[str]:
    for key in word.keys if isinstance(word, tree.Phrase) else ():
        yield from words.spellings(key)


def _candidates(words: ClusterWords, texts: Sequence[Tokens]) -> list[Keys]:
    """Phrases that are often in some texts, and whose syllables are rare and belong together."""
    single = Counter(key for text in texts for key in text.keys)
    everywhere = FUNCTION * len(words)
    common = {key for key in single if words.frequency(key) > everywhere}
    found: list[tuple[float, Keys]] = []
    for length in LENGTHS:
        rows = Counter(row for text in texts for row in _rows(text.keys, length))
        for row, often in rows.items():
            if often < LEAST or row[0] in common or row[-1] in common:
                continue
            if often >= STICKING * min(single[key] for key in row):
                found.append((often * sum(map(words.rarity, row)) / length, row))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [row for _, row in islice(found, CANDIDATES)]


def _rows(keys: Sequence[str], length: int) -> Iterator[Keys]:
    return zip(*(keys[offset:] for offset in range(length)), strict=False)


def _written(texts: Mapping[str, Tokens], keys: Keys) -> str:
    """A phrase as the first text that has it writes it."""
    for text, tokens in texts.items():
        for place, row in enumerate(_rows(tokens.keys, len(keys))):
            if row == keys:
                return text[tokens.start(place) : tokens.end(place + len(keys) - 1)]
    return " ".join(keys)
