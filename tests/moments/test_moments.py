"""`make moments`: what `make bench` and `make faults` do, for a moment, with no variable of ours set."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.helpers import ROOT


def moment(package: str, *rooms: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GOC_NHIN_")}
    command = [sys.executable, "-m", package, *rooms, "--moment"]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=170, check=False)


@pytest.mark.parametrize(
    ("package", "rooms", "said"),
    [
        (
            "tests.bench",
            (),
            (
                "extraction",
                "crawl, times",
                "hostile queries",
                "build, articles",
                "times FTS5's speed",
                "export of",
                "under load",
            ),
        ),
        (
            "tests.faults",
            ("crawler", "index"),
            ("a site full", "kills of crawls", "damaged files", "kills of builds", "four readers"),
        ),
        ("tests.faults", ("machine",), ("calls that fail", "power cuts", "two commands at once", "odd places")),
    ],
)
def test_everything_can_be_measured(package: str, rooms: tuple[str, ...], said: tuple[str, ...]) -> None:
    done = moment(package, *rooms)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [name for name in said if name not in done.stdout] == []
