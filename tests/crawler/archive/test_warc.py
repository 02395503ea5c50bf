from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import warc
from crawler.archive.archive import Archive
from crawler.archive.reader import PAGES
from crawler.archive.warc import Place, RawPage, WarcStore
from crawler.errors import ArchiveError
from tests.helpers import NOON, article, page

PAGE = RawPage(
    "https://hanoimoi.vn/một-1.html",
    NOON,
    "<p>Góc nhìn</p>".encode(),
    (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Note", "a"), ("X-Note", "b")),
    status=203,
)


@pytest.fixture
def store(tmp_path: Path) -> WarcStore:
    return WarcStore(tmp_path, lambda _: 0)


def records(directory: Path) -> list[tuple[str, str, bytes]]:
    """What another tool finds in the files, their digests checked."""
    found = []
    for file in sorted(directory.iterdir()):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                assert record.rec_headers.protocol == "WARC/1.1"
                found.append((record.rec_type, uri, record.content_stream().read()))
    return found


def test_a_page_comes_back_as_it_was_and_without_how_it_travelled(store: WarcStore) -> None:
    back = store.read(store.append(PAGE))
    kept = (("Content-Type", "text/html"), ("X-Note", "a"), ("X-Note", "b"))
    assert (back.body, back.captured_at, back.status, back.headers) == (PAGE.body, NOON, 203, kept)
    assert back.header("x-note") == "a"
    assert back.header("etag") is None


def test_other_tools_read_the_files(store: WarcStore, tmp_path: Path) -> None:
    for _ in range(2):
        store.append(PAGE)
    info, *pages = records(tmp_path)
    assert info[0] == "warcinfo"
    assert b"software: goc-nhin" in info[2]
    assert pages == [("response", PAGE.url, PAGE.body)] * 2


def test_full_files_are_followed_by_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "ROTATE_AT", 1000)
    store = WarcStore(tmp_path, lambda _: 0)
    places = [store.append(PAGE) for _ in range(4)]
    assert len({place.file for place in places}) > 1
    assert sorted(places, key=lambda place: (place.file, place.offset)) == places
    assert len([kind for kind, *_ in records(tmp_path) if kind == "response"]) == len(places)
    assert all(store.read(place) == store.read(places[0]) for place in places)


def test_what_a_killed_run_left_behind_is_cut_off(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1), page())
    (file,) = (tmp_path / PAGES).iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 3])
    with Archive.open(tmp_path) as archive:
        archive.put(article(2), page(NOON + timedelta(1)))
    assert [kind for kind, *_ in records(tmp_path / PAGES)] == ["warcinfo", "response", "response"]


def test_somebody_else_s_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "zz.warc.gz").write_bytes(b"not ours")
    store = WarcStore(tmp_path, lambda _: 0)
    assert store.read(store.append(PAGE)).body == PAGE.body
    assert (tmp_path / "zz.warc.gz").read_bytes() == b"not ours"


def test_a_file_that_lost_its_end_is_not_written_to(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1), page())
    (file,) = (tmp_path / PAGES).iterdir()
    file.write_bytes(file.read_bytes()[:-10])
    with Archive.open(tmp_path) as archive:
        archive.put(article(2), page())
        assert len(list((tmp_path / PAGES).iterdir())) == 2
        assert archive.pages.of(2, 1) is not None
        with pytest.raises(ArchiveError):
            archive.pages.of(1, 1)


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_flipped_bit_is_noticed(tmp_path_factory: pytest.TempPathFactory, position: int, flip: int) -> None:
    directory = tmp_path_factory.mktemp("warc")
    store = WarcStore(directory, lambda _: 0)
    place = store.append(PAGE)
    whole = store.read(place)
    path = directory / place.file
    damaged = bytearray(path.read_bytes())
    damaged[place.offset + position % place.length] ^= flip
    path.write_bytes(bytes(damaged))
    try:
        assert store.read(place) == whole  # the gzip header holds a time and more that is no content
    except ArchiveError:
        return


def test_a_missing_file_is_named(store: WarcStore) -> None:
    with pytest.raises(ArchiveError, match=r"none\.warc.gz cannot be read"):
        store.read(Place("none.warc.gz", 0, 1))


def test_pages_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be written"):
        WarcStore(tmp_path / "file", lambda _: 0).append(PAGE)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What reaches the disk, in order: (file, bytes) for each sync."""
    synced: list[tuple[str, int]] = []

    def fsync(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").readlink().name, os.fstat(handle).st_size))

    monkeypatch.setattr("crawler.archive.warc.os.fsync", fsync)
    return synced


def test_a_full_file_is_on_the_disk_before_the_next_is_begun(
    store: WarcStore, disk: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "ROTATE_AT", 1)
    first = store.append(PAGE)
    second = store.append(PAGE)
    assert first.file != second.file
    full = (first.file, first.offset + first.length)
    begun = next(place for place, (name, _) in enumerate(disk) if name == second.file)
    assert full in disk[:begun]


def test_pages_are_on_the_disk_before_the_database_names_them(tmp_path: Path, disk: list[tuple[str, int]]) -> None:
    with Archive.open(tmp_path) as archive:
        archive._db.set_trace_callback(lambda statement: disk.append((statement, 0)))
        archive.put(article(1), page())
        place = archive._db.execute("SELECT file, offset + length AS size FROM page").fetchone()
    committed = disk.index(("COMMIT", 0))
    assert (place["file"], place["size"]) in disk[:committed]
