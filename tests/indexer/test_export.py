from __future__ import annotations

import csv
import io
import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.reader import FILE, PAGES
from crawler.article import Image
from crawler.cli.shared import OURS
from indexer.alerts import command as alerts
from indexer.engines.choice import store
from indexer.engines.embedded import Embedded
from indexer.export import COLUMNS, export
from indexer.index import generation
from indexer.query.parameters import SearchRequest
from tests.helpers import article, indexed, run


def test_csv_is_safe_to_open_in_a_spreadsheet(tmp_path: Path) -> None:
    nasty = article(
        *(1, '=HYPERLINK("http://127.0.0.1","x")\n\nđoạn "hai"'),
        title="@SUM(1+1)",
        tags=("-a", "b"),
        images=(Image("https://x/1.jpg", "chú thích"),),
    )
    data = b"".join(
        export(Embedded(indexed(tmp_path, [nasty, article(-5)])).search(SearchRequest(sort="oldest")), "csv")
    )
    assert data.startswith("\ufeffid,".encode())
    header, legacy, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert header == list(COLUMNS)
    cells = dict(zip(header, row, strict=True))
    assert cells["title"] == "'@SUM(1+1)"
    assert cells["text"] == "'" + nasty.text
    assert cells["tags"] == "'-a; b"
    assert (cells["images"], cells["modified_at"]) == ("https://x/1.jpg", "")
    assert legacy[0] == "-5"


def test_a_file_appears_only_when_complete(specimens: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = run("export", "hà nội", "--data", specimens, "-o", out)
    assert done.returncode == 0
    assert json.loads(out.read_text("utf-8"))["complete"] is True
    assert list(tmp_path.iterdir()) == [out]
    failed = run("export", "--data", specimens, "-o", tmp_path / "none" / "x.json")
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_to_standard_output_without_a_file(specimens: Path, form: str) -> None:
    done = run("export", "--format", form, "--data", specimens)
    assert done.returncode == 0
    assert "bài mẫu" in done.stdout
    assert done.stderr.startswith("export: ")


def test_what_was_exported_can_be_imported_and_is_the_same(specimens: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.ndjson"
    run("export", "--format", "ndjson", "--data", specimens, "-o", out)
    assert run("import", out, "--data", tmp_path).returncode == 0
    assert run("index", "--data", tmp_path).returncode == 0
    again = run("export", "--format", "ndjson", "--data", tmp_path)
    assert again.stdout == out.read_text("utf-8")
    assert "unchanged" in run("import", out, "--data", tmp_path).stderr


@cache
def exported(data: Path) -> bytes:
    return b"".join(export(store(data).opened().search(SearchRequest(q="hà nội")), "json"))


@given(st.floats(0, 1, exclude_max=True))
def test_json_cut_anywhere_is_known_for_it(specimens: Path, share: float) -> None:
    whole = exported(specimens).rstrip()
    assert json.loads(whole)["complete"] is True
    with pytest.raises(ValueError, match=r"."):
        json.loads(whole[: int(share * len(whole))])


@pytest.mark.parametrize(
    "name", ["archive.sqlite", "archive.sqlite-wal", "lock", "index/CURRENT", "warc/x", "../data/lock"]
)
def test_no_export_is_written_over_the_archive(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    indexed(data, [article(1)]).close()
    before = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    for command in (("export",), ("batch", tmp_path / "queries.csv")):
        (tmp_path / "queries.csv").write_text("query\nchợ\n", "utf-8")
        done = run(*command, "-o", data / name, "--data", data)
        assert (done.returncode, done.stdout) == (1, "")
        assert "a file of the data directory itself; write to another" in done.stderr
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == before


def test_a_report_is_not_written_over_the_archive(tmp_path: Path) -> None:
    done = run("crawl", "--site", "http://127.0.0.1:1", "--report", tmp_path / "archive.sqlite", "--data", tmp_path)
    assert done.returncode == 1
    assert "a file of the data directory itself" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_counted_is_not_written_over(specimens: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.csv"
    queries.write_text("query\nchợ\n", "utf-8")
    done = run("batch", queries, "-o", queries, "--data", specimens)
    assert done.returncode == 1
    assert "that is what is read" in done.stderr
    assert queries.read_text("utf-8") == "query\nchợ\n"


def test_a_pipe_is_written_to_and_a_link_and_permissions_stay(tmp_path: Path) -> None:
    indexed(tmp_path / "data", [article(1)]).close()
    export_it = ("export", "--format", "ndjson", "--data", tmp_path / "data")
    whole = run(*export_it).stdout
    pipe, link, file = tmp_path / "pipe", tmp_path / "link", tmp_path / "file"
    os.mkfifo(pipe)
    file.touch(0o600)
    link.symlink_to(file)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # a line fits into the pipe, and nobody waits for anybody
    for output in (pipe, link):
        assert run(*export_it, "-o", output).returncode == 0
    assert os.read(reader, 1 << 16).decode() == whole
    os.close(reader)
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == (whole, 0o600)


def test_what_is_kept_from_being_written_over_is_what_a_data_directory_holds() -> None:
    assert {FILE, PAGES, generation.DIRECTORY, alerts.DIRECTORY} <= set(OURS)
