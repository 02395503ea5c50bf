"""Bit flips, truncations and missing files in a published generation."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.errors import GocNhinError
from indexer.index import generation
from indexer.index.build import build
from indexer.index.reader import Reader
from tests.faults.builds import sentence
from tests.faults.tried import turns
from tests.helpers import article, page

ARTICLES = 60


def damages(data: Path, count: int) -> Iterator[str]:
    """Each one is noticed, and the generation before is served; the pointer alone may be mended to the current one."""
    with Archive.open(data) as archive:
        for last in (ARTICLES, ARTICLES + 1):
            for number in range(1, last + 1):
                archive.put(article(number, sentence()), page())
            build(data, archive)
    older, current = generation.names(data)
    home = generation.directory(data)
    files = [*(file for file in (home / current).iterdir() if file.stat().st_size), home / generation.POINTER]
    done: Counter[str] = Counter()
    for turn in turns(count):
        file, kind = random.choice(files), random.choice(("bit flip", "truncation", "missing file"))
        sound = file.read_bytes()
        _damage(file, sound, kind)
        allowed = {older, current} if file.name == generation.POINTER else {older}
        try:
            reader = Reader.open(data)
            reader.close()
            if reader.manifest.name not in allowed or len(reader) != reader.manifest.articles:
                yield f"damage {turn}: {kind} of {file.name} went unnoticed"
        except GocNhinError as error:
            # Without the pointer there is no saying whether there ever was an index.
            if file.name != generation.POINTER or file.exists():
                yield f"damage {turn}: {kind} of {file.name}: {error}"
        file.write_bytes(sound)
        done[kind] += 1
    print(f"     {', '.join(f'{times} × {kind}' for kind, times in done.items())} in {len(files)} files")
    reader = Reader.open(data)
    if reader.manifest.name != current:
        yield "the restored generation is not served"


def _damage(file: Path, sound: bytes, kind: str) -> None:
    if kind == "missing file":
        file.unlink()
    elif kind == "truncation":
        file.write_bytes(sound[: random.randrange(len(sound))])
    else:
        changed = bytearray(sound)
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
        file.write_bytes(changed)
