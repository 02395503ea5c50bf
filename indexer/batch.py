"""Many queries at once, for research: a CSV file of queries → a CSV file of how many articles each year has of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import GocNhinError
from indexer.engines.protocol import Engine
from indexer.errors import BadQuery
from indexer.export import csv_row
from indexer.query.parameters import PARAMETERS, SearchRequest
from indexer.query.parser import parse

COLUMNS = {"query" if one.name == "q" else one.name: one for one in PARAMETERS if one.selects}
"""A file's columns; only the first is needed, and no header where there is no other. Several authors or tags: `; `."""
MOST_QUERIES = 10_000


class BadBatch(GocNhinError):
    """A file of queries that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file, as given and as asked."""

    line: int
    given: dict[str, str]
    request: SearchRequest


def doubts_of(file: Path, rows: Sequence[Row]) -> Iterator[str]:
    """What looks as if a file was meant otherwise than it was read, a sentence each."""
    first = rows[0].given["query"]
    if len(rows[0].given) == 1 and any(mark in first for mark in ",;\t") and rows[0].line == 1:
        yield f"{file.name}, line 1: “{first[:60]}” is counted as a query; a header names the column “query”"
    tabbed = [row.line for row in rows if any("\t" in cell for cell in row.given.values())]
    if tabbed:
        shown = ", ".join(map(str, tabbed[:5]))
        yield f"{file.name}: tabs in line {shown} part no columns; columns are parted by commas or semicolons"


def read_batch(file: Path) -> list[Row]:
    """The queries of a file in UTF-8, separated by commas or semicolons. Raises BadBatch before anything is asked."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadBatch(f"{file.name} cannot be read as UTF-8 text: {error}") from error
    header, lines = _header(file.name, text)
    rows = [_row(file.name, number, dict(zip(header, cells, strict=False))) for number, cells in lines if any(cells)]
    if not rows:
        raise BadBatch(f"{file.name} holds no query: write one a line")
    if len(rows) > MOST_QUERIES:
        raise BadBatch(f"{file.name} holds {len(rows)} queries, at most {MOST_QUERIES} are allowed: split it")
    return rows


def counts(engine: Engine, rows: Sequence[Row]) -> Iterator[str]:
    """CSV lines: a header, then for each query its filters, its total, and the articles of each year there is.

    `accents` says how marks were taken; `phrase` are the articles that hold the words side by side, empty for what is
    no row of words. Articles with only most of the words are not counted.
    """
    years = [year for year, _ in engine.counts("year")]
    given = [name for name in COLUMNS if name == "query" or any(row.given.get(name) for row in rows)]
    yield "\ufeff" + csv_row([*given, "accents", "total", "phrase", *years])
    for row in rows:
        result = engine.search(row.request)
        found = dict(result.counts("year"))
        phrase = "" if result.phrase_total is None else result.phrase_total
        named = [row.given.get(name, "") for name in given]
        yield csv_row([*named, result.accents, len(result), phrase, *(found.get(year, 0) for year in years)])


def _header(name: str, text: str) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    """The columns' names, and each line's number and cells. Without a header a line is a query, commas and all."""
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    names = [cell.strip(' \t\r"').casefold() for cell in first.split(mark)]
    if "query" not in names:
        return ["query"], [(number, [line.strip()]) for number, line in enumerate(text.splitlines(), 1)]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        doubled = 'a cell with quotes stands in quotes, its own doubled: """chuyển đổi số"""'
        raise BadBatch(f"{name}, line {reader.line_num}: {error}; {doubled}") from error
    for cell in names:
        if cell not in COLUMNS:
            raise BadBatch(f"{name}, line 1: unknown column “{cell[:40]}”: allowed are {', '.join(COLUMNS)}")
    return names, lines[1:]


def _row(name: str, line: int, given: dict[str, str]) -> Row:
    strings = {
        COLUMNS[column].name: list(_several(cell)) if COLUMNS[column].repeated else [cell]
        for column, cell in given.items()
    }
    try:
        request = SearchRequest.read({**strings, "sort": ["newest"]})
        parse(request.q)
    except BadQuery as error:
        raise BadBatch(f"{name}, line {line}: {error}; nothing was counted") from error
    return Row(line, given, request)


def _several(cell: str) -> Iterable[str]:
    return (value.strip() for value in cell.split(";") if value.strip())
