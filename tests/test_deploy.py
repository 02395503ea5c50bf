"""The units in deploy/: what systemd makes of them, and that they run commands there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from search_app.cli import goc_nhin
from tests.helpers import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.[st]*"))


def test_the_units_run_commands_that_exist() -> None:
    text = "".join(unit.read_text("utf-8") for unit in UNITS)
    commands = re.findall(r"^ExecStart=/opt/goc-nhin/\.venv/bin/goc-nhin (\S+)", text, re.MULTILINE)
    assert sorted(commands) == ["serve", "update"]
    assert set(commands) <= set(goc_nhin.commands)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_nothing_amiss(tmp_path: Path) -> None:
    for unit in UNITS:
        # The program is not installed where the units expect it.
        (tmp_path / unit.name).write_text(
            unit.read_text("utf-8").replace("/opt/goc-nhin/.venv/bin/goc-nhin", "/bin/true")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "goc-nhin" in line]) == (0, [])
