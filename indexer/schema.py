"""The Whoosh schema, an article as a document of it, and the fingerprint by which a change of either is noticed."""

from __future__ import annotations

import hashlib
import inspect
import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypedDict

from whoosh import fields
from whoosh.analysis.acore import Token

from crawler.article import Article
from indexer import vietnamese
from indexer.vietnamese import keys

VERSION = 1
"""To be raised when documents change in a way the tokenizer's source and the field names do not show."""

PAIR = "_"
"""Between the two syllables of a pair; the tokenizer never makes a key with it."""


class KeyAnalyzer:
    """Whoosh's analyzer for keys already made: parted by blanks, an empty one leaves a gap in the positions."""

    has_morph = False

    def __call__(self, value: str, **_: Any) -> Iterator[Token]:
        """Whoosh wants one Token yielded over and over."""
        token = Token(positions=True, boosts=True)
        token.boost = 1.0
        token.stopped = False
        for position, key in enumerate(value.split(" ")):
            if key:
                token.text, token.pos = key, position
                yield token

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyAnalyzer)

    def __hash__(self) -> int:
        return hash(KeyAnalyzer)

    def __iter__(self) -> Iterator[Any]:
        """Whoosh walks through an analyzer's filters; there is only this."""
        return iter((self,))


def _text(phrase: bool) -> fields.TEXT:
    return fields.TEXT(analyzer=KeyAnalyzer(), phrase=phrase, spelling=False)


def make_schema() -> fields.Schema:
    """Syllables with positions; pairs of neighbouring syllables, once from everything and once from title and lead."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=_text(phrase=True),
        title=_text(phrase=True),
        author=_text(phrase=True),
        tag=_text(phrase=True),
        pairs=_text(phrase=False),
        head=_text(phrase=False),
        facts=fields.STORED(),
        record=fields.STORED(),
    )


class Facts(TypedDict):
    """What is kept in memory of each article: lengths are in syllables."""

    id: int
    aliases: list[int]
    sha256: str
    published_at: float
    authors: list[str]
    tags: list[str]
    length: int
    title_length: int


def document(article: Article) -> dict[str, Any]:
    """The article as `add_document` takes it."""
    title, lead = keys(article.title), keys(article.lead)
    paragraphs = [keys(part) for part in article.text.split("\n\n")]
    facts: Facts = {
        "id": article.id,
        "aliases": list(article.aliases),
        "sha256": article.sha256,
        "published_at": article.published_at.timestamp(),
        "authors": list(article.authors),
        "tags": list(article.tags),
        "length": len(title) + sum(map(len, paragraphs)),
        "title_length": len(title),
    }
    return {
        "id": str(article.id),
        "text": spaced([title, *paragraphs]),
        "title": spaced([title]),
        "author": spaced(map(keys, article.authors)),
        "tag": spaced(map(keys, article.tags)),
        "pairs": list(pairs([title, *paragraphs])),
        "head": list(pairs([title, lead])),
        "facts": facts,
        "record": zlib.compress(json.dumps(article.to_dict(), ensure_ascii=False).encode()),
    }


def spaced(parts: Any) -> str:
    """Keys for KeyAnalyzer; no phrase reaches from one part into the next."""
    return "  ".join(" ".join(part) for part in parts)


def pairs(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    """Neighbours within each part."""
    for part in parts:
        for first, second in pairwise(part):
            yield f"{first}{PAIR}{second}"


def read_record(blob: bytes) -> Article:
    """The article of a document's `record`."""
    return Article.from_dict(json.loads(zlib.decompress(blob)))


def fingerprint() -> str:
    """Changes whenever an index built before would answer differently from one built now."""
    parts = [str(VERSION), *make_schema().names(), inspect.getsource(vietnamese)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
