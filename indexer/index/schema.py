"""The Whoosh schema, an article as a document of it, and the fingerprint by which a change of either is noticed."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from whoosh import columns, fields

from crawler.article import Article
from crawler.characters import PARAGRAPH
from crawler.dates import HANOI
from crawler.reading.doubts import Doubt
from indexer.index import codec
from indexer.index.codec import Positions
from indexer.language import analyzer, vietnamese
from indexer.language.analyzer import VietnameseAnalyzer
from indexer.language.vietnamese import every_key, tokens_of

VERSION = 5
"""To be raised when documents change in a way the sources and field names of `fingerprint` do not show."""
TEXTS = ("title", "lead", "text", "section")
"""An article's fields that are the schema's own…"""
LISTS = {"authors": "author", "tags": "tag"}
"""…and those of several values, by the field that holds them."""


def make_schema() -> fields.Schema:
    """What a reader of Whoosh expects, and what else is needed of an article as columns.

    `title`, `lead`, `text`, `author`, `tag` and `section` are Vietnamese text, and columns of the text itself; several
    authors or tags are parted by blank lines. `published_at` is Hanoi's time without an offset. The other columns:
    `published` and `archived` (seconds since 1970, when it was printed and first captured), `arrived` (the archive's
    change by which it came), `length` (words of title
    and text), `title_span`, `head` and `span` (positions, see `document`), and as JSON `aliases`, `doubts` and `rest`,
    which is what else an article has.
    """
    number, moment = columns.NumericColumn("i"), columns.NumericColumn("d")
    return fields.Schema(
        id=fields.ID(unique=True, stored=True, sortable=True),
        title=_text(columns.VarBytesColumn()),
        lead=_text(columns.CompressedBytesColumn(6)),
        text=_text(columns.CompressedBytesColumn(6)),
        author=_text(columns.VarBytesColumn()),
        tag=_text(columns.VarBytesColumn()),
        section=_text(columns.VarBytesColumn()),
        published_at=_moment(),
        published=fields.COLUMN(moment),
        archived=fields.COLUMN(moment),
        arrived=fields.COLUMN(number),
        length=fields.COLUMN(number),
        title_span=fields.COLUMN(number),
        head=fields.COLUMN(number),
        span=fields.COLUMN(number),
        aliases=fields.COLUMN(columns.VarBytesColumn()),
        doubts=fields.COLUMN(columns.VarBytesColumn()),
        rest=fields.COLUMN(columns.CompressedBytesColumn(6)),
    )


def _text(column: columns.Column) -> fields.TEXT:
    field = fields.TEXT(VietnameseAnalyzer(), sortable=column, multitoken_query="phrase")
    field.format = Positions()
    return field


def _moment() -> fields.DATETIME:
    """Whoosh's own adds eight terms to each time, to find spans of them among millions; one will do for ours."""
    field = fields.DATETIME(sortable=True)
    field.shift_step = 0
    return field


def document(article: Article, archived_at: datetime, arrived: int, doubts: Iterable[Doubt] = ()) -> dict[str, Any]:
    """The article as `add_document` takes it; `arrived` is the archive's change by which it came.

    In a collection's numbering of positions (`Reader.starts`) an article's title comes first and takes `title_span`,
    its text follows; title and lead together end at `head`, and all of an article takes `span`, whichever of its fields
    is the longest.
    """
    title, text, lead = tokens_of(article.title), tokens_of(article.text), tokens_of(article.lead)
    record = article.to_dict()
    lists = {field: PARAGRAPH.join(record[name]) for name, field in LISTS.items()}
    rest = {name: value for name, value in record.items() if name not in (*TEXTS, *LISTS)}
    return {
        "id": str(article.id),
        **{name: record[name] for name in TEXTS},
        **lists,
        "published_at": article.published_at.astimezone(HANOI).replace(tzinfo=None),
        "published": article.published_at.timestamp(),
        "archived": archived_at.timestamp(),
        "arrived": arrived,
        "length": len(title) + len(text),
        "title_span": title.span,
        "head": title.span + _printing(article.text, len(lead)),
        "span": max(title.span + text.span, *(tokens_of(value).span for value in lists.values())),
        "aliases": _json(article.aliases),
        "doubts": _json([(doubt.field, doubt.code, doubt.detail) for doubt in doubts]),
        "rest": _json(rest),
    }


def _printing(text: str, lead: int) -> int:
    """Positions of the first paragraphs of a text that together print so many words."""
    end = 0
    for paragraph in text.split(PARAGRAPH):
        if lead <= 0:
            break
        tokens = tokens_of(paragraph)
        lead -= len(tokens)
        end += tokens.span
    return end


def read_article(columns: Mapping[str, Any]) -> Article:
    """The article of a document, by its columns `TEXTS`, `LISTS` and `rest`."""
    lists = {name: values(columns[field]) for name, field in LISTS.items()}
    return Article.from_dict({**{name: columns[name] for name in TEXTS}, **lists, **json.loads(columns["rest"])})


def values(text: str) -> list[str]:
    """The authors or tags that a column of several holds."""
    return text.split(PARAGRAPH) if text else []


def keys_of(article: Article) -> dict[str, set[str]]:
    """The keys under which an article stands in each field that is looked up key by key."""
    lists = {"author": article.authors, "tag": article.tags}
    return {
        "title": every_key(article.title),
        "text": every_key(article.text),
        **{field: {key for value in held for key in every_key(value)} for field, held in lists.items()},
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def fingerprint() -> str:
    """Changes whenever an index built before would answer differently from one built now."""
    parts = [str(VERSION), *make_schema().names(), *map(inspect.getsource, (vietnamese, analyzer, codec))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
