from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from indexer.answers.search import search
from indexer.errors import BuildFailed
from indexer.index import generation, writing
from indexer.index.build import build
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from indexer.verify import problems
from tests.helpers import ROOT, article, indexed, page

TEXTS = ["chợ quê", "hồ Gươm", "chợ hoa", "phố cũ", "chợ Tết, chợ quê", "sông Hồng", "quê nhà"]


def answers(reader: Reader) -> list[list[tuple[int, float]]]:
    found = [search(reader, SearchRequest(q=q)) for q in ("chợ quê", "cho", "")]
    return [list(zip(one.reader.ids[one.docs].tolist(), one.scores.round(9).tolist(), strict=True)) for one in found]


def test_two_processes_build_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = indexed(tmp_path, [article(number, text) for number, text in enumerate(TEXTS, 1)])
    expected = answers(alone)
    monkeypatch.setattr(writing, "SHARED_FROM", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    with Archive.open(tmp_path) as archive:
        built = build(tmp_path, archive, rebuild=True)
        assert list(problems(tmp_path, archive)) == []
    assert (built.indexed, built.articles) == (7, 7)
    assert answers(Reader.open(tmp_path)) == expected
    current = generation.directory(tmp_path) / generation.current_name(tmp_path)
    assert len(list(current.glob("*.seg"))) == 2
    assert not (current / writing.SHARE).exists()


def test_a_second_process_that_fails_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed(tmp_path, [article(number, text) for number, text in enumerate(TEXTS, 1)]).close()
    before = generation.current_name(tmp_path)
    monkeypatch.setattr(writing, "SHARED_FROM", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(writing, "_write_share", os._exit)
    with Archive.open(tmp_path) as archive, pytest.raises(BuildFailed, match="the old index stays"):
        build(tmp_path, archive, rebuild=True)
    assert generation.current_name(tmp_path) == before


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="a second process needs a second core")
def test_a_killed_build_leaves_no_process_behind(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        for number in range(1, writing.SHARED_FROM + 1):
            archive.put(article(number, "chợ quê " * 300), page())
    command = [sys.executable, "-m", "search_app", "index", "--data", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (list(generation.directory(tmp_path).glob(f"*/{writing.SHARE}/*")) and len(pids(children)) > 1):
        assert process.poll() is None
        time.sleep(0.005)
    left = pids(children)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 20
    while any(map(is_running, left)):
        assert time.monotonic() < deadline, "the second process goes on by itself"
        time.sleep(0.05)


def pids(children: Path) -> list[int]:
    return [int(number) for number in children.read_text().split()]


def is_running(number: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
