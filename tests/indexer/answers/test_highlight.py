from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.answers.highlight import highlighter
from indexer.engines.protocol import Engine, Piece
from indexer.index.match import Matcher
from indexer.index.reader import Reader
from indexer.query.parameters import SearchRequest
from indexer.query.parser import parse
from tests.helpers import answering, article, indexed

ARTICLES = [article(1, "Phong trào thi đua lan rộng."), article(2, "Thi cử và đua xe."), article(3, "Hoà bình.")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return answering(tmp_path_factory.mktemp("marked"), ARTICLES)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return indexed(tmp_path_factory.mktemp("passages"), ARTICLES)


def marked(engine: Engine, q: str, text: str) -> list[Piece]:
    return engine.search(SearchRequest(q=q)).highlighted(text)


TEXTS = st.lists(st.sampled_from(["thi", "đua", "Thi Đua", ". ", "\n\n", " ", ", ", "x" * 90, "hoà", "a\u0301"])).map(
    "".join
)


@given(TEXTS, st.sampled_from(['thi "thi đua" hòa', "thi dua", "thi*"]))
def test_highlights_never_alter_the_text(engine: Engine, text: str, q: str) -> None:
    assert "".join(piece for piece, _ in marked(engine, q, text)) == text


@given(TEXTS)
def test_passages_are_parts_of_a_paragraph(reader: Reader, text: str) -> None:
    for pieces in highlighter(Matcher(reader), parse('thi "thi đua" hòa').tree).passages(text):
        passage = "".join(piece for piece, _ in pieces)
        assert passage in text
        assert "\n\n" not in passage.strip("\n")


def test_no_phrase_is_marked_over_a_paragraphs_end(engine: Engine) -> None:
    assert marked(engine, '"thi đua"', "thi\n\nđua") == [("thi\n\nđua", False)]


def test_a_phrase_is_marked_where_it_stands_and_nowhere_else(engine: Engine) -> None:
    text = "Thi cử, thi đua."
    assert marked(engine, '"thi đua"', text) == [("Thi cử, ", False), ("thi đua", True), (".", False)]


def test_words_side_by_side_are_marked_as_one(engine: Engine) -> None:
    assert marked(engine, "thi dua", "THI ĐUA") == [("THI ĐUA", True)]


def test_a_passage_shows_where_the_words_stand(tmp_path: Path) -> None:
    text = "mở đầu " * 60 + "\n\n" + "xa " * 100 + "thi đua " + "gần " * 100
    (hit,) = answering(tmp_path, [article(1, text)]).search(SearchRequest(q="thi đua")).page(1, 1)["results"]
    passages = hit["highlights"]["text"]
    assert [piece for pieces in passages for piece, hit in pieces if hit] == ["thi đua"]
    assert all(len("".join(piece for piece, _ in pieces)) < 400 for pieces in passages)


def test_what_was_meant_ranks_first_and_is_marked(tmp_path: Path) -> None:
    texts = ["Vìa hẹ " * 5, "Vỉa hè đây.", *("Vỉa hè kia." for _ in range(5))]
    engine = answering(tmp_path, [article(n, text) for n, text in enumerate(texts, 1)])
    assert len(engine.search(SearchRequest(q="via he"))) == len(texts)
    pieces = marked(engine, "via he", "Vỉa hè có hệ thống, có hê")
    assert [piece for piece, hit in pieces if hit] == ["Vỉa hè"]
