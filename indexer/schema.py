"""The Whoosh schema, an article as a document of it, and the fingerprint by which a change of either is noticed."""

from __future__ import annotations

import hashlib
import inspect
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypedDict

from whoosh import fields
from whoosh.analysis.acore import Token

from crawler.article import Article
from crawler.reading.doubts import Doubt
from indexer import postings, vietnamese
from indexer.postings import Positions
from indexer.vietnamese import keys

VERSION = 4
"""To be raised when documents change in a way the tokenizer's source and the field names do not show."""


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


def _text() -> fields.TEXT:
    field = fields.TEXT(analyzer=KeyAnalyzer(), spelling=False)
    field.format = Positions()
    return field


def make_schema() -> fields.Schema:
    """Syllables with positions, title and text in one field; all else is worked out from positions."""
    return fields.Schema(
        id=fields.ID(unique=True),
        text=_text(),
        author=_text(),
        tag=_text(),
        facts=fields.STORED(),
        record=fields.STORED(),
    )


class Facts(TypedDict):
    """What is kept in memory of each article.

    `archived_at` is when its first revision was captured; `length` is in syllables; `title`, `head` and `span` are the
    positions at which title, lead and everything end. `doubts` are what is uncertain, as (field, code, detail).
    """

    id: int
    aliases: list[int]
    sha256: str
    published_at: float
    archived_at: float
    section: str
    authors: list[str]
    tags: list[str]
    doubts: list[tuple[str, str, str]]
    length: int
    title: int
    head: int
    span: int


def document(article: Article, archived_at: datetime, doubts: Iterable[Doubt] = ()) -> dict[str, Any]:
    """The article as `add_document` takes it."""
    title = keys(article.title)
    paragraphs = [keys(part) for part in article.text.split("\n\n")]
    authors, tags = list(map(keys, article.authors)), list(map(keys, article.tags))
    facts: Facts = {
        "id": article.id,
        "aliases": list(article.aliases),
        "sha256": article.sha256,
        "published_at": article.published_at.timestamp(),
        "archived_at": archived_at.timestamp(),
        "section": article.section,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "doubts": [(doubt.field, doubt.code, doubt.detail) for doubt in doubts],
        "length": len(title) + sum(map(len, paragraphs)),
        "title": len(title),
        "head": _head(len(title), len(keys(article.lead)), paragraphs),
        "span": max(map(_span, ([title, *paragraphs], authors, tags))),
    }
    return {
        "id": str(article.id),
        "text": spaced([title, *paragraphs]),
        "author": spaced(authors),
        "tag": spaced(tags),
        "facts": facts,
        "record": zlib.compress(json.dumps(article.to_dict(), ensure_ascii=False).encode(), 9),
    }


def keys_of(article: Article) -> dict[str, set[str]]:
    """The keys under which an article stands in each field."""
    return {
        "text": {*keys(article.title), *keys(article.text)},
        "author": {key for author in article.authors for key in keys(author)},
        "tag": {key for tag in article.tags for key in keys(tag)},
    }


def _head(title: int, lead: int, paragraphs: Sequence[Sequence[str]]) -> int:
    """Where the paragraphs end that print the lead; the title's end where there is none."""
    place, read = title, 0
    for paragraph in paragraphs:
        if read >= lead:
            break
        read += len(paragraph)
        place += 1 + max(1, len(paragraph))
    return place


def _span(parts: Sequence[Sequence[str]]) -> int:
    """Positions that parts take, the gaps behind them included; an empty one takes one too."""
    return sum(max(1, len(part)) + 1 for part in parts)


def spaced(parts: Iterable[Sequence[str]]) -> str:
    """Keys for KeyAnalyzer; no phrase reaches from one part into the next."""
    return "  ".join(" ".join(part) for part in parts)


def read_record(blob: bytes) -> Article:
    """The article of a document's `record`."""
    return Article.from_dict(json.loads(zlib.decompress(blob)))


def fingerprint() -> str:
    """Changes whenever an index built before would answer differently from one built now."""
    parts = [str(VERSION), *make_schema().names(), *map(inspect.getsource, (vietnamese, postings))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
