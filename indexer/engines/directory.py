"""Where the embedded index is built and opened, and held against the archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.reader import ArchiveReader
from crawler.errors import GocNhinError
from indexer.engines.comparing import differences, digest
from indexer.engines.protocol import Built, Engine, Generation
from indexer.index import generation
from indexer.index.build import build
from indexer.index.reader import Reader


class Directory:
    """A Store within the data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def opened(self) -> Engine:
        # Who builds does not wait until all that answers is loaded.
        from indexer.engines.embedded import Embedded

        return Embedded(Reader.open(self._data))

    def newest(self) -> str:
        return generation.current_name(self._data)

    def build(self, archive: Archive, rebuild: bool = False) -> Built:
        return build(self._data, archive, rebuild)

    def described(self) -> tuple[Generation, int]:
        manifest = generation.read_manifest(generation.directory(self._data) / self.newest())
        return manifest.generation, manifest.articles

    def problems(self, archive: ArchiveReader) -> Iterator[str]:
        try:
            for name in generation.names(self._data):
                generation.check(generation.directory(self._data) / name)
            reader = Reader.open(self._data)
        except GocNhinError as error:
            yield f"{error}; “goc-nhin index --rebuild” builds it anew"
            return
        stored = ((int(reader.ids[doc]), digest(reader.article(doc))) for doc in reader.everything.tolist())
        yield from differences(archive, reader.manifest.change, reader.manifest.mark, stored)
        reader.close()
