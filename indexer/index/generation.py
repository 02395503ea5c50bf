"""Generations: a built index is a directory that never changes again, named by a pointer that switches atomically."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.archive.atomic import make_directory, sync_directory, write_atomically
from indexer.engines.protocol import Generation
from indexer.errors import IndexDamaged, IndexMissing

log = logging.getLogger(__name__)

DIRECTORY = "index"
POINTER = "CURRENT"
MANIFEST = "manifest.json"
BUILDING = ".building-"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6,}-\d+")
"""What a generation is called; whatever else lies there is somebody's own."""
KEPT = 2
"""Generations kept: the current one and the one before."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: the archive's last change in it, its articles, and the sha256 of each of its files.

    `mark` tells that change from the change of the same number in another archive, or in this one's other history.
    """

    name: str
    schema: str
    change: int
    mark: str
    articles: int
    built_at: str
    files: dict[str, str]

    @property
    def generation(self) -> Generation:
        """What is answered from."""
        return Generation(self.name, self.change, self.mark, self.built_at)


def directory(data: Path) -> Path:
    """Where a data directory's generations are."""
    return data / DIRECTORY


def current_name(data: Path) -> str:
    """The generation the pointer names. Raises IndexMissing."""
    try:
        return (directory(data) / POINTER).read_text("ascii").strip()
    except FileNotFoundError:
        raise IndexMissing(f"no index in {data}: run “goc-nhin index” first") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"the index's pointer in {data} cannot be read: {error}") from error


def sound_generation(data: Path) -> tuple[Path, Manifest]:
    """The current generation if every file of it is as it was built, else the newest older one that is.

    Raises IndexMissing where there is none, IndexDamaged where none is sound.
    """
    try:
        named = current_name(data)
    except IndexDamaged as error:
        named = ""
        log.error("%s", error)
    problems = []
    for name in dict.fromkeys([named, *reversed(names(data))]):
        if not name:
            continue
        try:
            manifest = check(directory(data) / name)
        except IndexDamaged as error:
            problems.append(str(error))
            log.error("%s; trying the generation before it", error)
        else:
            return directory(data) / name, manifest
    raise IndexDamaged("; ".join([*problems, "rebuild it with “goc-nhin index --rebuild”"]))


def names(data: Path) -> list[str]:
    """Every finished generation, the oldest first."""
    found = (path.parent.name for path in directory(data).glob(f"*/{MANIFEST}"))
    return sorted(name for name in found if _NAME.fullmatch(name))


def check(path: Path) -> Manifest:
    """A generation's manifest, its files proven against it. Raises IndexDamaged naming the file."""
    manifest = read_manifest(path)
    for name, digest in manifest.files.items():
        try:
            found = _digest(path / name)
        except OSError as error:
            raise IndexDamaged(f"index file {path.name}/{name} cannot be read: {error.strerror}") from error
        if found != digest:
            raise IndexDamaged(f"index file {path.name}/{name} is not as it was built")
    return manifest


def read_manifest(path: Path) -> Manifest:
    """A generation's manifest. Raises IndexDamaged."""
    try:
        envelope = json.loads((path / MANIFEST).read_bytes())
        if "mark" not in envelope["manifest"]:
            raise IndexDamaged(f"generation {path.name} was built by an earlier version of this program")
        manifest = Manifest(**envelope["manifest"])
        if envelope["sha256"] != _seal(manifest):
            raise ValueError("its seal is broken")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(f"the manifest of generation {path.name} cannot be read: {error}") from error
    return manifest


def new_directory(data: Path) -> Path:
    """An empty directory to build in; what killed builds left behind is swept away. The caller holds the lock."""
    home = directory(data)
    make_directory(home)
    for left in home.glob(f"{BUILDING}*"):
        shutil.rmtree(left)
    _drop_left(data)
    path = home / f"{BUILDING}{os.getpid()}"
    path.mkdir()
    return path


def publish(data: Path, built: Path, manifest: Manifest, base: Manifest | None = None) -> None:
    """Make a built directory the current generation, durably; the one before is kept, if it is sound.

    `base`, if any, is one known to be sound.
    """
    for name in manifest.files:
        with (built / name).open("rb") as file:
            os.fsync(file.fileno())
    envelope = {"manifest": asdict(manifest), "sha256": _seal(manifest)}
    with write_atomically(built / MANIFEST) as out:
        out.write(json.dumps(envelope, indent=1).encode())
    home = directory(data)
    built.rename(home / manifest.name)
    sync_directory(home)
    with write_atomically(home / POINTER) as out:
        out.write(manifest.name.encode())
    _drop_others(data, manifest.name, base.name if base else "")


def _drop_left(data: Path) -> None:
    """Drop what builds left that were killed after they had finished a generation, before or after the switch."""
    try:
        current = current_name(data)
    except IndexMissing:
        current = ""
    except IndexDamaged:
        return
    finished = names(data)
    if len(finished) > KEPT or finished[-1:] > [current]:
        _drop_others(data, current, "")


def _drop_others(data: Path, current: str, known: str) -> None:
    """Keep the current generation and a sound one before it; `known` is known to be sound."""
    kept = 1
    for name in reversed(names(data)):
        if name == current:
            continue
        if name < current and kept < KEPT and (name == known or _is_sound(directory(data) / name)):
            kept += 1
        else:
            shutil.rmtree(directory(data) / name)


def _is_sound(path: Path) -> bool:
    try:
        check(path)
    except IndexDamaged:
        return False
    return True


def digests(path: Path, base: Manifest | None = None) -> dict[str, str]:
    """File name → sha256 of everything in a built directory but Whoosh's lock.

    Whoosh never writes to a file again, so those of `base` have the digests they had: a bad copy of one is found out.
    """
    known = base.files if base else {}
    return {file.name: known.get(file.name) or _digest(file) for file in _files(path)}


def copy(old: Path, new: Path) -> None:
    """Begin a generation with another's files: copies, so that one bad sector cannot take both generations."""
    for file in _files(old):
        shutil.copyfile(file, new / file.name)


def _files(path: Path) -> Iterator[Path]:
    return (file for file in sorted(path.iterdir()) if not file.name.endswith("LOCK") and file.name != MANIFEST)


def _seal(manifest: Manifest) -> str:
    return hashlib.sha256(json.dumps(asdict(manifest), sort_keys=True).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
