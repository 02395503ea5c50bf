from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.crawls import Crawls
from crawler.archive.frontier import Validators
from crawler.archive.importing import import_articles
from crawler.errors import BadArticle
from crawler.listings.listed import Listed
from crawler.urls import Address
from tests.helpers import NOON, article, page

LINES = "".join(json.dumps(article(number).to_dict(), ensure_ascii=False) + "\n" for number in (1, 2, 3)).encode()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.ndjson", bytes), ("a.ndjson.xz", lzma.compress), ("a.ndjson.gz", gzip.compress), ("a.jsonl", bytes)],
)
def test_every_packing(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    file = tmp_path / name
    file.write_bytes(pack(b"\xef\xbb\xbf" + LINES + b"\n"))
    with Archive.open(tmp_path) as archive:
        assert import_articles(archive, file, NOON) == {"new": 3}
        change = archive.last_change()
        assert import_articles(archive, file, NOON) == {"unchanged": 3}
        assert archive.last_change() == change


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ndjson", LINES + b"{", "line 4: not a line of JSON; nothing was imported"),
        ("a.ndjson", LINES + b"\n[]\n", "line 5: an article is a JSON object"),
        ("a.ndjson", LINES.replace(b'"id": 2', b'"id": null'), "line 2: id: missing"),
        ("a.ndjson", b"\xff\xfe{}", "line 1: not a line of JSON"),
        ("a.ndjson.xz", lzma.compress(LINES)[:-20], "cut short or not compressed"),
        ("a.ndjson.gz", gzip.compress(LINES)[:-9], "cut short or not compressed"),
        ("a.ndjson.gz", LINES, "cut short or not compressed"),
    ],
)
def test_a_bad_file_is_imported_not_at_all(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with Archive.open(tmp_path) as archive:
        with pytest.raises(BadArticle, match=message):
            import_articles(archive, file, NOON)
        assert archive.ids() == []


OLDER = replace(article(1, "Xưa."), captured_at=NOON - timedelta(days=1))
NEWER = replace(article(1, "Mới."), captured_at=NOON + timedelta(days=1))


def texts(archive: Archive) -> list[str]:
    return [one.text for one in archive.revisions(1)]


def test_what_was_captured_before_the_current_revision_does_not_take_its_place(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        archive.put(article(1, "Nay."), page(NOON), {"text": "div"})
        archive.put_imported(OLDER, NOON)
        now = archive.get(1)
        assert now is not None
        assert (now.text, now.captured_at, now.revision) == ("Nay.", NOON, 3)
        assert texts(archive) == ["Nay.", "Xưa.", "Nay."]
        assert archive.pages.of(1, 3) == archive.pages.of(1, 1)
        change = archive.last_change()
        assert archive.put_imported(OLDER, NOON).value == "unchanged"
        assert archive.last_change() == change


def test_after_a_newer_text_was_imported_the_site_is_asked_for_the_page_whole(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        crawl = Crawls(archive._db).begin(NOON)
        archive.frontier.want(crawl, [Listed(Address(1, article(1).url))])
        archive.put(article(1, "Nay."), page(NOON))
        archive.frontier.settle(1, "stored")
        for imported, conditional in ((OLDER, True), (NEWER, False)):
            archive.frontier.checked(1, NOON, Validators('"x"', None))
            archive.put_imported(imported, NOON)
            archive.frontier.recheck(crawl, NOON, None)
            assert (archive.frontier.take(crawl, 9)[0].validators == Validators('"x"', None)) is conditional
        assert texts(archive)[-1] == "Mới."


def test_a_revision_s_number_leaves_room_for_the_next(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps({**article(1).to_dict(), "revision": 2**53 - 1}), "utf-8")
    with Archive.open(tmp_path) as archive, pytest.raises(BadArticle, match="revision: not from 1 to 1000000"):
        import_articles(archive, file, NOON)
