"""A whole result as JSON, NDJSON, CSV or spreadsheet, streamed: one article in memory at a time."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from crawler.article import FIELDS, Article
from crawler.dates import HANOI
from indexer.engines.protocol import Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula. Source: OWASP, "CSV Injection"."""


COLUMNS = tuple(column for name in FIELDS for column in ((name, "published_on") if name == "published_at" else (name,)))
"""Of CSV and spreadsheets: an article's fields, and beside the moment of publishing the day in Hanoi."""
SEPARATORS = {"comma": ",", "semicolon": ";"}
"""What may part the cells of CSV; spreadsheets in Vietnamese take the semicolon."""
CELL = 32_767
"""Characters a spreadsheet's cell holds; what is longer is cut. Source: Excel's specifications and limits."""
PIECE = 1 << 16


def export(result: Result, form: str, separator: str = ",") -> Iterator[bytes]:
    """The result set in one of FORMATS, piece by piece. JSON ends with `"complete": true`: one cut short is known.

    `separator` parts the cells of CSV.
    """
    return FORMATS[form].write(result, separator)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(result: Result, _: str) -> Iterator[bytes]:
    head = {
        "query": result.request.to_dict(),
        "accents": result.accents,
        "relaxed": result.relaxed,
        "generation": result.generation.name,
        "exported_at": datetime.now(HANOI).isoformat(timespec="seconds"),
        "count": len(result),
    }
    yield f'{_dump(head)[:-1]}, "articles": ['.encode()
    for place, article in enumerate(result.articles()):
        yield f"{',' if place else ''}\n{_dump(article.to_dict())}".encode()
    yield b'\n], "complete": true}\n'


def _ndjson(result: Result, _: str) -> Iterator[bytes]:
    for article in result.articles():
        yield f"{_dump(article.to_dict())}\n".encode()


def _csv(result: Result, separator: str) -> Iterator[bytes]:
    yield f"\ufeff{csv_row(COLUMNS, separator)}".encode()
    for article in result.articles():
        yield csv_row(_row(article), separator).encode()


def _xlsx(result: Result, _: str) -> Iterator[bytes]:
    """One sheet, built in a file, one row in memory at a time. Texts are texts, so that nothing has to be guarded."""
    import xlsxwriter  # slow to load, and seldom needed

    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Góc nhìn")
            sheet.freeze_panes(1, 0)
            for place, cells in enumerate(chain([COLUMNS], map(_row, result.articles()))):
                for column, cell in enumerate(cells):
                    if isinstance(cell, int):
                        sheet.write_number(place, column, cell)
                    elif text := _text(cell)[:CELL]:
                        sheet.write_string(place, column, text)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _row(article: Article) -> list[object]:
    """An article's cells by COLUMNS."""
    record = {**article.to_dict(), "published_on": article.published_at.astimezone(HANOI).date().isoformat()}
    return [record[name] for name in COLUMNS]


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which results are downloaded: its media type; a result and a separator → the file, piece by piece."""

    media_type: str
    write: Callable[[Result, str], Iterator[bytes]]


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json", _json),
    "ndjson": Format("application/x-ndjson", _ndjson),
    "csv": Format("text/csv; charset=utf-8", _csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
"""By the name that options, addresses and file names have for it."""


def csv_row(cells: Iterable[object], separator: str = ",") -> str:
    """A line of CSV, safe to open in a spreadsheet."""
    line = io.StringIO()
    csv.writer(line, delimiter=separator).writerow(map(_cell, cells))
    return line.getvalue()


def _text(value: object) -> str:
    """A cell's text; lists as their values between `; `."""
    if isinstance(value, list):
        return "; ".join(item["url"] if isinstance(item, dict) else str(item) for item in value)
    return "" if value is None else str(value)


def _cell(value: object) -> str:
    """A cell's text in which there is nothing a spreadsheet would run."""
    text = _text(value)
    return f"'{text}" if text.startswith(_FORMULA) and not isinstance(value, int) else text
