from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from indexer.batch import COLUMNS, BadBatch, counts, read_batch
from indexer.engines.embedded import Embedded
from indexer.query.parameters import PARAMETERS
from tests.helpers import article, indexed, run

ARTICLES = [
    article(1, "Chuyển đổi số.", published_at=datetime.fromisoformat("2019-05-01T08:00:00+07:00"), authors=("Lê Hoa",)),
    article(2, "Chuyển đổi số, thi đua.", published_at=datetime.fromisoformat("2021-05-01T08:00:00+07:00")),
    article(3, "Thi đua.", published_at=datetime.fromisoformat("2021-12-31T23:59:00+07:00"), authors=("Lê Hoa",)),
]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def told(tmp_path: Path, text: str) -> list[dict[str, str]]:
    engine = Embedded(indexed(tmp_path / "data", ARTICLES))
    lines = "".join(counts(engine, read_batch(written(tmp_path / "queries.csv", text)))).removeprefix("\ufeff")
    return list(csv.DictReader(lines.splitlines()))


def test_a_query_a_line(tmp_path: Path) -> None:
    assert told(tmp_path, 'chuyển đổi số\n"thi đua"\n\nchuyen\nkhông có đâu nhé\n') == [
        {"query": "chuyển đổi số", "accents": "exact", "total": "2", "phrase": "2", "2019": "1", "2021": "1"},
        {"query": '"thi đua"', "accents": "exact", "total": "2", "phrase": "", "2019": "0", "2021": "2"},
        {"query": "chuyen", "accents": "folded", "total": "2", "phrase": "", "2019": "1", "2021": "1"},
        {"query": "không có đâu nhé", "accents": "exact", "total": "0", "phrase": "0", "2019": "0", "2021": "0"},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("từ khóa,từ ngày\nthi đua,2021\n", "line 1: “từ khóa,từ ngày” is counted as a query"),
        ("thi đua\nthi đua\t2021\n", "tabs in line 2 part no columns"),
        ("thi đua\nvỉa hè\n", ""),
    ],
)
def test_a_file_that_may_be_meant_otherwise_is_told_of(tmp_path: Path, text: str, said: str) -> None:
    indexed(tmp_path / "data", ARTICLES)
    done = run("batch", written(tmp_path / "queries.csv", text), "--data", tmp_path / "data")
    assert done.returncode == 0
    assert said in done.stderr
    assert ("note:" in done.stderr) == bool(said)
    assert "batch: 2 queries: " in done.stderr


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_header_names_filters(tmp_path: Path, separator: str) -> None:
    rows = [("query", "from", "author"), ("thi đua", "2021", ""), ("thi đua", "", "Lê Hoa"), ("", "2020", "")]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)
    found = told(tmp_path, text)
    assert [(row["from"], row["author"], row["total"]) for row in found] == [
        ("2021", "", "2"),
        ("", "Lê Hoa", "1"),
        ("2020", "", "2"),
    ]


def test_articles_with_only_most_of_the_words_do_not_count(tmp_path: Path) -> None:
    assert told(tmp_path, "thi đua voi")[0]["total"] == "0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no query"),
        ("thi đua\nch*\n", "line 2: .*three|line 2: .*3 letters"),
        ('query,from\nthi,2021\n"đua" OR "xe",2020\n', "line 3: .*its own doubled"),
        ("query,colour\nthi,red\n", "unknown column “colour”"),
        ("query,from\nthi,2021-13-45\n", "line 2: .*no date"),
        ("query,from,to\nthi,2021,2020\n", "line 2: .*swap them"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_counted(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadBatch, match=message):
        read_batch(written(tmp_path / "queries.csv", text))


def test_the_command(tmp_path: Path) -> None:
    indexed(tmp_path / "data", ARTICLES).close()
    queries, out = written(tmp_path / "queries.csv", "thi đua\n=1+1\n"), tmp_path / "counts.csv"
    done = run("batch", queries, "-o", out, "--data", tmp_path / "data")
    assert (done.returncode, done.stdout) == (0, "")
    assert "batch: 2 queries" in done.stderr
    assert out.read_text("utf-8").splitlines()[1:] == ["thi đua,exact,2,2,0,2", "'=1+1,folded,0,,0,0"]
    assert run("batch", queries, "--data", tmp_path / "data").stdout == out.read_text("utf-8")
    bad = written(tmp_path / "bad.csv", "\xe9", "latin-1")
    done = run("batch", bad, "-o", tmp_path / "nothing.csv", "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "UTF-8" in done.stderr
    assert not (tmp_path / "nothing.csv").exists()


def test_a_line_without_a_header_is_a_query_quotes_and_all(tmp_path: Path) -> None:
    text = '"thi đua" OR "xe", chợ\n'
    (row,) = read_batch(written(tmp_path / "queries.csv", text))
    assert row.request.q == text.strip()


def test_a_cell_holds_a_phrase_as_csv_writes_quotes(tmp_path: Path) -> None:
    (row,) = read_batch(written(tmp_path / "queries.csv", 'query,from\n"""thi đua""",2021\n'))
    assert row.request.q == '"thi đua"'


def test_every_filter_of_a_search_is_a_column(tmp_path: Path) -> None:
    assert {one.name for one in COLUMNS.values()} == {one.name for one in PARAMETERS if one.selects}
    found = told(tmp_path, "query,literal\nchuyen doi,1\nchuyen doi,\n")
    assert [(row["literal"], row["total"]) for row in found] == [("1", "0"), ("", "2")]
