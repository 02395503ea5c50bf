"""The whole chain in odd places: odd names, a disk too small, one that is read only, another clock, locale, umask."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.machine import shim
from tests.faults.machine.jobs import wrong
from tests.helpers import ROOT, run
from tests.replica.pieces import many
from tests.replica.site import Running, serving

ARTICLES = 40
YEAR = 365 * 24 * 3600
SMALL = "300k"
WELL, FAILED = 0, 1
NAMES = ("Báo Hà Nội mới/dữ liệu “góc nhìn”", "a b\tc", "-rf", "%s{x}$HOME", "đ" * 80)

Place = Callable[[Path, Running], Iterator[str]]


def places(home: Path, most: int) -> Generator[str, None, int]:
    """What was not right in any of so many of them; how many were tried. Raises NoShim."""
    home.mkdir()
    tried: tuple[Place, ...] = (_named, _moved, _locale, _umask, _clock, _small, _read_only)
    with serving(many(ARTICLES)) as site:
        for place in tried[:most]:
            here = home / place.__name__
            here.mkdir()
            yield from (f"{place.__name__[1:]}: {problem}" for problem in place(here, site))
    return min(most, len(tried))


def _chain(site: Running, data: Path) -> list[list[str]]:
    there = str(data)
    return [
        ["crawl", "--full", "--site", site.url, "--delay", "0", "--data", there],
        ["index", "--data", there],
        ["search", "hà nội", "--data", there],
        ["export", "--format", "json", "-o", str(data.parent / "out.json"), "--data", there],
        ["verify", "--data", there],
    ]


def _done(site: Running, data: Path, command: Callable[[list[str]], Any]) -> Iterator[str]:
    """What is not right about the chain, done by `command`."""
    for arguments in _chain(site, data):
        done = command(arguments)
        if done.returncode != WELL:
            yield f"{arguments[0]}: {done.returncode} {done.stderr[-200:]}"
    found = json.loads((data.parent / "out.json").read_text("utf-8"))
    if len(found["articles"]) != ARTICLES:
        yield f"{len(found['articles'])} articles exported, not {ARTICLES}"
    yield from wrong(data)


def _named(here: Path, site: Running) -> Iterator[str]:
    for name in NAMES:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        yield from _done(site, here / name, lambda arguments: run(*arguments))


def _moved(here: Path, site: Running) -> Iterator[str]:
    yield from _done(site, here / "data", lambda arguments: run(*arguments))
    (here / "data").rename(here / "elsewhere")
    yield from _done(site, here / "elsewhere", lambda arguments: run(*arguments))


def _locale(here: Path, site: Running) -> Iterator[str]:
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    yield from _done(site, here / "dữ liệu", lambda arguments: _fresh(arguments, plain))


def _umask(here: Path, site: Running) -> Iterator[str]:
    yield from _done(site, here / "data", lambda arguments: _fresh(arguments, {}, umask=0o077))


def _fresh(arguments: list[str], environment: dict[str, str], umask: int = -1) -> subprocess.CompletedProcess[str]:
    """In a process of its own from the start, since these settings are read then."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GOC_NHIN_")}
    command = [sys.executable, "-m", "search_app", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, umask=umask, capture_output=True, encoding="utf-8", check=False
    )


def _clock(here: Path, site: Running) -> Iterator[str]:
    """Crawled and indexed today, then a year ago, then today."""
    for ahead in (0, -YEAR, 0, YEAR, 0):
        clock = {"SHIM_CLOCK": str(ahead)}
        yield from _done(site, here / "data", lambda arguments, clock=clock: shim.run(arguments, here, **clock))  # type: ignore[misc]


def _small(here: Path, site: Running) -> Iterator[str]:
    """A disk that is full says so, and what was stored goes on elsewhere."""
    with _mounted(here / "disk", f"size={SMALL}") as mounted:
        if not mounted:
            print("     nothing can be mounted here: small and read-only disks were not tried")
            return
        data = here / "disk" / "data"
        done = run(*_chain(site, data)[0])
        if done.returncode != FAILED or "goc-nhin: " not in done.stderr or "Traceback" in done.stderr:
            yield f"{done.returncode} {done.stderr[-300:]}"
        shutil.copytree(data, here / "data")
    yield from _done(site, here / "data", lambda arguments: run(*arguments))


def _read_only(here: Path, site: Running) -> Iterator[str]:
    """What only reads goes on, what writes says that it cannot."""
    with _mounted(here / "disk", "size=20m") as mounted:
        if not mounted:
            return
        data = here / "disk" / "data"
        crawl, index, search, export, verify = _chain(site, data)
        for arguments in (crawl, index):
            assert run(*arguments).returncode == WELL
        subprocess.run(["mount", "-o", "remount,ro", here / "disk"], check=True)
        for arguments, code in ((crawl, FAILED), (search, WELL), (verify, WELL), (index, FAILED)):
            done = run(*arguments)
            if done.returncode != code or "Traceback" in done.stderr or (code and len(done.stderr.splitlines()) != 1):
                yield f"{arguments[0]}: {done.returncode} {done.stderr[-300:]}"
        export[export.index("-o") + 1] = str(here / "out.json")
        if run(*export).returncode != WELL:
            yield "export failed"


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[bool]:
    """A file system in memory at `folder`; whether there may be one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == WELL
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
