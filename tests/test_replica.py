"""The replica itself: what it serves and how it behaves."""

from __future__ import annotations

import unicodedata

import pytest

from tests.replica.faults import Faults
from tests.replica.pieces import SPECIMENS, specimens
from tests.replica.site import create_site


def test_the_specimens_are_marked_and_whole() -> None:
    pieces = specimens()
    assert len({piece.id for piece in pieces}) == len(pieces) >= 60
    assert {piece.layout for piece in pieces} == {"longform", "classic", "legacy"}
    assert {piece.published_at.year for piece in pieces} >= {2005, 2026}
    for piece in pieces:
        assert piece.tags[-1] == "bài mẫu"
        assert piece.layout != "legacy" or piece.legacy_id
    for file in SPECIMENS.iterdir():
        text = file.read_text("utf-8")
        assert text == unicodedata.normalize("NFC", text)
        assert text.startswith("# Bài mẫu")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/robots.txt", "text/plain"),
        ("/goc-nhin", "text/html"),
        ("/api/getMoreArticle/channel_empty_0_463_0", "application/json"),
        ("/rss/goc-nhin", "application/rss+xml"),
        ("/sitemap.xml", "application/xml"),
        ("/sitemap-article-daily.xml", "application/xml"),
    ],
)
def test_every_way_in_is_there(path: str, kind: str) -> None:
    answer = create_site().test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, kind)


def test_legacy_addresses_in_any_case_answer_or_move() -> None:
    client = create_site().test_client()
    legacy = next(piece for piece in specimens() if piece.layout == "legacy")
    assert client.get(legacy.path.upper()).status_code == 200
    moved = next(piece for piece in specimens() if piece.layout != "legacy" and piece.legacy_id)
    assert client.get(moved.legacy_path).location == moved.path
    assert client.get("/Tin-tuc/X/99999999/x").status_code == 404


def test_validators_make_a_request_conditional() -> None:
    client = create_site().test_client()
    path = specimens()[0].path
    first = client.get(path)
    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get(path, headers={name: value})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("faults", "status"), [(Faults(refused=1), 403), (Faults(too_many=1), 429), (Faults(unavailable=1), 503)]
)
def test_faults(faults: Faults, status: int) -> None:
    answer = create_site(faults=faults).test_client().get("/goc-nhin")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status != 403)
