"""A whole result as JSON, NDJSON or CSV, streamed: one article in memory at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, get_args

from crawler.dates import HANOI
from indexer.answers.search import Answer

Format = Literal["json", "ndjson", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
MIME = {"json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}

COLUMNS = (
    *("id", "url", "aliases", "title", "lead", "text", "authors", "section", "tags", "images"),
    *("published_at", "modified_at", "captured_at", "revision", "sha256", "layout"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection"."""


def export(answer: Answer, form: Format) -> Iterator[bytes]:
    """The result set in UTF-8. JSON ends with `"complete": true`, so that one cut short is known for it."""
    writers: dict[Format, Callable[[Answer], Iterator[str]]] = {"json": _json, "ndjson": _ndjson, "csv": _csv}
    return (piece.encode() for piece in writers[form](answer))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(answer: Answer) -> Iterator[str]:
    head = {
        "query": answer.request.to_dict(),
        "accents": answer.accents,
        "relaxed": answer.relaxed,
        "generation": answer.reader.manifest.name,
        "exported_at": datetime.now(HANOI).isoformat(timespec="seconds"),
        "count": len(answer),
    }
    yield _dump(head)[:-1] + ', "articles": ['
    for place, article in enumerate(answer.articles()):
        yield (",\n" if place else "\n") + _dump(article.to_dict())
    yield '\n], "complete": true}\n'


def _ndjson(answer: Answer) -> Iterator[str]:
    for article in answer.articles():
        yield _dump(article.to_dict()) + "\n"


def _csv(answer: Answer) -> Iterator[str]:
    yield "\ufeff" + csv_row(COLUMNS)
    for article in answer.articles():
        record = article.to_dict()
        yield csv_row(record[name] for name in COLUMNS)


def csv_row(cells: Iterable[object]) -> str:
    """A line of CSV, safe to open in a spreadsheet."""
    line = io.StringIO()
    csv.writer(line).writerow(map(_cell, cells))
    return line.getvalue()


def _cell(value: object) -> str:
    """Lists as their values between `; `, and nothing a spreadsheet would run."""
    if isinstance(value, list):
        text = "; ".join(item["url"] if isinstance(item, dict) else str(item) for item in value)
    else:
        text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int) else text
