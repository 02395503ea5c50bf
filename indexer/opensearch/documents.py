"""The mapping, and an article as a document of it: our keys as tokens, so that what matches is what matches in Whoosh.

A token is a word's keys parted by a bar: as it is written, and behind a tilde without marks; those of one word
have one position. Between paragraphs, and between two authors or tags, positions are left out.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, pairwise, product
from typing import Any

from crawler.article import Article
from crawler.characters import PARAGRAPH
from crawler.dates import HANOI
from crawler.reading.doubts import Doubt
from indexer.engines.comparing import digest
from indexer.index.facets import month
from indexer.index.rank import EARLY, EARLY_SPAN, HEAD, PAIR, SYLLABLE, TITLE, Weighting
from indexer.language import vietnamese
from indexer.language.vietnamese import Tokens, every_key, fold, keys

VERSION = 1
"""To be raised when documents change in a way that neither the mapping nor the tokenizer's source shows."""
UNMARKED = "~"
"""Stands before a key without its marks."""
TOGETHER = "_"
"""Stands between two neighbours."""
GAP = 100
LATE = 100
"""Words from which on a pair stands in the index as often as in the article."""
_LONGEST_TOKEN = 4000
PROGRAM = "goc-nhin"


def settings(shards: int) -> dict[str, Any]:
    """An index's settings; nothing of it is seen before it is refreshed on purpose."""
    bar = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
    blanks = {"type": "whitespace", "max_token_length": _LONGEST_TOKEN}
    return {
        "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-2",
            "refresh_interval": "-1",
            "max_result_window": 1_000_000,
            "similarity": {name: _bm25(weighting) for name, weighting in _SIMILARITIES.items()},
            "analysis": {
                "filter": {"bar": bar},
                "tokenizer": {"blanks": blanks},
                "analyzer": {
                    "keys": {"type": "custom", "tokenizer": "blanks", "filter": ["bar"]},
                    "pairs": {"type": "custom", "tokenizer": "blanks"},
                },
            },
        }
    }


_SIMILARITIES: Mapping[str, Weighting] = {"syllable": SYLLABLE, "title": TITLE, "pair": PAIR, "head": HEAD}


def _bm25(weighting: Weighting) -> dict[str, Any]:
    return {"type": "BM25", "k1": weighting.k1, "b": weighting.b}


def mapping() -> dict[str, Any]:
    """Every field that is searched, sorted or counted by; `article` is the article itself."""
    text = {"type": "text", "analyzer": "keys", "position_increment_gap": GAP}
    pairs = {"type": "text", "analyzer": "pairs", "index_options": "freqs"}
    number, name = {"type": "long"}, {"type": "keyword"}
    searched = {
        "text": {**text, "similarity": "syllable"},
        "title": {**text, "similarity": "title"},
        "pair": {**pairs, "similarity": "pair"},
        "head": {**pairs, "similarity": "head"},
        "author": {**text, "norms": False},
        "tag": {**text, "norms": False},
    }
    return {
        "dynamic": "strict",
        "_source": {"excludes": [*searched, "words"]},
        "properties": {
            **searched,
            **dict.fromkeys(("author_is", "tag_is", "section_is", "authors", "tags", "sections", "words"), name),
            **dict.fromkeys(("year", "month", "digest"), name),
            **dict.fromkeys(("id", "aliases", "arrived", "archived"), number),
            "published": {"type": "double"},
            "article": {"type": "object", "enabled": False},
            "doubts": {"type": "object", "enabled": False},
        },
    }


def document(article: Article, archived_at: datetime, arrived: int, doubts: Iterable[Doubt] = ()) -> dict[str, Any]:
    """An article as it is indexed; `arrived` is the archive's change by which it came."""
    title, paragraphs = Tokens(article.title), [Tokens(part) for part in article.text.split(PARAGRAPH)]
    published = article.published_at.timestamp()
    names = {"author": article.authors, "tag": article.tags, "section": (article.section,)}
    return {
        "id": article.id,
        "aliases": list(article.aliases),
        "text": [_tokens(part) for part in (title, *paragraphs)],
        "title": _tokens(title),
        "pair": " ".join(_early_often([title, *paragraphs])),
        "head": " ".join(pair for part in (title, Tokens(article.lead)) for pair in chain.from_iterable(_pairs(part))),
        "author": [_tokens(Tokens(name)) for name in article.authors],
        "tag": [_tokens(Tokens(name)) for name in article.tags],
        **{f"{field}_is": [same(name) for name in given] for field, given in names.items()},
        **{f"{field}s": list(given) for field, given in names.items()},
        "words": sorted(every_key(article.title) | every_key(article.text)),
        "published": published,
        "archived": archived_at.astimezone(HANOI).date().toordinal(),
        "arrived": arrived,
        "year": month(published)[:4],
        "month": month(published),
        "digest": digest(article),
        "article": article.to_dict(),
        "doubts": [{"field": one.field, "code": one.code, "detail": one.detail} for one in doubts],
    }


def same(name: str) -> str:
    """What two ways of writing one name have in common, marks included."""
    return " ".join(keys(name)) or name


def token(key: str, opened: bool) -> str:
    """A typed key as it is looked up."""
    return f"{UNMARKED}{key}" if opened and not vietnamese.is_marked(key) else key


def _tokens(tokens: Tokens) -> str:
    dated = tokens.further
    words = (_either(tokens.at(place)) if place in dated else _either((key,)) for place, key in enumerate(tokens.keys))
    return " ".join(words)


def _either(keys: Sequence[str]) -> str:
    """One word's keys as they are, and without marks."""
    return "|".join(dict.fromkeys(form for key in keys for form in (key, f"{UNMARKED}{fold(key)}")))


def _early_often(parts: Iterable[Tokens]) -> Iterator[str]:
    """The pairs of an article; those near its beginning stand there as often as an occurrence there counts."""
    for place, pair in enumerate(chain.from_iterable(map(_pairs, parts))):
        yield from pair * round(1 + EARLY * math.exp(-place / EARLY_SPAN)) if place < LATE else pair


def _pairs(tokens: Tokens) -> Iterator[tuple[str, ...]]:
    """For each two neighbours the tokens that stand for them: as they are written, and without marks."""
    folded, dated = [UNMARKED + fold(key) for key in tokens.keys], tokens.further
    for place, (one, other) in enumerate(pairwise(tokens.keys)):
        if place in dated or place + 1 in dated:
            both = list(product(tokens.at(place), tokens.at(place + 1)))
            marked = (TOGETHER.join(pair) for pair in both)
            yield (*marked, *(TOGETHER.join(UNMARKED + fold(key) for key in pair) for pair in both))
        else:
            yield one + TOGETHER + other, folded[place] + TOGETHER + folded[place + 1]


def fingerprint() -> str:
    """Changes whenever an index built before would answer differently from one built now."""
    parts = [str(VERSION), json.dumps([settings(1), mapping()]), inspect.getsource(vietnamese)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
