"""A whole result as JSON, NDJSON or CSV, streamed: one article in memory at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.article import FIELDS
from crawler.dates import HANOI
from indexer.answers.answer import Answer

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection"."""


def export(answer: Answer, form: str) -> Iterator[bytes]:
    """The result set in UTF-8, in one of FORMATS. JSON ends with `"complete": true`, so that one cut short is known."""
    return (piece.encode() for piece in FORMATS[form].write(answer))


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
    yield "\ufeff" + csv_row(FIELDS)
    for article in answer.articles():
        yield csv_row(article.to_dict().values())


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which results are taken away: its media type, and an answer → its text, piece by piece."""

    media_type: str
    write: Callable[[Answer], Iterator[str]]


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", _json),
    "ndjson": Format("application/x-ndjson", _ndjson),
    "csv": Format("text/csv; charset=utf-8", _csv),
}
"""By the name that options, addresses and file names have for it."""


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
