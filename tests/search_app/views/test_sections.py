"""Sections where there is more than one, and doubts, as readers of the app see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crawler.archive.archive import Archive
from crawler.reading.doubts import CODES, Doubt
from indexer.index.build import build
from search_app import create_app
from search_app.display.doubts import FIELDS
from tests.helpers import article, page

OURS, NEIGHBOUR = "Góc nhìn", "Mỗi ngày một chuyện"


def app(data: Path, *sections: str, doubts: tuple[Doubt, ...] = ()) -> FlaskClient:
    with Archive.open(data) as archive:
        for number, section in enumerate(sections, 1):
            archive.put(article(number, section=section, authors=("An Bình",)), page(), doubts=doubts)
        build(data, archive)
    return create_app(data).test_client()


def total(client: FlaskClient, query: str) -> int:
    told = client.get(f"/api/v1/search?{query}").json
    assert told is not None
    return int(told["total"])


def test_two_sections_are_a_facet_and_a_filter(tmp_path: Path) -> None:
    client = app(tmp_path, OURS, OURS, NEIGHBOUR)
    told = client.get("/api/v1/search").json
    assert told is not None
    assert told["facets"]["section"] == [{"value": OURS, "count": 2}, {"value": NEIGHBOUR, "count": 1}]
    assert (total(client, f"section={OURS}"), total(client, f"section={NEIGHBOUR}")) == (2, 1)
    assert total(client, f"section={OURS}&section={NEIGHBOUR}") == 3
    assert total(client, f"section=-{OURS}") == 1
    assert total(client, "section=Kinh tế") == 0
    shown = client.get("/", query_string={"section": NEIGHBOUR, "lang": "vi"}).text
    assert "Chuyên mục" in shown
    assert f'name="section" value="{NEIGHBOUR}"' in shown, "the form keeps it"
    exported = client.get("/export.json", query_string={"section": NEIGHBOUR}).json
    assert exported is not None
    assert (exported["count"], exported["query"]["sections"]) == (1, [NEIGHBOUR])
    assert client.get("/feed.atom", query_string={"section": NEIGHBOUR}).text.count("<entry>") == 1


def test_one_section_is_no_facet(tmp_path: Path) -> None:
    client = app(tmp_path, OURS)
    told = client.get("/api/v1/search").json
    assert told is not None
    assert set(told["facets"]) == {"year", "author", "tag"}
    assert "sections" not in told["query"]
    assert "Chuyên mục" not in client.get("/?lang=vi").text


@pytest.mark.parametrize(("lang", "said"), [("vi", "dừng giữa câu"), ("en", "ends in the middle of a sentence")])
def test_a_doubtful_article_says_so(tmp_path: Path, lang: str, said: str) -> None:
    client = app(tmp_path, OURS, doubts=(Doubt("text", "breaks_off", "…của"),))
    shown = client.get(f"/article/1?lang={lang}").text
    assert said in shown
    told = client.get("/api/v1/articles/1").json
    assert told is not None
    assert "doubts" not in told, "the article's public shape stays"


def test_a_sound_article_says_nothing(tmp_path: Path) -> None:
    assert "doubtful" not in app(tmp_path, OURS).get("/article/1?lang=en").text


def test_every_doubt_is_said_in_vietnamese(tmp_path: Path) -> None:
    doubts = [Doubt(field, code) for field in FIELDS for code in CODES]
    shown = app(tmp_path, OURS, doubts=tuple(doubts)).get("/article/1?lang=vi").text
    assert [code for code, said in CODES.items() if said in shown] == []
