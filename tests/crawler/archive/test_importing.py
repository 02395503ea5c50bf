from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.importing import import_articles
from crawler.errors import BadArticle
from tests.helpers import NOON, article

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
