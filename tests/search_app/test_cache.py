"""Pages are kept for all workers, not without end, and not at the price of an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_app import create_app
from search_app.cache import PageCache
from search_app.views import pages


@pytest.mark.parametrize("shared", [True, False])
def test_a_page_is_kept_until_others_take_its_place(tmp_path: Path, shared: bool) -> None:
    cache = PageCache(tmp_path / "pages.sqlite" if shared else None, most=4)
    for number in range(4):
        cache.put(f"trang {number}\ud800", f"<p>{number}</p>")
    assert cache.get("trang 0\ud800") == "<p>0</p>", "asked for again, so that another goes first"
    for number in range(4, 6):
        cache.put(f"trang {number}\ud800", f"<p>{number}</p>")
    found = [cache.get(f"trang {number}\ud800") for number in range(6)]
    assert found == ["<p>0</p>", None, None, "<p>3</p>", "<p>4</p>", "<p>5</p>"]
    cache.put("trang 4\ud800", "<p>anew</p>")
    assert cache.get("trang 4\ud800") == "<p>anew</p>"


def test_a_worker_shows_what_another_made(specimens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (create_app(specimens, cache=tmp_path / "pages.sqlite").test_client() for _ in range(2))
    number = one.get("/api/v1/search?q=via+he").get_json()["results"][0]["id"]
    addresses = ("/?q=via+he", "/?q=via+he&lang=en", f"/article/{number}?q=via+he", "/?q=via+he&page=2")
    found = [one.get(address) for address in addresses]
    assert {answer.status_code for answer in found} == {200}
    assert len({answer.text for answer in found}) == len(addresses)
    monkeypatch.setattr(pages, "render_template", lambda *_, **__: pytest.fail("made once more"))
    assert [(other.get(address).status_code, other.get(address).text) for address in addresses] == [
        (answer.status_code, answer.text) for answer in found
    ]


def test_pages_are_made_anew_where_none_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    path.write_bytes(b"no database" * 1000)
    cache = PageCache(path)
    cache.put("trang", "<p>")
    assert cache.get("trang") is None
