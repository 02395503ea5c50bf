"""What researchers read our files with reads in them what the NDJSON says, cell by cell."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas
import polars
import pytest

from crawler.article import Image
from indexer.engines.embedded import Embedded
from indexer.export import CELL, COLUMNS, export
from indexer.query.parameters import SearchRequest
from tests.helpers import article, indexed

Table = list[dict[str, str]]

ARTICLES = [
    article(1, 'Đoạn "hai", dấu; chấm phẩy.\n\nDòng\tkhác', title="Vỉa hè, chợ", authors=("Lê Hoa", "An Bình")),
    article(
        -5,
        "=1+1 là phép tính",
        title="+84 và @ở đâu",
        authors=(),
        tags=("-trừ", "rác"),
        published_at=datetime.fromisoformat("2021-03-05T18:30:00+00:00"),
        images=(Image("https://hanoimoi.vn/1.jpg", "chú thích"),),
    ),
    article(3, "dài " * 10_000, title="Bài dài"),
]


def from_csv(read: Callable[[bytes], Table]) -> Callable[[bytes], Table]:
    """Without what guards a cell against being run as a formula."""
    guarded = ("'=", "'+", "'-", "'@")
    return lambda data: [
        {name: cell[1:] if cell.startswith(guarded) else cell for name, cell in row.items()} for row in read(data)
    ]


def by_pandas(data: bytes) -> Table:
    frame = pandas.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    return [{str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def by_polars(data: bytes) -> Table:
    return polars.read_csv(data, infer_schema=False).fill_null("").to_dicts()


def by_duckdb(data: bytes, path: Path) -> Table:
    path.write_bytes(data)
    found = duckdb.connect().execute("SELECT * FROM read_csv(?, all_varchar=true, header=true)", [str(path)])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, (cell or "" for cell in row), strict=True)) for row in found.fetchall()]


def by_openpyxl(data: bytes) -> Table:
    header, *rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
    return [
        {str(name): "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)} for row in rows
    ]


def exported(tmp_path: Path) -> Callable[[str], bytes]:
    result = Embedded(indexed(tmp_path, ARTICLES)).search(SearchRequest(sort="oldest"))
    return lambda form: b"".join(export(result, form))


def expected(ndjson: bytes) -> Table:
    """Lists between `; `, pictures by their address, nothing as nothing; and the day in Hanoi."""
    found = []
    for line in ndjson.decode().splitlines():
        record = json.loads(line)
        record["published_on"] = record["published_at"][:10]
        record["images"] = [image["url"] for image in record["images"]]
        found.append(
            {
                name: "; ".join(map(str, record[name])) if isinstance(record[name], list) else str(record[name] or "")
                for name in COLUMNS
            }
        )
    return found


@pytest.mark.parametrize("reader", ["pandas", "polars", "duckdb", "openpyxl"])
def test_a_file_is_read_as_the_ndjson_says(tmp_path: Path, reader: str) -> None:
    write = exported(tmp_path / "data")
    rows = expected(write("ndjson"))
    readers = {"pandas": by_pandas, "polars": by_polars, "duckdb": lambda data: by_duckdb(data, tmp_path / "all.csv")}
    if reader == "openpyxl":
        rows = [{name: cell[:CELL] for name, cell in row.items()} for row in rows]
        assert by_openpyxl(write("xlsx")) == rows
    else:
        assert from_csv(readers[reader])(write("csv")) == rows
    assert {row["published_on"] for row in rows} >= {"2021-03-06"}, "the day in Hanoi, not in Greenwich"


def test_a_semicolon_parts_cells_where_the_list_sign_is_one(tmp_path: Path) -> None:
    result = Embedded(indexed(tmp_path, ARTICLES)).search(SearchRequest(sort="oldest"))
    frame = pandas.read_csv(io.BytesIO(b"".join(export(result, "csv", ";"))), sep=";", dtype=str)
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == len(ARTICLES)
