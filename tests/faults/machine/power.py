"""The power is lost after each call of each command that writes, and with it what was not synced."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.faults.machine.jobs import Job, again, jobs, wrong
from tests.faults.machine.shim import Call, calls, run
from tests.replica.pieces import many
from tests.replica.site import serving

AT_ONCE = 3
ARTICLES = 3
WELL = 0
State = dict[str, bytes | None]
"""By path below the data directory the bytes of a file; None for a directory."""


class File:
    """A file's bytes as programs see them, and as the disk has them."""

    def __init__(self, seen: bytes = b"", kept: bytes = b"") -> None:
        self.seen, self.kept = bytearray(seen), kept


class Disk:
    """Directories and files below one folder, with what of them was synced.

    A file's bytes are kept by syncing it, its name by syncing the directory it is in. Source: Linux' fsync(2), by which
    syncing a file does not see to its entry in the directory.
    """

    def __init__(self, root: Path, begun: State) -> None:
        self._root = str(root)
        self.seen: dict[str, File | None] = {"": None}
        self.seen |= {path: _file(data) for path, data in begun.items()}
        self.kept = dict(self.seen)

    def apply(self, call: Call) -> None:
        """What a call does to it."""
        path = call.path.removeprefix(self._root)
        match call.kind:
            case "open":
                self._created(path)
            case "write":
                self._bytes(path)[call.offset : call.offset + len(call.data)] = call.data
            case "truncate":
                self._shorten(self._bytes(path), call.offset)
            case "mkdir":
                self.seen[path] = None
            case "unlink":
                self.seen.pop(path, None)
            case "rename":
                self._rename(path, call.other.removeprefix(self._root))
            case "link":
                self.seen[call.other.removeprefix(self._root)] = self.seen[path]
            case "sync":
                self._sync(path)

    def strict(self) -> State:
        """What is there after the power was lost, where nothing is kept that was not synced."""
        return self._state(self.kept)

    def lenient(self) -> State:
        """The same, where names were kept at once and only bytes were not."""
        return self._state(self.seen)

    def _created(self, path: str) -> None:
        file = self.seen.get(path)
        if file is None:
            self.seen[path] = File()
        else:
            file.seen.clear()

    def _bytes(self, path: str) -> bytearray:
        file = self.seen[path]
        assert file is not None, f"{path} is a directory"
        return file.seen

    @staticmethod
    def _shorten(data: bytearray, size: int) -> None:
        data[size:] = b""
        data.extend(bytes(size - len(data)))

    def _rename(self, path: str, other: str) -> None:
        for name in [name for name in self.seen if name == path or name.startswith(f"{path}/")]:
            self.seen[other + name.removeprefix(path)] = self.seen.pop(name)

    def _sync(self, path: str) -> None:
        file = self.seen[path]
        if file is not None:
            file.kept = bytes(file.seen)
            return
        for name in [name for name in self.kept if _directory(name) == path]:
            if name not in self.seen:
                del self.kept[name]
        self.kept |= {name: file for name, file in self.seen.items() if _directory(name) == path}

    @staticmethod
    def _state(names: dict[str, File | None]) -> State:
        """Without what lies in directories that are not there."""
        found: State = {}
        for name, file in sorted(names.items()):
            if name and (_directory(name) in found or _directory(name) == ""):
                found[name] = None if file is None else file.kept
        return found


def _file(data: bytes | None) -> File | None:
    return None if data is None else File(data, data)


def _directory(path: str) -> str | None:
    """The directory a path is in; None for the root."""
    return path.rpartition("/")[0] if path else None


def read(root: Path) -> State:
    """What is there now."""
    return {
        f"/{path.relative_to(root)}": path.read_bytes() if path.is_file() else None for path in sorted(root.rglob("*"))
    }


def write(root: Path, state: State) -> None:
    """Make it so."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, data in sorted(state.items()):
        if data is None:
            (root / path[1:]).mkdir()
        else:
            (root / path[1:]).write_bytes(data)


def power_cuts(home: Path, every: int) -> Generator[str, None, int]:
    """What was not right after each `every`th of the cuts there can be; how many were tried. Raises NoShim."""
    home.mkdir()
    with serving(many(ARTICLES)) as site, ThreadPoolExecutor(AT_ONCE) as pool:
        cut = [
            (job, expected, number, state)
            for job in jobs(home, site)
            for states, expected in (_states(job, home),)
            for number, state in states
        ][::every]
        found = list(pool.map(lambda one: _trial(home, *one), cut))
    named = sum(named for named, _ in found)
    print(f"     {len(cut)} different disks after a power cut, {named} with damage that was named")
    for _, problems in found:
        yield from problems
    return len(cut)


def _states(job: Job, home: Path) -> tuple[list[tuple[int, State]], Any]:
    """Each different disk a cut can leave, by the number of calls before it; and what is left without one."""
    data, log = home / f"unbroken {job.name}", home / f"{job.name}.log"
    job.begin(data)
    disk = Disk(data, read(data) if data.exists() else {})
    done = run(job.command(data), data, log=log)
    assert done.returncode == WELL, done.stderr
    found: dict[bytes, tuple[int, State]] = {}
    for number, call in enumerate(calls(log), 1):
        disk.apply(call)
        for state in (disk.strict(), disk.lenient()):
            found.setdefault(_digest(state), (number, state))
    return list(found.values()), job.told(data)


def _digest(state: State) -> bytes:
    whole = [(path, data and hashlib.sha256(data).hexdigest()) for path, data in state.items()]
    return hashlib.sha256(repr(whole).encode()).digest()


def _trial(home: Path, job: Job, expected: Any, number: int, state: State) -> tuple[bool, list[str]]:
    """Whether damage was named, and what is not right."""
    data = home / f"{job.name} cut {number} {_digest(state).hex()[:8]}"
    write(data, state)
    named = bool(wrong(data))
    problems = again(job, data, expected)
    shutil.rmtree(data, ignore_errors=True)
    return named, [f"{job.name}, power lost after call {number}: {problem}" for problem in problems]
