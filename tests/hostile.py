"""Queries meant to hurt: the project's own, and where they are the measuring side's."""

from __future__ import annotations

import re

from tests.helpers import ROOT, SHARED

FILES = (ROOT / "tests/cases/hostile.txt", SHARED / "cases/hostile_queries.txt")


def hostile_queries() -> list[str]:
    """Every one, as Python text: half a surrogate pair may be in it."""
    lines = (line for file in FILES if file.exists() for line in file.read_text("utf-8").splitlines())
    return [unescaped(line) for line in lines if not line.startswith("#")]


def unescaped(line: str) -> str:
    line = re.sub(r"\{(.+?)\*(\d+)\}", lambda found: found[1] * int(found[2]), line)
    return re.sub(r"\\(x..|u....|n|t|r)", lambda found: _CHARACTERS.get(found[1]) or chr(int(found[1][1:], 16)), line)


_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}
