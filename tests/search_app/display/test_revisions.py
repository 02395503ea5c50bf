from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.reader import FILE
from indexer.index.build import build
from search_app import create_app
from search_app.display.revisions import difference
from tests.helpers import article, page

TEXTS = st.lists(st.sampled_from(["chợ", " ", "quê", ", ", "\n\n", "Hồ", "."])).map("".join)


@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    changes = difference(old, new)
    assert "".join(change.text for change in changes if change.kind != "new") == old
    assert "".join(change.text for change in changes if change.kind != "old") == new


def test_texts_that_repeat_themselves_take_no_time() -> None:
    changes = difference("chợ quê " * 20_000, "quê phố chợ " * 20_000)
    assert "".join(change.text for change in changes if change.kind != "old") == "quê phố chợ " * 20_000


def revised(data: Path) -> FlaskClient:
    with Archive.open(data) as archive:
        for text in ("Chợ quê xưa.", "Chợ phố xưa.", "Chợ phố nay <b>."):
            archive.put(article(1, text), page())
        archive.put(article(2), page())
        build(data, archive)
    return create_app(data).test_client()


def test_what_changed_between_two_revisions(tmp_path: Path) -> None:
    client = revised(tmp_path)
    assert "/article/1/revisions" in client.get("/article/1").text
    shown = client.get("/article/1/revisions").text
    assert "Chợ phố <del>xưa</del><ins>nay &lt;b&gt;</ins>." in shown
    shown = client.get("/article/1/revisions?a=1&b=2").text
    assert "Chợ <del>quê </del><ins>phố </ins>xưa." in shown
    assert "/article/2/revisions" not in client.get("/article/2").text


def test_revisions_that_are_not_there(tmp_path: Path) -> None:
    client = revised(tmp_path)
    assert client.get("/article/3/revisions").status_code == 404
    for query in ("a=9", "b=x"):
        assert client.get(f"/article/1/revisions?{query}").status_code == 400


def test_revisions_of_an_article_that_was_joined_since_the_index_was_built(tmp_path: Path) -> None:
    client = revised(tmp_path)
    with Archive.open(tmp_path) as archive:
        archive.put(article(991478, "Chợ phố nay.", aliases=(1,)), page())
    shown = client.get("/article/1/revisions")
    assert shown.status_code == 200
    assert 'href="/article/1"' in shown.text, "what the index knows"


def test_revisions_of_an_article_that_another_archive_has(tmp_path: Path) -> None:
    client = revised(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("DELETE FROM revision")
    assert client.get("/article/1/revisions").status_code == 404


def test_a_word_before_another_mark_is_not_struck() -> None:
    changes = difference("Chợ quê họp sớm", "Chợ quê, họp sớm")
    assert [change for change in changes if change.kind == "old" and change.text.strip()] == []
    assert [change.text for change in changes if change.kind == "new"] == [", "]
