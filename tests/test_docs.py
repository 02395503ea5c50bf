"""The documentation's programs run, and its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tables
from tests.faults import promises
from tests.helpers import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = [
    pytest.param(program, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, program in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_run_and_say_something(program: str, specimens: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(specimens)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        headings = (
            {_anchor(line) for line in linked.read_text().splitlines() if line.startswith("#")} if heading else ()
        )
        assert not heading or heading in headings, target


def test_tables_are_those_of_the_program() -> None:
    text = tables.PAGE.read_text("utf-8")
    assert tables.written(text) == text, "run “make tables”"
    assert all(f"<!-- table: {name} -->" in text for name in tables.TABLES)


def test_the_page_of_promises_is_that_of_the_last_trials() -> None:
    known = {name: promises.Result(*told) for name, told in json.loads(promises.RESULTS.read_text("utf-8")).items()}
    assert promises.PAGE.read_text("utf-8") == promises.page(known), "run “make faults”"
    assert [name for name, one in known.items() if one.broken] == []


def _anchor(line: str) -> str:
    """A heading's anchor, as the forges make it."""
    return re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
