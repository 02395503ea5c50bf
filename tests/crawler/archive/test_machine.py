"""What a command reports as stored is on the disk, or the command says that it is not."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.machine import shim
from tests.faults.machine.power import Disk, read
from tests.faults.machine.shim import Failure, NoShim
from tests.helpers import article, missing
from tests.replica.pieces import many
from tests.replica.site import Running, serving

NOT_KEPT = ("/lock", "/archive.sqlite-shm", "/archive.sqlite-wal")
"""Files of which nothing need be left."""


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    try:
        shim.library()
    except NoShim as error:
        missing(str(error))


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with serving(many(2)) as running:
        yield running


def test_what_a_crawl_stored_outlives_a_power_cut_at_its_end(site: Running, tmp_path: Path) -> None:
    data, log = tmp_path / "new" / "data", tmp_path / "log"
    done = shim.run(["crawl", "--full", "--site", site.url, "--delay", "0", "--data", data], tmp_path / "new", log=log)
    assert done.returncode == 0, done.stderr
    disk = Disk(tmp_path / "new", {})
    for call in shim.calls(log):
        disk.apply(call)
    kept, there = disk.strict(), read(tmp_path / "new")
    assert {path for path in there.keys() - kept.keys() if not path.endswith(NOT_KEPT)} == set()
    assert [path for path in kept if not path.endswith(NOT_KEPT) and kept[path] != there[path]] == []


def test_an_import_whose_archive_cannot_be_synced_says_so(tmp_path: Path) -> None:
    lines, told = tmp_path / "lines.ndjson", []
    for number in range(1, 9):
        lines.write_text(json.dumps(article(number).to_dict()), "utf-8")
        failure, log = Failure("sync", number, errno.EIO), tmp_path / f"log{number}"
        shim.run(["import", lines, "--data", tmp_path / "data"], tmp_path / "data")
        lines.write_text(json.dumps(article(number, "Đã sửa.").to_dict()), "utf-8")
        done = shim.run(["import", lines, "--data", tmp_path / "data"], tmp_path / "data", failure, log)
        failed = [call.path.rpartition("/")[2] for call in shim.calls(log) if call.kind == "failed"]
        if failed and failed[0] in ("archive.sqlite", "archive.sqlite-wal"):
            told.append((failed[0], done.returncode, done.stderr.count("\n")))
    assert set(told) == {("archive.sqlite", 1, 1), ("archive.sqlite-wal", 1, 1)}


def test_a_crawl_whose_archive_takes_nothing_more_is_never_called_finished(site: Running, tmp_path: Path) -> None:
    command = ["crawl", "--full", "--site", site.url, "--delay", "0", "--data"]
    log = tmp_path / "log"
    assert shim.run([*command, tmp_path / "whole"], tmp_path / "whole", log=log).returncode == 0
    writes = [call.path for call in shim.calls(log) if call.kind == "write"]
    first = next(number for number, path in enumerate(writes, 1) if path.endswith(".warc.gz"))
    # What is to be asked for is written down just before the first page comes; the rest is between the pages.
    for number in (*range(first - 5, first), *range(first + 2, len(writes) - 20, 12)):
        data = tmp_path / str(number)
        done = shim.run([*command, data], data, Failure("write", number, errno.ENOSPC))
        assert (done.returncode, "not finished" in done.stderr) == (1, True), number
