"""Crawls that are broken off: by a kill, by Ctrl-C, by a disk that is full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import forkserver
from tests.crawler.crawls.test_crawl import archived, crawl, expected
from tests.helpers import ROOT
from tests.replica.faults import Faults
from tests.replica.pieces import many
from tests.replica.site import serving


def test_a_killed_crawl_goes_on_where_it_was(tmp_path: Path) -> None:
    with serving(faults=Faults(slow=1.0, delay=0.1)) as running:
        command = [sys.executable, "-m", "search_app", "crawl", "--site", running.url, "--delay", "0"]
        process = subprocess.Popen([*command, "--data", str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL)
        while running.site.bodies < 8 or not archived(tmp_path):
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        before = set(archived(tmp_path))
        assert 0 < len(before) < len(running.site.section)
        running.site.faults = Faults()
        running.site.asked.clear()
        done = crawl(running.url, tmp_path)
    assert done.returncode == 0
    assert archived(tmp_path) == expected(running.site.pieces)
    again = {piece.id for piece in running.site.section if running.site.asked[piece.path]}
    assert not before & again


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "systemctl stop"])
def test_an_interrupted_crawl_says_so_and_keeps_what_it_has(tmp_path: Path, number: signal.Signals) -> None:
    with serving(faults=Faults(slow=1.0, delay=0.05)) as running:
        command = [sys.executable, "-m", "search_app", "crawl", "--site", running.url, "--delay", "0"]
        process = subprocess.Popen(
            [*command, "--data", str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        while sum(count for path, count in running.site.asked.items() if path.endswith(".html")) < 8:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
        running.site.faults = Faults()
        assert process.returncode == 1
        assert "interrupted; the next run goes on from here" in said
        assert 0 < len(archived(tmp_path)) < len(running.site.section)
        assert crawl(running.url, tmp_path).returncode == 0
    assert archived(tmp_path) == expected(running.site.pieces)


@pytest.mark.parametrize(
    "kilobytes", [40, *(pytest.param(more, marks=pytest.mark.thorough) for more in (200, 400)), 700]
)
def test_a_disk_that_is_full_ends_a_crawl_aloud_and_costs_nothing(tmp_path: Path, kilobytes: int) -> None:
    """Files may not grow beyond so many bytes, which to the archive is a full disk."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # it writes, too
    with serving(many(200)) as running:
        options = ["--full", "--site", running.url, "--delay", "0", "--data", str(tmp_path)]
        done = forkserver.run("search_app", ["crawl", *options], environment, timeout=60, file_size=kilobytes * 1024)
        assert done.returncode == 1, done.stderr
        assert "archive" in done.stderr
        assert "Traceback" not in done.stderr
        assert crawl(running.url, tmp_path, "--full").returncode == 0
    assert archived(tmp_path) == expected(running.site.pieces)
