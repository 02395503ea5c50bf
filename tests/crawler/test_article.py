from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Article, Image
from crawler.dates import HANOI
from crawler.errors import BadArticle
from tests.helpers import article

WORDS = st.text(st.characters(codec="utf-8"), min_size=1).map(lambda t: unicodedata.normalize("NFC", f"a{t}"))
ARTICLES = st.builds(
    Article,
    id=st.integers(-(10**9), 10**9).filter(bool),
    url=WORDS,
    title=WORDS,
    text=WORDS,
    lead=WORDS,
    published_at=st.datetimes(datetime(1990, 1, 2), datetime(2090, 1, 1), timezones=st.just(HANOI)),
    authors=st.lists(WORDS, max_size=3).map(tuple),
    tags=st.lists(WORDS, max_size=3).map(tuple),
    images=st.lists(st.builds(Image, WORDS, WORDS), max_size=2).map(tuple),
    aliases=st.lists(st.integers(-(10**9), 10**9), max_size=2).map(tuple),
    revision=st.integers(1, 9),
)


@given(ARTICLES)
def test_json_and_back_is_the_same(one: Article) -> None:
    assert Article.from_dict(json.loads(json.dumps(one.to_dict()))) == one


def test_what_only_an_archive_knows_may_be_missing() -> None:
    record = article().to_dict()
    for name in ("aliases", "captured_at", "revision", "sha256", "layout"):
        del record[name]
    assert Article.from_dict(record) == article()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "1"}, "id: not a int"),
        ({"id": True}, "id: not a int"),
        ({"id": 0}, "id: must not be 0"),
        ({"id": 2**63}, "id: not from"),
        ({"revision": 0}, "revision: not from 1 to"),
        ({"aliases": [10**30]}, "aliases: not from"),
        ({"published_at": "9999-12-31T23:00:00+00:00"}, "published_at: outside the calendar"),
        ({"published_at": "1066-10-14T09:00:00+00:00"}, "published_at: not a year from 1990"),
        ({"title": " "}, "title: empty"),
        ({"text": None}, "text: missing"),
        ({"published_at": None}, "published_at: missing"),
        ({"published_at": "2021-03-05"}, "published_at: has no offset"),
        ({"published_at": "5/3/2021"}, "published_at: not an ISO 8601 time"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at: outside the calendar"),
        ({"authors": ["a", 1]}, "authors: not a list of str"),
        ({"images": [{"caption": "x"}]}, "url: missing"),
        ({"title": "\ud800"}, "title: holds half a surrogate pair"),
    ],
)
def test_a_bad_record_is_refused_by_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArticle, match=message):
        Article.from_dict({**article().to_dict(), **change})


def test_a_record_must_be_an_object() -> None:
    with pytest.raises(BadArticle, match="JSON object"):
        Article.from_dict([1])


def test_text_is_brought_to_nfc_and_time_to_hanoi() -> None:
    record = {**article().to_dict(), "title": unicodedata.normalize("NFD", "Hà Nội")}
    record["published_at"] = datetime(2021, 3, 4, 23, 11, tzinfo=UTC).isoformat()
    read = Article.from_dict(record)
    assert read.title == "Hà Nội"
    assert read.published_at.isoformat() == "2021-03-05T06:11:00+07:00"


def test_the_digest_is_of_title_text_and_time_alone() -> None:
    one = article()
    assert one.sha256 == article(tags=("khác",), lead="khác").sha256
    assert one.sha256 != article(text="khác").sha256
    assert one.sha256 != article(title="khác").sha256
    assert one.sha256 != article(published_at=datetime(2021, 1, 1, tzinfo=HANOI)).sha256


def test_importing_it_does_not_load_scrapy() -> None:
    code = "import sys, crawler.article; sys.exit('scrapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
