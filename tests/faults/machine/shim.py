"""Commands on a machine whose files fail, or that writes down what is done to them: see shim.c."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests import forkserver
from tests.helpers import ROOT

SOURCE = Path(__file__).with_name("shim.c")
LIBRARY = ROOT / "build/shim/shim.so"
COMPILER = "cc"
KINDS = ("open", "write", "sync", "rename", "link", "unlink", "truncate", "mkdir")


class NoShim(Exception):
    """There is no compiler; the message says what to install."""


class Call(NamedTuple):
    """Something done to a file: where, to which other name, from which byte on, with which bytes."""

    kind: str
    path: str
    other: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """The `number`th call of a kind, from 1, ends with an errno."""

    kind: str
    number: int
    errno: int


@cache
def library() -> Path:
    """The compiled shim. Raises NoShim."""
    if shutil.which(COMPILER) is None:
        raise NoShim("cc cannot be found: install Debian's gcc and libc6-dev")
    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    options = ("-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")
    subprocess.run([COMPILER, *options, "-o", LIBRARY, SOURCE, "-ldl"], check=True)
    return LIBRARY


def run(
    arguments: Sequence[str | Path],
    root: Path,
    failure: Failure | None = None,
    log: Path | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """A command of the product; what it does below `root` is counted, and fails once or is written down.

    `environment` is added to it; SHIM_CLOCK is how many seconds its clock is ahead.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GOC_NHIN_")}
    clean |= {"SHIM_ROOT": str(root), **environment}
    if failure:
        clean |= {"SHIM_FAIL": f"{failure.kind} {failure.number} {failure.errno}"}
    if log:
        clean |= {"SHIM_LOG": str(log)}
    return forkserver.run("search_app", [*map(str, arguments)], clean, 60, preload=str(library()))


def calls(log: Path) -> Iterator[Call]:
    """What was written down."""
    told, place = log.read_bytes(), 0
    while place < len(told):
        kind, offset, size, rest = told[place : place + 10_000].split(b" ", 3)
        path, other, _ = rest.split(b"\0", 2)
        begin = place + len(kind) + len(offset) + len(size) + len(path) + len(other) + 5
        place = begin + int(size)
        yield Call(kind.decode(), path.decode(), other.decode(), int(offset), told[begin:place])
